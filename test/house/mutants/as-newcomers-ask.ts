// as-newcomers-ask.ts: mutants of what is promised about questions of people who have not read the documents.

import { mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/simulator/as-newcomers-ask.test.ts');
const BY = 'a newcomer is answered by %s';
const ROWS = 'the rows that %s are given together';
const READ = '%s is read as what it is';
const LINE = 'one line of very many sentences is cut in a time that grows no faster than it';
const VAULT = 'links between pages of one vault read as their words';

/** A mutant of one case of a row. */
const of = (row: string, what: string, file: string, find: string, put: string): Mutant =>
  mutant(row, file, find, put, row.replace('%s', what));

const rows: Mutant[] = [
  of(
    BY,
    'what stands under an option, with its names',
    'brain/question/kinds.ts',
    '(?:how (?:to|do|can)\\b|--?[a-z])',
    '(?:how (?:to|do|can)\\b)',
  ),
  of(BY, 'what stands under an option, with its names', 'brain/text/clean.ts', 'OPTIONS.test(heading)', 'false'),
  of(
    BY,
    'the reason in the sentence behind, which has no word for it',
    'brain/quotes/extent.ts',
    "question.kind === 'why' && index === 0",
    "question.kind === 'why' && index > 9",
  ),
  of(
    BY,
    'the code above what explains it',
    'brain/quotes/extent.ts',
    'isCode(units[above]) && SPEAKS_OF_CODE',
    'false && SPEAKS_OF_CODE',
  ),
  of(
    BY,
    'an item under a heading that any command has, with the command',
    'brain/text/clean.ts',
    'OF_ANY.test(bare(inner)) ? outer',
    'false ? outer',
  ),
  of(
    ROWS,
    'have a column of what is listed, though some speak of it, too',
    'brain/quotes/matrix.ts',
    '!(isColumn && term === listed)',
    'true',
  ),
  of(
    BY,
    'a heading that asks the very question, though a document has a word of it for its name',
    'brain/quotes/own-documents.ts',
    'isName && text.includes(key)',
    'isName && key.includes(text)',
  ),
  of(
    BY,
    'an entry of what a program prints for its help',
    'brain/text/push-units.ts',
    'if (helpEnd(lines, at) >= 0) {',
    'if (helpEnd(lines, at) > lines.length) {',
  ),
  of(
    BY,
    'code that a sentence without a colon goes on to, with its comments',
    'brain/quotes/extent.ts',
    '(isLead(whole) || runsInto(whole, units[next]))',
    'isLead(whole)',
  ),
  of(
    BY,
    'code that a sentence without a colon goes on to, with its comments',
    'brain/quotes/extent.ts',
    "unit?.kind === 'code' || unit?.kind === 'comment'",
    "unit?.kind === 'code'",
  ),
  of(BY, 'the steps below the paragraph', 'brain/quotes/extent.ts', 'withSteps(question, within, whole) ?? ', ''),
  of(BY, 'each item under a heading that asks how to', 'brain/quotes/lists.ts', '(isAsked || ', '('),
  of(
    BY,
    'what lists some, and not what speaks of one',
    'brain/quotes/worth.ts',
    'const NO_LIST = 0.6;',
    'const NO_LIST = 1.2;',
  ),
  of(BY, 'the rows of a table of two things', 'brain/quotes/score.ts', 'isCompared(question, unit) ||', ''),
  of(
    BY,
    'what calls a thing "this", with what names it',
    'brain/quotes/extent.ts',
    '    !namesAgain(whole.text, before.text) &&\n',
    '',
  ),
  of(BY, 'a temperature', 'brain/question/kinds.ts', '(?:temperature|hot|cold|warm)\\b/iu', '(?!)/iu'),
  of(
    BY,
    'a size, where it is asked how much memory',
    'brain/question/kinds.ts',
    '(?:ram|memory|storage|space|disk|bandwidth|swap)\\b/iu',
    '(?!)/iu',
  ),
  of(
    BY,
    'a word of their own that is small',
    'brain/quotes/definitions.ts',
    '? inWordsOf : inTerms',
    '? inTerms : inTerms',
  ),
  of(
    BY,
    'what stands first in a section, however that is cut',
    'brain/quotes/definitions.ts',
    'one.reading.passage.line < other.reading.passage.line',
    'false',
  ),
  of(BY, 'no word that leads elsewhere', 'brain/quotes/definitions.ts', '|^see (?:also )?[_*[`"“]', ''),
  of(BY, 'its width, where it is asked how wide', 'brain/question/question.ts', "{ wide: 'width' }", "{ wide: '' }"),
  of(
    BY,
    'a document that has both words for its name',
    'brain/words/names.ts',
    'told.length > 0 && told.every(isIn)',
    'told.some(isIn)',
  ),
  of(BY, 'what says it in one word', 'brain/words/two-words.ts', "'expire'", "'run out'"),
  of(
    BY,
    'whom to contact, where it is asked who to talk to',
    'brain/words/two-words.ts',
    "'$1 $2 $3 contact'",
    "'$1 $2 $3 talk'",
  ),
  of(
    BY,
    'the noun, and no verb that is written like it',
    'brain/quotes/worth.ts',
    'const OF_LISTED = 2.2;',
    'const OF_LISTED = 1;',
  ),
  of(BY, 'a default, though a document is called so', 'brain/words/names.ts', 'if (/^defaults?$/', 'if (/^(?!)$/'),
  of(
    BY,
    'what an address or a temperature says by its form',
    'brain/quotes/by-form.ts',
    "'temperature hot warm cold'",
    "'hot warm cold'",
  ),
  of(ROWS, 'say the same of a list', 'brain/quotes/matrix.ts', 'rows.length > 1 && rows.length <= MOST_ROWS', 'false'),
  of(
    ROWS,
    'are of what is listed',
    'brain/quotes/matrix.ts',
    'said.length === 0 && isOfListed(question, units, at)',
    'false',
  ),
  of(READ, 'a name that marks a place', 'brain/text/lines.ts', '\\([\\w-]{1,80}\\)=\\s*$|', ''),
  of(
    READ,
    '"no" at the end of a sentence',
    'brain/text/sentences.ts',
    '!/^\\s*\\d/.test(text.slice(stop, stop + 12))',
    'false',
  ),
  of(READ, 'code in whose middle a passage begins', 'brain/text/units.ts', 'at === 0 && isCutCode(block)', 'false'),
  of(READ, 'fields above a page with a list in brackets', 'brain/text/lines.ts', '[-#\\]}]', '[-#]'),
  mutant(VAULT, 'brain/text/clean.ts', "page.replace('#', ', ')", 'page'),
  mutant(LINE, 'brain/text/leads.ts', 'lineOf(unit.start);', "(text.lastIndexOf('\\n', unit.start - 1) + 1);"),
];
export default rows;
