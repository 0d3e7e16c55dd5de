// row-lines.ts: the rows of a sheet as lines, each value with the header of its column: a row that is found says what its
// values are. Which row is the header is told by its looks, since workbooks do not say it.

import type { SheetRow } from './read-sheet.ts';

/** Blank lines that keep a line's distance from the sheet's heading the number of its row. */
const MOST_BLANK = 20;
/** Of a header: it stands in every row. */
const LONGEST_HEADER = 100;

interface Lines {
  lines: string[];
  characters: number;
  /** The row before which it was full. */
  cutBefore?: number;
}

/** @param most characters of all lines together; what comes after them is left out */
export function rowLines(rows: ReadonlyMap<number, SheetRow>, most: number): Lines {
  const lines: string[] = [];
  let characters = 0;
  let header: Map<number, string> | undefined;
  const numbered = [...rows].filter(([, row]) => row.size > 0);
  for (const [at, [number, row]] of numbered.entries()) {
    if (characters > most) return { lines, characters, cutBefore: number };
    const [before, rowBefore] = numbered[at - 1] ?? [0];
    for (let blank = Math.min(number - before - 1, MOST_BLANK); blank > 0; blank -= 1) lines.push('');
    // After a gap, or a title that stands alone.
    const isFirst = !rowBefore || number > before + 1 || rowBefore.size === 1;
    const isNew = isFirst && isHeader(row, numbered[at + 1]?.[1], header !== undefined);
    // A title, a remark or a sum stands alone, and belongs to no column.
    const named = isNew || (row.size === 1 && header?.size !== 1) ? undefined : header;
    const line = rowLine(row, named);
    if (isNew) header = new Map([...row].map(([column, { text }]) => [column, oneLine(text).slice(0, LONGEST_HEADER)]));
    lines.push(line);
    characters += line.length + 1;
  }
  return { lines, characters };
}

function rowLine(row: SheetRow, header: ReadonlyMap<number, string> | undefined): string {
  return [...row]
    .sort(([a], [b]) => a - b)
    .map(([column, { text }]) => {
      const name = header?.get(column) ?? '';
      return name === '' ? oneLine(text) : `${name}: ${oneLine(text)}`;
    })
    .join(' | ');
}

/** Texts only, over rows that have at least as many columns or other values than texts. */
function isHeader(row: SheetRow, next: SheetRow | undefined, isLater: boolean): boolean {
  if (!next || row.size < 2 || ![...row.values()].every(({ isText }) => isText)) return false;
  const differs = [...next.values()].some(({ isText }) => !isText);
  return isLater ? differs : differs || next.size >= 2;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
