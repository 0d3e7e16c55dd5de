// org.ts: mutants of reading Org.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/documents/reads-org.test.ts');
const LINES = 'a document in Org is its headings, lists, terms and code as Markdown, each on its line';
const TABLE = 'a table of Org is rows of Markdown, with a head where a rule stands below its first row';
const HEADS = 'headings of Org head passages, and a document on the web is read as in a folder';
const HOSTILE = 'hostile Org takes a time that grows no faster than it';
const BROKEN = 'a link of Org that goes on in the next line, and what a macro of the file stands for, are read';
const WORDS = 'a line of Org, %j, reads %j';
const SET =
  'a line of Org, "Set ~rope_length~ or =a /b/ c=, not a~b~c", reads "Set `rope_length` or `a /b/ c`, not a~b~c"';
const BARE =
  'a line of Org, "[[https://example.org]], [[*Ring it]], [[#ring]]", reads "https://example.org, Ring it, ring"';

const named = mutantsOf('test/documents/named-values.test.ts');
const BOUNDED = 'names of %s that stand for each other make no document many times as long';

const rows: Mutant[] = [
  named(BOUNDED, 'extract/named-values.ts', 'this.#room -= put.length;', '', BOUNDED.replace('%s', 'Org')),
  named(
    'a name is put in as often as a document of its length may hold it',
    'extract/named-values.ts',
    'AT_LEAST + length',
    'length / 10',
  ),
  mutant(LINES, 'extract/org.ts', '`${number}.`', "'1.'"),
  mutant(LINES, 'extract/org.ts', 'this.#above = 1;', ''),
  mutant(LINES, 'extract/org.ts', 'title.replace(TAGS, ', 'title.replace(/$^/, '),
  mutant(LINES, 'extract/org.ts', ".replace(KEPT, '$1')", ''),
  mutant(LINES, 'extract/org.ts', 'if (end === at) return this.#blank(at, at);', ''),
  mutant(LINES, 'extract/org.ts', "new Set(['comment', 'export'])", "new Set(['export'])"),
  mutant(LINES, 'extract/org.ts', "drawer === 'PROPERTIES' ||", ''),
  mutant(TABLE, 'extract/org.ts', 'this.#rows === 1 ?', 'this.#rows > 1 ?'),
  mutant(TABLE, 'extract/org.ts', "if (SETTING.test(line)) return '';", ''),
  mutant(TABLE, 'extract/org.ts', '    this.#rows = 0;\n', ''),
  mutant(HEADS, 'web/page-text.ts', 'if (markup) return markup;', ''),
  mutant(HEADS, 'files/extract-text.ts', 'if (markup) return markup;', ''),
  mutant(BROKEN, 'extract/org-words.ts', ".replace(LINK_END, '$1')", ''),
  mutant(BROKEN, 'extract/org.ts', 'this.#macros.set(macro, stands);', ''),
  mutant(WORDS, 'extract/org-words.ts', 'outsideCode(withCode, plainWords)', 'plainWords(withCode)', SET),
  mutant(WORDS, 'extract/org-words.ts', "target.replace(KIND, '')", 'target', BARE),
  { ...mutant(HOSTILE, 'extract/org.ts', '/(?<![ \\t])[ \\t]+:(', '/[ \\t]+:('), hangs: true },
];

export default rows;
