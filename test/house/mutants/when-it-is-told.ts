// when-it-is-told.ts: mutants of forms in which an answer is told, so that no gap stands beside it.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/simulator/when-it-is-told.test.ts');

const DEFAULT = 'a default that stands under nothing but the name that is asked about is the answer';
const CELL = 'the cell of a row where the thing and the column are named is the answer';
const ENTRY = 'the entry that tells in which version a thing came tells its date, too';
const NEARLY = 'what says nearly all of a question may count in other things than it asks for';
const LONGER = 'two things that are called by longer names in a list are told apart by its items';
const DIFFER = 'how two things differ is one question, whatever they are parts of; in what, is asked of each';
const ALIKE = 'a heading that has two rare words of many that are asked for asks something else';
const HYPHEN = 'a word with a hyphen is asked for in its parts';

const rows: Mutant[] = [
  mutant(DEFAULT, 'brain/report/answered.ts', 'isDefaultOf(one, names, kind) ||', ''),
  mutant(CELL, 'brain/report/answered.ts', 'isCellOf(one, names, terms) ||', ''),
  mutant(CELL, 'brain/quotes/told-by-place.ts', "isNamed(column.replace(/[`*]/g, '').trim()) && ", ''),
  mutant(ENTRY, 'brain/report/gaps.ts', 'if (entry && LEANS', 'if (false && LEANS'),
  mutant(ENTRY, 'brain/quotes/told-by-place.ts', ' && YEAR.test(entry)', ''),
  mutant(NEARLY, 'brain/report/answered.ts', 'const SAYS_NEARLY_ALL = 0.7;', 'const SAYS_NEARLY_ALL = 2;'),
  mutant(LONGER, 'brain/quotes/definitions.ts', ' || called.some((one) => isQualified(name.trim(), one))', ''),
  mutant(LONGER, 'brain/quotes/definitions.ts', "kind === 'item' && isIt(TICKED_ITEM.exec(text)?.[1])", 'false'),
  mutant(DIFFER, 'brain/question/comparison.ts', 'if (where && ', 'if (false && where && '),
  mutant(DIFFER, 'brain/question/kinds.ts', '\\bcompared (?:to|with|against)\\b', '\\bcompared\\b'),
  mutant(ALIKE, 'brain/quotes/asking-headings.ts', ' && shared >= ALIKE_COUNT * words.length', ''),
  mutant(HYPHEN, 'brain/quotes/asked.ts', "text.includes('-') ? terms : terms.slice(0, 1)", 'terms.slice(0, 1)'),
];

export default rows;
