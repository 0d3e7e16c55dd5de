// plan-subtask.ts: the Activity that makes a subtask of what a person adds to a running task: a plan of its own, by code
// alone. Limits, time-outs and queue are those that the planner's subtasks have.

import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../protocol/activities.ts';
import { least } from '../protocol/budget.ts';
import type { Plan } from '../protocol/plan.ts';
import { canonicalJson } from '../protocol/schemas/hash.ts';
import { plannedSubtask } from './agents/planned-subtask.ts';
import type { Deployment } from './deployment.ts';
import { asActivityError } from './lifecycle/activity-lifecycle.ts';

const MAX_TITLE_CHARS = 120;

export function planSubtask(deployment: Deployment): Activities['planSubtask'] {
  const { store, models, kinds, defaultKind } = deployment;
  return async ({ request, subtask: id, goal, title = goal, kind = defaultKind, queue, among, left }) => {
    if (!kinds.has(kind)) {
      const message = `there is no kind "${kind.slice(0, 60)}"`;
      throw ApplicationFailure.create({ type: 'KindUnknown', message, nonRetryable: true });
    }
    const made = plannedSubtask(
      { id, title: title.slice(0, MAX_TITLE_CHARS), kind, goal, needs: [] },
      { request, queue, models: models.orderFor(request.class.name), count: among },
    );
    const planned = { ...made, limits: { ...made.limits, ...least(made.limits, left) } };
    const plan: Plan = { v: 1, goal: request.goal, subtasks: [planned], prompt: 'added' };
    const { goal: _goal, ...subtask } = planned;
    try {
      return { planRef: await store.putBlob(canonicalJson(plan)), subtask };
    } catch (error) {
      throw asActivityError(error);
    }
  };
}
