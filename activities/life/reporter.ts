// reporter.ts: tells the master by Signal what a sub-agent found while it works, and that it goes on after an interruption.
// Findings: the first at once, then at a pace that slows as time goes on, never more than the budget. What is not sent
// comes with the outcome.

import { Context } from '@temporalio/activity';
import type { PodSubtask, TaskRef } from '../../protocol/activities.ts';
import { digestOf } from '../../protocol/findings.ts';
import { MAX_DIGEST_CHARS } from '../../protocol/limits.ts';
import { SIGNALS } from '../../protocol/names.ts';
import type { Reporter } from '../agents/reporting.ts';
import type { Report } from '../../protocol/reports.ts';

/** The pause between two reports is this share of the time worked so far: ten minutes in, one in 30 s. */
const PAUSE_SHARE = 0.05;
const MIN_PAUSE_MS = 250;

/** Interruptions of one visit that are told: a worker that dies again and again must not fill the history. */
const MAX_RESUMED = 3;

/** Whether this attempt of a visit, the first being 1, tells that it goes on. */
export const tellsResumed = (attempt: number, reportBudget: number): boolean =>
  attempt > 1 && attempt - 1 <= Math.min(MAX_RESUMED, reportBudget);

export function reporter({ taskId, run }: TaskRef, { spec, generation, reportBudget = 0 }: PodSubtask): Reporter {
  const { client, log, info } = Context.current();
  const envelope = { v: 1, run, subtask: spec.id, generation } as const;
  const send = async (report: Report): Promise<void> => {
    try {
      await client.workflow.getHandle(taskId, undefined, { firstExecutionRunId: run }).signal(SIGNALS.report, report);
    } catch (error) {
      log.warn('a report did not reach the master', { subtask: spec.id, error });
    }
  };
  const began = Date.now();
  let sent = 0;
  let notBefore = 0;
  return {
    async finding(seq, finding) {
      const now = Date.now();
      if (sent >= reportBudget || now < notBefore) return;
      sent += 1;
      notBefore = now + Math.max(MIN_PAUSE_MS, (now - began) * PAUSE_SHARE);
      await send({ ...envelope, seq, kind: 'finding', finding: digestOf(finding, MAX_DIGEST_CHARS) });
    },
    resumed({ turns, attempts }) {
      if (tellsResumed(info.attempt, reportBudget))
        void send({ ...envelope, seq: 0, kind: 'resumed', attempt: attempts, turns });
    },
  };
}
