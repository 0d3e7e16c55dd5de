// joins.ts: mutants of what is enough, and of second lives.

import type { Mutant } from './mutant.ts';

const JOINS = 'test/workflows/joins.test.ts';
const JOINING = 'test/workflows/joining.test.ts';
const INTERLEAVED = 'test/workflows/interleavings.test.ts';
const ANY_ORDER =
  'whatever order, repeats, lateness, second lives, pauses, deadlines and cancels there are, what counted gives one answer';
const USUAL = 'test/activities/usual-times.test.ts';

const rows: Mutant[] = [
  {
    // As if it were asked at the end alone.
    row: 'best effort waits for all, a quorum for so many that brought something, first for one',
    file: 'workflows/coordinate.ts',
    find: `quorum: { needed: ({ k }, of) => Math.min(k, of), endsEarly: true }`,
    put: `quorum: { needed: ({ k }, of) => Math.min(k, of), endsEarly: false }`,
    test: JOINS,
    needs: 'nothing',
  },
  {
    row: 'best effort waits for all, a quorum for so many that brought something, first for one',
    file: 'workflows/coordinate.ts',
    find: '(found.findingCount > 0 || found.dataRef !== undefined)',
    put: '(found.findingCount >= 0)',
    test: JOINS,
    needs: 'nothing',
  },
  {
    row: 'best effort waits for all, a quorum for so many that brought something, first for one',
    file: 'workflows/coordinate.ts',
    find: 'first: { needed: () => 1, endsEarly: true }',
    put: 'first: { needed: () => 1, endsEarly: false }',
    test: JOINS,
    needs: 'nothing',
  },
  {
    row: 'what can’t be reached any more is decided, too: all with one that brought nothing, a quorum with too few left',
    file: 'workflows/coordinate.ts',
    find: 'if (brought + open < needed)',
    put: 'if (brought + open < 0)',
    test: JOINS,
    needs: 'nothing',
  },
  {
    row: 'a delegated subtask never counts',
    file: 'workflows/state/tree.ts',
    find: `spec.mode !== 'background' && !isDelegated`,
    put: `spec.mode !== 'background'`,
    test: JOINS,
    needs: 'nothing',
  },
  {
    row: 'who is at work when it is enough is left behind at once, however long it takes to stop',
    file: 'workflows/fan-out.ts',
    find: 'for (const { leave } of atWork.values()) leave(left(enough));',
    put: 'for (const { stop } of atWork.values()) stop();',
    test: JOINS,
    needs: 'nothing',
  },
  {
    row: 'a request says how it is joined, else its class; what can’t be is refused in words',
    file: 'protocol/join.ts',
    find: 'const asked = join ?? row.join;',
    put: 'const asked = row.join;',
    test: JOINS,
    needs: 'nothing',
  },
  {
    row: 'a quorum is answered from those that brought something; who is at work is cancelled, left out and booked',
    file: 'workflows/state/ledger.ts',
    find: `late ? 'late' : `,
    put: '',
    test: JOINING,
    needs: 'server',
  },
  {
    row: 'a slow subtask gets a second life that asks the next model first, and the first one is overtaken',
    file: 'workflows/pods.ts',
    find: '    ...(models ? { models } : {}),\n    ...(grant',
    put: '    ...(grant',
    test: JOINING,
    needs: 'server',
  },
  {
    row: 'a kind’s usual time is that of 95 of 100, once 20 are known, and only where a hedge asks for it',
    file: 'activities/agents/usual-times.ts',
    find: 'if (times.length < LEAST_HEDGE_SAMPLES) continue;',
    put: '',
    test: USUAL,
    needs: 'nothing',
  },
  {
    row: 'what a failed subtask found goes to those that need it: they begin',
    file: 'workflows/fan-out.ts',
    find: `if (ending?.status === 'failed' && ports.handsOn(need)) continue;`,
    put: '',
    test: 'test/workflows/fan-out.needs.test.ts',
    needs: 'nothing',
  },
  {
    row: 'what failed before hands on what it had found to one that begins again; what was stopped hands on nothing',
    file: 'workflows/state/tree.ts',
    find: "if (state === 'failed' && shownLife(subtask).findingCount > 0) return 'part';",
    put: '',
    test: JOINS,
    needs: 'nothing',
  },
  {
    row: 'what a task rests on so far counts those that have ended: who is at work, or not begun, was not stopped',
    file: 'workflows/state/coverage.ts',
    find: 'return { coverage: coverageOf(state, ended), open };',
    put: 'return { coverage: coverageOf(state), open };',
    test: JOINS,
    needs: 'nothing',
  },
  {
    row: 'what comes after the decision is kept, and no answer is written from it',
    file: 'workflows/write-answer.ts',
    find: '  if (subtask.late) return [];\n',
    put: '',
    test: JOINS,
    needs: 'nothing',
  },
  {
    // What comes twice is there twice.
    row: ANY_ORDER,
    file: 'workflows/receive-reports.ts',
    find: 'if (!life || !isNew(task.mailbox.seen, item)) return;',
    put: 'if (!life) return;',
    test: INTERLEAVED,
    needs: 'server',
  },
  {
    row: ANY_ORDER,
    file: 'workflows/receive-reports.ts',
    find: 'const late = isEnded(stateOf(subtask)) || isEnded(life.state);',
    put: 'const late = false;',
    test: INTERLEAVED,
    needs: 'server',
  },
  {
    // Asked at the end alone.
    row: ANY_ORDER,
    file: 'workflows/research.ts',
    find: 'const verdict = coordinate(join, tree, subtask, ending);',
    put: "const verdict = openCount(tree) > 1 ? 'go on' : coordinate(join, tree, subtask, ending);",
    test: INTERLEAVED,
    needs: 'server',
  },
];
export default rows;
