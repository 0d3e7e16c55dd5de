// of-many.ts: mutants of how the one answer is found among many passages that have its words.

import { mutant as searched, mutantsOf, type Mutant } from './mutant.ts';

const mutant = mutantsOf('test/simulator/of-many.test.ts');

const rows: Mutant[] = [
  searched(
    'test/documents/search.test.ts',
    'what has words side by side as the question has them is found before what has them in another order',
    'search/ranking.ts',
    'RANKING.pairs.weight * pairsIn(',
    '0 * pairsIn(',
  ),
  mutant(
    'what a thing is is told by the sentence that begins with it, and not by where it is used',
    'brain/quotes/definitions.ts',
    "kind !== 'code' && isThing(SAYS_WHAT",
    "kind === 'code' && isThing(SAYS_WHAT",
  ),
  mutant(
    'what a thing is is told by the sentence that begins with it, and not by where it is used',
    'brain/quotes/definitions.ts',
    '!/^[\\d.\\s]*using\\b/i.test(name)',
    'true',
  ),
  mutant(
    'what a thing is is told by the sentence that begins with it, and not by where it is used',
    'brain/next-calls.ts',
    ', ...told, ...parts.map(withNames)',
    ', ...parts.map(withNames)',
  ),
  mutant(
    'what a thing is is read at the beginning of the document that most was found in',
    'brain/next-calls.ts',
    'trail.turns === 1 && begin !== undefined && read',
    'trail.turns === 9 && begin !== undefined && read',
  ),
  mutant(
    'what a thing is is read at the beginning of the document that most was found in',
    'brain/quotes/beginnings.ts',
    "kind === 'definition' ? reads.map",
    "kind === 'why' ? reads.map",
  ),
  mutant(
    'a question about one version is answered from its notes, not from those of another one',
    'brain/quotes/of-version.ts',
    '!known.has(series) ||',
    'true ||',
  ),
  mutant(
    'a question about one version is answered from its notes, not from those of another one',
    'brain/quotes/of-version.ts',
    "source.replace(/\\d{1,5}(?:\\.\\d{1,5}){1,2}/g, '#')",
    "'#'",
  ),
  mutant(
    'a question about one version is answered from its notes, not from those of another one',
    'brain/quotes/of-version.ts',
    'RELATES.test(question)',
    'false',
  ),
  mutant('notes of a release tell its version', 'brain/text/headings.ts', '  NOTES.test(heading) ||\n', ''),
  mutant(
    'what is led in by "when:" says when, and is quoted before what only has the words',
    'brain/text/clean.ts',
    "OPENS.test(unit.lead ?? '')",
    'false',
  ),
  mutant(
    'what is led in by "when:" says when, and is quoted before what only has the words',
    'brain/quotes/choose-quotes.ts',
    'return held ?? best;',
    'return best;',
  ),
  mutant(
    'an address is an email, whatever stands around it',
    'brain/quotes/score.ts',
    '...saidByForm(weights.keys(), said, question.kind),',
    '',
  ),
  mutant('how much slower a thing is is said by a number', 'brain/question/question.ts', '(?:slow|fast', '(?:fast'),
  mutant(
    'what "these" points at is not said again: half of a question is no answer to it',
    'brain/quotes/score.ts',
    'PRONOUN.test(unit.text) || isSameThing ? under : new Set(contentTerms(place))',
    'under',
  ),
  mutant(
    'lines of a table of contents, and those that lead to other pages, are no findings',
    'brain/text/units.ts',
    'LEADS_ELSEWHERE.test(line) || ',
    '',
  ),
  mutant(
    'lines of a table of contents, and those that lead to other pages, are no findings',
    'brain/text/units.ts',
    ' || NUMBERED_TITLE.test(line)',
    '',
  ),
  mutant(
    'lines of a table of contents, and those that lead to other pages, are no findings',
    'brain/text/units.ts',
    '(?:up|home|top|index|contents)\\s*\\|[^|]*',
    '.*',
  ),
  mutant(
    'a body that is called by its letters may be who did a thing',
    'brain/question/kinds.ts',
    '|(?<=\\bthe )\\p{Lu}{2,6}\\b',
    '',
  ),
  mutant(
    'two things that differ are told by what says what each means',
    'brain/quotes/definitions.ts',
    '(?:is|are|means?|refers? to|denotes?) )/u',
    '(?:is|are) )/u',
  ),
  mutant(
    'what an option of one program does is not told by the same option of another one',
    'brain/quotes/order-quotes.ts',
    'own.length > 0 && aspects.size > 0 ? own : readings',
    'readings',
  ),
  mutant(
    'what stands under the name of an option is asked for with "which option"',
    'brain/text/clean.ts',
    '|before)$|^--?[a-z]/i',
    '|before)$/i',
  ),
  mutant('where to send a thing is said by an address', 'brain/quotes/by-form.ts', "'send submit'", "'fax'"),
  searched(
    'test/simulator/answer.test.ts',
    'what speaks of something else than the one thing asked about does not stand in short',
    'brain/report/answer.ts',
    'missing.some(isOfAbsent)',
    'false',
  ),
  searched(
    'test/simulator/answer.test.ts',
    'what speaks of something else than the one thing asked about does not stand in short',
    'brain/report/answer.ts',
    '!OF_SEVERAL.test(asked)',
    'true',
  ),
  mutant(
    'a text that begins inside a block with a name ends it at its bare mark, where a named one follows',
    'brain/text/lines.ts',
    'if (next && /[\\p{L}\\p{N}]/u.test(next.text)) return true;',
    '',
  ),
];

export default rows;
