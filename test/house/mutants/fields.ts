// fields.ts: mutants of how the offline model fills a schema: only from what speaks of the field.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/agents/nothing-is-invented.test.ts');

const FIELD = 'the offline model gives %s for %s, and else null';
const one = (what: string, name: string): string => FIELD.replace('%s', what).replace('%s', name);
const WORD =
  'the offline model gives one of several words where it is said of the field, or is the only one that is said';
const FIGURES = 'brain/fields/figures.ts';
const NAME = 'brain/fields/field-name.ts';
const TEXT = 'brain/fields/field-in-quotes.ts';
const SORT = 'brain/fields/field-sort.ts';
const PEOPLE = 'brain/fields/people.ts';
const TRUTH = 'brain/fields/truth-in-quotes.ts';
const LIST = 'brain/fields/list-in-quotes.ts';
const LABELS = 'brain/fields/labels.ts';
const THINGS = 'brain/fields/things.ts';
const NAMED = 'brain/fields/named.ts';
const FILL = 'brain/fields/fill-from-quotes.ts';

const form = mutantsOf('test/simulator/fields-of-a-schema.test.ts');
const figure = mutantsOf('test/simulator/one-figure.test.ts');
const ONE = 'brain/fields/one-figure.ts';
const CUT = 'the offline model cuts %s out of what speaks of the field';
const TRUE = 'the offline model takes what %s for what it is';
const NUMBER = 'the offline model reads %s as a number or as none';
const NAMES = 'the offline model lists what is enumerated %s by its names';
const of = (row: string, what: string): string => row.replace('%s', what);

const rows: Mutant[] = [
  mutant(
    'a list of which no quote names anything is empty, and told to be so',
    'evidence/ground-data.ts',
    'for (const path of emptyLists(kept)) unfilled.add(nameOf(path));',
    '',
  ),
  mutantsOf('test/simulator/structure.test.ts')(
    'a sentence goes on behind an abbreviation: %s',
    'brain/text/sentences.ts',
    '(?:e\\.?g|i\\.?e|',
    '(?:e\\.g|i\\.e|',
    'a sentence goes on behind an abbreviation: The tower',
  ),
  form(CUT, 'brain/fields/things.ts', ' && !isLeast', '', of(CUT, 'no version that something needs')),
  form(CUT, SORT, '[...DAY, TIME]', '[TIME]', of(CUT, 'on which day it was done')),
  form(CUT, FIGURES, "|${IN_ORDER.join('|')}", '', of(CUT, 'on which day it was done, in words')),
  form(CUT, FIGURES, '(?:st|nd|rd|th)?', '', of(CUT, 'on which day it was done, by its number')),
  form(CUT, SORT, '[...DAY, WEEKDAY]', 'DAY', of(CUT, 'on which day of the week')),
  form(CUT, SORT, '(?!located|based', '(?!based', of(CUT, 'no time where a thing is')),
  form(CUT, NAMED, "SMALL.slice(1, 13).join('|')", "'one'", of(CUT, 'a number in words that it is called by')),
  form(CUT, NAMED, '|\\s(?!(?:${LEADS_ON})\\b)))', '))', of(CUT, 'no number of what it counts')),
  figure(
    'of two fields with one figure it is that one’s most of whose name is said with it; the other gets its own',
    ONE,
    '!isOne || told[at] !== most',
    'false',
  ),
  figure(
    'of two fields with one figure it is that one’s most of whose name is said with it; the other gets its own',
    ONE,
    '!isOne || told[at]',
    'told[at]',
  ),
  figure(
    'of two figures in a statement each field gets the one that stands near what only it is called',
    FILL,
    'fieldOf(name, { beside: others(name) })',
    'fieldOf(name)',
  ),
  figure('two fields keep one figure that is said twice', ONE, '.length !== 1) return [{', '.length < 1) return [{'),
  figure(
    'a field that is nothing but a unit of time is filled where it is asked how long',
    TEXT,
    "(isOfTime(unit) && kindOf(field.goal) === 'how-long') ||",
    '',
  ),
  mutant(
    FIELD,
    FIGURES,
    "bound === 'lowest' ? from : from + 1",
    'from + 1',
    one('the lower end of a span', 'dynamic_uid_min'),
  ),
  mutant(
    FIELD,
    FIGURES,
    "bound === 'lowest' ? from : from + 1",
    'from',
    one('the upper end of a span', 'dynamicUidMax'),
  ),
  mutant(FIELD, FIGURES, 'return bound && figures[', 'return figures[', one('neither of two ends', 'dynamic_uid')),
  mutant(
    FIELD,
    NAME,
    'words.length > 2 ? NAMED : 1',
    '0.1',
    one('a number that is said of another thing', 'system_uid_max'),
  ),
  mutant(
    FIELD,
    FIGURES,
    'return unit.behind.test(behind) || ',
    'return true || ',
    one('… and with another one', 'claim_hours'),
  ),
  mutant(
    FIELD,
    NAME,
    'is.test(word) && boundOf(word) === undefined)',
    'is.test(word))',
    one('what is said to be the least', 'minClaimDays'),
  ),
  mutant(FIELD, FIGURES, 'says < 0 ? undefined : ', '', one('what is not said to be the most', 'max_call_repeats')),
  mutant(FIELD, NAME, 'const DESCRIBED = 0.4;', 'const DESCRIBED = 4;', one('a number by what describes it', 'n')),
  mutant(
    FIELD,
    LABELS,
    '[one.text, ...one.quotes].flatMap(labelsIn)',
    'one.quotes.flatMap(labelsIn)',
    one('the cell under its column', 'person'),
  ),
  mutant(FIELD, FIGURES, '-${MONTH}-(?<day>', '-${MONTH}x(?<day>', one('the day under its column', 'since')),
  mutant(WORD, FILL, 'all.size === 1 ?', 'all.size > 0 ?'),
  mutant(WORD, FILL, 'only([first]) ??', ''),
  form(CUT, TEXT, 'const MOST_WORDS = 12;', 'const MOST_WORDS = 99;', of(CUT, 'no sentence that says it in passing')),
  form(CUT, PEOPLE, 'DID.exec(before)', 'IS.exec(before)', of(CUT, 'who did it, by the verb')),
  form(CUT, SORT, '(?!.*\\/path\\/to\\/)', '', of(CUT, 'no path of an example')),
  form(
    CUT,
    LABELS,
    'called.some((word) => !sort.is.test(word))',
    'called.length > 0',
    of(CUT, 'no version of another thing'),
  ),
  form(CUT, LABELS, 'return open < 0;', 'return false;', of(CUT, 'a default without its bracket')),
  form(CUT, SORT, '(?![\\w*-])/gu', '/gu', of(CUT, 'no beginning of several options')),
  form(CUT, THINGS, 'return isOfIt && isBehind', 'return isBehind', of(CUT, 'no option of another name')),
  form(CUT, THINGS, '(!isNot || isOfDenied)', 'true', of(CUT, 'no version that is dropped')),
  form(CUT, THINGS, 'return isOfIt && isBehind', 'return isOfIt', of(CUT, 'no version that stands elsewhere')),
  form(CUT, TEXT, 'isTold(field) || wordsIn(value)', 'true || wordsIn(value)', of(CUT, 'no sentence under a heading')),
  form(CUT, LABELS, 'if (LEADS_ON.test(piece)) return [];', '', of(CUT, 'no way to another page')),
  form(CUT, NAMED, 'own.length > 0 ||', '', of(CUT, 'an identifier of that name')),
  form(
    'a name in plain letters before what a field is called is one where the question asks for it, and does not say it',
    NAMED,
    'shareOf(words, goal) === 1',
    'true',
  ),
  form(
    'a figure stands alone for a field where the question asks for nothing else in its unit, and half of it is said',
    TEXT,
    'share >= half',
    'share >= 0',
  ),
  form(
    'a field whose name says no more than its sort is filled from what says some of the question',
    THINGS,
    'share >= least',
    'share >= 0',
  ),
  form(
    'the offline model reads a cell under its head, of the row that is asked for',
    LABELS,
    'b.share - a.share',
    'a.share - b.share',
  ),
  form(
    'what stands around an answer fills a text or a number in a unit that the answer leaves empty, and nothing else',
    FILL,
    '(isText || unit !== undefined)',
    'true',
  ),
  form(
    'what stands around an answer fills no field whose name is of a sort that the question does not ask for',
    FILL,
    'return isKnown &&',
    'return',
  ),
  form(CUT, THINGS, '!isSpoken || !isBound', '!isSpoken', of(CUT, 'no version that is not the least')),
  form(CUT, THINGS, "(bound === 'lowest' && NEEDS.test(statement))", 'false', of(CUT, 'a version that is the least')),
  form(CUT, SORT, '@/_-])--?', '/_-])--?', of(CUT, 'no option of a name that is called')),
  mutant(
    'yes and no stand in a cell of a quoted row, under a head that a claim about the row gives it',
    'evidence/value-in-quote.ts',
    'cells.has(said) && ',
    '',
  ),
  form(
    'the author of another thing than the one asked about is no author',
    PEOPLE,
    "of !== undefined && goal !== ''",
    "of === ''",
  ),
  form(
    'of two values that are said of a field the one stands that is said with more of the question, and else none',
    NAME,
    'share === best',
    'share <= best',
  ),
  form(TRUE, TRUTH, '!UNSURE.test(clause)', 'true', of(TRUE, 'is so in a case')),
  form(TRUE, TRUTH, '.split(CLAUSE)', '.split(/;/)', of(TRUE, 'is so while another thing is not')),
  form(TRUE, TRUTH, '(isPredicate && IS.test(clause))', 'true', of(TRUE, 'is only mentioned')),
  form(TRUE, TRUTH, 'value !== isDenied', 'value', of(TRUE, 'is denied, by a field that denies')),
  form(NUMBER, TEXT, 'const HALF = 0.5;', 'const HALF = 1;', of(NUMBER, 'half of a name beside the one figure')),
  form(NUMBER, NAME, "all[at - 1] !== 'per'", 'true', of(NUMBER, 'a rate')),
  form(NUMBER, FIGURES, 'b.clause - a.clause || ', '', of(NUMBER, 'that of the clause that says more of it')),
  form(NUMBER, FIGURES, '|| clause > 0)', '|| clause >= 0)', of(NUMBER, 'none of another clause')),
  form(NUMBER, FIGURES, 'b.inside - a.inside || ', '', of(NUMBER, 'what is counted outside of brackets')),
  form(NUMBER, FIGURES, '.some(speaks);', '.some(() => false);', of(NUMBER, 'one of what is counted')),
  form(NUMBER, FIGURES, '!COMPARED.test(statement.slice(0, at)) &&', '', of(NUMBER, 'the end of a range')),
  form(
    NUMBER,
    FIGURES,
    '(IN.test(statement.slice(0, at)) && YEAR.test(said))',
    'false',
    of(NUMBER, 'a year that is no count'),
  ),
  form('half of a name is too little where the question asks for the rest', TEXT, 'asked.length > 0 ? 1 : 0', '0'),
  form(NAMES, LIST, 'parts.shift();', 'parts.slice();', of(NAMES, 'before its name')),
  form(NAMES, LIST, 'NO.test(text) !== isDenied', 'isDenied', of(NAMES, 'that is denied')),
  form(NAMES, LIST, '(speaksOf(lead, name) || isAsked)', 'true', of(NAMES, 'of items of something else')),
  form(
    'the offline model makes an object of each row, called by its first cell, and of each item',
    FILL,
    "called !== '' && NAMING.test(name)",
    "called === ''",
  ),
  form(
    'the offline model gives none of several words where one statement says two, or denies the one',
    FILL,
    ' && !NO.test(text)',
    '',
  ),
];
export default rows;
