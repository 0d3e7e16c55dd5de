// tables.ts: rows of tables, as Markdown, HTML, sheets and comma-separated files have them, read with the head of their table.

/** A row whose cells stand under each other by spaces alone. */
export const SPACED_ROW = /^\s*\S+(?: \S+)*(?: {2,}\S+(?: \S+)*){2,}\s*$/;

/** Whether a source is one table, a row a line. */
export const isTableSource = (source: string): boolean => /\.(?:csv|tsv)$/i.test(source);

/** A passage's headings, and the head of the table that it goes on with, which search puts last. */
export function withoutColumns(heading: string): { heading: string; columns?: string[] } {
  const parts = heading.split(' > ');
  const last = parts.at(-1) ?? '';
  if (!last.includes(' | ')) return { heading };
  return { heading: parts.slice(0, -1).join(' > '), columns: last.split(' | ') };
}

/** The cells of a row: between bars, else between tabs, semicolons or commas outside of quotes. */
export function cellsOf(row: string): string[] {
  const line = row.trim();
  if (/(?<!\\)\|/.test(line))
    return line
      .replace(/^\||(?<!\\)\|$/g, '')
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim());
  if (SPACED_ROW.test(line)) return line.split(/ {2,}|\t+/).map((cell) => cell.trim());
  const mark = line.includes('\t') ? '\t' : line.includes(';') && !line.includes(',') ? ';' : ',';
  const cells: string[] = [''];
  let inQuotes = false;
  for (const char of line) {
    if (char === '"') inQuotes = !inQuotes;
    else if (char === mark && !inQuotes) cells.push('');
    else cells[cells.length - 1] += char;
  }
  return cells.map((cell) => cell.trim());
}

const YES =
  /^(?:[✓✔✅☑🗸🟢●]\u{fe0f}?|:(?:white_check_mark|heavy_check_mark|ballot_box_with_check|check):|yes|true|supported)\s*$/iu;
const NO =
  /^(?:[✗✘❌✖🚫⛔🔴]\u{fe0f}?|:(?:x|no_entry|heavy_multiplication_x):|no|false|none|unsupported|n\/a|[-–—])?\s*$/iu;

/** Marks that are written in words. */
const SHOWN_AS: ReadonlyMap<string, string> = new Map([
  [':white_check_mark:', '✓'],
  [':heavy_check_mark:', '✓'],
  [':x:', '✗'],
]);

/** Whether a cell is a mark that something holds. */
export const isYes = (cell: string): boolean => YES.test(cell);
/** … or that it does not. */
export const isMark = (cell: string): boolean => YES.test(cell) || NO.test(cell);

const MOST_CELLS = 8;
const isTold = (cell: string): boolean => !/^[-–—]?$/.test(cell);
/** What is long and no prose, as the name of a test is, says nothing beside a cell that does. */
const MOST_NAMED = 60;

/** Whether a cell is understood without the name of its column: at least four words outside of code. */
export const isProse = (cell: string): boolean =>
  (cell.replace(/`[^`]*`/g, ' ').match(/\p{L}{2,}/gu)?.length ?? 0) >= 4;

/**
 * A row in words: what it is about, then its cells with the names of their columns. With `asks`, as a person would say
 * it: of a wide row the columns that are asked for; else what is asked for, what is short, and the cell of prose that has
 * most of the question, with its column where there are several.
 */
export function rowInWords(
  row: readonly string[],
  head: readonly string[] | undefined,
  asks?: (column: string) => boolean,
): string {
  // "Which ports": of each its number first.
  const isListed = asks !== undefined && (head?.[0] ?? '') !== '' && (head?.[0] ?? '').split(/\s+/).every(asks);
  const subject = isListed ? 0 : subjectOf(row);
  const about = isListed && !/\p{L}/u.test(row[0] ?? '') ? `${head?.[0]} ${row[0]}` : (row[subject] ?? '');
  const cells = row
    .map((cell, at) => ({ cell: SHOWN_AS.get(cell) ?? cell, name: head?.[at] ?? '', at }))
    .filter(({ cell, at }) => at !== subject && isTold(cell));
  const told = (asks ? saidOf(cells, asks) : cells).slice(0, MOST_CELLS);
  if (told.length === 0) return about;
  const isPlain = !head || (cells.length === 1 && subject === 0);
  // Of several descriptions only the column tells which is whose.
  const isOneProse = cells.filter(({ cell }) => isProse(cell)).length < 2;
  const words = told.map(({ cell, name }) =>
    isPlain || name === '' || (asks && isOneProse && isProse(cell)) ? cell : `${name}: ${cell}`,
  );
  return `${about}: ${words.join('; ')}`;
}

function saidOf<T extends { cell: string; name: string }>(cells: readonly T[], asks: (column: string) => boolean): T[] {
  const named = ({ name }: T): number => name.split(/\s+/).filter(asks).length;
  // Of marks only those that are asked for say something.
  const whole = cells.filter((one) => one.name !== '' && named(one) === one.name.split(/\s+/).length);
  if (whole.length > 0 && cells.every(({ cell }) => isMark(cell))) return whole;
  // "Lead SRE" of columns that are all of SREs: what has most of the question.
  const most = Math.max(1, ...cells.map(named));
  const asked = cells.filter((one) => named(one) === most);
  if (cells.length > MOST_CELLS && asked.length > 0) return asked;
  const fit = ({ cell }: T): number => cell.split(/\s+/).filter(asks).length;
  const prose = cells
    .filter(({ cell }) => isProse(cell))
    .reduce<T | undefined>((best, one) => (best && fit(best) >= fit(one) ? best : one), undefined);
  const isShort = ({ cell }: T): boolean => !isProse(cell) && cell.length <= MOST_NAMED;
  return cells.filter((one) => !prose || one === prose || asked.includes(one) || isShort(one));
}

/** The first cell that is a name: a row that begins with its number is about the next. */
function subjectOf(row: readonly string[]): number {
  const first = row.findIndex((cell) => /\p{L}{3}/u.test(cell));
  return first > 0 && !/\p{L}/u.test(row[0] ?? '') ? first : 0;
}
