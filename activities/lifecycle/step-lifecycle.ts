// step-lifecycle.ts: what the master's steps that call a model have in common: a log, a heartbeat with the number of its
// records, and the right kind of failure.

import { Context } from '@temporalio/activity';
import { STEP_LOGS } from '../../protocol/names.ts';
import type { StepHeartbeat } from '../../protocol/progress.ts';
import type { Store } from '../../store/store.ts';
import { withHeartbeat, asActivityError } from './activity-lifecycle.ts';
import { callHeaders, type Tracing } from '../loop/call-headers.ts';
import { SubtaskLog } from '../loop/subtask-log.ts';

/**
 * Runs `work` with the log of this step.
 * @param generation of a step that runs more than once in a task. Default: the first.
 * @throws what an Activity may throw, and nothing else.
 */
export async function withStepLog<T>(
  { store, worker, traces }: { store: Store; worker: string; traces?: Tracing },
  run: string,
  step: keyof typeof STEP_LOGS,
  work: (log: SubtaskLog, signal: AbortSignal) => Promise<T>,
  generation = 1,
): Promise<T> {
  const { heartbeatDetails } = Context.current().info;
  let log: SubtaskLog | undefined;
  try {
    const opened = await SubtaskLog.open(
      store,
      { run, subtask: STEP_LOGS[step], generation },
      { expected: recordsOf(heartbeatDetails), worker },
    );
    opened.callHeaders = callHeaders(traces);
    log = opened;
    return await withHeartbeat(
      (): StepHeartbeat => ({
        v: 1,
        records: opened.count,
        step,
        ...(opened.asking ? { asking: { ...opened.asking } } : {}),
      }),
      (signal, beat) => {
        // From here on, a log that is gone was wiped.
        beat();
        return work(opened, signal);
      },
    );
  } catch (error) {
    throw asActivityError(error, log && { step, ...log.account });
  } finally {
    await log?.close();
  }
}

/** Records that an earlier attempt of this Activity had written, by its heartbeat. */
function recordsOf(details: unknown): number {
  const records: unknown =
    details !== null && typeof details === 'object' && 'records' in details ? details.records : 0;
  return typeof records === 'number' ? records : 0;
}
