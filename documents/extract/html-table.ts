// html-table.ts: a table of HTML to the lines of a Markdown table: a line a row, the head above its rule, and what spans
// several rows in each of them. A table that only lays out a page is none.

import { wordSet, type HtmlElement } from './html-tree.ts';
import { markdownRow, ruleRow } from './markdown-row.ts';

export interface TableRow {
  /** Markdown, with its bars. */
  line: string;
  /** Which of the table's `tr` it comes from, from 0; of the rule, that of the last row of the head. */
  from: number;
}

/** What reads the table's page: it knows what is hidden, and how words are written. */
interface Reader {
  isSeen: (element: HtmlElement) => boolean;
  textOf: (element: HtmlElement) => string;
}

interface Row {
  cells: string[];
  isHead: boolean;
  from: number;
}

/** More in one cell is a part of a page and not of a table. */
const MOST_IN_CELL = 1_000;
const MOST_COLUMNS = 100;
/** What spans rows is said in each of them up to here, and up to so much of all: a page may claim any span. */
const MOST_REPEATED = 100;
const MOST_REPEATED_OF_ALL = 200_000;
const MOST_EMPTY = 100_000;

/** The lines of a table, none where nothing is seen in it; undefined when it lays out a page, or is broken. */
export function tableLines(table: HtmlElement, reader: Reader): TableRow[] | undefined {
  if (!table.isClosed || /^(?:presentation|none)$/.test(table.attributes.role ?? '')) return undefined;
  const found = rowsIn(table);
  if (found === undefined || found.length < 2) return undefined;
  const rows = readRows(found, reader);
  if (rows === undefined || rows.every(({ cells }) => cells.length < 2)) return undefined;
  const width = rows.reduce((most, { cells }) => Math.max(most, cells.length), 0);
  // One long row among many short ones: filled up to its width they would be most of the text.
  if (rows.reduce((empty, { cells }) => empty + width - cells.length, 0) > MOST_EMPTY) return undefined;
  const filled = rows.filter(({ cells }) => cells.some((cell) => cell !== ''));
  const heads = leadingHeads(filled);
  const body = filled.slice(heads.length);
  if (body.length === 0) return undefined;
  const head = Array.from({ length: width }, (_, at) =>
    [...new Set(heads.map(({ cells }) => cells[at] ?? ''))].filter((name) => name !== '').join(' '),
  );
  const at = heads.at(-1)?.from ?? 0;
  return [
    { line: markdownRow(head, width), from: heads[0]?.from ?? 0 },
    { line: ruleRow(width), from: at },
    ...body.map(({ cells, from }) => ({ line: markdownRow(cells, width), from })),
  ];
}

/** The words of the table's caption. */
export const captionOf = (table: HtmlElement): HtmlElement | undefined =>
  table.children.find((child): child is HtmlElement => typeof child === 'object' && child.name === 'caption');

/** Whether a reader of rows comes to it: a cell without a row would be lost. */
const isPartOf = (parent: HtmlElement, { name }: HtmlElement): boolean =>
  parent.name === 'tr' ? CELLS.has(name) : name === 'tr' || (parent.name === 'table' && PARTS.has(name));
const CELLS = wordSet('td th');
const PARTS = wordSet('thead tbody tfoot caption colgroup');

const isRowOf = (parent: HtmlElement | undefined): boolean =>
  parent !== undefined && /^t(?:head|body|foot)$/.test(parent.name);

/** All rows; undefined where anything else stands in the table, or a cell holds what no cell does. */
function rowsIn(table: HtmlElement): HtmlElement[] | undefined {
  const rows: HtmlElement[] = [];
  const ahead: HtmlElement[] = [table];
  for (let element = ahead.pop(); element; element = ahead.pop()) {
    const isInCell = !isRowOf(element) && element !== table && element.name !== 'tr';
    if (element.name === 'tr') rows.push(element);
    for (let at = element.children.length - 1; at >= 0; at -= 1) {
      const child = element.children[at] as HtmlElement | string;
      if (typeof child === 'object') {
        if (/^(?:table|h[1-6])$/.test(child.name) || (!isInCell && !isPartOf(element, child))) return undefined;
        ahead.push(child);
      } else if (!isInCell && child.trim() !== '') return undefined;
    }
  }
  return rows;
}

function readRows(found: readonly HtmlElement[], { isSeen, textOf }: Reader): Row[] | undefined {
  const rows: Row[] = [];
  /** By column, what goes on from rows above, and for how many rows. */
  const spans: { cell: string; rows: number }[] = [];
  let repeated = 0;
  for (const [from, row] of found.entries()) {
    if (!isSeen(row) || (row.parent && !isSeen(row.parent))) continue;
    const cells: string[] = [];
    const elements = row.children.filter((child): child is HtmlElement => typeof child === 'object' && isSeen(child));
    const goesOn = (): void => {
      for (let span = spans[cells.length]; span && span.rows > 0; span = spans[cells.length]) {
        span.rows -= 1;
        const isSaid = span.cell.length <= MOST_REPEATED && repeated < MOST_REPEATED_OF_ALL;
        if (isSaid) repeated += span.cell.length;
        cells.push(isSaid ? span.cell : '');
      }
    };
    for (const element of elements) {
      goesOn();
      const cell = textOf(element);
      if (cell.length > MOST_IN_CELL || cells.length >= MOST_COLUMNS) return undefined;
      const [columns, over] = [
        spanOf(element, 'colspan', MOST_COLUMNS - cells.length),
        spanOf(element, 'rowspan', found.length),
      ];
      const isName = element.name === 'th';
      for (let at = 0; at < columns; at += 1) {
        spans[cells.length] = { cell, rows: over - 1 };
        // A name above several columns is the name of each.
        cells.push(at === 0 || isName ? cell : '');
      }
    }
    goesOn();
    const isHead = row.parent?.name === 'thead' || (elements.length > 0 && elements.every(isNaming));
    rows.push({ cells, isHead, from });
  }
  return rows;
}

function spanOf({ attributes }: HtmlElement, name: string, most: number): number {
  const span = Number(attributes[name] ?? 1);
  return Number.isInteger(span) && span > 0 ? Math.min(span, most) : 1;
}

/** A cell of a head: marked as such, or all in bold. */
export function isNaming(cell: HtmlElement): boolean {
  if (cell.name === 'th') return true;
  const inside = cell.children.filter((child) => typeof child === 'object' || child.trim() !== '');
  return inside.length === 1 && typeof inside[0] === 'object' && /^(?:b|strong)$/.test(inside[0].name);
}

/** The rows above the first that is none of the head; where nothing is marked so, a first row that only names. */
function leadingHeads(rows: readonly Row[]): Row[] {
  const end = rows.findIndex(({ isHead }) => !isHead);
  if (end !== 0) return rows.slice(0, Math.min(end < 0 ? 1 : end, MOST_HEADS));
  const isNames = rows[0]?.cells.every((cell, at) => NAME.test(cell) || (at === 0 && cell === ''));
  return isNames ? rows.slice(0, 1) : [];
}
/** "Team", "Lead": neither a value nor the field that one stands beside. */
const NAME = /^(?=\D{1,60}$).*[^:]$/;
const MOST_HEADS = 3;
