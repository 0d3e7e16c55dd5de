// conflicts.ts: mutants of what is promised about findings that contradict each other.

import { mutantsOf, type Mutant } from './mutant.ts';

const RULE = 'test/agents/conflicts.test.ts';
const TASK = 'test/workflows/conflicting.test.ts';

const rule = mutantsOf(RULE);
const task = mutantsOf(TASK, 'server');

const PAIRS = 'of %s pairs four of five conflicts are found, and nine of ten found ones are';

const rows: Mutant[] = [
  rule(
    PAIRS,
    'conflicts/opposed.ts',
    'a.isPast !== b.isPast || isOfOther(a, b)',
    'a.isPast !== b.isPast',
    'of held-out pairs four of five conflicts are found, and nine of ten found ones are',
  ),
  rule(
    PAIRS,
    'conflicts/opposed.ts',
    "return { kind: 'yes or no', values: a.isNegated ? ['no', 'yes'] : ['yes', 'no'] };",
    'return undefined;',
    'of held-out pairs four of five conflicts are found, and nine of ten found ones are',
  ),
  rule(
    'an amount that was changed in a sentence of a README is found, and one in another unit is none',
    'conflicts/amounts.ts',
    'low: first * times * factor,',
    'low: first * times,',
  ),
  rule(
    'READMEs of different packages contradict each other in nothing',
    'conflicts/opposed.ts',
    'if (new Set(shared.map(({ lower }) => lower)).size < 2) return undefined;',
    '',
  ),
  rule(
    'what is said of two numbered things is no conflict: %s %s',
    'conflicts/opposed.ts',
    '    haveOtherLabels(a, b) ||\n',
    '',
    'what is said of two numbered things is no conflict: Step 2: wait for 10 minutes',
  ),
  rule(
    'what is said of two numbered things is no conflict: %s %s',
    'conflicts/opposed.ts',
    'return mine.some((amount) => theirs',
    'return [].some((amount: never) => theirs',
    'what is said of two numbered things is no conflict: About 100 litres',
  ),
  rule(
    'what is said of one thing is, with or without a number in its name: %s %s',
    'conflicts/opposed.ts',
    'if (one.isSure && !other) return true;',
    'return true;',
    'what is said of one thing is, with or without a number in its name: The gateway',
  ),
  rule(
    'sources that agree stand on one side',
    'conflicts/find-conflicts.ts',
    'side.claim === text || side.value.toLowerCase() === value.toLowerCase()',
    'side.claim === text',
  ),
  rule(
    'what nobody asked about is no conflict',
    'conflicts/find-conflicts.ts',
    'asked.size === 0 || words.some((term) => asked.has(term))',
    'words.length > 0',
  ),
  rule(
    'what two documents say of themselves is of two things where the question names both',
    'conflicts/find-conflicts.ts',
    'return areTwo && !shared;',
    'return false;',
  ),
  rule(
    'one document does not contradict itself, and the days of two changelogs nothing',
    'conflicts/find-conflicts.ts',
    'one.said.source === other.said.source || areOtherThings',
    'areOtherThings',
  ),
  rule(
    'rows about one thing that differ in what is asked contradict each other',
    'conflicts/find-conflicts.ts',
    'const row = rowsOpposed(one.text, other.text, goal);',
    'const row = rowsOpposed(one.text, one.text, goal);',
  ),
  rule(
    'a finding that says what it was changed to, or since when, settles a conflict; one that takes a side does not',
    'conflicts/settle.ts',
    'if (!SINCE.test(text) || statement.isPast) return undefined;',
    '',
  ),
  rule(
    'of many conflicts a few are told, however many findings there are',
    'conflicts/find-conflicts.ts',
    'if (!known && found.length >= MAX_CONFLICTS) continue;',
    '',
  ),
  task(
    'two documents that contradict each other: one sub-agent is asked, and what stays open is told with both sources',
    'workflows/settle-conflicts.ts',
    '  await askAgain([asked]);\n',
    '',
  ),
  task(
    'two documents that contradict each other: one sub-agent is asked, and what stays open is told with both sources',
    'workflows/state/coverage.ts',
    "!told[at] || state === 'done'",
    "state === 'done'",
  ),
  task(
    'what the sub-agent found settles it, and is cited for that',
    'workflows/state/coverage.ts',
    '(told[at] ? shownLife(subtask).missing : [])',
    'shownLife(subtask).missing',
  ),
  task(
    'what the sub-agent found settles it, and is cited for that',
    'workflows/settle-conflicts.ts',
    "const settled = await judge('settle', open);",
    'const settled = open;',
  ),
  task(
    'findings that agree in another unit cost no step more',
    'activities/synthesize.ts',
    'if (candidates.length > 0) return { candidates };',
    "if (input.conflicts === 'look') return { candidates };",
  ),
  task(
    'with nothing of the budget left nobody is asked, and the conflict is told all the same',
    'workflows/settle-conflicts.ts',
    'tokens >= LEAST_TURN_TOKENS && costUsd > 0',
    'tokens >= 0 && costUsd > 0',
  ),
  task(
    'a verified answer keeps the numbers of both sides',
    'activities/verify-answer.ts',
    'citations: side.citations.flatMap(renumber)',
    'citations: []',
  ),
  task(
    'a model that judges a candidate to be no conflict has it left out, and nobody is asked',
    'activities/find-conflicts.ts',
    "if (verdict?.verdict === 'none') return [];",
    '',
  ),
  task(
    'a model says which side holds by a finding that there is; a verdict by none is asked for again, and left out',
    'activities/find-conflicts.ts',
    'finding === null || !findings.has(finding)',
    'finding === null',
  ),
  task(
    'where the model can’t judge the rule stands',
    'activities/find-conflicts.ts',
    'await withFallback(byModel(), MODEL_IS_NO_HELP, byRule)',
    'await withFallback(byModel(), new Set<FailureType>(), byRule)',
  ),
  task(
    'what the sub-agent found settles it, and is cited for that',
    'workflows/settle-conflicts.ts',
    '  keep(told);\n',
    '',
  ),
  {
    row: 'a person sees what documents say differently, who is asked, and what holds: by events and by the status alike',
    file: 'render/task-view.ts',
    find: '      ...(progress.conflicts ?? []).map(conflictInWords),\n',
    put: '',
    test: 'test/cli/live-tree.test.ts',
    needs: 'nothing',
  },
  {
    row: 'what its documents say differently stands in a task on the wire, and is read back',
    file: 'gateway/wire/task-view.ts',
    find: '    ...(!ended && progress?.conflicts ? { conflicts: progress.conflicts } : {}),\n',
    put: '',
    test: 'test/gateway/waits-for-a-person.test.ts',
    needs: 'nothing',
  },
];

export default rows;
