// tree.ts: the subtasks of a task and their lives, with the totals that are read at every event. A life changes through
// `change` alone, so that the totals are never summed up anew. No clock and no Temporal here: the caller passes the time.

import type { ChildResult, PodSubtask, Reply } from '../../protocol/activities.ts';
import type { Amounts } from '../../protocol/budget.ts';
import type { Failure } from '../../protocol/failures.ts';
import type { FindingDigest } from '../../protocol/findings.ts';
import { MAX_MERGED_TOLD } from '../../protocol/limits.ts';
import type { MergedSubtask } from '../../protocol/merged.ts';
import type { SubtaskSpec } from '../../protocol/plan.ts';
import type { SubtaskProgress } from '../../protocol/progress.ts';
import { addUsage, NO_USAGE, type Usage } from '../../protocol/usage.ts';
import { sectionChars } from './draft-section.ts';
import type { Standstill } from './standstill.ts';

/** One life of a subtask: its first, or one begun beside or after it. Each has a log of its own. */
export interface Life {
  /** Counts from 1. */
  generation: number;
  state: SubtaskProgress['state'];
  /** Number of its last visit; 0 before the first. */
  visit: number;
  /** Records its log holds, as last reported: the next visit must find them. */
  records: number;
  turns: number;
  usage: Usage;
  /** Failovers emitted so far. */
  failovers: number;
  digests: FindingDigest[];
  findingCount: number;
  findingsRef?: string;
  missing: string[];
  /** What its kind made beside findings. */
  dataRef?: string;
  /** For its next visit: replies from outside, and what its own subtasks found. */
  replies?: Reply[];
  childResults?: { handle: string; subtasks: ChildResult[] }[];
  retryAt?: number;
  failure?: Failure;
  /** What it spent is booked as waste. */
  isWaste?: true;
  /** The models to ask, in place of the plan's. */
  models?: string[];
  /** What it may spend of the task's budget, within its limits. Absent where the ledger grants nothing. */
  grant?: Amounts;
  /** It is paused, or waits for a person. */
  standsStill?: true;
  /** When a worker began with it, by that worker's clock, and how often it was visited again after a failure. */
  beganAt?: number;
  retries?: number;
}

export interface SubtaskState {
  spec: SubtaskSpec;
  /** Plan that holds its goal, when another subtask delegated it. */
  planRef?: string;
  /** What subtasks found that it needed and that are not in this tree. */
  found?: PodSubtask['needs'];
  lives: Life[];
  /** A sub-agent delegated it: no join counts it. */
  isDelegated?: true;
  /** It was asked which side of a conflict holds: no join counts it, and what it did not find is no gap. */
  isReask?: true;
  /** It is of a further round, for what these subtasks lack: no join counts it, and what it did not find is no gap of its own. */
  round?: { round: number; fills: string[] };
  /** The join was decided before it ended, and why: what it brings now is kept, and no part of the answer. */
  late?: Failure;
  /** Generation whose ending counts; absent while it is at work. */
  chosen?: number;
  startedAt?: number;
  endedAt?: number;
  /** When no life of it was at work, since it began. */
  standstill?: Standstill;
}

/** What is read at every event. */
export interface Totals {
  /** Subtasks by state. */
  states: Partial<Record<SubtaskProgress['state'], number>>;
  findings: number;
  /** Subtasks that an answer can be written from: done, or ended otherwise with findings. */
  useful: number;
  /** Subtasks that a join counts; of these, how many have ended, and how many of those brought a finding or data. */
  counted: number;
  ended: number;
  brought: number;
  /** Characters of the draft, without what joins its sections, and how many sections it has. */
  draftChars: number;
  draftSections: number;
}

export interface Tree {
  /** In the order of the plan; delegated ones behind those. */
  ids: string[];
  subtasks: Record<string, SubtaskState>;
  /** What was not begun, since one of these asks for the same: the first of them. Absent where nothing was, and in older histories. */
  merged?: MergedSubtask[];
  /** Further rounds that began, and why. Absent where none did, and in older histories. */
  rounds?: { round: number; why: string[] }[];
  totals: Totals;
}

export const newTree = (): Tree => ({
  ids: [],
  subtasks: {},
  totals: { states: {}, findings: 0, useful: 0, counted: 0, ended: 0, brought: 0, draftChars: 0, draftSections: 0 },
});

/** Ids come from Signals, too: a name like `constructor` is no subtask. */
export function subtaskOf(tree: Tree, id: string): SubtaskState | undefined {
  return Object.hasOwn(tree.subtasks, id) ? tree.subtasks[id] : undefined;
}

/** All of them, or the first `max`, in the order of the plan. */
export const subtasksOf = (tree: Tree, max?: number): SubtaskState[] =>
  tree.ids.slice(0, max).flatMap((id) => tree.subtasks[id] ?? []);

/** Of the plan's numbers, and those given since. */
export const highestNumber = ({ ids }: Tree, lastAdded: number): number =>
  ids.reduce((most, id) => Math.max(most, Number(/^s(\d+)$/.exec(id)?.[1] ?? 0)), lastAdded);

/** How many have not ended. */
export const openCount = ({ ids, totals: { states } }: Tree): number =>
  ids.length - ENDED.reduce((sum, state) => sum + (states[state] ?? 0), 0);

/** Adds a subtask, with its first life. */
export function addSubtask(
  tree: Tree,
  spec: SubtaskSpec,
  origin: Pick<SubtaskState, 'planRef' | 'isDelegated' | 'isReask' | 'round'> = {},
): SubtaskState {
  const subtask: SubtaskState = { spec, lives: [newLife(1)], ...origin };
  tree.ids.push(spec.id);
  tree.subtasks[spec.id] = subtask;
  count(tree.totals, subtask, 1);
  return subtask;
}

/** Keeps what was merged, as far as the coverage will name it. */
export function keepMerged(tree: Tree, more: readonly MergedSubtask[]): void {
  if (more.length > 0) tree.merged = [...(tree.merged ?? []), ...more].slice(0, MAX_MERGED_TOLD);
}

/** Takes all subtasks out of it; none of them may have begun. */
export function clear(tree: Tree): void {
  delete tree.merged;
  Object.assign(tree, newTree());
}

/** Begins another life of a subtask, beside those that it has; one that had ended is at work again. */
export function addLife(tree: Tree, subtask: SubtaskState): Life {
  const life = newLife(nextGeneration(subtask));
  change(tree, subtask, () => {
    subtask.lives.push(life);
    delete subtask.chosen;
    delete subtask.endedAt;
  });
  return life;
}

/** Begins another life of a subtask that has ended: its end counts no more. */
export function reviveSubtask(tree: Tree, subtask: SubtaskState): Life {
  const life = newLife(nextGeneration(subtask));
  change(tree, subtask, () => {
    delete subtask.chosen;
    delete subtask.endedAt;
    subtask.lives.push(life);
  });
  return life;
}

/** Not their number: of many that count no more some are added up. */
const nextGeneration = ({ lives }: SubtaskState): number => (lives.at(-1)?.generation ?? 0) + 1;

const newLife = (generation: number): Life => ({
  generation,
  state: 'planned',
  visit: 0,
  records: 0,
  turns: 0,
  usage: NO_USAGE,
  failovers: 0,
  digests: [],
  findingCount: 0,
  missing: [],
});

/** The one way a subtask changes. */
export function change(tree: Tree, subtask: SubtaskState, work: () => void): void {
  count(tree.totals, subtask, -1);
  work();
  count(tree.totals, subtask, 1);
}

/** The life that is shown: the chosen one, else the one that has found most, the newest of equals. */
export function shownLife({ lives, chosen }: SubtaskState): Life {
  const best = lives.reduce<Life | undefined>(
    (most, life) => (most === undefined || life.findingCount >= most.findingCount ? life : most),
    undefined,
  );
  const life = lives.find(({ generation }) => generation === chosen) ?? best;
  if (!life) throw new Error('a subtask has one life at least');
  return life;
}

/** Names one life of one subtask: `s1/1`. */
export const lifeKey = ({ spec }: Pick<SubtaskState, 'spec'>, { generation }: Pick<Life, 'generation'>): string =>
  `${spec.id}/${generation}`;

export const lifeOf = ({ lives }: SubtaskState, generation: number): Life | undefined =>
  lives.find((life) => life.generation === generation);

/** Whether a join counts it: the answer waits for it, and no sub-agent delegated it. */
export const counts = ({ spec, isDelegated, isReask, round }: SubtaskState): boolean =>
  spec.mode !== 'background' && !isDelegated && !isReask && !round;

/** A subtask's state: of the life that counts, else of one that is at work, else of its last. */
export function stateOf(subtask: SubtaskState): SubtaskProgress['state'] {
  if (subtask.late) return 'stopped';
  if (subtask.chosen !== undefined) return shownLife(subtask).state;
  const atWork = subtask.lives.find(({ state }) => state !== 'planned' && !isEnded(state));
  return (atWork ?? subtask.lives.at(-1))?.state ?? 'planned';
}

/** What a subtask that is not run again has for those that need it: all, what it found before it failed, or nothing. */
export function handedOnBy(subtask: SubtaskState | undefined): 'all' | 'part' | 'nothing' {
  if (!subtask) return 'nothing';
  const state = stateOf(subtask);
  if (state === 'failed' && shownLife(subtask).findingCount > 0) return 'part';
  return state === 'done' ? 'all' : 'nothing';
}

/** What all lives of a subtask spent. */
export const usageOf = ({ lives }: SubtaskState): Usage =>
  lives.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE);

/** What each subtask that asked a model used, as a result has it. */
export function usageBySubtask(tree: Tree): Pick<Usage, 'bySubtask'> {
  const used = subtasksOf(tree).flatMap((subtask) => {
    const { modelCalls: calls, inputTokens, outputTokens, costUsd } = usageOf(subtask);
    const usage = { calls, inputTokens, outputTokens, ...(costUsd === undefined ? {} : { costUsd }) };
    return calls > 0 ? [[subtask.spec.id, usage] as const] : [];
  });
  return used.length > 0 ? { bySubtask: Object.fromEntries(used) } : {};
}

const ENDED = ['done', 'failed', 'skipped', 'stopped'] as const satisfies readonly ChildResult['state'][];

export function isEnded(state: SubtaskProgress['state']): state is ChildResult['state'] {
  return (ENDED as readonly string[]).includes(state);
}

function count(totals: Totals, subtask: SubtaskState, sign: 1 | -1): void {
  const life = shownLife(subtask);
  const state = stateOf(subtask);
  const isUseful = state === 'done' || life.findingCount > 0;
  totals.states[state] = (totals.states[state] ?? 0) + sign;
  totals.findings += sign * life.findingCount;
  totals.useful += isUseful ? sign : 0;
  if (counts(subtask)) {
    const hasEnded = subtask.chosen !== undefined;
    totals.counted += sign;
    totals.ended += hasEnded ? sign : 0;
    const hasBrought = life.findingCount > 0 || life.dataRef !== undefined;
    totals.brought += hasEnded && hasBrought && !subtask.late ? sign : 0;
  }
  if (life.digests.length === 0) return;
  totals.draftChars += sign * sectionChars(subtask.spec.title, life.digests);
  totals.draftSections += sign;
}
