// push-units.ts: takes a stretch of a text as units: exact slices of it, none longer than a quote may be.

import { helpEnd } from './help-lines.ts';
import { ITEM, type Line } from './lines.ts';
import { sentenceEnds } from './sentences.ts';
import { MAX_QUOTE, MAX_WHOLE, type Unit, type UnitKind } from './unit.ts';

/** Code that stands where prose should: a passage cut inside its fence. */
const LOOKS_LIKE_CODE =
  /[;{}]\s*$|=>\s*[{(]|^\s*(?:import|export|const|let|var|return|await)\b.*[;({=]|^[\w$.]+\([^)]*\);?$/;

const COMMENT = /^\s*(?:\/\/+|\/\*+|\*+(?!\/)|#(?!!|[a-z]+\b(?=[<"]))) ?(?=\S)/;

/** Code is quoted by the line, and the comments in it by the sentence. */
export function pushCode(units: Unit[], text: string, lines: readonly Line[]): void {
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] as Line;
    if (helpEnd(lines, at) >= 0) {
      at = pushHelp(units, text, lines, at);
      continue;
    }
    const mark = COMMENT.exec(line.text);
    if (!mark) {
      push(units, 'code', text, line.start, line.end);
      at += 1;
      continue;
    }
    let last = at;
    while (last + 1 < lines.length && COMMENT.test((lines[last + 1] as Line).text)) last += 1;
    const end = (lines[last] as Line).end;
    const slice = text.slice(line.start, end);
    pushSentences(
      units,
      'comment',
      text,
      line.start + mark[0].length,
      end - (/\s*\*+\/\s*$/.exec(slice)?.[0].length ?? 0),
    );
    at = last + 1;
  }
}

/** Takes the entry of a program's help that begins at a line as one item. Returns the line behind. */
export function pushHelp(units: Unit[], text: string, lines: readonly Line[], at: number): number {
  const last = helpEnd(lines, at);
  push(units, 'item', text, lines[at]?.start ?? 0, lines[last]?.end ?? 0);
  return last + 1;
}

/** Cuts a block at the ends of sentences; the first part of a list item keeps its kind. */
export function pushSentences(units: Unit[], kind: UnitKind, text: string, start: number, end: number): void {
  let from = start;
  // "1. Stop it.": the mark of an item ends no sentence.
  const mark = kind === 'item' ? (ITEM.exec(text.slice(start, end))?.[0].length ?? 0) : 0;
  for (const stop of [...sentenceEnds(text, start + mark, end), end]) {
    if (from >= stop) continue;
    for (let end = clauseEnd(text, from, stop); end < stop; end = clauseEnd(text, from, stop)) {
      push(units, from === start ? kind : 'sentence', text, from, end);
      from = end + (text[end] === ';' ? 1 : 0);
    }
    push(units, from === start || kind === 'comment' ? kind : 'sentence', text, from, stop);
    // The mark of the next comment line is no part of its sentence.
    const next = kind === 'comment' ? /^\s*\n\s*(?:\/\/+|\*+|#)\s*/.exec(text.slice(stop, stop + 200)) : null;
    from = stop + (next?.[0].length ?? 0);
  }
}

/** Where a sentence that is too long for a quote is cut: after a clause. */
function clauseEnd(text: string, from: number, stop: number): number {
  if (stop - from <= MAX_QUOTE) return stop;
  const stretch = text.slice(from, from + MAX_QUOTE);
  const at = Math.max(...['; ', ';\n', '--'].map((mark) => stretch.lastIndexOf(mark)));
  return at > MAX_QUOTE / 3
    ? from + at
    : from + Math.max(stretch.lastIndexOf(', '), stretch.lastIndexOf(' ', MAX_QUOTE / 2), MAX_QUOTE / 3) + 1;
}

/** Takes a stretch as one unit, without the blanks around it, cut where it is too long. */
export function push(units: Unit[], kind: UnitKind, text: string, start: number, end: number, head?: string[]): void {
  let from = start;
  let to = end;
  while (from < to && /\s/.test(text[from] as string)) from += 1;
  while (to > from && /\s/.test(text[to - 1] as string)) to -= 1;
  // What is not Latin may count thrice where a quote is looked for.
  const most =
    kind === 'row' && !/[\u0250-\u1dff\u2e80-\uffff]/.test(text.slice(from, from + MAX_WHOLE)) ? MAX_WHOLE : MAX_QUOTE;
  if (to - from > most) {
    const space = text.lastIndexOf(' ', from + most);
    to = space > from + most / 2 ? space : from + most;
    if (/[\ud800-\udbff]/.test(text[to - 1] ?? '')) to -= 1;
  }
  if (to - from < 2) return;
  const slice = text.slice(from, to);
  units.push({
    kind: (kind === 'sentence' || kind === 'comment') && LOOKS_LIKE_CODE.test(slice) ? 'code' : kind,
    text: slice,
    start: from,
    end: to,
    ...(head && { head }),
    isCut: isCut(kind, slice, from, end, text),
  });
}

/** A passage ends between paragraphs as a rule; a long one may end, or begin, inside a sentence. */
function isCut(kind: UnitKind, slice: string, from: number, end: number, text: string): boolean {
  if (kind === 'sentence' && from < 3 && /^[\p{Ll},;)]/u.test(slice) && !/^[a-z]+\p{Lu}/u.test(slice)) return true;
  const isLast = end >= text.length - 2;
  return isLast && text.length > 400 && slice.length > 40 && !/[.!?。！？:;)\]"'”`*_|]$/.test(slice);
}
