// delegation.ts: subtasks that a sub-agent delegated become the master's, as far as there is room, and their results go
// back to the sub-agent, by reference, with its next visit.

import type { ChildResult } from '../protocol/activities.ts';
import { spentOf } from '../protocol/budget.ts';
import { MAX_SUBTASKS_A_TASK } from '../protocol/limits.ts';
import type { Outcome } from '../protocol/outcome.ts';
import type { Emit } from './state/journal.ts';
import {
  addSubtask,
  isEnded,
  shownLife,
  stateOf,
  subtaskOf,
  usageOf,
  type Life,
  type SubtaskState,
  type Tree,
} from './state/tree.ts';

/** Adds delegated subtasks to the tree; returns those that may run, also those that were added before. */
export function addDelegated(
  tree: Tree,
  parent: SubtaskState,
  life: Life,
  { delegations }: Extract<Outcome, { status: 'delegated' }>,
  emit: Emit,
): SubtaskState[] {
  const children: SubtaskState[] = [];
  const fresh: SubtaskState[] = [];
  for (const { planRef, subtasks } of delegations) {
    for (const spec of subtasks) {
      const known = subtaskOf(tree, spec.id);
      if (known) children.push(known);
      if (known || tree.ids.length >= MAX_SUBTASKS_A_TASK) continue;
      const child = addSubtask(tree, spec, { planRef, isDelegated: true });
      children.push(child);
      fresh.push(child);
    }
  }
  if (fresh.length > 0) {
    const { generation } = life;
    const subtasks = fresh.map(({ spec: { id, title, kind } }) => ({ id, title, kind }));
    emit({ type: 'subtask.delegated', subtask: parent.spec.id, generation, subtasks });
  }
  life.childResults = delegations.map(({ handle, subtasks }) => ({
    handle,
    subtasks: subtasks.map(({ id, title }) => ({ subtask: id, title, state: 'skipped' as const })),
  }));
  return children;
}

/** Results of the subtasks that this life delegated, for its next visit. */
export function childResults(tree: Tree, life: Life): Life['childResults'] {
  return life.childResults?.map(({ handle, subtasks }) => ({
    handle,
    subtasks: subtasks.map(({ subtask, title }) => resultOf(subtaskOf(tree, subtask), subtask, title)),
  }));
}

function resultOf(child: SubtaskState | undefined, subtask: string, title: string): ChildResult {
  if (!child)
    return {
      subtask,
      title,
      state: 'skipped',
      reason: `the task has ${MAX_SUBTASKS_A_TASK} subtasks already`,
      spent: { tokens: 0, costUsd: 0 },
    };
  const { findingsRef, failure } = shownLife(child);
  const state = stateOf(child);
  return {
    subtask,
    title,
    state: isEnded(state) ? state : 'stopped',
    ...(findingsRef ? { findingsRef } : {}),
    ...(failure ? { reason: failure.message } : {}),
    spent: spentOf(usageOf(child)),
  };
}
