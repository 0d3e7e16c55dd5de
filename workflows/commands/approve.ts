// approve.ts: the command that lets a plan run, as it is or edited, or refuses it. It names the plan by its hash, so that
// nobody approves another one. What follows is approve-plan.ts's.

import { changesPlan, editShapeProblem, planEditProblem } from '../../protocol/plan-edit.ts';
import type { MasterState } from '../state/state.ts';
import { subtasksOf } from '../state/tree.ts';
import type { Control } from './controls.ts';

/** Of a hash, as people see it. */
const SHOWN = 12;

export function approve(state: MasterState): Control<'approve'> {
  return {
    refusal({ plan, approved, edit }) {
      const { proposal, decision, request, tree, background } = state;
      if (!proposal) return 'no plan of this task waits for approval';
      if (!proposal.hash.startsWith(plan)) return `the plan that waits is ${proposal.hash}, not ${plan}`;
      if (decision) return 'an edit of this plan is being checked; wait for what comes of it';
      if (typeof approved !== 'boolean')
        return 'say whether the plan is approved: { approved: true } or { approved: false }';
      if (edit === undefined) return undefined;
      if (!approved) return 'a plan that is refused is not edited; do one of them';
      const specs = [...subtasksOf(tree).map(({ spec }) => spec), ...background];
      return editShapeProblem(edit) ?? planEditProblem(specs, edit, request.class);
    },
    apply({ id, by, approved, edit }) {
      const isEdited = changesPlan(edit);
      state.decision = { id, by, approved, ...(edit && isEdited ? { edit } : {}) };
      const hash = state.proposal?.hash.slice(0, SHOWN) ?? '';
      if (!approved) return `plan ${hash} is refused, and the task ends`;
      return isEdited ? `plan ${hash} is edited; it runs once the edit is checked` : `plan ${hash} runs`;
    },
  };
}
