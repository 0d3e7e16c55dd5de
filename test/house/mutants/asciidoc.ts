// asciidoc.ts: mutants of reading AsciiDoc.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/documents/reads-asciidoc.test.ts');
const LINES = 'a document in AsciiDoc is its headings, lists, terms and code as Markdown, each on its line';
const TABLE = 'a table of AsciiDoc is rows of Markdown, with cells on lines of their own or on one';
const HEADS = 'no bound of a block heads passages, and a document on the web is read as in a folder';
const HOSTILE = 'hostile AsciiDoc takes a time that grows no faster than it';
const WORDS = 'a line of AsciiDoc, %j, reads %j';
const CROSS = 'a line of AsciiDoc, "xref:care.adoc#oil[Oil it] with link:oil.html[oil^]", reads "Oil it with oil"';
const MADE =
  'a line of AsciiDoc, "https://example.org/bell[The maker^,role=x]", reads "[The maker](https://example.org/bell)"';
const SUMS = 'a line of AsciiDoc, "2 * 3 * 4, a*b* and C++ or a+b", reads "2 * 3 * 4, a*b* and C++ or a+b"';

const rows: Mutant[] = [
  mutant(LINES, 'extract/asciidoc.ts', "this.#out.push('```');", ''),
  mutant(LINES, 'extract/asciidoc.ts', ".replace(CALLED, '')", ''),
  mutant(LINES, 'extract/asciidoc.ts', 'if (end === at) return this.#blank(at, at);', ''),
  mutant(LINES, 'extract/asciidoc.ts', 'if (this.#isLiteral(line, at))', 'if (false)'),
  mutant(LINES, 'extract/asciidoc.ts', 'this.#isMeaning = term[2] === undefined;', ''),
  mutant(LINES, 'extract/asciidoc.ts', "'  '.repeat(item[1].length - 1)", "''"),
  mutant(LINES, 'extract/asciidoc.ts', 'if (COMMENTS.test(line))', 'if (false)'),
  mutant(LINES, 'extract/asciidoc.ts', 'if (marks !== undefined &&', 'if (marks === line &&'),
  mutant(TABLE, 'extract/asciidoc-table.ts', '?? (alone < 0', '?? (alone < 99'),
  mutant(TABLE, 'extract/asciidoc-table.ts', ' || isApart(rows, lines, at)', ''),
  mutant(TABLE, 'extract/asciidoc-table.ts', ".replaceAll('\\\\|', '|')", ''),
  mutant(TABLE, 'extract/asciidoc.ts', '[|,:!]={3,}', '[,:!]={3,}'),
  mutant(LINES, 'extract/asciidoc.ts', '/^(?:={4,}|', '/^(?:'),
  mutant(HEADS, 'web/page-text.ts', 'if (markup) return markup;', ''),
  mutant(HEADS, 'extract/as-text.ts', "'.asciidoc': 'asciidoc',", ''),
  mutant(HOSTILE, 'extract/asciidoc-words.ts', '/<<([^<>,]{1,160})', '/<<([^>,]*)'),
  mutant(WORDS, 'extract/asciidoc-words.ts', 'caption(text) || target', 'text', CROSS),
  mutant(
    WORDS,
    'extract/asciidoc-words.ts',
    ".replace(/,\\s*(?:window|role|opts|options|id|subs|rel)=[^]*$/, '')",
    '',
    MADE,
  ),
  mutant(WORDS, 'extract/asciidoc-words.ts', '/(?<![\\w*\\\\])\\*(?=[^\\s*])', '/\\*', SUMS),
];

export default rows;
