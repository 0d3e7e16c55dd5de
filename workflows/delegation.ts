// delegation.ts: subtasks that a subtask of its own asked for become the master's, as far as there is room, and their
// results go back to it, by reference, with its next visit.

import type { ChildResult } from '../protocol/activities.ts';
import { spentOf } from '../protocol/budget.ts';
import { MAX_SUBTASKS_A_TASK } from '../protocol/limits.ts';
import type { Outcome } from '../protocol/outcome.ts';
import type { Tell } from './progress.ts';
import {
  addSubtask,
  isEnded,
  seenLife,
  stateOf,
  subtaskOf,
  usageOf,
  type Life,
  type SubtaskState,
  type Tree,
} from './state/tree.ts';

/** Takes delegated subtasks in; returns those that may run, as the master knows them. */
export function takeDelegated(
  tree: Tree,
  parent: SubtaskState,
  life: Life,
  { delegations }: Extract<Outcome, { status: 'delegated' }>,
  tell: Tell,
): SubtaskState[] {
  const children: SubtaskState[] = [];
  const fresh: SubtaskState[] = [];
  for (const { planRef, subtasks } of delegations) {
    for (const spec of subtasks) {
      const known = subtaskOf(tree, spec.id);
      if (known) children.push(known);
      if (known || tree.ids.length >= MAX_SUBTASKS_A_TASK) continue;
      const child = addSubtask(tree, spec, planRef);
      children.push(child);
      fresh.push(child);
    }
  }
  if (fresh.length > 0) {
    const { generation } = life;
    const subtasks = fresh.map(({ spec: { id, title, kind } }) => ({ id, title, kind }));
    tell({ type: 'subtask.delegated', subtask: parent.spec.id, generation, subtasks });
  }
  life.childResults = delegations.map(({ handle, subtasks }) => ({
    handle,
    subtasks: subtasks.map(({ id, title }) => ({ subtask: id, title, state: 'skipped' as const })),
  }));
  return children;
}

/** What a life is told, with its next visit, of the subtasks that it delegated. */
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
  const { findingsRef, failure } = seenLife(child);
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
