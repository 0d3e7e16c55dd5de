// pod.ts: mutants of reading POD.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/documents/reads-pod.test.ts');
const LINES = 'a document in POD is its headings, lists, terms and code as Markdown, each on its line';
const WORDS = 'a paragraph of POD, %j, reads %j';
const HEADS = 'headings of POD head passages, and a document on the web is read as in a folder';
const HOSTILE = 'hostile POD takes a time that grows no faster than it';
const WIDE = 'a paragraph of POD, "C<< $bell->ring >> and B<<< a > b >>>", reads "`$bell->ring` and **a > b**"';
const LINKS =
  'a paragraph of POD, "See L<Bell>, L<Bell/Ring it>, L</\\"Care\\">", reads "See Bell, “Ring it” in Bell, “Care”"';
const BREAKS = 'a paragraph of POD, "X<a\\nb>two\\nL<lines|Bell/Ring\\nit>", reads "\\ntwo\\nlines\\n"';

const rows: Mutant[] = [
  mutant(LINES, 'extract/pod.ts', 'if (at < this.#firstCommand) return this.#blank(at, end);', ''),
  mutant(LINES, 'extract/pod.ts', ' && at < this.#lastEnd', ''),
  mutant(LINES, 'extract/pod.ts', '|text\\b', ''),
  mutant(LINES, 'extract/pod.ts', 'this.#mark = mark;', ''),
  mutant(LINES, 'extract/pod.ts', 'asCode(text)', 'text'),
  mutant(LINES, 'extract/pod.ts', '(?:[.)](?:\\s+|$)|$)/', '[.)]?(?:\\s+|$)/'),
  mutant(WORDS, 'extract/pod-words.ts', "width > 1 ? text.replace(/^\\s/, '') : text", 'text', WIDE),
  mutant(WORDS, 'extract/pod-words.ts', '`“${section}” in ${page}`', 'section', LINKS),
  mutant(WORDS, 'extract/pod-words.ts', 'breaksOf(link.slice(bar))', "''", BREAKS),
  mutant(HEADS, 'web/page-text.ts', 'if (markup) return markup;', ''),
  mutant(HEADS, 'files/extract-text.ts', 'if (markup) return markup;', ''),
  mutant(
    HOSTILE,
    'extract/pod.ts',
    'at < this.#lastEnd',
    "at < this.#lines.findLastIndex((one) => one.startsWith('=end'))",
  ),
  mutant(HOSTILE, 'extract/pod.ts', 'for (const line of lines) this.#out.push(line);', 'this.#out.push(...lines);'),
];

export default rows;
