// run-sub-agents.ts: the Activity that works on a pod of subtasks, every kind and every size. One subtask's failure is
// its own outcome and never another's; only a cancellation or a worker that goes away ends the visit itself.

import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import type { Activities, PodInput, PodOutput } from '../protocol/activities.ts';
import type { Outcome } from '../protocol/outcome.ts';
import type { Plan } from '../protocol/plan.ts';
import type { PodHeartbeat } from '../protocol/progress.ts';
import type { Store } from '../store/store.ts';
import { alive, asActivityError, cancelledByRequest } from './life/activity-life.ts';
import { workOnSubtask, type SubtaskWork } from './agents/work-on-subtask.ts';
import { openCorpus } from '../documents/open-corpus.ts';
import type { Deployment } from './deployment.ts';
import { reporter } from './life/reporter.ts';

export function runSubAgents(deployment: Deployment): Activities['runSubAgents'] {
  return async (input) => {
    const { info } = Context.current();
    const before = podHeartbeat(info.heartbeatDetails);
    const seats = input.pod.map((one) => ({
      id: one.spec.id,
      generation: one.generation,
      records: 0,
      turn: 0,
      tokens: 0,
      phase: 'starts',
    }));
    try {
      const outcomes = await alive(
        () => ({ v: 1, subtasks: seats }) satisfies PodHeartbeat,
        (signal, beat) => workOnPod(input, deployment, before, seats, signal, beat),
      );
      if (Context.current().cancellationSignal.aborted) {
        // The spend and the findings so far travel with the cancellation.
        if (cancelledByRequest())
          throw new CancelledFailure('the sub-agents were stopped', [{ outcomes } satisfies PodOutput]);
        throw asActivityError(undefined);
      }
      return { outcomes };
    } catch (error) {
      throw error instanceof CancelledFailure ? error : asActivityError(error);
    }
  };
}

async function workOnPod(
  input: PodInput,
  deployment: Deployment,
  before: PodHeartbeat | undefined,
  seats: PodHeartbeat['subtasks'],
  signal: AbortSignal,
  beat: () => void,
): Promise<Outcome[]> {
  const { store, embeddings } = deployment;
  const plans = await readPlans(store, [input.planRef, ...input.pod.flatMap((one) => one.planRef ?? [])]);
  const corpus = input.corpusRef ? openCorpus(store, input.corpusRef, { embeddings }) : undefined;
  corpus?.catch(() => undefined);
  let opening = input.pod.length;
  const works = input.pod.map((one, i): SubtaskWork => {
    const planned = plans.get(one.planRef ?? input.planRef)?.subtasks.find(({ id }) => id === one.spec.id);
    const seat = seats[i];
    if (!planned || !seat) throw new Error(`the plan has no subtask ${one.spec.id}`);
    const told = before?.subtasks.find((was) => was.id === one.spec.id && was.generation === one.generation);
    return {
      ...one,
      taskGoal: input.goal,
      planned,
      taskId: input.taskId,
      run: input.run,
      records: Math.max(one.records, told?.records ?? 0),
      reporter: reporter(input, one),
      seat,
      onOpen: (records) => {
        seat.records = records;
        opening -= 1;
        // All logs are claimed and nothing is paid yet: from here on, a log that is gone was wiped.
        if (opening === 0) beat();
      },
      ...(corpus ? { corpus } : {}),
    };
  });
  // Each gives its own outcome; a throw here is the store's or a bug, and ends the visit after the others ended.
  const settled = await Promise.allSettled(works.map((work) => workOnSubtask(work, deployment, signal)));
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

async function readPlans(store: Store, refs: readonly string[]): Promise<Map<string, Plan>> {
  const read = async (ref: string): Promise<[string, Plan]> => [
    ref,
    JSON.parse(Buffer.from(await store.getBlob(ref)).toString('utf8')) as Plan,
  ];
  return new Map(await Promise.all([...new Set(refs)].map(read)));
}

function podHeartbeat(details: unknown): PodHeartbeat | undefined {
  return details !== null && typeof details === 'object' && 'subtasks' in details
    ? (details as PodHeartbeat)
    : undefined;
}
