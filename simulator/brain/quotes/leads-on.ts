// leads-on.ts: what a quote leads on to by a value: the row of another table that is about one of its cells, the entry of
// another changelog for the version that it names, the note to a mark in it.

import { isEntry } from '../text/headings.ts';
import { cellsOf } from '../text/tables.ts';
import type { Unit } from '../text/unit.ts';
import { isNameOf, plainWords } from '../words/names.ts';
import { stem } from '../words/words.ts';
import type { Choice, Quotable, Reading } from './quotable.ts';

/** "send@0.18.0", "qs@~6.5.2", "send 0.18.0" */
const PACKAGE = /([\w./-]*[a-z])(?:@[~^]?| v?)(\d+\.\d+\.\d+(?:-[\w.]+)?)/gi;
const MOST = 2;

/** What the chosen quotes lead on to, as far as each of them lacks a word of the question that it has. */
export function ledTo(chosen: readonly Choice[], readings: readonly Reading[], asked: ReadonlySet<string>): Choice[] {
  const found: Choice[] = [];
  for (const from of chosen) {
    for (const reading of readings) {
      const quotable = reading.quotables.find(
        (to) => !isIn([...chosen, ...found], to) && leadsTo(from, { reading, quotable: to }, asked),
      );
      if (quotable && found.length < MOST) found.push({ reading, quotable: after(from.quotable, quotable) });
    }
  }
  return found;
}

/** What is led to answers for both: it has the words of what leads to it. A note only explains. */
const after = (from: Quotable, to: Quotable): Quotable => ({
  ...to,
  terms: new Set([...from.terms, ...to.terms]),
  ...(to.unit.kind === 'row' || isEntry(to.heading) ? { isLedTo: true } : {}),
});

const isIn = (chosen: readonly Choice[], { unit }: Quotable): boolean =>
  chosen.some(({ quotable }) => quotable.unit.text === unit.text);

function leadsTo(from: Choice, to: Choice, asked: ReadonlySet<string>): boolean {
  const [unit, next] = [from.quotable.unit, to.quotable.unit];
  if (next.kind === 'row') {
    const isNews = [...to.quotable.terms].some((term) => !from.quotable.terms.has(term));
    return isNews && unit.kind === 'row' && valuesOf(unit).has(plainWords(cellsOf(next.text)[0] ?? ''));
  }
  if (from.reading.passage.source === to.reading.passage.source)
    return unit.kind === 'row' && marksIn(unit.text).some((mark) => next.text.startsWith(mark));
  // Only of the version that is asked about: each entry names some.
  if (![...asked].some((term) => /^\d+\.\d/.test(term) && from.quotable.heading.includes(term))) return false;
  return packagesIn(unit.text).some(
    ({ name, version }) =>
      asked.has(stem(name)) &&
      isEntry(to.quotable.heading) &&
      to.quotable.heading.includes(version) &&
      isNameOf({ text: name, key: name, isSure: true }, to.reading.passage.source),
  );
}

/** "yes (2)": marks of notes below a table. */
const marksIn = (row: string): string[] =>
  Array.from(row.matchAll(/\S\s*(\(\d{1,2}\)|\[\d{1,2}\]|[†‡]|\*{1,3})(?=\s*(?:\||$| {2}))/g), ([, mark = '']) => mark);

/** What a row says of its subject, as the other tables may call it: no numbers, no marks. */
function valuesOf({ text }: Unit): Set<string> {
  const [, ...cells] = cellsOf(text);
  return new Set(cells.map(plainWords).filter((cell) => cell.length > 1 && /\p{L}/u.test(cell)));
}

/** The packages that a text names with a version. */
export const packagesIn = (text: string): { name: string; version: string }[] =>
  Array.from(text.matchAll(PACKAGE), ([, name = '', version = '']) => ({ name: name.toLowerCase(), version }));
