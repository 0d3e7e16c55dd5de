// man-pages.ts: mutants of what is read from the sources of man pages.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/documents/reads-man-pages.test.ts');

const SOURCE = 'the source of a man page is its headings, options with what they do, items and code, each on its line';
const BSD = 'the source of a man page of BSD is the words that its macros stand for';
const ALONE = 'a line alone above indented words is their term, as programs write man pages';
const SHOWN = 'of conditions, macros and strings of a man page what a terminal shows is read';
const RUNNING =
  'running text of a man page makes no headings and no code, and code that nothing ends is ended by a heading';
const NAMED = '%s is a man page by its name and by what it begins with, or it is not: %j';
const WEB = 'a man page that leads to another has no text, and one on the web is read as in a folder';

const rows: Mutant[] = [
  mutant(SOURCE, 'extract/roff.ts', "if (next === 'term') return this.#term(words);", ''),
  mutant(SOURCE, 'extract/roff.ts', "this.#words(plain().join(''))", "this.#words(plain().join(' '))"),
  mutant(SOURCE, 'extract/roff-escapes.ts', "['t', '\\t'],", "['t', '\\t'],\n  ['-', ''],"),
  mutant(BSD, 'extract/roff-mdoc.ts', 'isSign(word) ? word : `-${word}`', 'word'),
  mutant(BSD, 'extract/roff-mdoc.ts', "if (macro === 'Ns') line.tighten();", "if (macro === 'Ns') line.add('');"),
  mutant(BSD, 'extract/roff.ts', "if (tokens[0] === 'Xc') this.#endLongTerm();", ''),
  mutant(ALONE, 'extract/roff.ts', "line.startsWith('\\t') && this.#isTerm()", 'false'),
  mutant(ALONE, 'extract/roff.ts', "else if (name === 'RS') this.#isTerm();", ''),
  mutant(SHOWN, 'extract/roff-conditions.ts', "(bare !== 't') === ", "(bare !== 'n') === "),
  mutant(SHOWN, 'extract/roff-conditions.ts', "if (name === 'ie') this.#isElse = !holds;", ''),
  mutant(SHOWN, 'extract/roff-escapes.ts', 'strings.get(name) ?? ', ''),
  mutant(RUNNING, 'extract/roff.ts', 'LOOKS_MARKED.test(text) ? ', 'false ? '),
  mutant(RUNNING, 'extract/roff.ts', 'if (this.#fence !== undefined) this.#out.push(FENCE);', ''),
  mutant(NAMED, 'extract/roff.ts', '!EXTENSION.test(extension) ||', '', 'bell.txt is a man page'),
  mutant(
    NAMED,
    'extract/roff.ts',
    "return /^[.'][ \\t]*[A-Za-z]{2}/.test(first);",
    "return first !== '';",
    'CHANGES.1 is',
  ),
  mutant(WEB, 'web/page-text.ts', "kind === 'text' && isRoff(extension, text)", 'false'),
];

export default rows;
