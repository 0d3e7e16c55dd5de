// plan-background.ts: the Activity that makes subtasks of the background work that a caller asked for. Code alone: each goal is
// a subtask of its own, under the limits of the task's class.

import { Context } from '@temporalio/activity';
import type { Activities } from '../protocol/activities.ts';
import { ceilingProblem } from '../protocol/classes.ts';
import type { Plan, PlannedSubtask } from '../protocol/plan.ts';
import { canonicalJson } from '../protocol/schemas/hash.ts';
import type { TaskRequest } from '../protocol/task.ts';
import { NO_USAGE } from '../protocol/usage.ts';
import { plannedSubtask } from './agents/planned-subtask.ts';
import { asActivityError } from './lifecycle/activity-lifecycle.ts';
import { WorkFailure } from './loop/work-failure.ts';
import type { Deployment } from './deployment.ts';

const MAX_TITLE_CHARS = 120;
/** Temporal's, behind everything that an answer waits for. */
const PRIORITY = 5;

export function planBackground({
  store,
  models,
  defaultKind,
  ceiling,
}: Pick<Deployment, 'store' | 'models' | 'defaultKind' | 'ceiling'>): Activities['planBackground'] {
  return async ({ request, queue }) => {
    try {
      const startedAt = Context.current().info.currentAttemptScheduledTimestampMs;
      const problem = ceilingProblem(request.class, ceiling);
      if (problem) throw new WorkFailure({ type: 'RequestExceedsCeiling', message: problem });
      const order = models.orderFor(request.class.name);
      const subtasks = backgroundSubtasks(request, { queue, defaultKind, models: order });
      const plan: Plan = { v: 1, goal: request.goal, subtasks, prompt: 'none' };
      const [line] = models.inOrder(order);
      return {
        planRef: await store.putBlob(canonicalJson(plan)),
        subtasks: subtasks.map(({ goal: _goal, ...slim }) => slim),
        usage: NO_USAGE,
        model: { name: line?.provider.model ?? 'unknown', offline: line?.provider.offline ?? false },
        startedAt,
      };
    } catch (error) {
      throw asActivityError(error);
    }
  };
}

/** `b1`, `b2`, …: none of a plan's own ids. */
export function backgroundSubtasks(
  request: TaskRequest,
  { queue, defaultKind, models }: { queue: string; defaultKind: string; models: readonly string[] },
): PlannedSubtask[] {
  const { background = [] } = request;
  return background.map(({ goal, title, kind = defaultKind }, i) => {
    const shown = (title ?? goal).replace(/\s+/g, ' ').trim().slice(0, MAX_TITLE_CHARS);
    const planned = plannedSubtask(
      { id: `b${i + 1}`, title: shown, kind, goal, needs: [], mode: 'background' },
      { request, queue, models, count: background.length },
    );
    return { ...planned, priority: PRIORITY };
  });
}
