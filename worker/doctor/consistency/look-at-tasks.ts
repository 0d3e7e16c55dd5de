// look-at-tasks.ts: `muster doctor --consistency`: the last closed tasks of a deployment, each held to the rules.

import { setTimeout as sleep } from 'node:timers/promises';
import { isOnTaskQueue, isBackgroundId, WORKFLOWS } from '../../../protocol/names.ts';
import type { Store } from '../../../store/store.ts';
import type { Server } from '../server.ts';
import { factsOf, type Facts } from './facts.ts';
import { RULES } from './rules.ts';

const AT_ONCE = 8;
/** What was under way in the moment of the first look is there at the second. */
const AGAIN_MS = 1_500;

export interface Difference {
  task: string;
  /** The rule that it breaks. */
  what: string;
  words: string;
}

/**
 * @param last how many tasks, the last ones first.
 * @param tell called for each difference, as it is found.
 * @param againMs a task that differs is looked at once more after this long. Default: 1,500.
 * @returns how many closed tasks were looked at, and how many of them differ.
 * @throws what Temporal and the store throw.
 */
export async function lookAtTasks(
  { server, store }: { server: Server; store: Store },
  last: number,
  tell: (difference: Difference) => void,
  againMs = AGAIN_MS,
): Promise<{ looked: number; differ: number }> {
  const left = await taskIds(server, store, last);
  const counts = { looked: 0, differ: 0 };
  const work = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      const facts = await factsOf(id, server, store);
      if (!isClosed(facts)) continue;
      counts.looked += 1;
      const differences = await differencesOf(facts, server, store, againMs);
      if (differences.length > 0) counts.differ += 1;
      for (const one of differences) tell(one);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return counts;
}

/** Of the store, and what Temporal has closed and the store may know nothing of. */
async function taskIds({ ask, namespace }: Server, store: Store, last: number): Promise<string[]> {
  const { executions } = await ask(
    async ({ workflowService }) =>
      await workflowService.listWorkflowExecutions({
        namespace,
        pageSize: Math.min(last, 1_000),
        query: `${isOnTaskQueue(await store.deploymentId())} AND WorkflowType = "${WORKFLOWS.masterAgent}" AND ExecutionStatus != "Running"`,
      }),
  );
  const closed = executions.map(({ execution, startTime }) => ({
    id: execution?.workflowId ?? '',
    at: Number(startTime?.seconds ?? 0) * 1_000,
  }));
  // A background child has a head of its own, and is looked at with its task.
  const heads = (await store.tasks(2 * last)).filter(({ taskId }) => !isBackgroundId(taskId));
  const known = heads.map(({ taskId, acceptedAt }) => ({ id: taskId, at: acceptedAt }));
  const all = [...closed, ...known].sort((a, b) => b.at - a.at).map(({ id }) => id);
  return [...new Set(all)].slice(0, last);
}

const isClosed = ({ kept, result }: Facts): boolean => (kept ? kept.ending !== undefined : result !== undefined);

async function differencesOf(facts: Facts, server: Server, store: Store, againMs: number): Promise<Difference[]> {
  const first = await judged(facts, store);
  if (first.length === 0) return [];
  await sleep(againMs);
  return await judged(await factsOf(facts.taskId, server, store), store);
}

const judged = async (facts: Facts, store: Store): Promise<Difference[]> =>
  (
    await Promise.all(
      RULES.map(async (rule) =>
        (await rule.differences(facts, store)).map((words) => ({ task: facts.taskId, what: rule.what, words })),
      ),
    )
  ).flat();
