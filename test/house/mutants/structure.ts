// structure.ts: mutants of what is promised about how texts are laid out: lists, entries, questions, sentences.

import { mutant, type Mutant } from './mutant.ts';

const STRUCTURE = 'test/simulator/structure.test.ts';
const CHUNKS = 'test/documents/chunk-text.test.ts';
const TERMS = 'test/documents/terms.test.ts';

const NUMBERED =
  'a question with a number, or a point behind its mark, heads its answer, which may hang and has no mark of its own';

const rows: Mutant[] = [
  mutant(
    STRUCTURE,
    'a list that passages cut is read around and quoted whole',
    'brain/next-calls.ts',
    ' || isOpenList(question, one)',
    '',
  ),
  mutant(
    STRUCTURE,
    'an item of several sentences ends neither its list nor the line that leads it in',
    'brain/text/leads.ts',
    'unit.isOfItem = true',
    'unit.isCut = true',
  ),
  mutant(
    STRUCTURE,
    'what changed in a version is the whole of its entry',
    'brain/quotes/lists.ts',
    "(kind === 'change' || kind === 'list') &&",
    "kind === 'why' &&",
  ),
  mutant(STRUCTURE, NUMBERED, 'brain/text/headings.ts', '(?:Q ?(?:', '(?:Q(?!\\d)(?:'),
  mutant(STRUCTURE, NUMBERED, 'brain/text/indented.ts', '|| NO_TERM.test(text) ', ''),
  mutant(
    STRUCTURE,
    NUMBERED,
    'brain/text/headings.ts',
    ".replace(ASKED, '').replace(ANSWERED, '')",
    ".replace(ASKED, '')",
  ),
  mutant(
    STRUCTURE,
    'a question with its mark, over several lines, heads the answer below it',
    'brain/text/units.ts',
    '=> isQuestion(line)',
    '=> false',
  ),
  mutant(
    STRUCTURE,
    'what stands in underscores is found by its words',
    'brain/words/words.ts',
    '(?:@(?=\\p{L}))?[\\p{L}\\p{N}\\p{M}]+(?:(?:_+|',
    '(?:@(?=\\p{L}))?[\\p{L}\\p{N}\\p{M}_]+(?:(?:_+|',
  ),
  mutant(
    STRUCTURE,
    'of a sentence that is longer than a quote the clause that answers is quoted',
    'brain/text/push-units.ts',
    'if (stop - from <= MAX_QUOTE) return stop;',
    'if (stop > from) return stop;',
  ),
  mutant(
    STRUCTURE,
    'what goes on in a list item is read with what the item begins with',
    'brain/text/leads.ts',
    'unit.isOfItem ? ofItem : undefined',
    'undefined',
  ),
  mutant(
    STRUCTURE,
    'the irregular form of a verb is the verb',
    'brain/words/words.ts',
    'baseOf(american(same))',
    'american(same)',
  ),
  mutant(
    STRUCTURE,
    'a noun that is made of a verb is that verb, however different the two are written',
    'brain/words/words.ts',
    'derivedFrom(baseOf(american(same)))',
    'baseOf(american(same))',
  ),
  mutant(
    STRUCTURE,
    'a noun that is made of a verb is that verb, however different the two are written',
    'brain/words/irregular.ts',
    '/^[dlt]ie[ds]$/.test(word)',
    'false',
  ),
  mutant(
    STRUCTURE,
    'a noun that is made of a verb is that verb, however different the two are written',
    'brain/report/focus.ts',
    '(?!(?:people|persons)\\b)',
    '',
  ),
  mutant(
    STRUCTURE,
    'what one thing is to another tells them apart before what is said of both',
    'brain/quotes/worth.ts',
    'const isApart = tellsApart(text, question);',
    'const isApart = text === question.text;',
  ),
  mutant(
    STRUCTURE,
    'how long is answered by a number, whether or not it is called long',
    'brain/question/question.ts',
    '.replace(MEASURE, measured).replace(HYPHEN',
    '.replace(HYPHEN',
  ),
  mutant(
    CHUNKS,
    'passages of a plain text know the version, and the question, that they stand under',
    'index/text-blocks.ts',
    'return ENTRY_LEVEL;',
    'return undefined;',
  ),
  mutant(
    STRUCTURE,
    'rows whose bars stand under each other, without any at their ends, are rows',
    'brain/text/lines.ts',
    '/\\S +\\| +\\S/',
    '/\\S \\| \\S/',
  ),
  mutant(TERMS, 'a word in underscores is the word', 'index/terms.ts', ".replace(/^_+(?=[^_])|(?<=[^_])_+$/g, '')", ''),
];
export default rows;
