// own-words.ts: mutants of what is asked in words that documents do not have, and of forms that say a thing without its word.

import { mutant as answered, mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/simulator/own-words.test.ts');
const VERSION = 'a directive tells since which version what its section speaks of is there';
const MAKER = 'who found or made a thing is told by credit and notice';
const TOGETHER = 'two things that one section tells of, each in a sentence, are told apart';
const TWO = 'a verb that is asked in two words is found in one: "%s"';
const TURN = 'a verb that is asked in two words is found in one: "How do I turn off the cache?"';

const SAME = 'a word that is asked for is found as another one that means the same: "%s"';
const JOINED = 'what one writes in two words and another in one is the same: "%s"';
const SHORT_FORMS = 'what such a question wants is told in short forms, too: "%s"';
/** The test of a row that is asked with this question. */
const of = (row: string, question: string): string => row.replace('%s', question);

const WHOLE_FOLDER = 'what the whole folder is about has no document of its own, whatever file has its name';
const ASKED = 'a heading that asks the same in part in other words has the answer under it, and that stands alone';
const GAP_FIRST = 'what was not found stands first where all else is only near it, and behind what answers else';

const rows: Mutant[] = [
  mutant(
    'of a how-to that is done in numbered steps all steps are quoted',
    'brain/quotes/lists.ts',
    "question.kind === 'how-to' && kind === 'item'",
    "question.kind === 'price' && kind === 'item'",
  ),
  mutant(
    '"the extension" is the one that the sentence before names',
    'brain/quotes/score.ts',
    'PRONOUN.test(unit.text) || isSameThing ? under',
    'PRONOUN.test(unit.text) ? under',
  ),
  mutant(
    'a program that has the name of what is asked about is not all that tells of it where a text does',
    'brain/quotes/own-documents.ts',
    ' && !isWrittenOf(question, readings)',
    '',
  ),
  mutant(SHORT_FORMS, 'words/irregular.ts', "['er', 'est']", "['est']", of(SHORT_FORMS, 'Which mole is older?')),
  mutant(
    SHORT_FORMS,
    'words/two-words.ts',
    "'plaintext'",
    "'clear text'",
    of(SHORT_FORMS, 'May a lock have a clear text key?'),
  ),
  mutant(
    SHORT_FORMS,
    'question/kinds.ts',
    'can be used (?:to|for|with|in)|',
    '',
    of(SHORT_FORMS, 'How do I protect a berth?'),
  ),
  mutant(
    'what can be set for each of some things is no word on how often, and a rate is',
    'question/kinds.ts',
    '|year)|per (?:second|minute|hour|day|night|week|month|year)|',
    '|year)|per|',
  ),
  mutant(
    'what a page that is called like a word of code says without its name has that before it',
    'text/clean.ts',
    'isUnderName && isUnsaid && ',
    'isUnderName && isNews && ',
  ),
  mutant(SAME, 'words/same-words.ts', "  ['update', 'upgrade'],\n", '', of(SAME, 'How do I upgrade the winch?')),
  mutant(
    SAME,
    'brain/next-calls.ts',
    'others.length > 0 ? [[',
    'others.length > 99 ? [[',
    of(SAME, 'Why is the processor busy?'),
  ),
  mutant(
    JOINED,
    'question/joined-words.ts',
    'weights.set(stem(joined), 1);',
    '',
    of(JOINED, 'Who writes the lock file of a berth?'),
  ),
  mutant(
    JOINED,
    'question/joined-words.ts',
    'if (many > most) ',
    'if (many > 99) ',
    of(JOINED, 'Who sets the timezone of a berth?'),
  ),
  mutant(
    'a question keeps the words that most of what was found writes as it does',
    'question/joined-words.ts',
    ' || holders(asWord(joined)) <= holders(asPair(first, second))',
    '',
  ),
  mutant(SHORT_FORMS, 'question/kinds.ts', 'minutes?|mins?|', 'minutes?|', of(SHORT_FORMS, 'How long does it wait?')),
  mutant(
    SHORT_FORMS,
    'question/kinds.ts',
    'prevents?|ensures that|',
    'prevents?|',
    of(SHORT_FORMS, 'Why are berths left out?'),
  ),
  mutant(
    SHORT_FORMS,
    'words/two-words.ts',
    "'manually'",
    "'by hand'",
    of(SHORT_FORMS, 'How are berths given by hand?'),
  ),
  mutant(
    'two kinds of a thing are told apart by the sections that have their names in full',
    'quotes/definitions.ts',
    'terms.length === wanted.length + 1 && ',
    'terms.length === wanted.length && ',
  ),
  mutant(
    'a comparison that a cell or a line begins with is no mark of a quote',
    'brain/text/clean.ts',
    '>+(?![>=\\d]) ?',
    '>+ ?',
  ),
  mutant(
    'how big a thing may be is told by what says its size',
    'brain/words/two-words.ts',
    "'how size $1'",
    "'how $1'",
  ),
  mutant(
    'whom to write to is told by an address under what the question speaks of',
    'quotes/worth.ts',
    "if (question.kind === 'contact' && ADDRESS.test(text)) factor *= IS_ADDRESS;",
    '',
  ),
  mutant(
    'whom to write to is told by an address under what the question speaks of',
    'quotes/told-by-place.ts',
    ' && contentTerms(heading).some(isAsked)',
    '',
  ),
  mutant(
    'a question of one word is a part where the next one leans on it',
    'question/question.ts',
    'isLeanedOn && counts[0] === 1',
    'false',
  ),
  mutant(
    'what holds %s is what holds by default',
    'brain/words/two-words.ts',
    "  [UNSET, 'by default'],\n",
    '',
    'what holds if I don’t choose one is what holds by default',
  ),
  mutant(
    'how a thing is to be done says nothing of what it is about: "completely" is no completion',
    'brain/words/words.ts',
    'answer completely entirely',
    'answer entirely',
  ),
  mutant(
    WHOLE_FOLDER,
    'quotes/choose-quotes.ts',
    'const thing = ofFew(question, readings);',
    'const thing = question;',
  ),
  mutant(TWO, 'brain/words/two-words.ts', 'kick(?:s|ed', 'kick(?:s', TWO.replace('%s', 'Why are members kicked out?')),
  answered(
    'test/simulator/leads-on.test.ts',
    '… also with other short items between, and then the question is answered',
    'quotes/extent.ts',
    'const MOST_ABOVE = 4;',
    'const MOST_ABOVE = 1;',
  ),
  answered(
    'test/simulator/leads-on.test.ts',
    '… also with other short items between, and then the question is answered',
    'report/answered.ts',
    'one.start < unit.start',
    'one.start > unit.end',
  ),
  answered(
    'test/documents/search.test.ts',
    'a word with a capital inside is found as the word that it is',
    'search/term-scores.ts',
    'if (index.frequency(small) > 0) add(small, weight);',
    '',
  ),
  mutant(
    'the mark that ends a block is no part of what goes on behind it',
    'brain/text/clean.ts',
    "text.replace(BOUND, '')",
    'text',
  ),
  answered(
    'test/cli/answer-rendering.test.ts',
    'what a text has in ticks is code on a page, whatever stands in it',
    'render/html.ts',
    "escaped(text).replace(/`([^`\\n]+)`/g, '<code>$1</code>')",
    'escaped(text)',
  ),
  answered('test/cli/answer-rendering.test.ts', GAP_FIRST, 'protocol/answer.ts', '  notFound(true);', ''),
  answered('test/cli/answer-rendering.test.ts', GAP_FIRST, 'render/html.ts', '...(isFirst ? gaps : []),', ''),
  answered('test/cli/answer-rendering.test.ts', GAP_FIRST, 'render/answer.ts', '  if (isFirst) notFound();', ''),
  answered(
    'test/agents/config-file.test.ts',
    'a worker may read the folder that holds .muster/, and nothing beside a home of another name',
    'store/home.ts',
    "basename(home) === '.muster' ? [dirname(home)] : []",
    '[dirname(home)]',
  ),
  mutant(
    'what a thing with a hyphen in its name is stands under that name',
    'brain/quotes/definitions.ts',
    " && (things.has(term) || !term.includes('-'))",
    '',
  ),
  mutant(VERSION, 'brain/text/restructured.ts', "`${IN_VERSION[directive] ?? ''} version ${version}", '`${version}'),
  mutant(VERSION, 'brain/quotes/score.ts', 'units.filter(({ text }) => saysVersion(text))', '[]'),
  mutant(VERSION, 'brain/text/clean.ts', '(?:added|changed|removed|deprecated) (?:in|since) version|it|', 'it|'),
  mutant(
    'what stands in a note of Markdown is text, and no code',
    'brain/text/units.ts',
    'const lines = withoutTextBlocks(written);',
    'const lines = written;',
  ),
  mutant(
    'an option is asked for by its name, and not by the word in it',
    'brain/quotes/score.ts',
    'const LOOSE = 0.4;',
    'const LOOSE = 1;',
  ),
  mutant(MAKER, 'brain/quotes/by-form.ts', "kind === 'who' ? BY_MAKER", "kind === 'who' ? BY_TERM"),
  mutant(MAKER, 'brain/quotes/who.ts', "saidByForm([done], said, 'who').length > 0 ||", ''),
  mutant(MAKER, 'brain/quotes/worth.ts', "!(question.kind === 'who' && saysMaker(unit.text))", 'true'),
  mutant(MAKER, 'brain/text/clean.ts', ' && !isOwnWord', ''),
  mutant(TOGETHER, 'brain/report/gaps.ts', ' || areToldTogether(question, choices)', ''),
  mutant(TOGETHER, 'brain/report/gaps.ts', "\\n${quotable.unit.under ?? ''}`", '`.slice(0, 0)'),
  mutant(
    'what the sentence beside a quote says counts for whether that answers',
    'brain/report/answered.ts',
    "kind === 'yes-no' ? []",
    "kind !== 'yes-no' ? []",
  ),
  mutant(TWO, 'brain/question/question.ts', 'askedWords(inOneWord(text)', 'askedWords((text)', TURN),
  mutant(TWO, 'brain/next-calls.ts', '[text, inOneWord(text), ', '[text, ', TURN),
  mutant(
    'what fits a plain question much worse than the best quote does not stand beside it',
    'brain/quotes/choose-quotes.ts',
    'const WEAK_OF_ONE = 0.45;',
    'const WEAK_OF_ONE = 0;',
  ),
  mutant(
    'what a thing is is asked for by itself behind another question',
    'brain/question/clauses.ts',
    'if (OF_ANY.test(clause)) return false;',
    '',
  ),
  mutant(ASKED, 'brain/quotes/asking-headings.ts', 'const ALIKE = 0.5;', 'const ALIKE = 0.6;'),
  mutant(ASKED, 'brain/quotes/padding.ts', 'parts.length === 0 && all.some', 'false && all.some'),
  mutant(
    'a figure in the setting of an example is not how many there are',
    'brain/question/kinds.ts',
    "said : said.replace(SET, '')",
    'said : said',
  ),
  mutant(
    'the sentence that opens a section is quoted with the short one behind it',
    'brain/quotes/extent.ts',
    ' &&\n    !opensIt(before, units[at - 2], whole, weights)',
    '',
  ),
  mutant(
    'the sentence that opens a section is quoted with the short one behind it',
    'brain/quotes/extent.ts',
    'weights.has(term) && said.has(term)',
    'weights.has(term)',
  ),
  mutant(
    'why a thing should not be done is told by what advises against it',
    'brain/question/kinds.ts',
    'ASKS_WHY_NOT.test(text) && ADVISES_AGAINST.test(said)',
    'false',
  ),
  mutant(
    'why a thing should not be done is told by what advises against it',
    'brain/words/words.ts',
    "(?:n't|'(?:m|d|s|ll|ve|re))",
    "'(?:m|d|s|ll|ve|re)",
  ),
  answered(
    'test/simulator/answer.test.ts',
    'behind a story what nothing answers does not stand in short',
    'brain/report/answer.ts',
    '.filter((part) => !isToldIn(asked, part))',
    '',
  ),
  answered(
    'test/simulator/answer.test.ts',
    'what was found beside the answer to one question does not stand under that question',
    'brain/report/answer.ts',
    'isAlone ? BESIDE : heading',
    'heading',
  ),
  answered(
    'test/simulator/answer.test.ts',
    'of two names that are asked about each stands in short',
    'brain/report/answer.ts',
    'isOfOther ? OF_OTHER',
    'isOfOther ? MUCH',
  ),
  answered(
    'test/simulator/whole-answers.test.ts',
    'two things that share a noun are told apart by what stands first under the heading of each',
    'brain/report/gaps.ts',
    '(isToldApart || ',
    '(',
  ),
];

export default rows;
