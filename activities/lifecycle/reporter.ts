// reporter.ts: reports to the master by Signal what the sub-agents of a pod found while they work, that one goes on after
// an interruption, and, of several, that one has ended. What is not sent comes with the outcome. Never throws, never waits.

import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { PodInput } from '../../protocol/activities.ts';
import { digestOf } from '../../protocol/findings.ts';
import { MAX_DIGEST_CHARS } from '../../protocol/limits.ts';
import { SIGNALS } from '../../protocol/names.ts';
import type { Outcome } from '../../protocol/outcome.ts';
import type { ReportItem, Reports } from '../../protocol/reports.ts';
import type { Reporter } from '../agents/reporting.ts';
import { ReportBucket } from './report-bucket.ts';

/** Interruptions of one visit that are reported: a worker that dies again and again must not fill the history. */
const MAX_RESUMED = 3;

/** Whether this attempt of a visit, the first being 1, reports that it goes on. */
export const reportsResumed = (attempt: number): boolean => attempt > 1 && attempt - 1 <= MAX_RESUMED;

export interface PodReporter {
  /** The reporter of one seat's sub-agent; `at` is the seat's index in the pod. */
  seat(at: number): Reporter;
  /** A seat's visit has ended: what was not reported yet is in its outcome; undefined where a later visit has its log. */
  ended(at: number, outcome: Outcome | undefined): void;
  /** Signals sent so far, all attempts together. */
  readonly sent: number;
  /** Sends nothing more. Returns when what is under way has arrived: the connection may go away after the Activity. */
  close(): Promise<void>;
}

/** @param sent Signals that earlier attempts of this Activity are known to have sent. */
export function podReporter(input: PodInput, sent: number): PodReporter {
  const { client, log, info } = Context.current();
  const { taskId, run, pod } = input;
  const send = async (items: ReportItem[]): Promise<void> => {
    const reports: Reports = { v: 1, run, items };
    try {
      await client.workflow.getHandle(taskId, undefined, { firstExecutionRunId: run }).signal(SIGNALS.reports, reports);
    } catch (error) {
      // A task that has closed meanwhile has no use for it.
      if (!(error instanceof WorkflowNotFoundError)) log.warn('a report did not reach the master', { taskId, error });
    }
  };
  const underWay = new Set<Promise<void>>();
  const bucket = new ReportBucket({
    budget: input.reportBudget ?? pod.reduce((sum, { reportBudget = 0 }) => sum + reportBudget, 0),
    sent,
    // A pod of one needs no report of its seat's end: its Activity ends then.
    endings: pod.length > 1 ? pod.length : 0,
    send(items) {
      const sending = send(items).finally(() => underWay.delete(sending));
      underWay.add(sending);
    },
  });
  const named = (at: number): { subtask: string; generation: number; visit: number } => {
    const seat = pod[at];
    return { subtask: seat?.spec.id ?? '', generation: seat?.generation ?? 0, visit: seat?.visit ?? 0 };
  };
  return {
    seat(at) {
      const { subtask, generation } = named(at);
      return {
        finding: (seq, finding) =>
          bucket.add({ subtask, generation, seq, kind: 'finding', finding: digestOf(finding, MAX_DIGEST_CHARS) }),
        shared: (seq, finding) =>
          bucket.add({ subtask, generation, seq, kind: 'shared', finding: digestOf(finding, MAX_DIGEST_CHARS) }),
        resumed({ turns, attempts }) {
          if (reportsResumed(info.attempt))
            bucket.addAtOnce({ subtask, generation, seq: 0, kind: 'resumed', attempt: attempts, turns });
        },
      };
    },
    ended(at, outcome) {
      const { subtask, generation, visit } = named(at);
      bucket.drop(subtask);
      if (pod.length > 1) bucket.end(outcome && { subtask, generation, seq: 0, kind: 'finished', visit, outcome });
    },
    get sent() {
      return bucket.sent;
    },
    async close() {
      bucket.close();
      await Promise.all(underWay);
    },
  };
}
