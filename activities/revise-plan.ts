// revise-plan.ts: the Activity that checks a plan as a person changed it, like one that a model made, and writes it as a plan
// of its own. The plan that was proposed stays as it is.

import type { Activities } from '../protocol/activities.ts';
import type { SubtaskLimits } from '../protocol/classes.ts';
import { addedIds, editedGraph, planEditProblem, type PlanEdit } from '../protocol/plan-edit.ts';
import type { Plan, PlannedSubtask } from '../protocol/plan.ts';
import { canonicalJson } from '../protocol/schemas/hash.ts';
import type { TaskRequest } from '../protocol/task.ts';
import { readJson } from '../store/read-json.ts';
import { estimateOf, plannedSubtask } from './agents/planned-subtask.ts';
import type { Deployment } from './deployment.ts';
import { asActivityError } from './lifecycle/activity-lifecycle.ts';

export function revisePlan(deployment: Deployment): Activities['revisePlan'] {
  const { store, models } = deployment;
  return async ({ request, planRef, edit, queue }) => {
    try {
      const plan = await readJson<Plan>(store, planRef);
      const order = models.orderFor(request.class.name);
      const revised = editPlan(plan.subtasks, edit, request, deployment, queue, order, plan.ledger !== undefined);
      if ('problem' in revised) return revised;
      const { subtasks } = revised;
      const prices = models.inOrder(order).map(({ provider }) => provider.prices);
      const estimate = estimateOf(subtasks, request.class, prices);
      const made: Plan = { ...plan, subtasks, estimate };
      return {
        planRef: await store.putBlob(canonicalJson(made)),
        subtasks: subtasks.map(({ goal: _goal, ...slim }) => slim),
        estimate,
      };
    } catch (error) {
      throw asActivityError(error);
    }
  };
}

/** The subtasks of the edited plan; or why it can't be run, in words for the person who changed it. */
export function editPlan(
  planned: readonly PlannedSubtask[],
  edit: PlanEdit,
  request: TaskRequest,
  { kinds, defaultKind }: Pick<Deployment, 'kinds' | 'defaultKind'>,
  queue: string,
  models: readonly string[] = [],
  isGranted = false,
): { subtasks: PlannedSubtask[] } | { problem: string } {
  const problem = planEditProblem(planned, edit, request.class);
  if (problem) return { problem };
  const ids = addedIds(planned, edit);
  const added = new Map((edit.add ?? []).map((one, at) => [ids[at], one]));
  const before = new Map(planned.map((one) => [one.id, one]));
  const offered = [...kinds.values()].filter(({ description, input }) => description !== '' && !input);
  const graph = editedGraph(planned, edit);
  const subtasks: PlannedSubtask[] = [];
  for (const { id, needs, mode } of graph) {
    const { goal, kind = defaultKind, title = goal?.slice(0, 120) ?? '' } = added.get(id) ?? before.get(id) ?? {};
    if (goal === undefined) return { problem: `${id} is in no part of the edited plan` };
    if (added.has(id) && !offered.some(({ name }) => name === kind))
      return {
        problem: `${id}: there is no kind "${kind.slice(0, 60)}"; there are ${offered.map(({ name }) => name).join(', ')}`,
      };
    const { title: newTitle = title, goal: newGoal = goal, background: _mode, ...limits } = edit.change?.[id] ?? {};
    const isBesideOthers = graph.length > 1;
    const count = isGranted && mode !== 'background' ? {} : { count: graph.length };
    const terms = { request, queue, models, isBesideOthers, ...count };
    const made = plannedSubtask({ id, title: newTitle, kind, goal: newGoal, needs, mode }, terms);
    subtasks.push({ ...made, limits: { ...made.limits, ...set(limits) } });
  }
  return { subtasks };
}

const set = (limits: Partial<SubtaskLimits>): Partial<SubtaskLimits> =>
  Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
