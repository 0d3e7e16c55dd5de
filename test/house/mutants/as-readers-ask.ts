// as-readers-ask.ts: mutants of how the offline model takes questions of readers who do not know it, and reStructuredText.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/simulator/as-readers-ask.test.ts');

const NAMED = 'a document that is called like a word of the question does not hide what another one says of it';
const TOLD = 'what is told before a question asks nothing, and belongs to it';
const ROLES =
  'roles, links and notes of reStructuredText are read as a reader sees them, its lists of contents not at all';
const COST = 'what a thing costs is told with its amount, in whatever money';
const LED = 'where an item says little of the question and what leads it in says much, all of its list is given';
const APART = 'two things that are terms, or stand in italics, are told apart by what is said of each, whole';

const CODE =
  'what stands below "::" and below a directive for code is code, its comments head nothing, and a note is prose';
const COLUMN = 'of columns that all have a word of the question the one with most of them is said';
const NEAREST = 'the nearest thing to a question that is one is what is quoted first';
const GROUP = 'a row with nothing but a name names the rows below it';

const MODES = 'two modes of one thing are told apart by the sentences that set each of them';
const DIGIT = 'a digit in a name is no version';
const SINCE = 'since when a thing is there is told by a changelog, though the thing has a document of its own';

const MONTH = 'a month is no name, and is the same word in short';
const NO_VERSION = 'what is called like a version and is none asks for no version, and a port or a range is a number';
const DASH = 'items that say behind a dash what they are tell two things apart';
const NOT_TO = 'what one is told not to do is no way to do it';
const KEY = 'a key or a certificate is quoted by nobody';

const rows: Mutant[] = [
  mutant(
    'a question may begin with any small word of time: each has what is told before it',
    'brain/question/question.ts',
    ',;]\\s+(?:and |but |yet )?(?=(?:(?:in|by|for|from|to|with|within|',
    ',;]\\s+(?:and |but |yet )?(?=(?:(?:in|by|for|from|to|with|',
  ),
  mutant(MONTH, 'brain/words/names.ts', ' || isOfCalendar(small)', ''),
  mutant(MONTH, 'brain/words/same-words.ts', 'SHORT_MONTHS[at] ?? month', 'month'),
  mutant(MONTH, 'brain/words/words.ts', "STOP.has(word.replace('’', \"'\").replace(SHORTENED, ''))", 'false'),
  mutant(NO_VERSION, 'brain/question/kinds.ts', '(?! (?:control|', '(?! (?:'),
  mutant(NO_VERSION, 'brain/question/kinds.ts', '(?:port|range|number|', '(?:number|'),
  mutant(
    NO_VERSION,
    'brain/question/kinds.ts',
    '(?!(?:is|are|was|were|does|do|did|has|have|can|should|must|will)\\b)[\\p{L}-]+ )?(?:port',
    '[\\p{L}-]+ )?(?:port',
  ),
  mutant(DASH, 'brain/quotes/definitions.ts', ' [-–—] | (?:is|are|means?', ' (?:is|are|means?'),
  mutant(NOT_TO, 'brain/question/kinds.ts', '(?:recommended|advised) (?:not to|to not)|not recommended', 'never'),
  mutant(KEY, 'brain/text/lines.ts', '|[a-z\\d+/=]{40,}\\s*$', ''),
  mutant(MODES, 'brain/question/pair.ts', '...(isOneWord ? [alone] : [])', ''),
  mutant(MODES, 'brain/quotes/definitions.ts', 'isIt(IN_TICKS.exec(text)?.[1])', 'false'),
  mutant(DIGIT, 'brain/question/kinds.ts', '(?<![\\p{L}\\d_-])v?\\d+', 'v?\\d+'),
  mutant(SINCE, 'brain/quotes/own-documents.ts', 'tellsOfIt(question, one) ||', ''),
  mutant(NAMED, 'brain/quotes/own-documents.ts', 'best.score <= FITTER * most', 'best.score <= 99 * most'),
  mutant(NAMED, 'brain/quotes/own-documents.ts', '|| mentions(text, name));', '|| text.length >= 0);'),
  mutant(TOLD, 'brain/question/question.ts', ' || !ASKS.test(start)', ''),
  mutant(TOLD, 'brain/question/question.ts', '|give|', '|'),
  mutant(ROLES, 'brain/text/restructured.ts', '|\\{[\\w.+:-]+\\})`', ')`'),
  mutant(
    'what stands in ticks is code, also where it ends like the mark of a role',
    'brain/text/restructured.ts',
    '/``[^`]+``|`[^`]*`|(?::',
    '/(?::',
  ),
  mutant(ROLES, 'brain/text/clean.ts', 'withoutRoles(text.replace(', '(text.replace('),
  mutant(
    ROLES,
    'brain/text/restructured.ts',
    '|\\s/.test(said) && target !== undefined',
    '|\\s/.test(said) && target === undefined',
  ),
  mutant(ROLES, 'brain/text/units.ts', '=> UNSEEN_DIRECTIVE.test(line)', '=> false'),
  mutant(ROLES, 'brain/text/restructured.ts', '(?:toctree|contents', '(?:note|toctree|contents'),
  mutant(ROLES, 'brain/text/restructured.ts', '(?:note|warning|', '(?:warning|'),
  mutant(ROLES, 'brain/text/unit.ts', '|#\\.)`', ')`'),
  mutant(
    COST,
    'brain/question/kinds.ts',
    '|\\b(?:costs?|priced?|fees?|charge[sd]?|pays?|makes?|earns?)\\b[^.!?]{0,60}\\d',
    '',
  ),
  mutant(LED, 'brain/quotes/lists.ts', '      isOfLead(question, chosen) ||\n', ''),
  mutant(APART, 'brain/quotes/definitions.ts', '? { ...quotable, isAsked: true } : quotable', '? quotable : quotable'),
  mutant(APART, 'brain/quotes/definitions.ts', 'isIt(unit.lead),', 'false,'),
  mutant(APART, 'brain/quotes/extent.ts', 'other.lead === lead && !other.isCut', '!other.isCut'),
  mutant(APART, 'brain/quotes/definitions.ts', 'isIt(EMPHASIZED.exec(text)?.[1])', 'false'),
  mutant(COLUMN, 'brain/text/tables.ts', 'named(one) === most', 'named(one) > 0'),
  mutant(NEAREST, 'brain/report/gaps.ts', 'parts.length === 1 ? choices : ranked', 'ranked'),
  mutant(GROUP, 'brain/text/units.ts', 'if (group !== undefined) {', 'if (false) {'),
  mutant(GROUP, 'brain/text/units.ts', 'row.lead = page.group.name', 'row.lead ??= undefined'),
  mutant(CODE, 'brain/text/units.ts', '=> isLiteral(lines, at)', '=> false'),
  mutant(CODE, 'brain/text/restructured.ts', '(?!\\s*\\.\\. ).*::', '.*::'),
  mutant(CODE, 'brain/text/units.ts', '.filter(isNoOption)', ''),
  mutantsOf('test/documents/chunk-text.test.ts')(
    'a comment in code of reStructuredText heads no passage',
    'index/text-blocks.ts',
    'isInLiteral(lines, at) ? null :',
    'false ? null :',
  ),
];
export default rows;
