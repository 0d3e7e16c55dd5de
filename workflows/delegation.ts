// delegation.ts: subtasks that a sub-agent delegated become the master's, as far as there is room, and their results go
// back to the sub-agent, by reference, with its next visit. One that asks for the same as another is not begun: the sub-agent
// waits for that one, unless that one waits for it.

import type { ChildResult } from '../protocol/activities.ts';
import { spentOf } from '../protocol/budget.ts';
import { MAX_SUBTASKS_A_TASK } from '../protocol/limits.ts';
import type { MergedSubtask } from '../protocol/merged.ts';
import type { Outcome } from '../protocol/outcome.ts';
import type { SubtaskSpec } from '../protocol/plan.ts';
import { mayBring, takeBack, tellMerged, waitsFor } from './merged.ts';
import { accountOf, handOver, moneyIn, type Grants } from './state/grants.ts';
import type { Emit } from './state/journal.ts';
import {
  addSubtask,
  isEnded,
  lifeKey,
  shownLife,
  stateOf,
  subtaskOf,
  subtasksOf,
  usageOf,
  type Life,
  type SubtaskState,
  type Tree,
} from './state/tree.ts';

const FIRST_LIFE = { generation: 1 };

/**
 * Adds delegated subtasks to the tree; returns those that are waited for, also such as were there before. What they may spend is
 * taken out of their parent's grant, and goes back to it. To be called again while one of them `wasStoppedWithItsParent`.
 */
export function addDelegated(
  tree: Tree,
  parent: SubtaskState,
  life: Life,
  { delegations }: Extract<Outcome, { status: 'delegated' }>,
  emit: Emit,
  grants?: Grants,
): SubtaskState[] {
  const { id: delegatedBy } = parent.spec;
  const fresh: SubtaskState[] = [];
  const merged: MergedSubtask[] = [];

  /** Where the result of a delegated subtask will be found. */
  function placeOf(spec: SubtaskSpec, planRef: string): ChildResult {
    const { id, title } = spec;
    const isKnown = subtaskOf(tree, id) !== undefined;
    const same = isKnown ? undefined : sameFor(tree, parent, spec, grants);
    if (same) {
      const { id: into } = same.spec;
      merged.push({ title, into, delegatedBy });
      return { subtask: into, title, state: 'skipped', spent: NOTHING };
    }
    if (!isKnown && tree.ids.length < MAX_SUBTASKS_A_TASK) {
      const child = addSubtask(tree, spec, { planRef, isDelegated: true });
      if (grants) handOver(grants, lifeKey(parent, life), lifeKey(child, FIRST_LIFE), moneyIn(spec.limits));
      fresh.push(child);
    }
    return { subtask: id, title, state: 'skipped' };
  }

  // What came before stays where it is: it may have been the same as one that has failed since.
  const before = new Map(life.childResults?.map(({ handle, subtasks }) => [handle, subtasks]));
  life.childResults = delegations.map(({ handle, planRef, subtasks }) => ({
    handle,
    subtasks: subtasks.map((spec, at) => {
      const known = before.get(handle)?.[at];
      if (known && !isLeftWithout(tree, known)) return known;
      if (known) takeBack(tree, { title: known.title, into: known.subtask, delegatedBy });
      return placeOf(spec, planRef);
    }),
  }));
  if (fresh.length > 0) {
    const subtasks = fresh.map(({ spec: { id, title, kind } }) => ({ id, title, kind }));
    emit({ type: 'subtask.delegated', subtask: delegatedBy, generation: life.generation, subtasks });
  }
  tellMerged({ tree, emit }, merged);
  return life.childResults.flatMap(({ subtasks }) => subtasks.flatMap(({ subtask }) => subtaskOf(tree, subtask) ?? []));
}

/** Whether a life waits for another one's subtask that ended with its own parent: stopped or outrun, for no reason of its own. */
export const wasStoppedWithItsParent = (tree: Tree, { childResults: results = [] }: Life): boolean =>
  results.some(({ subtasks }) => subtasks.some((one) => isLeftWithout(tree, one)));

function isLeftWithout(tree: Tree, { subtask, spent }: ChildResult): boolean {
  const other = spent ? subtaskOf(tree, subtask) : undefined;
  return other !== undefined && stateOf(other) === 'stopped' && !shownLife(other).failure;
}

/** What a subtask that another one is done for spends. */
const NOTHING = { tokens: 0, costUsd: 0 };

/** One that asks for the same, has a result or may have one, and does not wait for the parent itself. */
function sameFor(
  tree: Tree,
  parent: SubtaskState,
  { dedupeKey }: SubtaskSpec,
  grants: Grants | undefined,
): SubtaskState | undefined {
  if (dedupeKey === undefined) return undefined;
  return subtasksOf(tree).find(
    (one) =>
      one.spec.dedupeKey === dedupeKey &&
      mayBring(one) &&
      !mayWaitForGrant(one, grants) &&
      !waitsFor(tree, one, parent.spec.id),
  );
}

/** It may wait for what the parent gives back, and that one would wait for it. */
function mayWaitForGrant(subtask: SubtaskState, grants: Grants | undefined): boolean {
  const life = subtask.lives.at(-1);
  return (
    grants !== undefined &&
    stateOf(subtask) === 'planned' &&
    (!life || accountOf(grants, lifeKey(subtask, life)) === undefined)
  );
}

/** Results of the subtasks that this life delegated, for its next visit. */
export function childResults(tree: Tree, life: Life): Life['childResults'] {
  return life.childResults?.map(({ handle, subtasks }) => ({
    handle,
    subtasks: subtasks.map(({ subtask, title, spent }) => ({
      ...resultOf(subtaskOf(tree, subtask), subtask, title),
      ...(spent ? { spent } : {}),
    })),
  }));
}

function resultOf(child: SubtaskState | undefined, subtask: string, title: string): ChildResult {
  if (!child)
    return {
      subtask,
      title,
      state: 'skipped',
      reason: `the task has ${MAX_SUBTASKS_A_TASK} subtasks already`,
      spent: NOTHING,
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
