// merged.ts: mutants of what builds on another, and of what is not done twice.

import { mutantsOf, type Mutant } from './mutant.ts';

const SAME = 'test/activities/same-question.test.ts';
const PLANS = 'test/activities/merge-subtasks.test.ts';
const MERGED = 'test/workflows/merged.test.ts';
const MERGING = 'test/workflows/merging.test.ts';

const PRECISION = 'what is taken for the same asks for the same: at least 95 of 100 held-out pairs';
const CIRCLE =
  'no sub-agent waits for one that waits for it: not for itself, for who delegated it, or for who needs it';

const mutant = (row: string, file: string, find: string, put: string, test: string): Mutant =>
  mutantsOf(test, test === MERGING ? 'server' : 'nothing')(row, file, find, put);

const rows: Mutant[] = [
  {
    ...mutant(
      'a question that asks of another one’s answer needs that one, and keeps all of its words',
      'brain/plan.ts',
      'goal, needs: [1] }',
      'goal: chain.second, needs: [1] }',
      'test/simulator/plan.test.ts',
    ),
    title: 'a question that asks of another one’s answer needs that one, and keeps all of its words: Which packages',
  },
  mutant(
    'offline a question that asks of another one’s answer begins when that is there, and is shown it',
    'brain/plan.ts',
    '(part.needs ?? []) : []',
    '[] : []',
    MERGING,
  ),
  mutant(PRECISION, 'text/same-question.ts', 'SAME_WORDS = 1;', 'SAME_WORDS = 0.75;', SAME),
  mutant(
    PRECISION,
    'text/same-question.ts',
    'isTurnedRound(a, b) ? 0 : shared',
    'isTurnedRound(a, b) ? shared : shared',
    SAME,
  ),
  mutant(PRECISION, 'text/same-question.ts', '!areEqual(a.turns, b.turns)', 'false', SAME),
  mutant(PRECISION, 'text/same-question.ts', 'a.asks !== b.asks ||', '', SAME),
  mutant(
    'one word more is another question, however long it is',
    'text/same-question.ts',
    'SAME_WORDS = 1;',
    'SAME_WORDS = 0.9;',
    SAME,
  ),
  mutant(
    'duplicates become the first of them, numbered anew, and all that needed one of them need that one',
    'agents/merge-subtasks.ts',
    'ids.get(need) ?? need',
    'need',
    PLANS,
  ),
  mutant(
    'whatever the plan, no merge makes a subtask wait for itself, and nothing loses what it needs',
    'agents/merge-subtasks.ts',
    '[one.kind, one.mode, needsOf(one).sort(), asks',
    '[one.kind, one.mode, asks',
    PLANS,
  ),
  mutant(
    'what a person adds to a plan becomes what is there, under its id; what they left or reworded stays',
    'agents/merge-subtasks.ts',
    'mayMerge: ({ id }) => added.has(id)',
    'mayMerge: () => true',
    PLANS,
  ),
  mutant(
    'what is delegated above 500 subtasks a task is not begun, and who delegated it is told why',
    'workflows/delegation.ts',
    'if (!isKnown && tree.ids.length < MAX_SUBTASKS_A_TASK) {',
    'if (!isKnown) {',
    MERGED,
  ),
  mutant('as many are left as the join asks for', 'agents/merge-subtasks.ts', 'spare -= 1;', '', PLANS),
  mutant(
    'two sub-agents that delegate the same wait for one subtask, and each gets what it finds',
    'workflows/delegation.ts',
    "state: 'skipped', spent: NOTHING };",
    "state: 'skipped' };",
    MERGED,
  ),
  mutant(CIRCLE, 'workflows/delegation.ts', '!waitsFor(tree, one, parent.spec.id)', 'true', MERGED),
  mutant(CIRCLE, 'workflows/merged.ts', 'open.push(...one.spec.needs);', '', MERGED),
  mutant(
    'what failed is done anew for who asks for the same, and so is what has no key',
    'workflows/delegation.ts',
    '      mayBring(one) &&\n',
    '',
    MERGED,
  ),
  mutant(
    'the same delegation once more, as after a crash, is waited for where it was before',
    'workflows/delegation.ts',
    'if (known && !isLeftWithout(tree, known)) return known;',
    '',
    MERGED,
  ),
  mutant(
    'a plan that asks for the same twice does it once, hands it to both that need it, and says so',
    'activities/plan-task.ts',
    '...(merged.length > 0 ? { merged } : {}),',
    '',
    MERGING,
  ),
  mutant(
    'two sub-agents that delegate the same have it done once, and read the same findings',
    'agents/delegate.ts',
    'dedupeKey: dedupeKeyOf(name, goal),',
    'dedupeKey: parent.id,',
    MERGING,
  ),
  {
    ...mutant(
      'what a person adds and is looked for already is not looked for twice',
      'activities/plan-subtask.ts',
      '...(sameAs === undefined ? {} : { sameAs })',
      '...(sameAs === undefined ? {} : {})',
      MERGING,
    ),
    hangs: true,
  },
  mutant(
    'whose subtask ends with the one that delegated it first has it done for itself',
    'workflows/research.ts',
    'while (wasStoppedWithItsParent(tree, life) && ',
    'while (wasStoppedWithItsParent(tree, life) && false && ',
    MERGING,
  ),
  mutant(
    'what is near by words and by vectors is the same, whatever is near by vectors alone is not',
    'agents/near-questions.ts',
    'return likeness(left, right) >= NEAR_WORDS;',
    'return true;',
    'test/activities/near-questions.test.ts',
  ),
];

export default rows;
