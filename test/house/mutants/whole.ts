// whole.ts: mutants of what makes an answer of the offline model whole: all cases, both sides, the cause with its section.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/simulator/whole-answers.test.ts');

const rows: Mutant[] = [
  mutant(
    'what is to be done is told by what asks for it, whatever else has a word of the question',
    'brain/kinds.ts',
    '|\\bplease \\p{Ll}',
    '',
  ),
  mutant(
    'the quote that fits a how-to best stays, though it has no word of one',
    'brain/padding.ts',
    '(!OF_VALUES.has(kind) && one.quotable.score === fittest) ||',
    '',
  ),
  mutant(
    'an item that has items of its own is one of its list',
    'brain/extent.ts',
    ' || isBelow(other, unit, text)',
    '',
  ),
  mutant(
    'two things that share a noun are told apart by what stands first under the heading of each',
    'brain/pair.ts',
    "[first, `${first} ${shared.join(' ')}`]",
    '[first]',
  ),
  mutant(
    'what is said above a table is said of its rows',
    'brain/score.ts',
    'const above = introduced.get(unit) ?? NONE;',
    'const above = NONE;',
  ),
  mutant(
    'of items that each say a number for a case of their own all are given',
    'brain/extent.ts',
    ' || isCase(question, units, at)',
    '',
  ),
  mutant(
    'of items that each say a number for a case of their own all are given',
    'brain/extent.ts',
    'areAsGood.length > 1 && ',
    '',
  ),
  mutant('whom to contact is told by what says how, not by any name', 'brain/kinds.ts', "['contact', /", "['who', /"),
  mutant(
    'under the heading of a cause stands the reason, and all of it is quoted',
    'brain/kinds.ts',
    "(kind === 'why' && isReason(heading))",
    'false',
  ),
  mutant(
    'under the heading of a cause stands the reason, and all of it is quoted',
    'brain/extent.ts',
    "(question.kind === 'why' && isReason(quotable.heading))",
    'false',
  ),
  mutant(
    'a program in a page is not quoted',
    'brain/units.ts',
    '} else if (UNSEEN.test(line.text)) {',
    '} else if (false) {',
  ),
  mutant(
    'what leads a quote in has no marks of its own',
    'brain/clean.ts',
    "const led = cleanMarkdown(unit.lead ?? '');",
    "const led = unit.lead ?? '';",
  ),
];

export default rows;
