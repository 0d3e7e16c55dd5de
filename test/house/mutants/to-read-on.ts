// to-read-on.ts: mutants of where a reader of an offline answer is told to look on.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/simulator/to-read-on.test.ts');

const GIVEN = 'where a gap is told, the stretch that has most of the question is given, as it is written';
const WHOLE = 'where the answer is whole, a stretch is given for %s';
const SHARES = 'what only shares a word with the question is nothing to read';
const MOSTLY = 'a stretch of which most was said is not given';
const NEWS = 'what is found already is not given again, as it stands or within more';
const NONE =
  'of what the documents say nothing about there is nothing to read on, nor after a complaint that names nothing';
const LONG = 'a stretch stays under one heading, within its length, and is left out where a claim would be too long';
const CODE = 'code alone is nothing to read';
const SECTION = 'what is to read on is a section of its own behind all others, at most three, and nothing that is said';
const CHECKED = 'what is to read on is checked without its place, fills no field, and leads no other subtask';
const TOLD = 'a sentence of a document that says "See also" is none of these';

const rows: Mutant[] = [
  mutant(GIVEN, 'brain/research.ts', 'findings.push(...toReadOn(read, findings, refusals));', 'findings.push();'),
  mutant(GIVEN, 'brain/report/to-read-on.ts', 'y.fit - x.fit', 'x.fit - y.fit'),
  mutant(GIVEN, 'brain/report/to-read-on.ts', 'fit <= (best?.fit ?? 0) || ', ''),
  mutant(
    WHOLE,
    'brain/research.ts',
    "new Set(['how-to', 'difference'])",
    "new Set(['difference'])",
    WHOLE.replace('%s', 'how something is done'),
  ),
  mutant(
    WHOLE,
    'brain/research.ts',
    "new Set(['how-to', 'difference'])",
    "new Set(['how-to'])",
    WHOLE.replace('%s', 'how two things differ'),
  ),
  mutant(
    WHOLE,
    'brain/research.ts',
    'missing.length > 0 || TOLD_AT',
    'true || TOLD_AT',
    WHOLE.replace('%s', 'when something is'),
  ),
  mutant(NEWS, 'brain/report/to-read-on.ts', '!said.some((one) => quote.includes(one)) && ', ''),
  mutant(NEWS, 'brain/report/to-read-on.ts', '(quote) => isNews(quote) && ', '(quote) => '),
  mutant(SHARES, 'brain/report/to-read-on.ts', ' >= LEAST ?', ' >= 0 ?'),
  mutant(MOSTLY, 'brain/report/to-read-on.ts', 'length > MOST_KNOWN * quote.length', 'length > 9 * quote.length'),
  mutant(NONE, 'brain/research.ts', 'isOnTopic && absentNames', 'absentNames'),
  mutant(NONE, 'brain/research.ts', '&& absentNames(question, read.readings).length === 0', ''),
  mutant(
    NONE,
    'brain/research.ts',
    'TOLD_AT_LENGTH.has(question.kind)) &&\n    refusals.unnamed === 0',
    'TOLD_AT_LENGTH.has(question.kind))',
  ),
  mutant(LONG, 'brain/report/to-read-on.ts', 'units[to]?.under === under &&', ''),
  mutant(LONG, 'brain/report/to-read-on.ts', '- start <= LONG', '- start <= 2 * LONG'),
  mutant(LONG, 'brain/report/to-read-on.ts', 'if (claim.length <= MAX_CLAIM) best', 'best'),
  mutant(
    SECTION,
    'brain/report/answer.ts',
    'if (quotes.some((said) => quote.includes(said) || said.includes(quote))) continue;',
    '',
  ),
  mutant(CODE, 'brain/report/to-read-on.ts', '!isRead || ', ''),
  mutant(SECTION, 'brain/report/answer.ts', 'found.length >= MAX_FURTHER', 'found.length > MAX_FURTHER'),
  mutant(SECTION, 'brain/report/answer.ts', 'text: inItsSection(claim)', 'text: claim'),
  mutant(SECTION, 'brain/report/answer.ts', 'if (isToReadOn(claim)) {', 'if (isToReadOn(claim) && false) {'),
  mutant(CHECKED, 'brain/report/stretch.ts', ".replace(/^Under “[^”]*”: /, '')", ''),
  mutant(CHECKED, 'simulator/brain/brain.ts', 'asObject(section).heading !== TO_READ_ON', 'section !== undefined'),
  mutant(CHECKED, 'brain/research.ts', '&& !isBeside(claim) ', ''),
  mutant(WHOLE, 'brain/question/kinds.ts', '|noon|', '|', WHOLE.replace('%s', 'when something is')),
  mutant(
    WHOLE,
    'brain/question/kinds.ts',
    '(?:in order )?to \\p{L}+ [^.,;:]{2,60}, ',
    'to\\b, ',
    WHOLE.replace('%s', 'how something is done'),
  ),
  mutant(
    TOLD,
    'brain/report/stretch.ts',
    '`^(In context|${TO_READ_ON})(?:',
    '`^(In context|See also|${TO_READ_ON})(?:',
  ),
];
export default rows;
