// fields.ts: mutants of how the offline model fills a schema: only from what speaks of the field.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/agents/nothing-is-invented.test.ts');

const FIELD = 'the offline model gives %s for %s, and else null';
const one = (what: string, name: string): string => FIELD.replace('%s', what).replace('%s', name);
const WORD =
  'the offline model gives one of several words where it is said of the field, or is the only one that is said';
const FIGURES = 'brain/figures.ts';
const SPEAKS = 'brain/field-in-quotes.ts';

const rows: Mutant[] = [
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
    SPEAKS,
    'words.length > 2 ? NAMED : 1',
    '0.1',
    one('a number that is said of another thing', 'system_uid_max'),
  ),
  mutant(
    FIELD,
    FIGURES,
    'unit === undefined || unit.behind.test(behind)',
    'true',
    one('… and with another one', 'claim_hours'),
  ),
  mutant(FIELD, SPEAKS, '&& boundOf(word) === undefined)', ')', one('what is said to be the least', 'minClaimDays')),
  mutant(FIELD, FIGURES, 'says < 0 ? undefined : ', '', one('what is not said to be the most', 'max_call_repeats')),
  mutant(FIELD, SPEAKS, 'const DESCRIBED = 0.4;', 'const DESCRIBED = 4;', one('a number by what describes it', 'n')),
  mutant(
    FIELD,
    SPEAKS,
    '[text, ...quotes].flatMap(labelsIn)',
    'quotes.flatMap(labelsIn)',
    one('the cell under its column', 'person'),
  ),
  mutant(FIELD, FIGURES, '-${MONTH}-(?<day>', '-${MONTH}x(?<day>', one('the day under its column', 'since')),
  mutant(FIELD, SPEAKS, 'const MOST_WORDS = 12;', 'const MOST_WORDS = 99;', one('what is spoken of in passing', 'log')),
  mutant(WORD, 'brain/fill-from-quotes.ts', 'all.size === 1 ?', 'all.size > 0 ?'),
  mutant(WORD, 'brain/fill-from-quotes.ts', 'first ?? (all', '(all'),
];
export default rows;
