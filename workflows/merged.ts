// merged.ts: what is not done twice: which subtask may be done for another one that asks for the same, and how that is told.

import type { MergedSubtask } from '../protocol/merged.ts';
import type { MasterContext } from './endings.ts';
import { isEnded, keepMerged, stateOf, subtaskOf, type SubtaskState, type Tree } from './state/tree.ts';

/** Keeps for the coverage what is not done twice, and emits it. */
export function tellMerged({ tree, emit }: Pick<MasterContext, 'tree' | 'emit'>, merged: MergedSubtask[]): void {
  if (merged.length === 0) return;
  keepMerged(tree, merged);
  emit({ type: 'subtasks.merged', merged });
}

/** It is done for itself after all: the coverage names it no more. */
export function takeBack(tree: Tree, { title, into, delegatedBy }: MergedSubtask): void {
  const left = tree.merged?.filter(
    (one) => one.title !== title || one.into !== into || one.delegatedBy !== delegatedBy,
  );
  if (left && left.length > 0) tree.merged = left;
  else delete tree.merged;
}

/** Whether a subtask has a result, or may have one yet. */
export function mayBring(subtask: SubtaskState): boolean {
  const state = stateOf(subtask);
  return state === 'done' || !isEnded(state);
}

/** Whether a subtask is the one of this id, or waits for it: for what it needs or delegated, and for what those wait for. */
export function waitsFor(tree: Tree, subtask: SubtaskState, id: string): boolean {
  const seen = new Set<string>();
  const open = [subtask.spec.id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === id) return true;
    const one = subtaskOf(tree, next);
    // What has ended waits for nobody any more.
    if (!one || seen.has(next) || isEnded(stateOf(one))) continue;
    seen.add(next);
    open.push(...one.spec.needs);
    for (const { childResults = [] } of one.lives)
      for (const { subtasks } of childResults) for (const { subtask: child } of subtasks) open.push(child);
  }
  return false;
}
