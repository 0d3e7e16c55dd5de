// if-and-by-default.ts: mutants of what the offline model says where nothing is set, of what happens if, of the largest, of systems,
// and of the code that an answer leads in.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/simulator/if-and-by-default.test.ts');
const words = mutantsOf('test/simulator/own-words.test.ts');

const CODE = 'an answer whose last words lead in code has it in the same claim, and it is quoted, too';
const BEHIND = 'a number is told by the default in the sentence behind';
const GOES_ON = 'the claim goes on to the default that it was chosen for, also where its own number is another one';
const PLACED = 'a default under words that are asked for answers before what only names another default';
const LARGEST = 'the largest of all is a number, and what speaks of another thing is none';
const SYSTEMS = 'on which systems a thing runs is told by their names';
const BACK = 'what is got back is recovered, whatever stands between the two words';
const OUTCOME = 'what happens if something is so is told by a condition, or by what will be';

const TWO = 'a verb that is asked in two words is found in one: "%s"';
const SAME = 'a word that is asked for is found as another one that means the same: "%s"';
const UNSET = 'what holds %s is what holds by default';

const rows: Mutant[] = [
  mutant(
    CODE,
    'brain/quotes/extent.ts',
    'if (isCode(units[next]) && (isLead(whole) || runsInto(whole, units[next])))',
    'if (false)',
  ),
  mutant(CODE, 'brain/quotes/extent.ts', ' || leadsInto(question.kind, units[at + 2 + index]))', ')'),
  mutant(CODE, 'brain/quotes/findings.ts', '[whole, ...(code ? [code] : [])]', '[whole]'),
  mutant(CODE, 'brain/quotes/findings.ts', "claim.replace(/::$/, ':')", 'claim'),
  mutant(BEHIND, 'brain/quotes/value-behind.ts', 'const MOST_BEHIND = 2;', 'const MOST_BEHIND = 0;'),
  mutant(BEHIND, 'brain/quotes/extent.ts', '|(?:the |its )?defaults?|', '|'),
  mutant(
    BEHIND,
    'brain/report/answered.ts',
    'isAnsweredBy({ kind, text }, quotable)',
    'isAnswer({ kind, text }, answerIn(unit), heading)',
  ),
  mutant(BEHIND, 'brain/quotes/value-behind.ts', '`${answerIn(unit)} ${behind}`', 'answerIn(unit)'),
  words(
    'a figure in the setting of an example is not how many there are',
    'brain/quotes/value-behind.ts',
    ' && !isOfIt && ',
    ' && ',
  ),
  mutant(
    'a number that an example reckons with comes behind what is so',
    'brain/quotes/worth.ts',
    "EXAMPLE.test(unit.lead ?? '')",
    'false',
  ),
  mutant(
    GOES_ON,
    'brain/quotes/extent.ts',
    "told === '' ? !isHeld && holdsSurely(question.kind, words) : words === told",
    'holdsSurely(question.kind, words) && !isHeld',
  ),
  mutant(PLACED, 'brain/quotes/worth.ts', 'factor *= IS_DEFAULT_UNDER;', 'factor *= 1;'),
  mutant(LARGEST, 'brain/question/kinds.ts', '|largest|smallest|longest|', '|smallest|'),
  mutant(LARGEST, 'brain/question/kinds.ts', '(?:can|may|could|allowed|', '(?:|can|may|could|allowed|'),
  mutant(LARGEST, 'brain/report/focus.ts', 'counted ?? most ?? valued', 'counted ?? valued'),
  mutant(LARGEST, 'brain/words/words.ts', 'sameAs(derivedFrom(baseOf(american(same))))', 'baseOf(american(same))'),
  mutant(SYSTEMS, 'brain/question/kinds.ts', '|platforms(?=[^?]*', '|platform(?=[^?]*'),
  mutant(SYSTEMS, 'brain/words/two-words.ts', ' operating systems?\\b/gi', ' systems of it\\b/gi'),
  mutant(OUTCOME, 'brain/quotes/worth.ts', 'OF_OUTCOME.test(question.text)', 'false'),
  mutant(OUTCOME, 'brain/quotes/worth.ts', '^should an?\\b|', ''),
  mutant(
    'a page that says what it is about answers behind what it says of that',
    'brain/quotes/worth.ts',
    'OF_PAGE.test(unit.text)',
    'false',
  ),
  mutant(
    'a heading that asks another kind of question is no place for the answer',
    'brain/quotes/score.ts',
    ' && !asksOther(heading, question.kind)',
    '',
  ),
  mutant(
    '"a result of this" tells a reason, and "the result" none',
    'brain/question/kinds.ts',
    '|(?:a|the) (?:result|consequence) of (?:this|that|these|which)',
    '',
  ),
  words(
    UNSET,
    'brain/words/two-words.ts',
    '|pass|select|change)|(?:nobody',
    '|pass|select)|(?:nobody',
    UNSET.replace('%s', 'if I don’t change anything'),
  ),
  words(
    UNSET,
    'brain/words/two-words.ts',
    '|pass|select|change) (?:none',
    '|pass|select) (?:none',
    UNSET.replace('%s', 'if I change nothing'),
  ),
  words(
    UNSET,
    'brain/words/two-words.ts',
    '|no (?:settings?|options?)))',
    '))',
    UNSET.replace('%s', 'if I set no options'),
  ),
  words(
    TWO,
    'brain/words/two-words.ts',
    "  [/\\bmore than one\\b/gi, 'multiple'],\n",
    '',
    TWO.replace('%s', 'Can the bell ring more than one rope?'),
  ),
  mutant(BACK, 'brain/words/two-words.ts', "'recover $1'", "'$1'"),
  mutant(BACK, 'brain/words/two-words.ts', '|and|or|then|go|come)\\b)', ')\\b)'),
  words(
    SAME,
    'brain/words/same-words.ts',
    "  ['config', 'configuration', 'configurations'],\n",
    '',
    SAME.replace('%s', 'How do I protect the config?'),
  ),
];
export default rows;
