// fan-out.ts: mutants of "A fan-out".

import type { Mutant } from './mutant.ts';

const SEVERAL = 'test/workflows/several-lives-and-seats.test.ts';
const LIVES = 'test/workflows/fan-out.lives.test.ts';
const PROPERTIES = 'test/workflows/lives.properties.test.ts';

const INTERLEAVED =
  'a fan-out of any interleaving ends each subtask once, by the life that was done first, and its ledger balances';

const rows: Mutant[] = [
  {
    row: 'whose subtask gets a second life is answered by the one that is done first; the other is cancelled and booked as waste',
    file: 'workflows/fan-out.ts',
    find: 'cancelAll();\n      resolve(ending);',
    put: 'resolve(ending);',
    test: SEVERAL,
    needs: 'server',
  },
  {
    row: 'whose subtask gets a second life is answered by the one that is done first; the other is cancelled and booked as waste',
    file: 'workflows/endings.ts',
    find: 'if (subtask.chosen !== undefined) bookWaste(',
    put: 'if (subtask.chosen === undefined) bookWaste(',
    test: SEVERAL,
    needs: 'server',
  },
  {
    row: 'what needs a subtask starts when its first life is done, not when the others have stopped',
    file: 'workflows/fan-out.ts',
    find: 'ports.onEnd(subtask, life, ending);\n      isDecided = true;',
    put: 'ports.onEnd(subtask, life, ending);\n      if (open.size > 0) return;\n      isDecided = true;',
    test: LIVES,
    needs: 'nothing',
  },
  {
    row: 'enough stops all that is at work, starts nothing that waited, and begins no other life',
    file: 'workflows/fan-out.ts',
    find: 'const blocked = enough ? left(enough) : (unmet ?? refused);',
    put: 'const blocked = unmet ?? refused;',
    test: LIVES,
    needs: 'nothing',
  },
  {
    row: 'enough stops all that is at work, starts nothing that waited, and begins no other life',
    file: 'workflows/fan-out.ts',
    find: `!isEnough && ending.status !== 'stopped'`,
    put: 'true',
    test: LIVES,
    needs: 'nothing',
  },
  {
    row: INTERLEAVED,
    file: 'state/ledger.ts',
    find: 'const since = usageSince(usage, life.usage);',
    put: 'const since = usage;',
    test: PROPERTIES,
    needs: 'nothing',
  },
  {
    row: INTERLEAVED,
    file: 'receive-reports.ts',
    find: 'const late = isEnded(stateOf(subtask)) || isEnded(life.state);',
    put: 'const late = isEnded(life.state);',
    test: PROPERTIES,
    needs: 'nothing',
  },
  {
    row: INTERLEAVED,
    file: 'state/tree.ts',
    find: 'totals.draftSections += sign;',
    put: '',
    test: PROPERTIES,
    needs: 'nothing',
  },
  {
    row: INTERLEAVED,
    file: 'workflows/fan-out.ts',
    find: `ending.status !== 'done' && open.size > 0`,
    put: 'false',
    test: PROPERTIES,
    needs: 'nothing',
  },
  {
    row: 'whose subtasks share a pod goes on with each as it ends: one that is slow, or is to be sent again, holds nobody',
    file: 'activities/run-sub-agents.ts',
    find: 'if (!podSignal.aborted) reporter.ended(at, outcome);',
    put: '',
    test: SEVERAL,
    needs: 'server',
  },
  {
    row: 'whose subtask loses its log to another visit sends it again; its pod and the others are not held up',
    file: 'activities/run-sub-agents.ts',
    find: 'if (!(error instanceof LogTakenOverError)) throw error;',
    put: 'throw error;',
    test: SEVERAL,
    needs: 'server',
  },
  {
    row: 'a pod with %s never tells more than 8 KiB',
    title: 'a pod with',
    file: 'pod-heartbeat.ts',
    find: 'if (room < 0) break;',
    put: '',
    test: 'test/activities/pod-heartbeat.test.ts',
    needs: 'nothing',
  },
  {
    row: 'a parent and its children together never have more than its limit, and what they did not spend is its own again',
    file: 'log-state.ts',
    find: 'this.#takeBack(record);',
    put: '',
    test: 'test/protocol/budget.properties.test.ts',
    needs: 'nothing',
  },
  {
    row: 'Signals without payload, with text, null or odd objects goes on to its answer',
    file: 'protocol/reports.ts',
    find: `if (!isObject(payload) || payload.v !== 1 || payload.run !== run) return [];`,
    put: `const { v, run: own } = payload as { v: number; run: string };\n  if (v !== 1 || own !== run || !isObject(payload)) return [];`,
    test: 'test/workflows/strange-signals.test.ts',
    needs: 'server',
  },
];

export default rows;
