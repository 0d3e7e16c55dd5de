// asciidoc-table.ts: a table of AsciiDoc to rows of Markdown. A cell may stand on a line of its own, or on several.

import type { LaidOut } from './laid-out.ts';
import { markdownRow, ruleRow } from './markdown-row.ts';

const BOUND = /^\|={3,}\s*$/;
/** What stands before the bar of the next cell: how many it spans, where its words stand, how they are set. */
const OF_NEXT = /(?:^|\s)(?:\d{1,3}(?:\.\d{1,3})?[+*])?[.<^>]{0,3}[adehlmsv]?$/;
/** Of blocks in a cell the words count. */
const NO_WORDS = /^\s*(?:\[[^\]]*\]|[-.=*_+]{4,}|--)\s*$/;
/** A table wider than this is none. */
const MOST_COLUMNS = 200;

interface Cell {
  at: number;
  words: string[];
  /** Begins its line. */
  isFirst: boolean;
}

/**
 * The table whose first bound stands at `at`; undefined where it has no last one.
 *
 * @param attributes the line above it: `%header,cols="1,3"`
 */
export function asciidocTable(lines: readonly string[], at: number, attributes: string): LaidOut | undefined {
  if (!BOUND.test(lines[at] ?? '')) return undefined;
  const end = lineFrom(lines, at + 1, (line) => BOUND.test(line));
  if (end < 0) return undefined;
  const cells = cellsOf(lines.slice(at + 1, end));
  const alone = cells.findIndex(({ isFirst }, index) => index > 0 && isFirst);
  const width = widthOf(attributes) ?? (alone < 0 ? cells.length : alone);
  if (width < 1 || width > MOST_COLUMNS) return undefined;
  const rows = Array.from({ length: Math.ceil(cells.length / width) }, (_, row) =>
    cells.slice(row * width, (row + 1) * width),
  );
  const isHeaded = /header/.test(attributes) || isApart(rows, lines, at);
  return {
    lines: end + 1 - at,
    // The head takes the line of the bound, so that its rule has one, too.
    rows: rows.flatMap((row, index) => {
      const line = markdownRow(
        row.map(({ words }) => words.join(' ')),
        width,
      );
      if (index > 0 || !isHeaded) return [{ line, at: (row[0]?.at ?? 0) + 1 }];
      return [
        { line, at: 0 },
        { line: ruleRow(width), at: 1 },
      ];
    }),
  };
}

/** The head stands on one line, right below the bound, with a blank one below it. */
function isApart(rows: readonly Cell[][], lines: readonly string[], at: number): boolean {
  const [head, next] = rows;
  return (
    next !== undefined &&
    head?.every((cell) => cell.at === 0 && cell.words.length <= 1) === true &&
    (lines[at + 2] ?? '').trim() === ''
  );
}

function cellsOf(lines: readonly string[]): Cell[] {
  const cells: Cell[] = [];
  lines.forEach((line, at) => {
    if (NO_WORDS.test(line)) return;
    const [before = '', ...parts] = line.split(/(?<!\\)\|/);
    say(cells.at(-1), parts.length > 0 ? before.replace(OF_NEXT, '') : before);
    parts.forEach((part, index) => {
      const cell: Cell = { at, words: [], isFirst: index === 0 };
      cells.push(cell);
      say(cell, index < parts.length - 1 ? part.replace(OF_NEXT, '') : part);
    });
  });
  return cells;
}

function say(cell: Cell | undefined, text: string): void {
  const words = text.trim().replace(/ \+$/, '').replaceAll('\\|', '|');
  if (words !== '' && !NO_WORDS.test(words)) cell?.words.push(words);
}

/** `cols="1,3,2*"`: four. */
function widthOf(attributes: string): number | undefined {
  const cols = /\bcols=(?:"([^"]*)"|([^,\s"]+))/.exec(attributes);
  const spec = cols?.[1] ?? cols?.[2];
  if (spec === undefined || spec.trim() === '') return undefined;
  return spec.split(/[,;]/).reduce((sum, one) => sum + Number(/^\s*(\d{1,3})\*/.exec(one)?.[1] ?? 1), 0);
}

/** The first line, from one on, that is what is looked for; -1 where none is. What stands before it is not looked at again. */
export function lineFrom(lines: readonly string[], from: number, is: (line: string) => boolean): number {
  let at = from;
  while (at < lines.length && !is(lines[at] ?? '')) at += 1;
  return at < lines.length ? at : -1;
}
