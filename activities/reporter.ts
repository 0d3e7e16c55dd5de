// reporter.ts: tells the master what a sub-agent found while it works, by Signal. The first at once, then at a pace
// that slows as time goes on, never more than the budget. What is not sent comes with the outcome.

import { Context } from '@temporalio/activity';
import type { PodSubtask, TaskRef } from '../protocol/activities.ts';
import { digestOf, type Finding } from '../protocol/findings.ts';
import { MAX_DIGEST_CHARS } from '../protocol/limits.ts';
import { SIGNALS } from '../protocol/names.ts';
import type { Report } from '../protocol/reports.ts';

/** The pause between two reports is this share of the time worked so far: ten minutes in, one in 30 s. */
const PAUSE_SHARE = 0.05;
const MIN_PAUSE_MS = 250;

/** Reports one finding that is already in the store; `seq` is its number in the log. Never throws. */
export type ReportFinding = (seq: number, finding: Finding) => Promise<void>;

export function reporter({ taskId, run }: TaskRef, { spec, generation, reportBudget }: PodSubtask): ReportFinding {
  const { client, log } = Context.current();
  const began = Date.now();
  let sent = 0;
  let notBefore = 0;
  return async (seq, finding) => {
    const now = Date.now();
    if (sent >= reportBudget || now < notBefore) return;
    sent += 1;
    notBefore = now + Math.max(MIN_PAUSE_MS, (now - began) * PAUSE_SHARE);
    const report: Report = {
      v: 1,
      run,
      subtask: spec.id,
      generation,
      seq,
      kind: 'finding',
      finding: digestOf(finding, MAX_DIGEST_CHARS),
    };
    try {
      await client.workflow.getHandle(taskId, undefined, { firstExecutionRunId: run }).signal(SIGNALS.report, report);
    } catch (error) {
      // The finding is in the store and comes with the outcome; a lost report only makes the live view later.
      log.warn('a report did not reach the master', { subtask: spec.id, error });
    }
  };
}
