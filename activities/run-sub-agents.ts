// run-sub-agents.ts: the Activity that works on a pod of subtasks, every kind and every size, a seat each. One subtask's
// ending is its own outcome and never another's, reported as it lands; only a cancellation, a worker that shuts down, or a
// store that fails ends the Activity itself, after all seats have ended.

import { setMaxListeners } from 'node:events';
import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { openCorpus } from '../documents/open-corpus.ts';
import type { Activities, PodInput, PodOutput } from '../protocol/activities.ts';
import type { Outcome } from '../protocol/outcome.ts';
import type { SubtaskPhase } from '../protocol/progress.ts';
import { LogTakenOverError } from '../store/store.ts';
import { logHere, withLogFields } from '../telemetry/log-scope.ts';
import { coldStart } from '../telemetry/metrics/cold-start.ts';
import { workOnSubtask } from './agents/work-on-subtask.ts';
import type { Deployment } from './deployment.ts';
import { readPlan } from './evidence/plans.ts';
import { withHeartbeat, asActivityError, cancelledByRequest } from './lifecycle/activity-lifecycle.ts';
import { podHeartbeat, readHeartbeat } from './lifecycle/pod-heartbeat.ts';
import { podReporter } from './lifecycle/reporter.ts';

export function runSubAgents(deployment: Deployment): Activities['runSubAgents'] {
  return async (input) => {
    const pod = openPod(input, deployment);
    try {
      const outcomes = await withHeartbeat(pod.heartbeat, pod.work);
      if (Context.current().cancellationSignal.aborted) {
        // The spend and the findings so far travel with the cancellation.
        if (cancelledByRequest())
          throw new CancelledFailure('the sub-agents were stopped', [{ outcomes } satisfies PodOutput]);
        throw asActivityError(undefined);
      }
      return { outcomes };
    } catch (error) {
      throw error instanceof CancelledFailure ? error : asActivityError(error);
    } finally {
      await pod.close();
    }
  };
}

function openPod(input: PodInput, deployment: Deployment) {
  const { store, embeddings } = deployment;
  const before = readHeartbeat(Context.current().info.heartbeatDetails);
  const reporter = podReporter(input, before?.reports ?? 0);
  const corpus = input.corpusRef ? openCorpus(store, input.corpusRef, { embeddings }) : undefined;
  const began = performance.now();
  corpus?.then(
    () => coldStart.documents((performance.now() - began) / 1e3),
    () => undefined,
  );
  const lines = input.pod.map(({ spec, generation, records }): SubtaskPhase => {
    const earlier = before?.subtasks.find((was) => was.id === spec.id && was.generation === generation);
    const known = Math.max(records, earlier?.records ?? 0);
    return { id: spec.id, generation, records: known, turn: 0, tokens: 0, phase: 'starts' };
  });
  const changedAt = lines.map(() => 0);

  /** A seat's outcome; none when a later visit has its log. @throws StoreError, and a bug */
  async function workOnSeat(at: number, podSignal: AbortSignal): Promise<Outcome | undefined> {
    const one = input.pod[at];
    const line = lines[at];
    if (!one || !line) throw new Error(`the pod has no seat ${at}`);
    const { planRef = input.planRef } = one;
    const planned = (await readPlan(store, planRef)).get(one.spec.id);
    if (!planned) throw new Error(`the plan has no subtask ${one.spec.id}`);
    const own = new AbortController();
    const signal = AbortSignal.any([podSignal, own.signal]);
    // All that a sub-agent has under way at once listens to it.
    setMaxListeners(0, signal);
    let outcome: Outcome | undefined;
    try {
      outcome = await workOnSubtask(
        {
          ...one,
          taskGoal: input.goal,
          ...(input.session ? { session: input.session } : {}),
          planned,
          taskId: input.taskId,
          run: input.run,
          records: line.records,
          reporter: reporter.seat(at),
          onChange(change) {
            Object.assign(line, change);
            changedAt[at] = Date.now();
          },
          isRetry: Context.current().info.attempt > 1,
          ...(corpus ? { corpus } : {}),
        },
        deployment,
        signal,
      );
    } catch (error) {
      if (!(error instanceof LogTakenOverError)) throw error;
    } finally {
      // Stops what it left running, tools for one.
      own.abort();
    }
    if (outcome) logOutcome(outcome);
    // The outcomes of a stopped pod travel in its CancelledFailure.
    if (!podSignal.aborted) reporter.ended(at, outcome);
    return outcome;
  }

  return {
    heartbeat: () => podHeartbeat(lines, changedAt, reporter.sent),
    work: async (signal: AbortSignal): Promise<Outcome[]> => {
      // A throw here is the store's or a bug: it fails the Activity once the other seats have ended.
      const settled = await Promise.allSettled(
        lines.map(({ id, generation }, at) => withLogFields({ subtask: id, generation }, () => workOnSeat(at, signal))),
      );
      return settled.flatMap((one) => {
        if (one.status === 'rejected') throw one.reason;
        return one.value ?? [];
      });
    },
    close: () => reporter.close(),
  };
}

function logOutcome(outcome: Outcome): void {
  const { status, turns, usage } = outcome;
  const failure = 'failure' in outcome ? outcome.failure : undefined;
  const spent = { model_calls: turns, tokens: usage.inputTokens + usage.outputTokens };
  if (failure)
    logHere('warn', `a sub-agent’s visit ended as ${status}`, {
      ...spent,
      error: `${failure.type}: ${failure.message}`,
    });
  else logHere('info', `a sub-agent’s visit ended as ${status}`, spent);
}
