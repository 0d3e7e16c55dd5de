// time-left.ts: mutants of how much longer a task takes.

import type { Mutant } from './mutant.ts';

const ETA = 'test/protocol/eta.test.ts';
const LEFT = 'test/cli/time-left.test.ts';

const rows: Mutant[] = [
  {
    row: '5000 ms after its start',
    file: 'protocol/eta.ts',
    find: '- now.inStageMs + after(row, now.stage)',
    put: '- now.inStageMs',
    test: ETA,
    needs: 'nothing',
  },
  {
    row: 'more ended subtasks, fewer retries and a later stage mean less time, a long stage never nothing',
    file: 'protocol/eta.ts',
    find: 'return calm * width * likelihood(',
    put: 'return calm * width + 0 * likelihood(',
    test: ETA,
    needs: 'nothing',
  },
  {
    row: 'nine of ten keep what is told where subtasks end %s',
    title: 'nine of ten keep what is told where subtasks end early',
    file: 'protocol/eta.ts',
    find: 'const ENDS = [1 / 2, 1, 2];',
    put: 'const ENDS = [1];',
    test: ETA,
    needs: 'nothing',
  },
  {
    row: 'that the last subtask is left says nothing: its end is the end of the stage',
    file: 'protocol/eta.ts',
    find: 'Math.max(0, left - 1)',
    put: 'left',
    test: ETA,
    needs: 'nothing',
  },
  {
    row: 'below twenty completed tasks the class says it, and without a class nobody does',
    file: 'protocol/eta.ts',
    find: "ending === 'completed'",
    put: "ending !== 'terminated'",
    test: ETA,
    needs: 'nothing',
  },
  {
    row: 'a pause is none of its time, and one that stands still or has ended is told nothing',
    file: 'client/time-left.ts',
    find: 'now - waitedMs - stageSince',
    put: 'now - stageSince',
    test: LEFT,
    needs: 'nothing',
  },
  {
    row: 'it is told from the rows of its class, which are read once however many ask',
    file: 'client/time-left.ts',
    find: 'Date.now() - kept.readAt < KEPT_MS',
    put: 'false',
    test: LEFT,
    needs: 'nothing',
  },
  {
    row: 'who waits for a worker is told by how long others had waited, and what they took from then on',
    file: 'protocol/eta.ts',
    find: 'Math.max(queueMs, stagesMs.accepted ?? 0)',
    put: '(stagesMs.accepted ?? 0)',
    test: ETA,
    needs: 'nothing',
  },
  {
    row: 'a question that is to be answered at once is told by what such questions took',
    file: 'client/time-left.ts',
    find: "progress?.path ?? 'deep'",
    put: "'deep'",
    test: LEFT,
    needs: 'nothing',
  },
  {
    row: 'a promise that is not kept any more shows, and each task is held against what had closed before it began',
    file: 'protocol/eta-coverage.ts',
    find: 'one.endedAt <= beganAt',
    put: 'one.endedAt <= endedAt',
    test: ETA,
    needs: 'nothing',
  },
  {
    row: 'muster measure says P50, P95 and P99 of each class and path that a task has closed of',
    file: 'client/class-reports.ts',
    find: '[measured(fast, row), measured(deep, row)]',
    put: '[measured(fast), measured(deep)]',
    test: 'test/cli/class-reports.test.ts',
    needs: 'nothing',
  },
  {
    row: 'of an answer at once its class says the budget, until that is over or it is planned',
    file: 'protocol/eta.ts',
    find: "(stage === 'accepted' || stage === 'answering') && ",
    put: '',
    test: ETA,
    needs: 'nothing',
  },
  {
    row: 'of an answer at once that is late, or planned, nobody is told its budget as the time that it takes',
    file: 'client/time-left.ts',
    find: "told.basis === 'class' ? etaOf([], AT_START, row) : told",
    put: 'told',
    test: LEFT,
    needs: 'nothing',
  },
  {
    row: 'a class of one’s own, and a built-in one that was changed, is told by what its task was started with',
    file: 'client/time-left.ts',
    find: 'progress?.promise ?? ',
    put: '',
    test: LEFT,
    needs: 'nothing',
  },
];

export default rows;
