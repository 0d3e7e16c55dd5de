// coordinate.ts: are the outcomes enough? Asked at each ending that may decide (not that of a life beside which another still
// works), and once more when all have ended. Pure, recomputed on replay. Policies, second rounds and conflicts come here.

import type { Failure } from '../protocol/failures.ts';
import type { JoinPolicy } from '../protocol/join.ts';
import type { Ending, Verdict } from './fan-out.ts';
import { shownLife, subtasksOf, type SubtaskState, type Tree } from './state/tree.ts';

/** How one join policy decides, purely. A new policy is one of these and a line in JOINS. */
interface Join<P extends JoinPolicy = JoinPolicy> {
  /** What follows this ending of a subtask, which is not folded into the tree yet. */
  verdict(policy: P, tree: Tree, subtask: SubtaskState, ending: Ending): Verdict;
  /** Useful subtasks without which there is no answer. */
  least(policy: P, tree: Tree): number;
}

/** Refused with the request in this version; a class that names it all the same gets no answer from a part. */
const wholePlan: Join = { verdict: () => 'go on', least: (_policy, tree) => tree.ids.length };

const JOINS: { [Kind in JoinPolicy['kind']]: Join<Extract<JoinPolicy, { kind: Kind }>> } = {
  // Until the deadline every subtask may still add something.
  bestEffort: { verdict: () => 'go on', least: ({ min }) => Math.max(1, min) },
  all: wholePlan,
  quorum: wholePlan,
  first: wholePlan,
  hedge: wholePlan,
};

const joinOf = ({ kind }: JoinPolicy): Join => (JOINS as Partial<Record<string, Join>>)[kind] ?? wholePlan;

/** What follows this ending of a subtask, which is not folded into the tree yet. */
export const coordinate = (join: JoinPolicy, tree: Tree, subtask: SubtaskState, ending: Ending): Verdict =>
  joinOf(join).verdict(join, tree, subtask, ending);

/** Why no answer can be written from what is there; undefined when one can. A stopped subtask counts when it had findings. */
export function shortfall(join: JoinPolicy, tree: Tree): Failure | undefined {
  const min = joinOf(join).least(join, tree);
  const { useful } = tree.totals;
  if (useful >= min) return undefined;
  const reasons = subtasksOf(tree).flatMap((subtask) => {
    const { failure } = shownLife(subtask);
    return failure ? [`${subtask.spec.id} “${subtask.spec.title}”: ${failure.message}`] : [];
  });
  const all = useful === 0 ? 'no subtask succeeded' : `only ${useful} of the ${min} subtasks asked for succeeded`;
  return { type: 'AllSubtasksFailed', message: `${all}. ${reasons.slice(0, 8).join('; ')}`.trim() };
}
