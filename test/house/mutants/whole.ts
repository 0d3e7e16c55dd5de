// whole.ts: mutants of what makes an answer of the offline model whole: all cases, both sides, the cause with its section.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/simulator/whole-answers.test.ts');
const chunked = mutantsOf('test/documents/chunk-text.test.ts');

const rows: Mutant[] = [
  mutant(
    'what is to be done is told by what asks for it, whatever else has a word of the question',
    'brain/question/kinds.ts',
    '|\\bplease \\p{Ll}',
    '',
  ),
  mutant(
    'the quote that fits a how-to best stays, though it has no word of one',
    'brain/quotes/padding.ts',
    '(!asksValue(kind) && one.quotable.score === fittest) ||',
    '',
  ),
  mutant(
    'an item that has items of its own is one of its list',
    'brain/quotes/lists.ts',
    ' || isBelow(other, unit, text)',
    '',
  ),
  mutant(
    'two things that share a noun are told apart by what stands first under the heading of each',
    'brain/question/pair.ts',
    "[first, `${first} ${shared.join(' ')}`]",
    '[first]',
  ),
  mutant(
    'what is said above a table is said of its rows',
    'brain/quotes/score.ts',
    'const above = introduced.get(unit) ?? NONE;',
    'const above = NONE;',
  ),
  mutant(
    'of items that each say a number for a case of their own all are given',
    'brain/quotes/lists.ts',
    '      isCase(question, units, at) ||\n',
    '',
  ),
  mutant(
    'of items that each say a number for a case of their own all are given',
    'brain/quotes/lists.ts',
    'areAsGood.length > 1 && ',
    '',
  ),
  mutant(
    'whom to contact is told by what says how, not by any name',
    'brain/question/kinds.ts',
    "    'contact',\n    /",
    "    'who',\n    /",
  ),
  mutant(
    'under the heading of a cause stands the reason, and all of it is quoted',
    'brain/question/kinds.ts',
    "(kind === 'why' && isReason(heading))",
    'false',
  ),
  mutant(
    'under the heading of a cause stands the reason, and all of it is quoted',
    'brain/quotes/extent.ts',
    "(question.kind === 'why' && isReason(quotable.heading))",
    'false',
  ),
  mutant('a program in a page is not quoted', 'brain/text/units.ts', '=> UNSEEN.test(line)', '=> false'),
  mutant(
    'what leads a quote in has no marks of its own',
    'brain/text/clean.ts',
    "const led = cleanMarkdown(unit.lead ?? '');",
    "const led = unit.lead ?? '';",
  ),
  mutant(
    'an item that is no sentence is quoted with the items of its own',
    'brain/quotes/extent.ts',
    'if (own) return own;',
    '',
  ),
  mutant(
    'what stands above a page as its fields is not quoted, and what looks like a place for a name stays',
    'brain/text/units.ts',
    'let at = frontMatterEnd(lines);',
    'let at = 0;',
  ),
  mutant(
    'what stands above a page as its fields is not quoted, and what looks like a place for a name stays',
    'brain/text/clean.ts',
    ".replace(TAG, '')",
    ".replace(/<[^<>]*>/g, '')",
  ),
  mutant(
    'under a question that is answered by yes or no, yes answers one that asks nearly the same',
    'brain/quotes/score.ts',
    '(saysYesOrNo(said, heading, question) && inHeading >= YES_NO_SHARE * total)',
    'false',
  ),
  mutant(
    'what a thing costs is told by a price, not by any number',
    'brain/question/kinds.ts',
    "    'price',\n    /",
    "    'how-many',\n    /",
  ),
  mutant(
    'who does a thing may stand in an item below the line that says what is done',
    'brain/report/answered.ts',
    "${unit.lead ?? ''} ${unit.head",
    '${unit.head',
  ),
  mutant(
    'what is told before a question asks nothing',
    'brain/quotes/asked.ts',
    "question.includes('?') && part.endsWith('.')",
    "part === '.'",
  ),
  mutant(
    'of what a document points at, only what says something new, or fits as well, stands beside the answer',
    'brain/quotes/padding.ts',
    '(isNew || one.quotable.score >= FIT * fittest)',
    'true',
  ),
  mutant(
    'where what a question names is nowhere, two quotes at most stand near',
    'brain/research.ts',
    'if (isNear) findings.splice(MOST_NEAR);',
    'if (isNear) findings.splice(99);',
  ),
  mutant(
    'without headings of their own, two things are told apart by what begins with each',
    'brain/quotes/definitions.ts',
    ': termOf(text))',
    ': undefined)',
  ),
  mutant(
    'titles of reStructuredText are headings, whatever marks stand under them',
    'brain/text/lines.ts',
    '(LONG_UNDERLINE.test(below) &&',
    '(false &&',
  ),
  mutant(
    'a heading that asks nearly the same, or whether there is a way, is the answer’s place',
    'brain/quotes/asking-headings.ts',
    'share >= ALIKE_SHARE &&',
    'false &&',
  ),
  mutant(
    'a heading that asks nearly the same, or whether there is a way, is the answer’s place',
    'brain/quotes/asking-headings.ts',
    "(kind === 'how-to' &&",
    '(false &&',
  ),
  mutant(
    'a field that is called as what is asked for tells it',
    'brain/quotes/worth.ts',
    'isField(text, question) || ',
    '',
  ),
  mutant(
    'what must be in a thing is a list, and the line that leads to nothing asked is not quoted',
    'brain/question/kinds.ts',
    'is|must|should|can|may|will|would) .{1,60}',
    'is) .{1,60}',
  ),
  mutant(
    'what must be in a thing is a list, and the line that leads to nothing asked is not quoted',
    'brain/quotes/worth.ts',
    'text.length < SHORT_LEAD ? 0.3 : 0.6',
    '1',
  ),
  mutant(
    'what leads a quote in has no marks of its own',
    'brain/text/leads.ts',
    String.raw`[\s*+•>#_~|-]|`,
    String.raw`\W|`,
  ),
  mutant(
    'what stands above a page as its fields is not quoted, and what looks like a place for a name stays',
    'brain/text/lines.ts',
    String.raw` || !/^[\w.-]+:/.test(lines[1]?.text ?? '')`,
    '',
  ),
  mutant(
    'a power is said as it is written, and emphasis is not',
    'brain/text/clean.ts',
    String.raw`(?:\*\*(?!\d)|__)`,
    String.raw`(?:\*\*|__)`,
  ),
  chunked(
    'titles of reStructuredText head passages, and none stands in its comments',
    'index/underlines.ts',
    '(LONG_UNDERLINE.test(below) &&',
    '(false &&',
  ),
  chunked(
    'titles of reStructuredText head passages, and none stands in its comments',
    'index/text-blocks.ts',
    'if (COMMENT.test(text) &&',
    'if (false &&',
  ),
  chunked(
    'a title between two lines of marks heads passages, and the order in which marks come first makes the outline',
    'index/text-blocks.ts',
    'levels.of(text, true)',
    '1',
  ),
  chunked(
    'a title between two lines of marks heads passages, and the order in which marks come first makes the outline',
    'index/underlines.ts',
    'this.#seen = isRestructured ? [] : undefined;',
    'this.#seen = undefined;',
  ),
  chunked(
    'a title between two lines of marks heads passages, and the order in which marks come first makes the outline',
    'index/underlines.ts',
    'isOverlined ? `over ${mark}` : mark',
    'mark',
  ),
  chunked(
    'a title between two lines of marks heads passages, and the order in which marks come first makes the outline',
    'index/text-blocks.ts',
    'const level = blocks.length === 0 ? 1 : ENTRY_LEVEL;',
    'const level = 6;',
  ),
  chunked(
    'a title between two lines of marks heads passages, and the order in which marks come first makes the outline',
    'index/underlines.ts',
    'DIRECTIVE.test(text) ||',
    '',
  ),
];

export default rows;
