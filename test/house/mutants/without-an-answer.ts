// without-an-answer.ts: mutants of what is promised about questions that documents do not answer, and of those beside them that they do.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/simulator/without-an-answer.test.ts');
const GAP = 'a gap is told where a quote has %s';
const NONE = 'no gap is told where a quote has %s';
const ANSWERED = 'brain/report/answered.ts';
const FOCUS = 'brain/report/focus.ts';
const KINDS = 'brain/question/kinds.ts';

/** The case of a row. */
const of = (row: string, what: string): string => row.replace('%s', what);

const rows: Mutant[] = [
  mutant(GAP, ANSWERED, '!asked.every(isRead) && ', 'false && ', of(GAP, 'one word of two, and the other is nowhere')),
  mutant(
    GAP,
    'brain/report/gaps.ts',
    '(!isShort && mentions(',
    '(mentions(',
    of(GAP, 'the letters of a short name within another word'),
  ),
  mutant(
    GAP,
    ANSWERED,
    'const EVERYWHERE = 0.75;',
    'const EVERYWHERE = 2;',
    of(GAP, 'what all of it is about says little'),
  ),
  mutant(GAP, ANSWERED, 'const HALF = 0.5;', 'const HALF = 0;', of(GAP, 'less than half of its words, however rare')),
  mutant(GAP, FOCUS, "'how-to':\n    /\\bhow (?:", 'change:\n    /\\bhow (?:', of(GAP, 'not what it is done to')),
  mutant(GAP, FOCUS, '  other:', '  change:', of(GAP, 'not what is asked for')),
  mutant(GAP, ANSWERED, "kind !== 'other' && ", '', of(GAP, 'not what is asked for')),
  mutant(GAP, FOCUS, '(?!name\\b)', '', of(GAP, 'not what has the name that is asked for')),
  mutant(
    GAP,
    ANSWERED,
    "(kind === 'yes-no' && counted.length < 2 && !saysWhether(one.quotable.unit))",
    'false',
    of(GAP, 'one word, of yes or no'),
  ),
  mutant(GAP, KINDS, '(?:who|whose)\\b[^,;?]*', '(?:whose)\\b[^,;?]*', of(GAP, 'one word, of yes or no')),
  mutant(GAP, 'brain/words/names.ts', 'matchAll(FILE_ENDING)', 'matchAll(TICKED)', of(GAP, 'not the ending of a file')),
  mutant(GAP, KINDS, "said.replace(OF_MANY, '')", 'said', of(GAP, 'a committee, and nobody by name')),
  mutant(GAP, KINDS, "'date', 'when', 'version'", "'date', 'version'", of(GAP, 'the version that was asked about')),
  mutant(GAP, KINDS, 'always|immediately', 'always|at once|immediately', of(GAP, 'what happens at once, and no time')),
  mutant(GAP, KINDS, `default: (?!["'\\\`]?\\\\$)`, 'default: ', of(GAP, 'a default that is no number')),
  mutant(
    GAP,
    'brain/quotes/who.ts',
    ".replace(/\\bcame up with\\b/i, 'created')",
    '',
    of(GAP, 'what somebody creates, and nobody who made it'),
  ),
  mutant(
    GAP,
    FOCUS,
    "'how-to':\n    /\\b(?:to|on|",
    'change:\n    /\\b(?:to|on|',
    of(GAP, 'not what a how-to ends in'),
  ),
  mutant(GAP, FOCUS, "'yes-no':", 'change:', of(GAP, 'not what is asked whether there is any of')),
  mutant(
    GAP,
    KINDS,
    'continuous(?:ly)?|(?:interval|frequency)',
    'continuous(?:ly)?|interval|(?:interval|frequency)',
    of(GAP, 'an interval, and no time'),
  ),
  mutant(GAP, KINDS, '(?:am|is|are|was', '(?:is|are|was', of(GAP, 'one word of "Am I allowed …?"')),
  mutant(GAP, ANSWERED, '(paid === undefined || held.has(paid)) &&', '', of(GAP, 'not what money is spent on')),
  mutant(
    NONE,
    ANSWERED,
    'SAYS_WHETHER.test(inWords(unit)) ||',
    '',
    of(NONE, 'that it is supported, and one word is asked'),
  ),
  mutant(NONE, ANSWERED, "cell !== '' && isMark(cell)", 'false', of(NONE, 'a mark in a table, and one word is asked')),
  mutant(
    NONE,
    ANSWERED,
    '[...lowered.values()].some((weight) => weight > SAYS_LITTLE) ? lowered : new Map(terms)',
    'lowered',
    of(NONE, 'words that each passage has, and nothing else is asked'),
  ),
  mutant(NONE, ANSWERED, ' || saysHow(unit.text)', '', of(NONE, '"To … it," and what is done')),
  mutant(
    NONE,
    'brain/words/two-words.ts',
    '(?:told|set|configured|specified) otherwise',
    '(?:set|configured|specified) otherwise',
    of(NONE, 'the default, however that is asked for'),
  ),
  mutant(NONE, KINDS, 'how (?:to|do|can)\\b|--?[a-z]', '--?[a-z]', of(NONE, 'a heading that says how')),
  mutant(NONE, ANSWERED, '  platform: 0.45,\n', '', of(NONE, 'systems, in other words')),
  mutant(
    NONE,
    'brain/words/same-words.ts',
    "'simultaneous', 'simultaneously'",
    "'simultaneous'",
    of(NONE, 'the same in another word'),
  ),
];
export default rows;
