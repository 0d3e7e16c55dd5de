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

const MOST_CELLS = 8;
const isTold = (cell: string): boolean => !/^[-–—]?$/.test(cell);

/**
 * A row in words: what it is about, then its cells with the names of their columns. Of a wide row those columns that
 * `asks` says are asked for, if it says so of any.
 */
export function rowInWords(
  row: readonly string[],
  head: readonly string[] | undefined,
  asks?: (column: string) => boolean,
): string {
  const subject = subjectOf(row);
  const cells = row
    .map((cell, at) => ({ cell, name: head?.[at] ?? '', at }))
    .filter(({ cell, at }) => at !== subject && isTold(cell));
  const asked = asks ? cells.filter(({ name }) => name !== '' && asks(name)) : [];
  const told = cells.length > MOST_CELLS && asked.length > 0 ? asked : cells.slice(0, MOST_CELLS);
  if (told.length === 0) return row[subject] ?? '';
  const isPlain = !head || (cells.length === 1 && subject === 0);
  const words = told.map(({ cell, name }) => (isPlain || name === '' ? cell : `${name}: ${cell}`));
  return `${row[subject] ?? ''}: ${words.join('; ')}`;
}

/** The first cell that is a name: a row that begins with its number is about the next. */
function subjectOf(row: readonly string[]): number {
  const first = row.findIndex((cell) => /\p{L}{3}/u.test(cell));
  return first > 0 && !/\p{L}/u.test(row[0] ?? '') ? first : 0;
}
