// html-in-markdown.ts: mutants of HTML in Markdown, of glossaries, and of the two spellings of English.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/documents/html-in-markdown.test.ts');
const told = mutantsOf('test/simulator/glossaries.test.ts');

const LINES = 'headings, terms with what they mean, items and paragraphs are Markdown, each on its line';
const SEVERAL =
  'a heading that is written over several lines is one, on the first of them; one that never ends is none';
const STAYS = 'HTML that stands %s stays as it is';
const LOOKS = 'what Pandoc says of looks goes: attributes of headings and boxes; what stands in braces elsewhere stays';
const READ = 'a document of Markdown is read so, with its tables, and plain Markdown is what it was';
const SPELLED = 'British and American spellings of a word are one';
const GLOSSARY = 'what a thing is is told by a glossary: term and meaning %s';
const NOTE = 'a note of the document does not look like one of the answer, and an index in code stays';
const ASKED = 'what is asked in British spelling is found in American, and the other way round';
const FILE = 'html-in-markdown.ts';

const rows: Mutant[] = [
  mutant(SEVERAL, `extract/${FILE}`, 'openHeading(lines, at) ?? line', 'line'),
  mutant(SEVERAL, `extract/${FILE}`, "lines.fill('', at + 1, at + end + 1);", ''),
  mutant(SEVERAL, `extract/${FILE}`, 'const MOST_LINES = 6;', 'const MOST_LINES = 60;'),
  mutant(LINES, `extract/${FILE}`, '${withoutMarks(inWords(heading))}`', '${inWords(heading)}`'),
  mutant(LINES, `extract/${FILE}`, "html.replace(CODE, '`$2`')", 'html'),
  mutant(LINES, `extract/${FILE}`, ".replace(INLINE, '')", ''),
  mutant(LINES, `extract/${FILE}`, "MEANING.test(line) ? ': ' : ", ''),
  mutant(LINES, `extract/${FILE}`, "ITEM.test(line) ? '- ' : ''", "''"),
  mutant(LINES, `extract/${FILE}`, "if (term !== '') return", 'if (false) return'),
  mutant(
    STAYS,
    `extract/${FILE}`,
    'fence = FENCE.exec(line)?.[1];',
    'fence = undefined;',
    STAYS.replace('%s', 'in a fence'),
  ),
  mutant(
    STAYS,
    `extract/${FILE}`,
    'line.trim().startsWith(fence)',
    "line.trim().startsWith('~~~')",
    STAYS.replace('%s', 'in a fence of more'),
  ),
  mutant(
    STAYS,
    `extract/${FILE}`,
    'verbatim = VERBATIM.exec(line)?.[1]?.toLowerCase();',
    'verbatim = undefined;',
    STAYS.replace('%s', 'in an element that is verbatim'),
  ),
  mutant(
    STAYS,
    `extract/${FILE}`,
    "isHtml = line.trim() !== '' && (isHtml || ",
    'isHtml = (isHtml || ',
    STAYS.replace('%s', 'indented as code'),
  ),
  mutant(
    STAYS,
    `extract/${FILE}`,
    '`^ {0,3}</?(?:${BLOCK})(?=[\\s/>])`',
    '`</?(?:${BLOCK})(?=[\\s/>])`',
    STAYS.replace('%s', 'in a sentence'),
  ),
  mutant(
    LOOKS,
    `extract/${FILE}`,
    'IS_HEADING.test(line)) return withoutMarks(line)',
    'IS_HEADING.test(line)) return line',
  ),
  mutant(
    STAYS,
    `extract/${FILE}`,
    'verbatim === undefined && (isHtml || BEGINS_TAG.test(line))',
    'verbatim === undefined',
    STAYS.replace('%s', 'in a sentence'),
  ),
  mutant(LOOKS, `extract/${FILE}`, "BOX.test(line.trim()) ? '' : line", 'line'),
  mutant(LOOKS, `extract/${FILE}`, '\\{[#.:][^{}]*\\}', '\\{[^{}]*\\}'),
  mutant(
    READ,
    'extract/as-text.ts',
    'return withoutHtml(withMarkdownTables(content));',
    'return withMarkdownTables(content);',
  ),
  mutant(SPELLED, 'documents/index/stem.ts', 'stemmer(AMERICAN.get(word) ?? word)', 'stemmer(word)'),
  told(
    GLOSSARY,
    'brain/quotes/definitions.ts',
    'lead !== undefined && isThing(lead),',
    'lead !== undefined && false,',
    GLOSSARY.replace('%s', 'in bold'),
  ),
  told(
    GLOSSARY,
    'brain/text/lines.ts',
    ' || MEANING.test(next.text)',
    '',
    GLOSSARY.replace('%s', 'with nothing between them'),
  ),
  told(
    GLOSSARY,
    'brain/text/leads.ts',
    'if (isDefinition) term = before;',
    'if (false) term = before;',
    GLOSSARY.replace('%s', 'as Pandoc writes them'),
  ),
  told(
    GLOSSARY,
    'brain/report/in-context.ts',
    ' || isOfOther(own, one)',
    '',
    GLOSSARY.replace('%s', 'as Pandoc writes them'),
  ),
  told(NOTE, 'brain/text/clean.ts', "(?![\\w([:])/g, '($1)')", "(?![\\w([:])/g, '[$1]')"),
  told(NOTE, 'brain/text/clean.ts', '(?<![\\w\\])])\\[', '\\['),
  told(ASKED, 'brain/words/words.ts', 'baseOf(american(same))', 'baseOf(same)'),
];
export default rows;
