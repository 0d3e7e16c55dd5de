// plain-texts.ts: mutants of how texts without markup are read, and pages that a table lays out.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/simulator/plain-texts.test.ts');
const chunked = mutantsOf('test/documents/chunk-text.test.ts');
const extracted = mutantsOf('test/documents/extract-text.test.ts');

const TERMS = 'in a text without markup the meaning of an option or a term is led in by it, behind a gap or below';
const INDENTED = 'what stands indented in a text without markup is code only where it looks like it';
const FIELDS = 'lines that have a name and what is said of it stand each for itself';
const CELLS = 'cells under each other are a table, and the line right above them is what it is called';
const NEWS = 'news in outline form have versions and sections, and a version is told without what every one says';
const NUMBERED = 'a numbered section with a dash, or a question, is no version';
const VERSION = 'a version belongs to the name before it, where several things are asked about';
const VALUE = 'the value of an option is a name, but not one that any option may have';
const GAP = 'a gap is told of %s where the words for it are not there: %s';
const gapOf = (what: string, question: string): string =>
  `a gap is told of ${what} where the words for it are not there: ${question}`;
const LEANS = 'what is told before a question belongs to what leans on it';
const HEADS =
  'news in outline form, numbered sections and questions, and chapters of DocBook head passages of a plain text';
const BREAKS = 'two breaks of a line leave one blank, as a page shows it';
const LAID_OUT = 'where a table lays out a page, a number and what stands beside it in bold are a heading';

const rows: Mutant[] = [
  mutant(TERMS, 'brain/text/units.ts', 'if (named) named.isTerm = true;', ''),
  mutant(TERMS, 'brain/text/indented.ts', 'line >= MOST_NAMES', 'line >= 1'),
  mutant(TERMS, 'brain/text/leads.ts', '(?!--?\\w)', ''),
  mutant(INDENTED, 'brain/text/units.ts', ' || (isPlain && isProse(block))', ''),
  mutant(INDENTED, 'brain/text/indented.ts', 'block.some(({ text }) => CODE.test(text)) || ', ''),
  mutant(FIELDS, 'brain/text/units.ts', 'isPlain && isIndented && (areFields(block) || arePairs(block))', 'false'),
  mutant(CELLS, 'brain/text/lines.ts', ' || beginsTable(lines, at + 1)', ''),
  mutant(CELLS, 'brain/text/units.ts', ' || (isPlain && areGapped(block))', ''),
  mutant(NEWS, 'brain/text/headings.ts', 'OUTLINED_ENTRY.test(heading)', 'false'),
  mutant(NEWS, 'brain/text/headings.ts', '  OUTLINED.test(line) ||\n', ''),
  mutant(NEWS, 'brain/text/clean.ts', 'shortEntry(last)', 'last'),
  mutant(NUMBERED, 'brain/text/headings.ts', '(?:\\.?\\s+|\\.\\s+[-–—]\\s+)', '\\.?\\s+'),
  mutant(VERSION, 'brain/question/comparison.ts', ' || isVersionOf(word, before.word)', ''),
  mutant(VALUE, 'brain/words/names.ts', "if (!SWITCHED.test(match[1] ?? '')) ", ''),
  mutant(VALUE, 'brain/words/names.ts', 'text.matchAll(VALUE)', "''.matchAll(VALUE)"),
  mutant(
    GAP,
    'brain/question/kinds.ts',
    'ASKS_YEAR.test(text) && ',
    'false && ',
    gapOf('a year', 'In what year was the old bell of the harbour cast?'),
  ),
  mutant(
    GAP,
    'brain/report/focus.ts',
    'valued ?? wondered ??',
    'valued ??',
    gapOf('what is so', 'Why is the old bell of the crew so cheap?'),
  ),
  mutant(
    LEANS,
    'brain/quotes/asked.ts',
    '(parts.every(isTold) ? [text] : parts)',
    '(parts.every(isTold) ? [text] : parts.filter((part) => !isTold(part)))',
  ),
  chunked(HEADS, 'index/text-blocks.ts', '(ENTRY.test(text) || OUTLINED_ENTRY.test(text))', 'ENTRY.test(text)'),
  chunked(HEADS, 'index/text-blocks.ts', '    !isTitlePage(lines, at) &&\n', ''),
  chunked(HEADS, 'index/text-blocks.ts', "line.replaceAll('\\u00a0', ' ')", 'line'),
  chunked(HEADS, 'index/text-blocks.ts', "text.replace(NUMBER, '')", 'text'),
  extracted(
    BREAKS,
    'extract/line-writer.ts',
    "if (this.#line.length === 0 && this.#opening === '') this.blankLine();",
    '',
  ),
  extracted(LAID_OUT, 'extract/extract-html.ts', 'if (!isNaming(named)) return undefined;', ''),
  extracted(LAID_OUT, 'extract/extract-html.ts', 'for (const below of titled.below) this.write(below);', ''),
  extracted(LAID_OUT, 'extract/extract-html.ts', "name === 'tr' ? this.#titleIn(element) : undefined", 'undefined'),
];

export default rows;
