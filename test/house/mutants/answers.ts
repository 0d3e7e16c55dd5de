// answers.ts: mutants of what is promised about searching documents and about what the offline model answers.

import type { Mutant } from './mutant.ts';

const SEARCH = 'test/documents/search.test.ts';
const RESEARCH = 'test/simulator/research.test.ts';
const PLAN = 'test/simulator/plan.test.ts';
const ANSWER = 'test/simulator/answer.test.ts';

const mutant = (test: string, row: string, file: string, find: string, put: string, title?: string): Mutant => ({
  row,
  file,
  find,
  put,
  test,
  needs: 'nothing',
  ...(title === undefined ? {} : { title }),
});

const rows: Mutant[] = [
  mutant(
    SEARCH,
    'a passage that a good one names is found, though it shares no word with what is asked of it',
    'documents/search/links.ts',
    'const named = this.#namedIn(this.#corpus.mentionsOf(passage), this.#corpus.documentOf(passage));',
    'const named = new Map<number, number>();',
  ),
  mutant(
    SEARCH,
    'passages are chosen together: the second adds what the first leaves open, not the same again',
    'ranking-settings.ts',
    'again: 0.7',
    'again: 1',
  ),
  mutant(
    SEARCH,
    'a word that no passage has is found as what is spelt nearly so',
    'ranking-settings.ts',
    'near: 0.3',
    'near: 0',
  ),
  mutant(
    PLAN,
    'a question that is one is not cut, inside names or before its verb: %s',
    'comparison.ts',
    "kindOf(text) === 'yes-no' || JOINTLY.test(text)",
    "kindOf(text) === 'yes-no'",
    'a question that is one is not cut, inside names or before its verb: How can Alpha and Beta share one cache?',
  ),
  mutant(
    RESEARCH,
    'what a question asks of two versions is searched for by the number of each',
    'brain/names.ts',
    '|| VERSION.test(bare)',
    '',
  ),
  mutant(
    RESEARCH,
    'a row of a table is read with the head of its table, wherever that stands',
    'clean.ts',
    'unit.head?.map(cleanMarkdown), asks',
    'undefined, asks',
  ),
  mutant(
    RESEARCH,
    'of a list that was asked for all items are quoted, with the line that leads it in',
    'brain/findings.ts',
    "if (question.kind === 'list' && unit.kind === 'item') return",
    "if (question.kind === 'list' && unit.kind === 'row') return",
  ),
  mutant(
    RESEARCH,
    'the sentence that completes the best one is quoted with it',
    'brain/findings.ts',
    'MOST_MORE = 2',
    'MOST_MORE = 0',
  ),
  mutant(
    RESEARCH,
    'what stands under the heading that asks the very question is its answer',
    'simulator/brain/score.ts',
    'const ASKED = 1.5',
    'const ASKED = 0.2',
  ),
  mutant(
    RESEARCH,
    'what happens again and again answers how often, not whatever has a number',
    'simulator/brain/kinds.ts',
    "    'how-often',",
    "    'how-many',",
  ),
  mutant(
    RESEARCH,
    'a sentence that speaks of "it" is read with the one before, which says what',
    'simulator/brain/score.ts',
    'REFERS_BACK.test(unit.text)',
    'false',
  ),
  mutant(
    RESEARCH,
    'a sub-agent that called a tool of another kind first has not searched yet',
    'simulator/brain/research.ts',
    '(tool) => tools.others.has(tool)',
    '() => false',
  ),
  mutant(
    RESEARCH,
    'lint directives, badges and licence lines are no findings',
    'simulator/brain/score.ts',
    'factor *= 0.05',
    'factor *= 1',
  ),
  mutant(
    RESEARCH,
    'two options are told apart by the sentence that names both',
    'brain/names.ts',
    'for (const match of text.matchAll(FLAG)) add(match[0], true);',
    '',
  ),
  mutant(
    RESEARCH,
    'of a choice between two rows of figures both are quoted',
    'simulator/brain/score.ts',
    "unit.kind !== 'row' && text.length > 80",
    'text.length > 80',
  ),
  mutant(
    RESEARCH,
    'the date above an entry answers when it was',
    'kinds.ts',
    "kind === 'when' ? `${heading} ${text}` : text",
    'text',
  ),
  mutant(
    RESEARCH,
    'what stands under a part of a version in a changelog is said to be of that version',
    'units.ts',
    'if (isEntry(heading)) entry = heading;',
    'if (isEntry(heading)) entry = undefined;',
  ),
  mutant(
    RESEARCH,
    'beside a quote that answers a plain question whole, none is given that only shares its words',
    'brain/findings.ts',
    'full < FULL ||',
    'full >= 0 ||',
  ),
  mutant(
    RESEARCH,
    'what holds no number does not answer how many, and the nearest thing is named',
    'gaps.ts',
    'covers(one) >= enough && says(one)',
    'covers(one) >= enough',
  ),
  mutant(
    RESEARCH,
    'each part of a question that is not answered is named, and only these',
    'gaps.ts',
    'question.parts.length > 0 ? question.parts : [question.text]',
    '[question.text]',
  ),
  mutant(
    ANSWER,
    'two sources that contradict each other are said to, and both are cited',
    'contradictions.ts',
    'if (rows[0] && rows[1]) {',
    'if (rows[0] && !rows[1]) {',
  ),
  mutant(
    ANSWER,
    'figures that differ in one sentence of two sources contradict each other only where they are asked for',
    'contradictions.ts',
    '!asks(one.text) || !asks(other.text) || ',
    '',
  ),
  mutant(
    ANSWER,
    'in short is at most three sentences, the first of each part',
    'simulator/brain/answer.ts',
    'const MAX_SHORT = 3',
    'const MAX_SHORT = 4',
  ),
];
export default rows;
