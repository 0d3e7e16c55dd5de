// merge-subtasks.ts: subtasks of one plan that ask for the same become one: the first of them, which all that needed one of them
// need instead. Only such are merged as need the same, so that none of them ever waits for itself.

import type { JoinPolicy } from '../../protocol/join.ts';
import type { MergedSubtask } from '../../protocol/merged.ts';
import { meaningOf, type Meaning } from '../text/meaning.ts';
import { asksTheSame } from '../text/same-question.ts';
import type { Near } from './near-questions.ts';
import type { ProposedSubtask } from './planned-subtask.ts';

/** Subtasks that are left, numbered anew in their order, and those that became one of them. */
export interface MergedPlan<T extends ProposedSubtask> {
  left: T[];
  merged: MergedSubtask[];
}

/**
 * Merges a planner's subtasks.
 *
 * @param planned each needs earlier ones alone.
 * @param join what it asks for at least is left: a merge must not make a join fail.
 * @param near what else may be the same. Default: nothing.
 */
export const mergeSubtasks = <T extends ProposedSubtask>(
  planned: readonly T[],
  join: JoinPolicy,
  near: Near = () => false,
): MergedPlan<T> => merge(planned, join, { near, mayMerge: () => true, idOf: (_one, at) => `s${at + 1}` });

/**
 * Merges what a person added to a plan into what is there before it; all others keep their ids and words.
 *
 * @param added ids of those that the person put in.
 */
export const mergeAdded = <T extends ProposedSubtask>(
  planned: readonly T[],
  added: ReadonlySet<string>,
  join: JoinPolicy,
): MergedPlan<T> =>
  merge(planned, join, { near: () => false, mayMerge: ({ id }) => added.has(id), idOf: ({ id }) => id });

function merge<T extends ProposedSubtask>(
  planned: readonly T[],
  join: JoinPolicy,
  { near, mayMerge, idOf }: { near: Near; mayMerge: (one: T) => boolean; idOf: (one: T, at: number) => string },
): MergedPlan<T> {
  const left: T[] = [];
  const merged: MergedSubtask[] = [];
  /** Ids by those that were planned. */
  const ids = new Map<string, string>();
  /** Of those that are left, by what must be equal in any case. */
  const groups = new Map<string, { id: string; goal: string; meaning: Meaning }[]>();
  const needsOf = ({ needs }: T): string[] => [...new Set(needs.map((need) => ids.get(need) ?? need))];
  let spare = planned.length - leastOf(join);
  for (const one of planned) {
    const meaning = meaningOf(one.goal);
    const { asks, numbers, turns } = meaning;
    const key = JSON.stringify([one.kind, one.mode, needsOf(one).sort(), asks, numbers, turns]);
    const group = groups.get(key) ?? [];
    const same =
      spare > 0 && mayMerge(one)
        ? group.find((other) => asksTheSame(other.meaning, meaning) || near(other.goal, one.goal))
        : undefined;
    const id = same?.id ?? idOf(one, left.length);
    ids.set(one.id, id);
    if (same) {
      merged.push({ title: one.title, into: id });
      spare -= 1;
      continue;
    }
    left.push(one);
    group.push({ id, goal: one.goal, meaning });
    groups.set(key, group);
  }
  return { left: left.map((one) => ({ ...one, id: ids.get(one.id) ?? one.id, needs: needsOf(one) })), merged };
}

/** How many subtasks a join asks for, where it says so. */
function leastOf(join: JoinPolicy): number {
  if (join.kind === 'quorum') return join.k;
  return join.kind === 'bestEffort' ? join.min : 1;
}
