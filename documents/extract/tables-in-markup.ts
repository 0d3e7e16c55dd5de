// tables-in-markup.ts: tables that stand in Markdown as HTML, and those of reStructuredText, to tables of Markdown. Each row
// stands on the line where it began, so that a line of the text is that line of the file; lines that are over are blank.

import { tableInMarkdown } from './extract-html.ts';
import { placed, titled, type LaidOut } from './laid-out.ts';
import { directiveTable, gridTable, simpleTable } from './rst-tables.ts';

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HTML_TABLE = /^ {0,3}<table[\s>]/i;
const HTML_TABLE_END = /<\/table>\s*$/i;

/** The text with its tables as Markdown has them. What is no table, or lays out a page, stays as it is. */
export function withMarkdownTables(text: string): string {
  const lines = text.split('\n');
  const out: string[] = [];
  for (let at = 0; at < lines.length;) {
    const end = fenceEnd(lines, at);
    const table = end === undefined ? tableAt(lines, at) : undefined;
    const taken = table?.lines ?? (end === undefined ? 1 : end + 1 - at);
    for (const line of table ? placed(table) : lines.slice(at, at + taken)) out.push(line);
    at += taken;
  }
  return out.join('\n');
}

/** The last line of the fenced code that begins here. */
function fenceEnd(lines: readonly string[], at: number): number | undefined {
  const mark = FENCE.exec(lines[at] ?? '')?.[1];
  if (mark === undefined) return undefined;
  for (let end = at + 1; end < lines.length; end += 1) if (lines[end]?.trim().startsWith(mark)) return end;
  return at;
}

function tableAt(lines: readonly string[], at: number): LaidOut | undefined {
  if (HTML_TABLE.test(lines[at] ?? '')) return htmlTable(lines, at);
  return simpleTable(lines, at) ?? gridTable(lines, at) ?? directiveTable(lines, at);
}

function htmlTable(lines: readonly string[], at: number): LaidOut | undefined {
  let end = at;
  while (end < lines.length && !HTML_TABLE_END.test(lines[end] ?? '')) {
    end += 1;
    // Of a table in a table the outer one lays out.
    if (HTML_TABLE.test(lines[end] ?? '')) return undefined;
  }
  if (end === lines.length) return undefined;
  const html = lines
    .slice(at, end + 1)
    .join('\n')
    // Comments go, the lines that they fill stay.
    .replace(/<!--.*?-->/gs, (comment) => comment.replace(/[^\n]/g, ''))
    .replace(/<\/?(?:code|kbd|tt)(?:\s[^<>]*)?>/gi, '`');
  const table = tableInMarkdown(html);
  if (!table) return undefined;
  const begins = html.split('\n').flatMap((line, row) => [...line.matchAll(/<tr[\s>]/gi)].map(() => row));
  const laidOut = {
    lines: end + 1 - at,
    // The head takes the line of the table's own tag, so that its rule has one, too.
    rows: table.rows.map(({ line, from }, row) => ({ line, at: row === 0 ? 0 : (begins[from] ?? 0) })),
  };
  return titled(laidOut, table.caption);
}
