// survival.ts: mutants of "What survives what" that are about workers, clients and operators; stores have their own.

import type { Mutant } from './mutant.ts';

const KILLED = 'test/crash/killed-worker.test.ts';
const ORPHANS = 'test/crash/orphans.test.ts';
const TOOL = 'test/crash/killed-tool.test.ts';
const TASK = 'test/workflows/task.test.ts';
const OPERATOR = 'test/workflows/operator.test.ts';
const SERVED = 'test/temporal-dev/keeps-a-served-database.test.ts';

const AGAIN = 'repeats no finished call, and another worker finishes the task';
const INTERRUPTED_FOR_GOOD = {
  file: 'worker/orphans.ts',
  find: `message: 'its worker died; another goes on at the last call that had ended',`,
  put: `message: 'its worker died', nonRetryable: true,`,
};

const rows: Mutant[] = [
  {
    row: 'a call that is tried again after its connection was closed ends as cancelled, and is not thrown at the process',
    file: 'client/ended-connection.ts',
    find: 'return endedCall()',
    put: 'return next(options)',
    test: 'test/cli/ended-connection.test.ts',
    needs: 'nothing',
  },
  { row: `in planning ${AGAIN}`, ...INTERRUPTED_FOR_GOOD, test: KILLED, needs: 'server' },
  {
    row: `in research ${AGAIN}`,
    file: 'call-model.ts',
    find: 'if (known) return known.reply;',
    put: '',
    test: KILLED,
    needs: 'server',
  },
  { row: `in synthesis ${AGAIN}`, ...INTERRUPTED_FOR_GOOD, test: KILLED, needs: 'server' },
  {
    row: 'has its work taken up by the next worker at once, not after the heartbeat time-out',
    file: 'worker/orphans.ts',
    find: `if (answer === 'ECONNREFUSED') return true;`,
    put: '',
    test: ORPHANS,
    needs: 'server',
  },
  {
    row: 'has its work taken up by the next worker at once, not after the heartbeat time-out',
    file: 'reporter.ts',
    find: 'if (reportsResumed(info.attempt))',
    put: 'if (false)',
    test: ORPHANS,
    needs: 'server',
  },
  {
    row: 'a worker that dies a thousand times under one visit is told of three times, and the first attempt is none',
    file: 'reporter.ts',
    find: 'const MAX_RESUMED = 3;',
    put: 'const MAX_RESUMED = 4;',
    test: 'test/activities/reporter.test.ts',
    needs: 'nothing',
  },
  {
    row: 'is told from one that lives: of two on one machine neither takes what the other holds',
    file: 'worker/orphans.ts',
    find: `settle('alive')`,
    put: `settle('ECONNREFUSED')`,
    test: ORPHANS,
    needs: 'server',
  },
  {
    row: 'whose log holds fewer records than were told of fails with CheckpointMissing, and writes nothing to it',
    file: 'subtask-log.ts',
    find: 'if (log.count < expected) {',
    put: 'if (false) {',
    test: 'test/store/lost-records.test.ts',
    needs: 'nothing',
  },
  {
    row: 'whose logs were wiped before a heartbeat told of a call fails loudly, too',
    file: 'file-log.ts',
    find: 'if (isRetry && seal === 0 &&',
    put: 'if (isRetry && seal !== 0 &&',
    test: KILLED,
    needs: 'server',
  },
  {
    row: 'twice one after the other ends its sub-agent, which says so, and no third worker dies',
    file: 'run-calls.ts',
    find: 'export const DEATHS = 2;',
    put: 'export const DEATHS = 3;',
    test: TOOL,
    needs: 'server',
  },
  {
    row: 'and so does an answer whose check kills two, which is paid for once',
    file: 'agent-loop.ts',
    find: 'if (log.deathsReading >= DEATHS) {',
    put: 'if (false) {',
    test: TOOL,
    needs: 'server',
  },
  {
    row: 'stays queued without a worker and is finished once one starts',
    file: 'client/task-status.ts',
    find: 'if (!progress && !(await workerSeen(parts))) {',
    put: 'if (false) {',
    test: TASK,
    needs: 'server',
  },
  {
    row: 'is one task when it is asked for twice with the same key, and refuses the key for another request',
    file: 'client/muster-client.ts',
    find: `workflowIdReusePolicy: 'REJECT_DUPLICATE' as const`,
    put: `workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const`,
    test: TASK,
    needs: 'server',
  },
  {
    row: 'stops its open model calls when it is cancelled, and closes as cancelled with what it had',
    file: 'agent-loop.ts',
    find: 'signal: AbortSignal.any([input.signal, swapped])',
    put: 'signal: swapped',
    test: TASK,
    needs: 'server',
  },
  {
    row: 'who resets a task pays for none of its finished calls again',
    file: 'workflows/master-agent.ts',
    find: 'newState(workflowId, firstExecutionRunId, runId,',
    put: 'newState(workflowId, runId, runId,',
    test: OPERATOR,
    needs: 'server',
  },
  {
    row: 'who terminates a task makes its caller hear that, not a stack trace',
    file: 'client/task-handle.ts',
    find: 'if (error.cause instanceof TerminatedFailure && !isSaid) {',
    put: 'if (false) {',
    test: OPERATOR,
    needs: 'server',
  },
  {
    row: 'a person whose very first start was killed while it made the database gets a new one, and reads where the old one is',
    file: 'temporal-dev/database.sh',
    find: '|| adopt_server || set_aside; }',
    put: '|| adopt_server || true; }',
    test: SERVED,
    needs: 'nothing',
  },
  {
    row: 'beside another program at 7233 a home has the same ports at each start',
    file: 'temporal-dev.sh',
    find: ' && RANDOM=$(cksum <<<"$base" | cut -d\' \' -f1)',
    put: '',
    test: 'test/temporal-dev/meets-races-and-older-programs.test.ts',
    needs: 'server',
  },
  {
    row: 'is started once more when it dies while it makes its database, which is set aside',
    file: 'temporal-dev.sh',
    find: `server_pid='' && mend_database # it may`,
    put: `server_pid='' # it may`,
    test: 'test/temporal-dev/meets-races-and-older-programs.test.ts',
    needs: 'server',
  },
  {
    row: 'is waited for also while it becomes another program, and for that moment has no command line',
    file: 'temporal-dev/patience.sh',
    find: ' || [[ $(ps -o stat= -p "$server_pid") == [!Z]* ]]; }; }',
    put: '; }; }',
    test: 'test/temporal-dev/meets-races-and-older-programs.test.ts',
    needs: 'server',
  },
  {
    row: 'a database that was served is kept, however its server and its files ended',
    file: 'temporal-dev/database.sh',
    find: 'database_served() { rm -f "$base.db.making"; }',
    put: 'database_served() { :; }',
    test: SERVED,
    needs: 'nothing',
  },
  {
    row: 'that is killed at each point of the loop, one after the other, repeats there what is promised and no more',
    file: 'log-state.ts',
    find: `this.#begun.add(call);`,
    put: '',
    test: 'test/crash/dies-at-each-point.test.ts',
    needs: 'server',
  },
  {
    row: 'is ended as failed when three workers died at it, its result first, and the other tasks go on',
    file: 'workflow-deaths.ts',
    find: 'const MOST_DEATHS = 3;',
    put: 'const MOST_DEATHS = 2;',
    test: 'test/crash/deadly-workflow.test.ts',
    needs: 'server',
  },
  {
    row: 'a worker that died counts against what it had in hand only when nobody asked it to end and its host lived on',
    file: 'worker/orphans.ts',
    find: ' || existsSync(join(at, STOPPING_FILE))',
    put: '',
    test: 'test/crash/orphans.test.ts',
    needs: 'server',
  },
];
export default rows;
