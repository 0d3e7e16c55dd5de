// answer-ready.ts: mutants of "The answer, and what may follow it".

import type { Mutant } from './mutant.ts';

const STEPS = 'test/workflows/steps.test.ts';
const READY = 'test/workflows/answer-ready.test.ts';
const HISTORY = 'test/workflows/class-history.test.ts';

const rows: Mutant[] = [
  {
    row: 'on the way to an answer no background step can be awaited',
    file: 'workflows/run-step.ts',
    find: "if (mode !== 'blocking') throw",
    put: "if (mode === 'none') throw",
    test: STEPS,
    needs: 'nothing',
  },
  {
    row: 'in no plan that passes does what the answer waits for need a subtask in the background',
    file: 'protocol/plan.ts',
    find: "if (subtask.mode !== 'background' && known.get(need)?.mode === 'background')",
    put: "if (subtask.mode === 'background' && known.get(need)?.mode === 'background')",
    test: STEPS,
    needs: 'nothing',
  },
  {
    row: 'a subtask in the background is no part of what the answer waits for',
    file: 'workflows/make-plan.ts',
    find: "for (const spec of planned) if (spec.mode !== 'background') addSubtask(tree, spec);",
    put: 'for (const spec of planned) addSubtask(tree, spec);',
    test: STEPS,
    needs: 'nothing',
  },
  {
    row: 'what is added has no number that a subtask in the background has',
    file: 'workflows/make-plan.ts',
    find: 'steering.lastAdded = Math.max(steering.lastAdded, ...numbers);',
    put: '',
    test: STEPS,
    needs: 'nothing',
  },
  {
    row: 'an answer is told of when its whole result is in the store, and its caller does not wait for the close',
    file: 'client/answered.ts',
    find: "return result?.outcome === 'completed' ? result : undefined;",
    put: 'return result && undefined;',
    test: READY,
    needs: 'server',
    hangs: true,
  },
  {
    row: 'is what its Workflow hands back, checked and shaped or not, and where the shaping fails',
    file: 'protocol/open-result.ts',
    find: 'bookUsage(books, last.account.usage);',
    put: '',
    test: READY,
    needs: 'server',
  },
  {
    row: 'a worker killed behind the answer costs its caller nothing, and another closes the task by replay',
    file: 'workflows/close-task.ts',
    find: "runBehind('recordTask', summary, { ...recordOf(task), ...more })",
    put: "runBehind('recordTask', summary, { ...recordOf(task), ...more, events: [] })",
    test: READY,
    needs: 'server',
  },
  {
    row: 'a caller who can read no store has the result when the task closes',
    file: 'client/answered.ts',
    find: 'if (!store) return undefined;',
    put: "if (!store) throw new Error('no store');",
    test: READY,
    needs: 'server',
  },
  {
    row: 'the history of a class has one row of each task that closed, however it ended, and one of each subtask, without a word',
    file: 'activities/record-task.ts',
    find: 'if (rows) await store.noteOutcome(rows);',
    put: "if (rows?.task?.ending === 'completed') await store.noteOutcome(rows);",
    test: HISTORY,
    needs: 'server',
    hangs: true,
  },
  {
    row: 'the time in which a task stood still, or one of its subtasks alone, is in no row of the history',
    file: 'workflows/state/closed-rows.ts',
    find: 'closedAt - acceptedAt - stood(closedAt)',
    put: 'closedAt - acceptedAt',
    test: HISTORY,
    needs: 'nothing',
  },
  {
    row: 'keeps the newest thousand rows of a class and path, and of a class and kind, and one of each task however often told',
    file: 'store/file-outcomes.ts',
    find: '(await rowFilesIn(place)).sort().reverse()',
    put: '(await rowFilesIn(place)).sort()',
    test: 'test/store/file-store.test.ts',
    needs: 'nothing',
  },
  {
    row: 'the history of a class has one row of each task that closed, however it ended, and one of each subtask, without a word',
    file: 'worker/terminated-tasks.ts',
    find: '(await askFor(temporal, store, ended)) ??',
    put: '',
    test: HISTORY,
    needs: 'server',
  },
];

export default rows;
