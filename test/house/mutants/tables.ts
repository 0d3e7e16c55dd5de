// tables.ts: mutants of how tables of HTML, in pages and in Markdown, and of reStructuredText are read.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/documents/tables-in-markup.test.ts');

const CELL = 'a cell of a table of HTML is one cell, whatever stands in it, an empty corner too';
const SPANS = 'what spans rows is said in each of them, and a name above several columns in each of these';
const HEAD = 'the head of a table of HTML is its first row where that is %s';
const LAYOUT = 'a table that only lays out a page is none: it %s';
const REPEATED = 'what spans more rows than a page may repeat is said in as many as it may';
const CALLED = 'what a table in markup is called stands above it';
const SHORT = 'one long row does not make many short ones long';
const MANY = 'a table, or code, of very many lines is read to its end';
const IN_MARKDOWN = 'a table of HTML in Markdown is one of Markdown, each row on the line where it begins';
const APART = 'rows with blank lines between them are one table, whose head goes with each passage of it';
const RST = 'the tables of reStructuredText are rows with their heads, each on its line';
const NO_TABLE = 'what only looks like a table stays as it is written: one %s';
const BEGINNINGS = 'a file of nothing but beginnings of tables is read to its end';

const rows: Mutant[] = [
  mutant(CELL, 'extract/extract-html.ts', "(mark) => (mark === '- ' ? '' : ' ')", "() => '\\n'"),
  mutant(CELL, 'extract/extract-html.ts', ".replace(/\\n+- /g, '; ')", ''),
  mutant(CELL, 'extract/markdown-row.ts', ".replaceAll('|', '\\\\|')", ''),
  mutant(CELL, 'extract/extract-html.ts', "if (table.caption !== '') writer", "if (table.caption === '') writer"),
  mutant(SPANS, 'extract/html-table.ts', 'rows: over - 1', 'rows: 0'),
  mutant(SPANS, 'extract/html-table.ts', 'at === 0 || isName ? cell', 'at === 0 ? cell'),
  mutant(SPANS, 'extract/html-table.ts', 'const MOST_HEADS = 3', 'const MOST_HEADS = 1'),
  mutant(
    HEAD,
    'extract/html-table.ts',
    '(inside[0].name)',
    "('')",
    'the head of a table of HTML is its first row where that is all in bold',
  ),
  mutant(
    HEAD,
    'extract/html-table.ts',
    'return isNames ?',
    'return false ?',
    'the head of a table of HTML is its first row where that is of names alone',
  ),
  mutant(
    HEAD,
    'extract/html-table.ts',
    '(?=\\D{1,60}$)',
    '(?=.{1,60}$)',
    'the head of a table of HTML is its first row where that is of values, which is no head',
  ),
  mutant(
    HEAD,
    'extract/html-table.ts',
    '.*[^:]$/',
    '.*$/',
    'the head of a table of HTML is its first row where that is of a field and its value, which is no head',
  ),
  mutant(
    LAYOUT,
    'extract/html-table.ts',
    '(?:table|h[1-6])',
    '(?:h[1-6])',
    'a table that only lays out a page is none: it holds a table',
  ),
  mutant(
    LAYOUT,
    'extract/html-table.ts',
    '(?:table|h[1-6])',
    '(?:table)',
    'a table that only lays out a page is none: it holds a heading',
  ),
  mutant(
    LAYOUT,
    'extract/html-table.ts',
    'cell.length > MOST_IN_CELL ||',
    '',
    'a table that only lays out a page is none: it holds a page in a cell',
  ),
  mutant(
    LAYOUT,
    'extract/html-table.ts',
    "table.attributes.role ?? ''",
    "''",
    'a table that only lays out a page is none: it says so',
  ),
  mutant(
    LAYOUT,
    'extract/html-table.ts',
    ' || rows.every(({ cells }) => cells.length < 2)',
    '',
    'a table that only lays out a page is none: it has one column',
  ),
  mutant(
    LAYOUT,
    'extract/html-table.ts',
    "else if (!isInCell && child.trim() !== '') return undefined;",
    '',
    'a table that only lays out a page is none: it has words outside of its cells',
  ),
  mutant(REPEATED, 'extract/html-table.ts', ' && repeated < MOST_REPEATED_OF_ALL', ''),
  mutant(IN_MARKDOWN, 'extract/tables-in-markup.ts', 'at: row === 0 ? 0 : (begins[from] ?? 0)', 'at: 0'),
  mutant(IN_MARKDOWN, 'extract/tables-in-markup.ts', "comment.replace(/[^\\n]/g, '')", 'comment'),
  mutant(IN_MARKDOWN, 'extract/laid-out.ts', "while (out.length < lines) out.push('');", ''),
  mutant(IN_MARKDOWN, 'extract/as-text.ts', '!mayHoldTables(content)', 'true'),
  mutant(APART, 'index/text-blocks.ts', 'if (columns) end = tableEnd(lines, end, columns.length);', ''),
  mutant(RST, 'extract/rst-tables.ts', "if (cells[0] === '' && above &&", "if (cells[0] === 'no' && above &&"),
  mutant(RST, 'extract/rst-tables.ts', 'else goOn(above, cells);', ''),
  mutant(RST, 'extract/rst-tables.ts', "option[1] === 'header-rows'", "option[1] === 'rows'"),
  mutant(RST, 'extract/rst-tables.ts', "option[1] !== 'header'", "option[1] !== 'head'"),
  mutant(RST, 'extract/rst-tables.ts', '(?:"((?:[^"]|"")*)"|([^,]*))', '(?:"((?:[^"]|"")*)"x|([^,]*))'),
  mutant(
    NO_TABLE,
    'extract/tables-in-markup.ts',
    'const table = end === undefined ? tableAt(lines, at) : undefined;',
    'const table = tableAt(lines, at + (end === undefined ? 0 : 1));',
    'what only looks like a table stays as it is written: one in a fence',
  ),
  mutant(
    NO_TABLE,
    'extract/rst-tables.ts',
    "if (bars.some((bar) => line[bar] !== '|')) return undefined;",
    '',
    'what only looks like a table stays as it is written: one drawn with cells that span',
  ),
  {
    ...mutant(
      BEGINNINGS,
      'extract/tables-in-markup.ts',
      "if (HTML_TABLE.test(lines[end] ?? '')) return undefined;",
      '',
    ),
    hangs: true,
  },
  mutant(RST, 'extract/rst-tables.ts', "withoutTabs(lines[row] ?? '')", "lines[row] ?? ''"),
  mutant(
    NO_TABLE,
    'extract/rst-tables.ts',
    'if (isAcross(line)) return undefined;',
    '',
    'what only looks like a table stays as it is written: one with words across its columns',
  ),
  mutant(SHORT, 'extract/html-table.ts', '> MOST_EMPTY', '> Infinity'),
  mutant(SHORT, 'extract/rst-tables.ts', 'width * rows.length > MOST_CELLS', 'false'),
  mutant(
    MANY,
    'extract/html-table.ts',
    'rows.reduce((most, { cells }) => Math.max(most, cells.length), 0)',
    'Math.max(...rows.map(({ cells }) => cells.length))',
  ),
  mutant(
    MANY,
    'extract/tables-in-markup.ts',
    'for (const line of table ? placed(table) : lines.slice(at, at + taken)) out.push(line);',
    'out.push(...(table ? placed(table) : lines.slice(at, at + taken)));',
  ),
  mutant(CALLED, 'extract/tables-in-markup.ts', 'return titled(laidOut, table.caption);', 'return laidOut;'),
  mutant(CALLED, 'extract/rst-tables.ts', 'return table && titled(table, title.trim());', 'return table;'),
  mutant(
    LAYOUT,
    'extract/html-table.ts',
    ' || (!isInCell && !isPartOf(element, child))',
    '',
    'a table that only lays out a page is none: it has a cell without a row',
  ),
  mutant(APART, 'index/text-blocks.ts', "if (RULE_ROW.test(below) && text.startsWith('|')) return true;", ''),
];
export default rows;
