// lines.ts: the lines of a text, and what stands on them by their form: where a block, a table, a question or code begins and ends.

import { isAnswer, isBareHeading, isHeading } from './headings.ts';
import { cellsOf, SPACED_ROW } from './tables.ts';
import { ITEM_MARK } from './unit.ts';

export interface Line {
  start: number;
  end: number;
  text: string;
}

export const FENCE = /^\s{0,3}(?:```|~~~)/;
export const UNDERLINE = /^\s{0,3}(?:={3,}|-{3,})\s*$/;
/** reStructuredText has others, as long as the title or longer. */
export const LONG_UNDERLINE = /^(?:~{4,}|"{4,}|'{4,}|#{4,}|\*{4,}|\+{4,}|\.{4,}|_{4,}|\^{4,})\s*$/;
export const ITEM = new RegExp(String.raw`^\s*${ITEM_MARK}\s+`);
export const ROW = /^\s*\|.*\|\s*$/;
const BARE_ROW = /\S +\| +\S/;
export const RULE_ROW = /^[\s|:+-]+$/;
export const NOISE =
  /^\s*(?:\[[^\]]{1,80}\]:\s|<[!/a-z][^>]*>\s*$|<!--|\.\. (?!note|warning|tip|important|caution|deprecated|version)[\w-]+::|\.\. (?:_[^:]+|\|[^|]+\|):|:[\w-]+=\S*:\s|\[?!\[|(?:\* \* \*|\*\*\*|___)\s*$|\([\w-]{1,80}\)=\s*$|[a-z\d+/=]{40,}\s*$)/i;

export const UNSEEN = /^\s{0,3}<(script|style)(?:\s[^<>]*)?>/i;

export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  while (start <= text.length) {
    const stop = text.indexOf('\n', start);
    const end = stop < 0 ? text.length : stop;
    lines.push({ start, end, text: text.slice(start, Math.min(end, start + 2000)) });
    start = end + 1;
  }
  return lines;
}

/** The first line behind what stands between `---` and `---` above a page; 0 where nothing does. */
export function frontMatterEnd(lines: readonly Line[]): number {
  if (lines[0]?.text.trim() !== '---' || !/^[\w.-]+:/.test(lines[1]?.text ?? '')) return 0;
  const end = lines.findIndex(({ text }, line) => line > 0 && text.trim() === '---');
  return lines.slice(1, Math.max(1, end)).every(({ text }) => FIELD.test(text)) ? end + 1 : 0;
}

const FIELD = /^(?:[\w.-]+:|\s|[-#\]}]|$)/;

/** The last line of a program, or of styles, in a page: they say nothing to its reader. To the end, where they are cut off. */
export function unseenEnd(lines: readonly Line[], at: number): number {
  const end = `</${UNSEEN.exec(lines[at]?.text ?? '')?.[1]?.toLowerCase() ?? ''}>`;
  let last = at;
  while (last < lines.length - 1 && !lines[last]?.text.toLowerCase().includes(end)) last += 1;
  return last;
}

/** The last line of a question with its mark: before a blank line, or its answer. */
export function questionEnd(lines: readonly Line[], at: number): number {
  const end = lines.findIndex(({ text }, line) => line > at && (text.trim() === '' || isAnswer(text)));
  return (end < 0 ? lines.length : end) - 1;
}

/** A title with a line of marks under it. */
export function isUnderlined(lines: readonly Line[], at: number): boolean {
  const [title, below] = [lines[at]?.text ?? '', lines[at + 1]?.text ?? ''];
  return (
    UNDERLINE.test(below) ||
    (LONG_UNDERLINE.test(below) && /\p{L}/u.test(title) && below.trim().length >= title.trim().length)
  );
}

/** A line between blank ones, or right above a table, that is a heading though nothing marks it. */
export const standsOver = (lines: readonly Line[], at: number): boolean =>
  isBareHeading(lines[at]?.text ?? '') &&
  (lines[at - 1]?.text ?? '').trim() === '' &&
  ((lines[at + 1]?.text ?? 'x').trim() === '' || beginsTable(lines, at + 1));

const beginsTable = (lines: readonly Line[], at: number): boolean =>
  SPACED_ROW.test(lines[at]?.text ?? '') && isBareRow(lines, at, undefined);

/** What stands indented under an item, or under a question, and is said in sentences. */
export function isProseBlock(lines: readonly Line[], from: number, to: number): boolean {
  const text = lines
    .slice(from, to + 1)
    .map((line) => line.text.trim())
    .join(' ');
  return (
    /^\p{Lu}/u.test(text) &&
    /[.!?:]["')]?$/.test(text) &&
    !CODE_LINE.test(text) &&
    /^\p{Lu}[\p{L}\p{N}'’-]*[,.]?(?: |$)/u.test(text)
  );
}

/** A row with nothing but a name in it, first or in all cells, names those below it. */
export function groupOf([first = '', ...cells]: readonly string[]): string | undefined {
  const isAlone = cells.every((cell) => cell === '') || cells.every((cell) => cell === first);
  return isAlone && cells.length > 1 && /\p{L}/u.test(first) ? first : undefined;
}

/** A row without bars at its ends: among rows of as many cells, or of cells that stand under each other. */
export function isBareRow(lines: readonly Line[], at: number, head: readonly string[] | undefined): boolean {
  const text = lines[at]?.text ?? '';
  const near = [at - 2, at - 1, at + 1, at + 2, at + 3].map((line) => lines[line]?.text ?? '');
  if (SPACED_ROW.test(text)) return near.some((line) => SPACED_ROW.test(line));
  if (!BARE_ROW.test(text)) return false;
  const cells = cellsOf(text).length;
  return head?.length === cells || near.some((line) => BARE_ROW.test(line) && cellsOf(line).length === cells);
}

/** The last line of the paragraph or list item that begins at `at`. */
export function blockEnd(lines: Line[], at: number): number {
  let last = at;
  for (;;) {
    const next = lines[last + 1];
    if (!next || next.text.trim() === '') return last;
    if (FENCE.test(next.text) || isHeading(next.text) || ITEM.test(next.text) || ROW.test(next.text)) return last;
    if (NOISE.test(next.text) || isUnderlined(lines, last + 1) || MEANING.test(next.text)) return last;
    if (beginsTable(lines, last + 1)) return last;
    last += 1;
  }
}

/** ": It is …" below a term. */
const MEANING = /^ {0,3}:\s+\S/;

/** Whether a passage begins inside code, so that its first fence is the end of one. */
export function endsCode(lines: readonly Line[], first: number): boolean {
  if (!/^\s*(?:```|~~~)\s*$/.test(lines[first]?.text ?? '')) return false;
  // Nothing that is open is opened with a name: "```json" behind a bare one.
  const next = lines.slice(first + 1).find((line) => FENCE.test(line.text));
  if (next && /[\p{L}\p{N}]/u.test(next.text)) return true;
  const before = lines.slice(0, first).filter((line) => line.text.trim() !== '');
  return before.filter((line) => CODE_LINE.test(line.text)).length * 2 > before.length;
}

/** Of a passage that begins inside code the first line has lost its indent, and the others have it. */
export const isCutCode = ([first, ...others]: readonly Line[]): boolean =>
  first !== undefined &&
  others.length > 0 &&
  others.every(({ text }) => /^(?: {4}|\t)/.test(text)) &&
  [first, ...others].filter(({ text }) => CODE_LINE.test(text) || CONSOLE.test(text)).length * 2 > others.length;

const CONSOLE = /^\s*[$#] \S/;
const CODE_LINE =
  /[;{}(,[\]]\s*$|^\s*(?:\/\/|\/\*|\*(?!\*)|[)}\]]|(?:import|export|const|let|var|return|function|await)\b)/;
