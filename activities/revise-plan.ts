// revise-plan.ts: the Activity that checks a plan as a person changed it, like one that a model made, and writes it as a plan
// of its own. The plan that was proposed stays as it is.

import type { Activities } from '../protocol/activities.ts';
import type { SubtaskLimits } from '../protocol/classes.ts';
import { joinOf } from '../protocol/join.ts';
import type { MergedSubtask } from '../protocol/merged.ts';
import { addedIds, editedGraph, planEditProblem, type PlanEdit } from '../protocol/plan-edit.ts';
import type { Plan, PlannedSubtask } from '../protocol/plan.ts';
import { canonicalJson } from '../protocol/schemas/hash.ts';
import type { TaskRequest } from '../protocol/task.ts';
import { readJson } from '../store/read-json.ts';
import { mergeAdded } from './agents/merge-subtasks.ts';
import { estimateOf, plannedSubtask, type ProposedSubtask } from './agents/planned-subtask.ts';
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
      const { subtasks, merged } = revised;
      const prices = models.inOrder(order).map(({ provider }) => provider.prices);
      const estimate = estimateOf(subtasks, request.class, prices);
      const made: Plan = { ...plan, subtasks, estimate };
      return {
        planRef: await store.putBlob(canonicalJson(made)),
        subtasks: subtasks.map(({ goal: _goal, ...slim }) => slim),
        estimate,
        ...(merged.length > 0 ? { merged } : {}),
      };
    } catch (error) {
      throw asActivityError(error);
    }
  };
}

/**
 * The subtasks of the edited plan, and what was added and asks for the same as one of them; or why it can't be run, in words for the
 * person who changed it.
 */
export function editPlan(
  planned: readonly PlannedSubtask[],
  edit: PlanEdit,
  request: TaskRequest,
  { kinds, defaultKind }: Pick<Deployment, 'kinds' | 'defaultKind'>,
  queue: string,
  models: readonly string[] = [],
  isGranted = false,
): { subtasks: PlannedSubtask[]; merged: MergedSubtask[] } | { problem: string } {
  const problem = planEditProblem(planned, edit, request.class);
  if (problem) return { problem };
  const ids = addedIds(planned, edit);
  const added = new Map((edit.add ?? []).map((one, at) => [ids[at], one]));
  const before = new Map(planned.map((one) => [one.id, one]));
  const offered = [...kinds.values()].filter(({ description, input }) => description !== '' && !input);
  const graph = editedGraph(planned, edit);
  const all: ProposedSubtask[] = [];
  for (const { id, needs, mode } of graph) {
    const { goal, kind = defaultKind, title = goal?.slice(0, 120) ?? '' } = added.get(id) ?? before.get(id) ?? {};
    if (goal === undefined) return { problem: `${id} is in no part of the edited plan` };
    if (added.has(id) && !offered.some(({ name }) => name === kind))
      return {
        problem: `${id}: there is no kind "${kind.slice(0, 60)}"; there are ${offered.map(({ name }) => name).join(', ')}`,
      };
    const { title: newTitle = title, goal: newGoal = goal } = edit.change?.[id] ?? {};
    all.push({ id, title: newTitle, kind, goal: newGoal, needs, mode });
  }
  const { left, merged } = mergeAdded(all, new Set(ids), joinOf(request));
  const subtasks = left.map((one) => {
    const { turns, tokens, seconds } = edit.change?.[one.id] ?? {};
    const count = isGranted && one.mode !== 'background' ? {} : { count: left.length };
    const made = plannedSubtask(one, { request, queue, models, isBesideOthers: left.length > 1, ...count });
    return { ...made, limits: { ...made.limits, ...set({ turns, tokens, seconds }) } };
  });
  return { subtasks, merged };
}

const set = (limits: { [K in keyof SubtaskLimits]?: SubtaskLimits[K] | undefined }): Partial<SubtaskLimits> =>
  Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
