// plan-subtask.ts: the Activity that makes a subtask of what a person adds to a running task: a plan of its own, by code
// alone. Limits, time-outs and queue are those that the planner's subtasks have.

import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../protocol/activities.ts';
import { least } from '../protocol/budget.ts';
import type { Plan, PlannedSubtask } from '../protocol/plan.ts';
import { canonicalJson } from '../protocol/schemas/hash.ts';
import { plannedSubtask } from './agents/planned-subtask.ts';
import type { Deployment } from './deployment.ts';
import { readPlan } from './evidence/plans.ts';
import { asActivityError } from './lifecycle/activity-lifecycle.ts';
import type { Store } from '../store/store.ts';
import { meaningOf } from './text/meaning.ts';
import { asksTheSame } from './text/same-question.ts';

const MAX_TITLE_CHARS = 120;

export function planSubtask(deployment: Deployment): Activities['planSubtask'] {
  const { store, models, kinds, defaultKind } = deployment;
  return async ({ request, subtask: id, goal, title = goal, kind = defaultKind, queue, among, left, beside = [] }) => {
    if (!kinds.has(kind)) {
      const message = `there is no kind "${kind.slice(0, 60)}"`;
      throw ApplicationFailure.create({ type: 'KindUnknown', message, nonRetryable: true });
    }
    const made = plannedSubtask(
      { id, title: title.slice(0, MAX_TITLE_CHARS), kind, goal, needs: [] },
      {
        request,
        queue,
        models: models.orderFor(request.class.name),
        isBesideOthers: true,
        ...(among === undefined ? {} : { count: among }),
      },
    );
    const limits = among === undefined ? made.limits : { ...made.limits, ...least(made.limits, left) };
    const planned = { ...made, limits };
    const plan: Plan = { v: 1, goal: request.goal, subtasks: [planned], prompt: 'added' };
    const { goal: _goal, ...subtask } = planned;
    try {
      const sameAs = await sameAmong(store, beside, planned);
      return {
        planRef: await store.putBlob(canonicalJson(plan)),
        subtask,
        ...(sameAs === undefined ? {} : { sameAs }),
      };
    } catch (error) {
      throw asActivityError(error);
    }
  };
}

/** The first that asks for the same, does it by the same kind, and needs no other. */
async function sameAmong(
  store: Store,
  beside: readonly { planRef: string; subtasks: readonly string[] }[],
  { goal, kind }: PlannedSubtask,
): Promise<string | undefined> {
  const meaning = meaningOf(goal);
  for (const { planRef, subtasks } of beside) {
    const plan = await readPlan(store, planRef);
    const same = subtasks.find((id) => {
      const other = plan.get(id);
      return other?.kind === kind && other.needs.length === 0 && asksTheSame(meaningOf(other.goal), meaning);
    });
    if (same !== undefined) return same;
  }
  return undefined;
}
