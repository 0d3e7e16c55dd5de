// endings.ts: folds the endings of visits, lives and subtasks into the state, and emits their events. What a stopped subtask
// had found by then stays; the tokens of a life that another one outran are booked as waste.

import { keepAccount, newFailovers } from '../protocol/books.ts';
import { MAX_REMARK_CHARS, MAX_REMARKS_A_TASK } from '../protocol/limits.ts';
import type { Failure } from '../protocol/failures.ts';
import type { Account, Outcome } from '../protocol/outcome.ts';
import type { SubtaskProgress } from '../protocol/progress.ts';
import type { Ending } from './fan-out.ts';
import type { Emit } from './state/journal.ts';
import { draftLength } from './state/draft.ts';
import { refund } from './state/grants.ts';
import { bookLifeUsage, bookWaste, type Ledger } from './state/ledger.ts';
import { change, isEnded, lifeKey, shownLife, type Life, type SubtaskState, type Tree } from './state/tree.ts';

/** The parts of the master's state that endings change, and where events go. */
export interface MasterContext {
  tree: Tree;
  ledger: Ledger;
  /** The task's remarks so far. */
  remarks: string[];
  emit: Emit;
  /** The task began before subtasks had lives: no finding is an event at the end, and none of them is cancelled alone. */
  isBeforeLives: boolean;
}

/** Books what a visit used, however it ended. */
export function bookVisit(context: MasterContext, subtask: SubtaskState, life: Life, outcome: Outcome): void {
  const { ledger, emit } = context;
  bookLifeUsage(ledger, subtask, life, outcome);
  Object.assign(life, { turns: outcome.turns, records: outcome.records });
  life.beganAt ??= outcome.startedAt;
  if (outcome.status === 'retryAt') life.retries = (life.retries ?? 0) + 1;
  emitFailovers(ledger, emit, subtask.spec.id, outcome, life.failovers);
  life.failovers = Math.max(life.failovers, outcome.failovers?.length ?? 0);
  keepRemarks(context, subtask.spec.id, life.generation, outcome);
}

/** Stands for all that come after the most that are kept. */
const MORE_REMARKS = `More was remarked; no more than ${MAX_REMARKS_A_TASK} remarks are told.`;

/** Hundreds of subtasks that all miss the same tools say so once. */
function keepRemarks({ remarks, emit }: MasterContext, subtask: string, generation: number, outcome: Outcome): void {
  // An outcome may come by Signal, from anybody.
  const said: unknown[] = Array.isArray(outcome.remarks) ? outcome.remarks : [];
  for (const one of said) {
    if (typeof one !== 'string') continue;
    const remark = one.slice(0, MAX_REMARK_CHARS);
    if (remarks.length > MAX_REMARKS_A_TASK || remarks.includes(remark)) continue;
    if (remarks.length === MAX_REMARKS_A_TASK) {
      remarks.push(MORE_REMARKS);
      continue;
    }
    remarks.push(remark);
    emit({ type: 'subtask.remark', subtask, generation, remark });
  }
}

/** Keeps prompts and failovers, and emits the failovers but the first `known`, which were emitted before. */
export function emitFailovers(ledger: Ledger, emit: Emit, where: string, account: Account, known: number): void {
  const failovers = newFailovers(where, account, known);
  keepAccount(ledger, account, failovers);
  for (const { from, to, reason } of failovers) emit({ type: 'model.failover', subtask: where, from, to, reason });
}

/** Sets the state of a life that begins or waits; `wait` says why and until when. */
export function setLifeState(
  { tree }: MasterContext,
  subtask: SubtaskState,
  life: Life,
  state: SubtaskProgress['state'],
  wait: Pick<Life, 'retryAt' | 'failure'> = {},
): void {
  change(tree, subtask, () => {
    life.state = state;
    Object.assign(life, wait);
  });
}

/** Folds the ending that decides a subtask: the life that is done counts, and where none is, the one that found most. */
export function endSubtask(
  context: MasterContext,
  subtask: SubtaskState,
  last: Life,
  ending: Ending,
  now: number,
): void {
  const { tree, ledger, emit } = context;
  const reported = new Set(last.digests.map(({ id }) => id));
  const isLeft = ending.status === 'stopped' && ending.isLeft;
  if (!isLeft) updateLife(context, subtask, last, ending);
  // One that was begun once more may have been done before.
  const doneBefore = subtask.lives.findLast(({ state, isWaste }) => state === 'done' && !isWaste);
  const late = isLeft && !doneBefore ? ending.failure : undefined;
  if (late) leave(tree, subtask, late);
  const life = ending.status === 'done' ? last : (doneBefore ?? shownLife(subtask));
  change(tree, subtask, () => {
    subtask.chosen = life.generation;
    subtask.endedAt = now;
  });
  const { spec, lives } = subtask;
  const isLost = (one: Life): boolean => late !== undefined || one !== life || wasStoppedFirst(one);
  for (const one of lives) if (isEnded(one.state) && isLost(one)) bookWaste(ledger, subtask, one);
  const { generation, state, digests, findingCount, failure } = life;
  if (!context.isBeforeLives)
    for (const finding of digests)
      if (!reported.has(finding.id)) emit({ type: 'subtask.finding', subtask: spec.id, generation, finding });
  emit({
    type: 'subtask.finished',
    subtask: spec.id,
    generation,
    state: !late && isEnded(state) ? state : ending.status,
    findings: findingCount,
    usage: life.usage,
    ...(failure ? { failure } : {}),
  });
  emitDraft(tree, emit);
}

/** A person ended it before it had found anything. Nothing is booked of one that had not begun. */
const wasStoppedFirst = ({ state, failure, findingCount, dataRef, turns }: Life): boolean =>
  state === 'stopped' && failure?.type === 'Stopped' && findingCount === 0 && dataRef === undefined && turns > 0;

/** It was enough without it: its lives still end, each by itself. */
function leave(tree: Tree, subtask: SubtaskState, why: Failure): void {
  change(tree, subtask, () => {
    subtask.late = why;
    shownLife(subtask).failure = why;
  });
}

/** Folds the ending of a life that decided nothing. Until its subtask is decided, its findings may still count. */
export function endLife(context: MasterContext, subtask: SubtaskState, life: Life, ending: Ending): void {
  updateLife(context, subtask, life, ending);
  if (subtask.chosen !== undefined) bookWaste(context.ledger, subtask, life);
  // It is no part of an answer, but of what a task without one has to show.
  if (subtask.late) emitDraft(context.tree, context.emit);
}

export function emitDraft(tree: Tree, emit: Emit): void {
  const { findings } = tree.totals;
  if (findings > 0) emit({ type: 'draft.updated', chars: draftLength(tree.totals), findings });
}

/** Takes findings, failure and usage of an ending into its life. */
function updateLife(context: MasterContext, subtask: SubtaskState, life: Life, ending: Ending): void {
  const outcome = ending.status === 'stopped' ? ending.last : 'usage' in ending ? ending : undefined;
  if (outcome) bookVisit(context, subtask, life, outcome);
  if (context.ledger.grants) refund(context.ledger.grants, lifeKey(subtask, life));
  change(context.tree, subtask, () => {
    if (outcome?.status === 'done' || outcome?.status === 'failed') {
      const { findingCount, digests, missing, findingsRef, dataRef } = outcome;
      Object.assign(life, { findingCount, digests, missing });
      if (findingsRef !== undefined) life.findingsRef = findingsRef;
      if (dataRef !== undefined) life.dataRef = dataRef;
    }
    life.state = ending.status;
    delete life.retryAt;
    delete life.failure;
    if ('failure' in ending && ending.failure) life.failure = ending.failure;
    else if (subtask.late) life.failure = subtask.late;
  });
}
