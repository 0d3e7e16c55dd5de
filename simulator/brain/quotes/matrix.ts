// matrix.ts: a table of marks says what holds for what: of the column that a question names the rows that have its mark, or the
// row that it names, too. "Which versions run with 11?"

import type { Question } from '../question/question.ts';
import { cellsOf, isMark, isYes } from '../text/tables.ts';
import type { Unit } from '../text/unit.ts';
import { contentTerms } from '../words/words.ts';

/** Rows that are given of one table. */
const MOST_ROWS = 8;
const ASKS_NOT = /\b(?:not|no longer|without|lacks?|missing|unsupported)\b|n['’]t\b/i;

/** The rows of the table around a row that answer; none where it is no table of marks, or no column of it is asked for. */
export function rowsThatHold({ text, kind, weights }: Question, units: readonly Unit[], at: number): Unit[] {
  const { kind: form, head = [] } = units[at] ?? {};
  if (form !== 'row') return [];
  const isAsked = (name: string): boolean => {
    const terms = contentTerms(name);
    return terms.length > 0 && terms.every((term) => weights.has(term));
  };
  const columns = head.flatMap((name, column) => (column > 0 && isAsked(name) ? [column] : []));
  const [column] = columns;
  const rows = tableAround(units, at).map((unit) => ({ unit, cells: cellsOf(unit.text) }));
  if (column === undefined || columns.length > 1 || !rows.every(({ cells }) => isMark(cells[column] ?? ''))) return [];
  const named = rows.filter(({ cells: [subject = ''] }) => isAsked(subject));
  const wanted = !ASKS_NOT.test(text);
  const held = rows.filter(({ cells }) => isYes(cells[column] ?? '') === wanted);
  return (named.length > 0 || kind === 'yes-no' ? named : held).slice(0, MOST_ROWS).map(({ unit }) => unit);
}

/** The rows that stand below each other, this one among them. */
function tableAround(units: readonly Unit[], at: number): readonly Unit[] {
  const isRow = (one: Unit | undefined): boolean => one?.kind === 'row';
  let [first, last] = [at, at];
  while (isRow(units[first - 1])) first -= 1;
  while (isRow(units[last + 1])) last += 1;
  return units.slice(first, last + 1);
}
