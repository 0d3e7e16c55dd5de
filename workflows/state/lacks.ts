// lacks.ts: which subtasks brought too little, what further rounds made up for, and what stays open. Pure, read from the tree: no
// model is asked whether anything is missing.

import type { FailureType } from '../../protocol/failures.ts';
import { LEAST_FINDINGS, type Lack, type LackKind, type Round } from '../../protocol/rounds.ts';
import { counts, shownLife, stateOf, subtaskOf, subtasksOf, type SubtaskState, type Tree } from './tree.ts';

/** After these the same question, or one in other words, may be answered; after others it would end as before. */
const MAY_BE_MENDED: ReadonlySet<FailureType> = new Set([
  'ModelOutputInvalid',
  'AttemptsExhausted',
  'ContentRefused',
  'ToolsFailed',
  'LimitReached',
  'NeedsFailed',
]);
/** Of what it did not find. */
const MAX_SAYS = 3;
const MAX_SAYS_CHARS = 300;

/** What is missing once all have ended, in the order of the plan. */
export function lacksOf(tree: Tree): Lack[] {
  const filled = filledIn(tree);
  return subtasksOf(tree).flatMap((subtask) => {
    const why = filled.has(subtask.spec.id) ? undefined : lackOf(subtask, filled);
    if (why === undefined) return [];
    const { failure, missing } = shownLife(subtask);
    const says = why === 'failed' ? [failure?.message ?? ''] : missing;
    return [
      {
        subtask: subtask.spec.id,
        title: subtask.spec.title,
        why,
        says: says.slice(0, MAX_SAYS).map((one) => one.slice(0, MAX_SAYS_CHARS)),
      },
    ];
  });
}

function lackOf(subtask: SubtaskState, filled: ReadonlySet<string>): LackKind | undefined {
  const { findingCount, dataRef, missing, failure } = shownLife(subtask);
  const state = stateOf(subtask);
  // What one of a further round did not bring is still the lack of those that it was for.
  if (subtask.round) return tellsGaps(subtask, filled) && missing.length > 0 ? 'gap' : undefined;
  if (!counts(subtask)) return undefined;
  if (state === 'failed' || state === 'skipped') return isMendable(state, failure?.type) ? 'failed' : undefined;
  if (state !== 'done' || dataRef !== undefined) return undefined;
  if (findingCount === 0) return 'nothing';
  if (missing.length > 0) return 'gap';
  return findingCount < LEAST_FINDINGS ? 'thin' : undefined;
}

/** One that the ledger left out would be left out again. */
const isMendable = (state: 'failed' | 'skipped', type: FailureType | undefined): boolean =>
  type !== undefined && MAY_BE_MENDED.has(type) && (state === 'failed' || type === 'NeedsFailed');

const bringsMore = (subtask: SubtaskState): boolean =>
  stateOf(subtask) === 'done' && shownLife(subtask).findingCount > 0;

/** Subtasks that one of a further round made up for. */
export const filledIn = (tree: Tree): ReadonlySet<string> =>
  new Set(tree.rounds ? subtasksOf(tree).flatMap((one) => filledBy(tree, one)) : []);

/** Those that it was for and brought enough for: all where it says that nothing is open, else those that had found nothing. */
function filledBy(tree: Tree, one: SubtaskState): string[] {
  if (!one.round || !bringsMore(one)) return [];
  if (shownLife(one).missing.length === 0) return one.round.fills;
  return one.round.fills.filter((id) => {
    const filled = subtaskOf(tree, id);
    return filled !== undefined && shownLife(filled).findingCount === 0;
  });
}

/**
 * Whether what it did not bring is told as a gap: not where a further round made up for it, nor of one that was to make up for others
 * and did not, since theirs is told.
 */
export const tellsGaps = ({ spec, isReask, round }: SubtaskState, filled: ReadonlySet<string>): boolean =>
  !isReask && !filled.has(spec.id) && (!round || round.fills.some((id) => filled.has(id)));

/** The further rounds of a task so far, with what they brought. */
export const roundsIn = (tree: Tree): Round[] =>
  (tree.rounds ?? []).map(({ round, why }) => {
    const own = subtasksOf(tree).filter((one) => one.round?.round === round);
    return {
      round,
      why,
      subtasks: own.map(({ spec }) => spec.id),
      findings: own.reduce((sum, one) => sum + (one.late ? 0 : shownLife(one).findingCount), 0),
      filled: [...new Set(own.flatMap((one) => filledBy(tree, one)))],
    };
  });
