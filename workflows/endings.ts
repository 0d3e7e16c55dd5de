// endings.ts: what visits and lives say of themselves, folded into the state and told. What a stopped subtask had found by
// then stays; what another life outran goes to waste.

import type { Account, Outcome } from '../protocol/outcome.ts';
import type { SubtaskProgress } from '../protocol/progress.ts';
import type { Ending } from './fan-out.ts';
import type { Tell } from './progress.ts';
import { draftLength } from './state/draft.ts';
import { keepAccount, spendOfLife, waste, type Ledger } from './state/ledger.ts';
import { change, isEnded, seenLife, type Life, type SubtaskState, type Tree } from './state/tree.ts';

/** Where endings are folded in, and whom they are told. */
export interface Books {
  tree: Tree;
  ledger: Ledger;
  tell: Tell;
  /** The task began before subtasks had lives: no finding is told at the end, and none of them is cancelled alone. */
  isOlder: boolean;
}

/** What every visit says, whatever its end. */
export function visited({ ledger, tell }: Books, subtask: SubtaskState, life: Life, outcome: Outcome): void {
  spendOfLife(ledger, life, outcome);
  Object.assign(life, { turns: outcome.turns, records: outcome.records });
  tellFailovers(ledger, tell, subtask.spec.id, outcome, life.failovers);
  life.failovers = Math.max(life.failovers, outcome.failovers?.length ?? 0);
}

/** Prompts and failovers alone; the first `known` failovers were told before. */
export function tellFailovers(ledger: Ledger, tell: Tell, where: string, said: Account, known: number): void {
  for (const { from, to, reason } of keepAccount(ledger, where, said, known))
    tell({ type: 'model.failover', subtask: where, from, to, reason });
}

/** A life begins, or goes into a pause. */
export function enterState(
  { tree }: Books,
  subtask: SubtaskState,
  life: Life,
  state: SubtaskProgress['state'],
  pause: Pick<Life, 'retryAt' | 'failure'> = {},
): void {
  change(tree, subtask, () => {
    life.state = state;
    Object.assign(life, pause);
  });
}

/** Folds the ending that decides a subtask: the life that is done counts, and where none is, the one that found most. */
export function ended(books: Books, subtask: SubtaskState, last: Life, ending: Ending, now: number): void {
  const { tree, ledger, tell } = books;
  const told = new Set(last.digests.map(({ id }) => id));
  take(books, subtask, last, ending);
  const life = ending.status === 'done' ? last : seenLife(subtask);
  change(tree, subtask, () => {
    subtask.chosen = life.generation;
    subtask.endedAt = now;
  });
  const { spec, lives } = subtask;
  for (const other of lives) if (other !== life && isEnded(other.state)) waste(ledger, spec.id, other);
  const { generation, state, digests, findingCount, failure } = life;
  if (!books.isOlder)
    for (const finding of digests)
      if (!told.has(finding.id)) tell({ type: 'subtask.finding', subtask: spec.id, generation, finding });
  tell({
    type: 'subtask.finished',
    subtask: spec.id,
    generation,
    state: isEnded(state) ? state : ending.status,
    findings: findingCount,
    usage: life.usage,
    ...(failure ? { failure } : {}),
  });
  tellDraft(tree, tell);
}

/** Folds the ending of a life that decided nothing. Until its subtask is decided, its findings may still count. */
export function lost(books: Books, subtask: SubtaskState, life: Life, ending: Ending): void {
  take(books, subtask, life, ending);
  if (subtask.chosen !== undefined) waste(books.ledger, subtask.spec.id, life);
}

export function tellDraft(tree: Tree, tell: Tell): void {
  const { findings } = tree.totals;
  if (findings > 0) tell({ type: 'draft.updated', chars: draftLength(tree.totals), findings });
}

/** What an ending says of its life. */
function take(books: Books, subtask: SubtaskState, life: Life, ending: Ending): void {
  const outcome = ending.status === 'stopped' ? ending.last : 'usage' in ending ? ending : undefined;
  if (outcome) visited(books, subtask, life, outcome);
  change(books.tree, subtask, () => {
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
  });
}
