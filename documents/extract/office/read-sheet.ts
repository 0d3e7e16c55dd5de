// read-sheet.ts: the cells of a sheet by row and column, as they are shown, up to a number of characters. A value that
// stands over several rows stands in each of them.

import type { Archive } from './archive.ts';
import { readXml } from './read-xml.ts';

/** As it is written in the sheet. */
export interface RawCell {
  /** `s`: number of a shared text; `b`, `e`, `str`, `inlineStr`, `d`; '' for a number. */
  type: string;
  style: number;
  value: string;
  formula: string;
}

/** A cell's words. */
export interface SheetCell {
  text: string;
  /** Whether it is a text, and no number, date or truth. */
  isText: boolean;
}

/** By number of column, from 0. */
export type SheetRow = Map<number, SheetCell>;

interface Sheet {
  /** By number of row, from 1, in their order; empty ones are missing. */
  rows: Map<number, SheetRow>;
  lastRow: number;
  characters: number;
  /** More was there than was asked for. */
  isCut: boolean;
}

/** What a cell counts for beside its words: its header, and its place in memory. */
const CELL = 15;
/** Rows over which one value is repeated, at most: more is a colour for a whole column. */
const MOST_MERGED = 5_000;

export async function readSheet(
  archive: Archive,
  part: string,
  mostCharacters: number,
  show: (cell: RawCell) => SheetCell,
): Promise<Sheet> {
  const sheet: Sheet = { rows: new Map(), lastRow: 0, characters: 0, isCut: false };
  let column = -1;
  let cell: RawCell | undefined;
  let into: 'value' | 'formula' | undefined;
  let isPronounced = false;
  const keep = (): void => {
    if (!cell) return;
    const shown = show(cell);
    cell = undefined;
    if (shown.text === '') return;
    sheet.characters += shown.text.length + CELL;
    const row = sheet.rows.get(sheet.lastRow) ?? new Map<number, SheetCell>();
    sheet.rows.set(sheet.lastRow, row);
    row.set(column, shown);
  };
  await readXml(archive, part, {
    open: (name, { r, t = '', s = '', ref = '' }) => {
      if (sheet.isCut) return;
      if (name === 'row') {
        // Where the number is missing, it is the next.
        sheet.lastRow = Number(r) > 0 ? Number(r) : sheet.lastRow + 1;
        column = -1;
      } else if (name === 'c') {
        column = columnOf(r) ?? column + 1;
        cell = { type: t === 'n' ? '' : t, style: Number(s) || 0, value: '', formula: '' };
      } else if (name === 'rPh') isPronounced = true;
      else if (name === 'v' || (name === 't' && !isPronounced)) into = 'value';
      else if (name === 'f') into = 'formula';
      else if (name === 'mergeCell') repeatDown(sheet.rows, ref);
    },
    words: (text) => {
      if (cell && into) cell[into] += text;
    },
    close: (name) => {
      if (name === 'v' || name === 't' || name === 'f') into = undefined;
      if (name === 'rPh') isPronounced = false;
      if (name !== 'c') return;
      keep();
      sheet.isCut ||= sheet.characters > mostCharacters;
    },
    isEnough: () => sheet.isCut,
  });
  return { ...sheet, rows: new Map([...sheet.rows].sort(([a], [b]) => a - b)) };
}

/** `BC12` is column 54. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Za-z]{1,3}/.exec(reference ?? '')?.[0];
  if (letters === undefined) return undefined;
  return Array.from(letters.toUpperCase()).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function repeatDown(rows: Map<number, SheetRow>, reference: string): void {
  const [from = '', to = ''] = reference.split(':');
  const [first, last] = [Number(/\d+/.exec(from)?.[0]), Number(/\d+/.exec(to)?.[0])];
  const column = columnOf(from);
  const cell = column === undefined ? undefined : rows.get(first)?.get(column);
  if (!cell || column === undefined || !(last > first) || last - first > MOST_MERGED) return;
  // Only rows that hold something: a label alone is no row.
  for (let row = first + 1; row <= last; row += 1) rows.get(row)?.set(column, cell);
}
