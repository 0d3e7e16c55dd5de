// row-lines.ts: the rows of a sheet as lines, each value with the header of its column: a row that is found says what its
// values are. Which row is the header is told by its looks, since workbooks do not say it.

import type { SheetRow } from './read-sheet.ts';

/** Blank lines that keep a line's distance from the sheet's heading the number of its row. */
const MOST_BLANK = 20;

export function rowLines(rows: ReadonlyMap<number, SheetRow>): string[] {
  const lines: string[] = [];
  const numbered = [...rows].filter(([, row]) => row.size > 0);
  let header: Map<number, string> | undefined;
  numbered.forEach(([number, row], at) => {
    const [before] = numbered[at - 1] ?? [0];
    for (let blank = Math.min(number - before - 1, MOST_BLANK); blank > 0; blank -= 1) lines.push('');
    const isFirst = number > before + 1 || at === 0 || (numbered[at - 1]?.[1].size ?? 0) === 1;
    if (isFirst && isHeader(row, numbered[at + 1]?.[1], header !== undefined)) {
      header = new Map([...row].map(([column, { text }]) => [column, oneLine(text)]));
      lines.push(
        inOrder(row)
          .map(([, { text }]) => oneLine(text))
          .join(' | '),
      );
      return;
    }
    // A title, a remark or a sum stands alone, and belongs to no column.
    const isAlone = row.size === 1 && !(header && header.size === 1);
    lines.push(
      inOrder(row)
        .map(([column, { text }]) => {
          const name = isAlone ? undefined : header?.get(column);
          return name === undefined || name === '' ? oneLine(text) : `${name}: ${oneLine(text)}`;
        })
        .join(' | '),
    );
  });
  return lines;
}

/** Texts only, over rows that have at least as many columns or other values than texts. */
function isHeader(row: SheetRow, next: SheetRow | undefined, isLater: boolean): boolean {
  if (!next || row.size < 2 || ![...row.values()].every(({ isText }) => isText)) return false;
  const differs = [...next.values()].some(({ isText }) => !isText);
  return isLater ? differs : differs || next.size >= 2;
}

const inOrder = (row: SheetRow) => [...row].sort(([a], [b]) => a - b);

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
