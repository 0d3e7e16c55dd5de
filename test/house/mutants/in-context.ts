// in-context.ts: mutants of the place that the offline model gives of its best quote.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/simulator/in-context.test.ts');

const PLACE = 'the place of the best quote is given with it: what stands before and behind, under its heading';
const NOTHING = 'nothing of %s stands in the context of a quote, and where nothing is left there is none';
const nothingOf = (what: string): string => NOTHING.replace('%s', what);
const OF_IT =
  'what stands around a quote and says little of the question is no context of it, but of what a thing is it says more';
const ITEMS = 'items of a list stand apart in a context';
const ITSELF = 'what is quoted by itself is no context of another quote';
const FAR = 'what stands farther from a quote than a reader looks is no context of it';
const LONG = 'a context is no longer than a claim and a quote may be, and loses first what stands before';
const NEAR = 'of what only stands near a question no context is given, nor of what was refused';
const ITS_OWN = 'the context is that of the quote that has most of the question, and stands right behind it';
const CHECKED = 'what a context says beside its quote is checked, and is no further value of a list';
const BEHIND = 'the context of a quote stands behind what is said in short, and is never said there';
const CODE = 'emphasis around code goes, and between one tick or two all is kept as it is';

const rows: Mutant[] = [
  mutant(
    PLACE,
    'brain/research.ts',
    'addContext(question, read, { findings, given, isAnswered: missing.length === 0 }, refusals);',
    'findings.push();',
  ),
  mutant(PLACE, 'brain/report/in-context.ts', '[...inOrder(before.toReversed()), ', '['),
  mutant(PLACE, 'brain/report/stretch.ts', "if (last?.kind === 'code' && unit.kind === 'code')", 'if (false && last)'),
  mutant(NOTHING, 'brain/report/in-context.ts', "'heading', 'comment'", "'comment'", nothingOf('a heading')),
  mutant(NOTHING, 'brain/report/in-context.ts', "['row', 'heading'", "['heading'", nothingOf('another row')),
  mutant(
    NOTHING,
    'brain/report/in-context.ts',
    '+ NEWS) return undefined',
    '- NEWS) return undefined',
    nothingOf('the end of the text'),
  ),
  mutant(
    NOTHING,
    'brain/report/in-context.ts',
    "if (behind.at(-1)?.text.endsWith(':')) behind.pop();",
    '',
    nothingOf('a line that leads to nothing'),
  ),
  mutant(
    NOTHING,
    'brain/report/in-context.ts',
    '(IN_BOLD.test(one.text) || isOfOther(own, one))',
    'isOfOther(own, one)',
    nothingOf('another list in bold'),
  ),
  mutant(OF_IT, 'brain/research.ts', 'shareOf(weights, said) < OF_IT', 'shareOf(weights, said) < 0'),
  mutant(OF_IT, 'brain/research.ts', "isTold = question.kind === 'definition' &&", 'isTold = false &&'),
  mutant(OF_IT, 'brain/research.ts', 'isAnswered && !isTold', '!isTold'),
  mutant(ITEMS, 'brain/report/stretch.ts', '&& units[at + 1]?.kind === unit.kind', '&& false'),
  mutant(
    ITSELF,
    'brain/report/in-context.ts',
    '!others.some((other) => other.text.includes(one.text))',
    'others.length >= 0',
  ),
  mutant(FAR, 'brain/report/in-context.ts', '|| near > NEAR || far > FAR', '|| near > 9 * NEAR || far > 9 * FAR'),
  mutant(LONG, 'brain/report/in-context.ts', '&& claim.length <= MAX_CLAIM', ''),
  mutant(
    LONG,
    'brain/report/in-context.ts',
    'if (before.length > 0) before.pop();',
    'if (behind.length === 0) before.pop();',
  ),
  mutant(LONG, 'brain/report/in-context.ts', 'NOT_LATIN.test(text) ? MAX_QUOTE', 'NOT_LATIN.test(text) ? MAX_WHOLE'),
  mutant(NEAR, 'brain/research.ts', ' || (!isAnswered && shareOf(question.weights, best.quotable.terms) < CLOSE)', ''),
  mutant(NEAR, 'brain/research.ts', '!isNear && refusals.unnamed === 0', 'refusals.unnamed === 0'),
  mutant(ITS_OWN, 'brain/research.ts', 'findings.splice(at + 1, 0,', 'findings.splice(0, 0,'),
  mutant(ITS_OWN, 'brain/research.ts', 'quotable.covers === most', 'quotable.covers < most'),
  mutant(CHECKED, 'brain/verdicts.ts', 'problemOf(withoutPlace(text), said)', 'problemOf(text, said)'),
  mutant(CHECKED, 'simulator/brain/brain.ts', 'isBeside: isBeside(String(text)),', 'isBeside: false,'),
  mutant(BEHIND, 'brain/report/answer.ts', ' && !isBeside(claim.text)', ''),
  mutant(CODE, 'brain/text/clean.ts', '/``([^`]+)``|`([^`]*)`/g', '/``(x)``|`([^`]*)`/g'),
  mutant(CODE, 'brain/text/clean.ts', 'return `\\ue000${code.length - 1}\\ue001`;', "return code.at(-1) ?? '';"),
];
export default rows;
