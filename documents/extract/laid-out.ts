// laid-out.ts: a table as rows of Markdown with the lines of the file where each begins, put back on these lines.

/** A table with what it is called above it. */
export const titled = ({ lines, rows }: LaidOut, title: string): LaidOut =>
  title === '' ? { lines, rows } : { lines, rows: [{ line: title, at: 0 }, ...rows] };

/** A table that was found: how many lines it takes, and its rows by the line, from 0, where each begins. */
export interface LaidOut {
  lines: number;
  rows: { line: string; at: number }[];
}

/** Each row on its line, or on the next that is free: rows of a table that stood on one line need more than it had. */
export function placed({ lines, rows }: LaidOut): string[] {
  const out: string[] = [];
  for (const { line, at } of rows) {
    while (out.length < at) out.push('');
    out.push(line);
  }
  while (out.length < lines) out.push('');
  return out;
}
