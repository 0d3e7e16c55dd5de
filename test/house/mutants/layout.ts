// layout.ts: mutants of what the offline model makes of items, terms, versions behind a name, commands and long lists.

import { mutantsOf, type Mutant } from './mutant.ts';

const LAYOUT = 'test/simulator/layout.test.ts';
const EXTRACT = 'test/documents/extract-text.test.ts';

const mutant = mutantsOf(LAYOUT);
const extracted = mutantsOf(EXTRACT);

const rows: Mutant[] = [
  mutant(
    'what stands under both names tells the two apart, whole',
    'brain/quotes/order-quotes.ts',
    'onceEach([...both.filter(isApart), ...defined, ...both])',
    '[]',
  ),
  mutant('the mark of a numbered item ends no sentence', 'brain/text/push-units.ts', 'start + mark, end', 'start, end'),
  mutant(
    'what is compared is a list where one is asked for',
    'brain/question/kinds.ts',
    '\\bversus\\b|',
    '\\bversus\\b|\\bcompared?\\b|',
  ),
  mutant(
    'a list longer than a claim may be is said in two, each from its first item on',
    'brain/quotes/lists.ts',
    'const MAX_PART = 900',
    'const MAX_PART = 1_150',
  ),
  mutant(
    'the sentence of an item that goes on in another line leads what follows it',
    'brain/text/leads.ts',
    "text.replace(/\\s+/g, ' ')",
    "text.split('\\n')[0] ?? ''",
  ),
  mutant('an address in angle brackets is no markup', 'brain/text/clean.ts', '|[^<>\\s@]+@[^<>\\s@]+', ''),
  mutant(
    'the heading of a version behind a name says when it was released, and answers alone',
    'brain/quotes/choose-quotes.ts',
    'if (dates.length > 0) return dates;',
    '',
  ),
  mutant(
    'the heading of a version behind a name says when it was released, and answers alone',
    'brain/text/headings.ts',
    'NAMED.test(heading) ||',
    '',
  ),
  mutant(
    'a sentence that runs into a command is quoted with it',
    'brain/quotes/extent.ts',
    'if (runsInto(whole, next) &&',
    'if (false &&',
  ),
  mutant(
    'a how-to is answered with all commands of the block below it, without what they print',
    'brain/text/clean.ts',
    'typed.length > 0 ? typed :',
    '',
  ),
  mutant(
    'a how-to is answered with all commands of the block below it, without what they print',
    'brain/quotes/extent.ts',
    'other.lead === lead;',
    'other.text === lead;',
  ),
  mutant(
    'a how-to that leads to its command has no gap',
    'brain/report/answered.ts',
    'leadsInto(kind, reading.units[at + 1]) ||',
    '',
  ),
  mutant(
    'two names that code calls are told apart by what leads the code in',
    'brain/quotes/definitions.ts',
    'called.some((name) => isUseOf(one, name)),',
    'false,',
  ),
  mutant(
    'a term in bold leads in the paragraph below it, and "members of this group" are read with the sentence before',
    'brain/text/leads.ts',
    'if (isTerm(unit)) term = unit;',
    'if (isTerm(unit)) term = undefined;',
  ),
  mutant(
    'a term in bold leads in the paragraph below it, and "members of this group" are read with the sentence before',
    'brain/quotes/score.ts',
    '(?:\\p{L}+ ){1,3}(?:this|these)|',
    '',
  ),
  extracted(
    'a term of a list of definitions stands in bold over what it is; an empty one leaves nothing',
    'documents/extract/extract-html.ts',
    "if (name === 'dt') writer.open(BOLD);",
    '',
  ),
];
export default rows;
