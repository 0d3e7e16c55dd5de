// sorts.ts: mutants of what the offline model takes for an answer to each sort of question, and of headings that nothing marks.

import { mutantsOf, type Mutant } from './mutant.ts';

const SORTS = 'test/simulator/sorts.test.ts';
const CHUNKS = 'test/documents/chunk-text.test.ts';

const mutant = mutantsOf(SORTS);
const chunked = mutantsOf(CHUNKS);

const LICENCE = 'a licence is told by what names one, not by what else is released or says the word';
const STATEMENT = 'a statement needs nearly all of its words in what answers yes or no';
const SHORT = 'options of one letter are words, in their case, and each is told by what says it of that one';
const ITSELF = 'what a question itself names or counts is no answer to it';
const DEFAULT = 'a default that is no number is told by what says that it is the default';
const FEW = 'where a plain question is not answered, three findings stand at most, of two things more';

const rows: Mutant[] = [
  mutant(
    'when something was is answered by a date, or by what came before it: else it is a gap',
    'brain/question/kinds.ts',
    "['date', /\\bwhen (?:was|were|did)\\b",
    "['when', /\\bwhen (?:was|were|did)\\b",
  ),
  mutant(
    'the number of a section is no version, and says not when a thing was',
    'brain/text/headings.ts',
    ' && !SECTION.test(heading)',
    '',
  ),
  mutant(
    'how long is answered by a span of time or room, not by any number',
    'brain/question/kinds.ts',
    "['how-long', /",
    "['how-many', /",
  ),
  mutant(
    'a default is told by the short sentence that is nothing else',
    'brain/quotes/worth.ts',
    '!SAYS_DEFAULT.test(',
    'SAYS_DEFAULT.test(',
  ),
  mutant(
    'what an option does is told by its entry in a list, whatever else has its words',
    'brain/quotes/definitions.ts',
    "unit.kind === 'item' ?",
    'false ?',
  ),
  mutant(
    'what says what a thing is answers alone',
    'brain/quotes/order-quotes.ts',
    '? defined.length > 0\n',
    '? defined.length > 9\n',
  ),
  mutant(
    'what is done in passing, or must not be done, tells nobody how',
    'brain/quotes/score.ts',
    "question.kind === 'how-to' ? said.replace(IN_PASSING, '') : said",
    'said',
  ),
  mutant(
    'what is done in passing, or must not be done, tells nobody how',
    'brain/question/kinds.ts',
    "!(kind === 'how-to' && forbids(text)) && ",
    '',
  ),
  mutant(
    'the document that is called as the question asks is not held back by its name',
    'brain/quotes/score.ts',
    '.filter((term) => named.has(term)));',
    ');',
  ),
  mutant(
    'the rows of a table that a sentence leads in are given with it',
    'brain/quotes/extent.ts',
    'if (rows.length > 0) return rows;',
    '',
  ),
  mutant(
    'titles and questions that stand alone are headings of a plain text',
    'brain/text/headings.ts',
    ' ||\n  TITLED.test(line)',
    '',
  ),
  chunked(
    'a title and a question that stand alone in a plain text are headings, with what is below them',
    'index/text-blocks.ts',
    'if (BARE_QUESTION.test(text)) return QUESTION_LEVEL;',
    '',
  ),
  chunked(
    'a title and a question that stand alone in a plain text are headings, with what is below them',
    'index/text-blocks.ts',
    'if (TITLED.test(text) && ',
    'if (false && ',
  ),
  mutant(
    'a heading of Markdown with a bar in it is no row of a table',
    'brain/text/units.ts',
    '!isHeading(line) && (ROW',
    '(ROW',
  ),
  mutant(
    'a word that is denied is spoken of, one with a hyphen is two, and a few words mean the same',
    'brain/question/question.ts',
    '.replace(HYPHEN, unlessName(inName))',
    '',
  ),
  mutant(
    'a word that is denied is spoken of, one with a hyphen is two, and a few words mean the same',
    'brain/words/words.ts',
    'const same = sameAs(word);',
    'const same = word;',
  ),
  mutant('a version is called by its first two numbers, too', 'brain/words/words.ts', '...versions, ', ''),
  mutant(
    'a document with a version behind its name is the document of that name',
    'brain/words/names.ts',
    "bare.replace(/[-_. ]v?\\d+(?:\\.\\d+)+$/, '')",
    'bare',
  ),
  mutant(
    'what a changelog says of a change is no word on how a thing is done',
    'brain/quotes/worth.ts',
    'const NEWS = 0.6;',
    'const NEWS = 1;',
  ),
  mutant(
    'what a thing allows or does not is a list',
    'brain/quotes/worth.ts',
    "if (isLead && question.kind === 'list') factor *= LISTED;",
    '',
  ),
  mutant(LICENCE, 'brain/question/kinds.ts', "    'licence',\n    /", "    'other',\n    /"),
  mutant(
    LICENCE,
    'brain/question/kinds.ts',
    '(?![^?]{1,60}\\b(?:needs?|needed|requires?|required|get|buy|obtain)\\b)',
    '',
  ),
  mutant(ITSELF, 'brain/question/kinds.ts', 'OF_PERSON.test(asked) ? said : ', ''),
  mutant(LICENCE, 'brain/quotes/worth.ts', "question.kind !== 'licence'", 'true'),
  mutant(
    'what a thing is made of, or served with, is no definition of it',
    'brain/question/kinds.ts',
    '(?:for|with|of|by|from|into|after|in|on|at|to|as)',
    '(?:for)',
  ),
  mutant(STATEMENT, 'brain/report/answered.ts', "'yes-no': 0.75", "'yes-no': 0.6"),
  mutant(SHORT, 'brain/words/words.ts', "if (word.startsWith('-')) return [word];", ''),
  mutant(SHORT, 'brain/words/names.ts', 'if (IS_SHORT_FLAG.test(name.key)) return false;', ''),
  mutant(SHORT, 'brain/words/names.ts', 'isShort ? name.trim() : ', ''),
  mutant(SHORT, 'brain/report/gaps.ts', '[part.text, part.text.toLowerCase()]', '[part.text.toLowerCase()]'),
  mutant(SHORT, 'brain/question/comparison.ts', 'IS_OPTION.test(name)', 'false'),
  mutantsOf('test/documents/terms.test.ts')(
    'an option of one letter is a term, in its case; what follows a letter or a number is none',
    'documents/index/terms.ts',
    "if (raw.startsWith('-')) return { terms: [raw], isName: true, isCapital: false };",
    '',
  ),
  mutant(FEW, 'brain/research.ts', 'const MOST_UNANSWERED = 3;', 'const MOST_UNANSWERED = 4;'),
  mutant(FEW, 'brain/question/question.ts', ' && names.length < 2;', ';'),
  mutant(LICENCE, 'brain/quotes/worth.ts', 'LICENSED.test(text)', 'false'),
  mutantsOf('test/activities/same-question.test.ts')(
    'options of one letter that differ in their case are two',
    'text/meaning.ts',
    'OPTION.test(large) ? large : large.toLowerCase()',
    'large.toLowerCase()',
  ),
  mutant(ITSELF, 'brain/question/kinds.ts', 'OF_PERSON.test(asked) ? said : lowered(said, asked)', 'said'),
  mutant(ITSELF, 'brain/question/kinds.ts', 'figures.size === 0', 'true'),
  mutant(
    ITSELF,
    'brain/quotes/worth.ts',
    'isAnsweredBy(question, { unit, heading, behind })',
    'holds(question.kind, text, heading)',
  ),
  mutant(
    ITSELF,
    'brain/report/answered.ts',
    'isAnsweredBy({ kind, text }, quotable)',
    'holds(kind, answerIn(unit), heading)',
  ),
  mutant(DEFAULT, 'brain/question/kinds.ts', "['default', /", "['how-many', /"),
];

export default rows;
