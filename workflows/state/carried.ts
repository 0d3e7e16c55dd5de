// carried.ts: what a background child whose history has become long hands to its next run, and how that takes it up: the
// whole state, in a size that stays within a payload however often people have something done again. Pure.

import { MAX_CARRIED_CHARS } from '../../protocol/limits.ts';
import type { SeenReports } from '../../protocol/reports.ts';
import type { Waste } from '../../protocol/result.ts';
import { addUsage } from '../../protocol/usage.ts';
import { newMailbox } from './mailbox.ts';
import type { MasterState } from './state.ts';
import { change, subtaskOf, subtasksOf, type SubtaskState, type Tree } from './tree.ts';

/** Part of the next run's input: its names are in histories, and stay. */
export interface Carried {
  state: Omit<MasterState, 'taskId' | 'firstRun' | 'request'>;
  /** Runs of the task that ended, and when the first end came. */
  ends: string[];
  endedAt: number;
  /** Ids of the subtasks of the request and of the plan, and how many could not be planned. */
  own: string[];
  unplanned: number;
}

/** Lives of a subtask whose work counts no more that are kept one by one; the others are added up. */
const MOST_WASTED_LIVES = 10;

/** Nothing may be at work any more. Works on the state itself: this run has no further use for it. */
export function carriedOf(state: MasterState, more: Omit<Carried, 'state'>): Carried {
  const { tree, ledger, mailbox } = state;
  for (const subtask of subtasksOf(tree)) foldLives(tree, subtask, mailbox.seen);
  ledger.wasted = foldWaste(ledger.wasted, tree);
  // A reply that was used is of no use, and one that nobody waits for came for nothing.
  state.mailbox = { ...newMailbox(), seen: mailbox.seen };
  const { taskId: _taskId, firstRun: _firstRun, request: _request, ...rest } = state;
  const carried = { ...more, state: rest };
  // The findings are in the store: only their texts in short go.
  if (JSON.stringify(carried).length > MAX_CARRIED_CHARS)
    for (const subtask of subtasksOf(tree))
      change(tree, subtask, () => subtask.lives.forEach((life) => (life.digests = [])));
  return carried;
}

/** @returns the new run's state, as the run before left it. */
export const takeUp = (state: MasterState, carried: Carried): MasterState => Object.assign(state, carried.state);

/** The first of those that count no more takes what the others spent. */
function foldLives(tree: Tree, subtask: SubtaskState, seen: SeenReports): void {
  const [sum, ...wasted] = subtask.lives.filter(({ isWaste }) => isWaste);
  const old = wasted.slice(0, -MOST_WASTED_LIVES);
  if (!sum || old.length === 0) return;
  change(tree, subtask, () => {
    for (const { usage, turns, retries = 0, generation } of old) {
      sum.usage = addUsage(sum.usage, usage);
      sum.turns += turns;
      // Each was begun after the one before, which is one more try.
      sum.retries = (sum.retries ?? 0) + retries + 1;
      for (const key of [`${subtask.spec.id}/${generation}`, `${subtask.spec.id}/${generation}/resumed`])
        delete seen[key];
    }
    subtask.lives = subtask.lives.filter((life) => !old.includes(life));
  });
}

/** Of lives that are added up one entry is left. */
function foldWaste(wasted: readonly Waste[], tree: Tree): Waste[] {
  const sums = new Map<string, Waste>();
  for (const one of wasted) {
    const lives = subtaskOf(tree, one.subtask)?.lives ?? [];
    const { generation } = lives.find((life) => life.generation === one.generation) ?? lives[0] ?? one;
    const key = `${one.subtask}/${generation}/${one.reason}`;
    const sum = sums.get(key);
    const costUsd =
      sum?.costUsd === undefined && one.costUsd === undefined ? undefined : (sum?.costUsd ?? 0) + (one.costUsd ?? 0);
    sums.set(key, {
      ...one,
      generation,
      tokens: (sum?.tokens ?? 0) + one.tokens,
      ...(costUsd === undefined ? {} : { costUsd }),
    });
  }
  return [...sums.values()];
}
