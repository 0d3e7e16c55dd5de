// coordinate.ts: are the outcomes enough? Asked at each ending, and once more when all have ended. Pure, recomputed on
// replay. More policies, second rounds and conflicts come here.

import type { Failure } from '../protocol/failures.ts';
import type { JoinPolicy } from '../protocol/join.ts';
import type { Ending, Verdict } from './fan-out.ts';
import { shownLife, subtasksOf, type SubtaskState, type Tree } from './state/tree.ts';

/** What follows this ending of a subtask, which is not folded into the tree yet. */
export function coordinate(join: JoinPolicy, _tree: Tree, _subtask: SubtaskState, _ending: Ending): Verdict {
  switch (join.kind) {
    // Until the deadline every subtask may still add something. The other policies are refused with the request.
    case 'bestEffort':
    case 'all':
    case 'quorum':
    case 'first':
    case 'hedge':
      return 'go on';
    default:
      join satisfies never;
      return 'go on';
  }
}

/** Why no answer can be written from what is there; undefined when one can. A stopped subtask counts when it had findings. */
export function shortfall(join: JoinPolicy, tree: Tree): Failure | undefined {
  const min = leastOf(join, tree);
  const { useful } = tree.totals;
  if (useful >= min) return undefined;
  const reasons = subtasksOf(tree).flatMap((subtask) => {
    const { failure } = shownLife(subtask);
    return failure ? [`${subtask.spec.id} “${subtask.spec.title}”: ${failure.message}`] : [];
  });
  const all = useful === 0 ? 'no subtask succeeded' : `only ${useful} of the ${min} subtasks asked for succeeded`;
  return { type: 'AllSubtasksFailed', message: `${all}. ${reasons.slice(0, 8).join('; ')}`.trim() };
}

/** Useful subtasks without which there is no answer. */
function leastOf(join: JoinPolicy, tree: Tree): number {
  switch (join.kind) {
    case 'bestEffort':
      return Math.max(1, join.min);
    case 'all':
    case 'quorum':
    case 'first':
    case 'hedge':
      return tree.ids.length;
    default:
      join satisfies never;
      return tree.ids.length;
  }
}
