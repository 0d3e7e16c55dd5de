// markdown-row.ts: how a row of a table is written in Markdown.

/** Bars around all cells, empty ones up to the width; a bar in a cell is no end of it. */
export const markdownRow = (cells: readonly string[], width: number): string =>
  `|${Array.from({ length: width }, (_, at) => ` ${(cells[at] ?? '').replaceAll('|', '\\|')} |`).join('')}`;

/** What stands under the head. */
export const ruleRow = (width: number): string => `|${'---|'.repeat(width)}`;
