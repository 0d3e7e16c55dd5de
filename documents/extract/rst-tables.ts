// rst-tables.ts: the three ways in which reStructuredText writes a table (columns under a rule of "=", a grid, and directives
// with a list or comma-separated rows) to rows of Markdown. What spans cells in a grid stays as it is written.

import { titled, type LaidOut } from './laid-out.ts';
import { markdownRow, ruleRow } from './markdown-row.ts';

interface Row {
  cells: string[];
  at: number;
}

const RULE = /^ *=+(?: +=+)+ *$/;
const LINE_BLOCK = /^\| ?/;

/**
 * ```
 * =====  =====
 * Name   Means
 * =====  =====
 * a      b
 * =====  =====
 * ```
 */
export function simpleTable(lines: readonly string[], at: number): LaidOut | undefined {
  const top = lines[at] ?? '';
  if (!RULE.test(top)) return undefined;
  const starts = [...top.matchAll(/=+/g)].map(({ index }) => index);
  const rules: number[] = [at];
  let end = at + 1;
  for (; end < lines.length && rules.length < 3; end += 1) {
    const line = lines[end] ?? '';
    if (RULE.test(line)) {
      // Without a head the second rule is the last.
      rules.push(end);
      if (rules.length === 2 && (lines[end + 1] ?? '').trim() === '') break;
    } else if (line.trim() !== '' && line.slice(0, starts[0]).trim() !== '') return undefined;
  }
  const last = rules.at(-1) ?? at;
  if (rules.length < 2) return undefined;
  const cut = (line: string): string[] => starts.map((from, column) => line.slice(from, starts[column + 1]).trim());
  const isAcross = (line: string): boolean =>
    starts.some((from) => from > 0 && /\S\S/.test(line.slice(from - 1, from + 1)));
  const rows: Row[] = [];
  for (let row = at + 1; row < last; row += 1) {
    const line = withoutTabs(lines[row] ?? '');
    if (line.trim() === '' || RULE.test(line) || /^ *-+(?: +-+)* *$/.test(line)) continue;
    // Columns are where the rule says, or it can't be told where a cell ends.
    if (isAcross(line)) return undefined;
    const cells = cut(line);
    const above = rows.at(-1);
    // What has nothing in its first column goes on with the row above, but not over a rule.
    if (cells[0] === '' && above && !rules.some((rule) => rule > at + above.at && rule < row)) goOn(above, cells);
    else rows.push({ cells: cells.map(plain), at: row - at });
  }
  return laidOut(rows, { lines: last + 1 - at, rule: rules.length > 2 ? (rules[1] ?? at) - at : undefined });
}

/** A tab stands for the spaces up to the next eighth column. */
const withoutTabs = (line: string): string =>
  line.split('\t').reduce((before, part) => before.padEnd((Math.floor(before.length / 8) + 1) * 8) + part);

const BORDER = /^ *\+(?:-+\+)+ *$/;
const HEAD_BORDER = /^ *\+(?:=+\+)+ *$/;

/** A table drawn with "+", "-" and "|". */
export function gridTable(lines: readonly string[], at: number): LaidOut | undefined {
  const top = (lines[at] ?? '').trimEnd();
  if (!BORDER.test(top)) return undefined;
  const bars = [...top.matchAll(/\+/g)].map(({ index }) => index);
  const rows: Row[] = [];
  let rule: number | undefined;
  let isNew = true;
  let end = at + 1;
  for (; /^ *[|+]/.test(lines[end] ?? ''); end += 1) {
    const line = (lines[end] ?? '').trimEnd();
    if (line.length !== top.length) return undefined;
    if (BORDER.test(line) || HEAD_BORDER.test(line)) {
      if (HEAD_BORDER.test(line)) rule = end - at;
      isNew = true;
      continue;
    }
    if (bars.some((bar) => line[bar] !== '|')) return undefined;
    const cells = bars.slice(0, -1).map((bar, column) => line.slice(bar + 1, bars[column + 1]).trim());
    const above = rows.at(-1);
    if (isNew || !above) rows.push({ cells: cells.map(plain), at: end - at });
    else goOn(above, cells);
    isNew = false;
  }
  return isNew ? laidOut(rows, { lines: end - at, rule }) : undefined;
}

const DIRECTIVE = /^( *)\.\. (list|csv)-table::[ \t]*(.*)$/;

/** `.. list-table::` and `.. csv-table::`, each row with its mark or on its line. */
export function directiveTable(lines: readonly string[], at: number): LaidOut | undefined {
  const [, indent = '', kind, title = ''] = DIRECTIVE.exec(lines[at] ?? '') ?? [];
  if (kind === undefined) return undefined;
  let end = at + 1;
  while (end < lines.length && (isBlank(lines[end]) || (lines[end] ?? '').startsWith(`${indent} `))) end += 1;
  while (isBlank(lines[end - 1])) end -= 1;
  const rows: Row[] = [];
  let hasHead = false;
  for (let row = at + 1; row < end; row += 1) {
    const line = (lines[row] ?? '').trim();
    const option = /^:([\w-]+):\s*(.*)$/.exec(line);
    if (option && (rows.length === 0 || (hasHead && rows.length === 1))) {
      if (option[1] === 'header-rows') hasHead = Number(option[2]) > 0;
      if (option[1] !== 'header') continue;
      hasHead = true;
      rows.push({ cells: commaSeparated(option[2] ?? ''), at: row - at });
    } else if (kind === 'csv') {
      if (line !== '') rows.push({ cells: commaSeparated(line), at: row - at });
    } else if (/^\* -(?:\s|$)/.test(line)) rows.push({ cells: [plain(line.slice(3).trim())], at: row - at });
    else if (/^-(?:\s|$)/.test(line)) rows.at(-1)?.cells.push(plain(line.slice(1).trim()));
    else if (line !== '')
      goOn(rows.at(-1), [...Array<string>(Math.max(0, (rows.at(-1)?.cells.length ?? 1) - 1)).fill(''), line]);
  }
  const table = laidOut(rows, { lines: end - at, rule: hasHead ? (rows[0]?.at ?? 0) + 1 : undefined });
  return table && titled(table, title.trim());
}

const isBlank = (line: string | undefined): boolean => line !== undefined && line.trim() === '';

/** The cells of a row of comma-separated values; quotes around a cell go. */
function commaSeparated(line: string): string[] {
  return [...line.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/g)]
    .slice(0, -1)
    .map(([, quoted, bare]) => plain(quoted?.replaceAll('""', '"') ?? (bare ?? '').trim()));
}

function goOn(row: Row | undefined, cells: readonly string[]): void {
  for (const [column, more] of cells.entries())
    if (row && more !== '') row.cells[column] = `${row.cells[column] ?? ''} ${plain(more)}`.trim();
}

/** A cell's words: no marks of lines that are kept apart, links by their words. */
const plain = (cell: string): string =>
  cell.replace(LINE_BLOCK, '').replace(/(?<!`)`([^`<>]+?)(?: <[^<>`]*>)?`__?/g, '$1');

/** More, most of them empty, is a file made to be long. */
const MOST_CELLS = 200_000;

/** Rows of Markdown; the head, where there is one, with its rule on a line below it. */
function laidOut(
  rows: readonly Row[],
  { lines, rule }: { lines: number; rule: number | undefined },
): LaidOut | undefined {
  const width = rows.reduce((most, { cells }) => Math.max(most, cells.length), 0);
  if (rows.length < (rule === undefined ? 1 : 2) || width < 2 || width * rows.length > MOST_CELLS) return undefined;
  const heads = rule === undefined ? [] : rows.filter(({ at }) => at < rule);
  const out = rows.slice(heads.length).map(({ cells, at }) => ({ line: markdownRow(cells, width), at }));
  if (rule !== undefined) {
    const head = Array.from({ length: width }, (_, column) =>
      heads
        .map(({ cells }) => cells[column] ?? '')
        .join(' ')
        .trim(),
    );
    out.unshift({ line: markdownRow(head, width), at: rule - 1 }, { line: ruleRow(width), at: rule });
  }
  return { lines, rows: out };
}
