// approve-plan.ts: where a request or its class asks for it, the plan waits until a person approves it, as it is or edited. A
// refusal, or nobody's word in time, ends the task; what was read stays. What `approve` may say is in commands/approve.ts.

import { ApplicationFailure, condition, workflowInfo } from '@temporalio/workflow';
import type { PlanEstimate } from '../protocol/plan.ts';
import { wantsApproval } from '../protocol/task.ts';
import type { MasterContext } from './endings.ts';
import { addPlanned, planInEvent } from './make-plan.ts';
import { tellMerged } from './merged.ts';
import { showTaskState } from './progress.ts';
import { runStep } from './run-step.ts';
import { hold, release } from './state/standstill.ts';
import type { Decision, MasterState } from './state/state.ts';
import { clear, keepMerged, subtasksOf } from './state/tree.ts';

const USUAL_SECONDS = 86_400;

/** Returns when the plan may run. @throws ApplicationFailure `PlanNotApproved` */
export async function approvePlan(state: MasterState, context: MasterContext): Promise<void> {
  const { request, plan, standstill } = state;
  if (!wantsApproval(request) || !plan) return;
  const seconds = request.class.approveSeconds ?? USUAL_SECONDS;
  const until = Date.now() + seconds * 1_000;
  const { planRef: hash, estimate = roughly(state) } = plan;
  state.proposal = { hash, until, estimate };
  hold(standstill, 'person', Date.now());
  state.waitingFor = 'person';
  showTaskState(state);
  context.emit({ type: 'plan.proposed', hash, ...planInEvent(state), estimate, until });
  try {
    for (;;) {
      const decision = await decisionBy(state, until);
      if (!decision) throw notApproved(`nobody approved the plan within ${inWords(seconds)}, so it counts as refused`);
      if (!decision.approved) throw notApproved(`the plan was refused by ${decision.by.name}`);
      if (!decision.edit || (await revise(state, context, decision))) return;
      delete state.decision;
    }
  } finally {
    delete state.proposal;
    delete state.waitingFor;
    release(standstill, 'person', Date.now());
    showTaskState(state);
  }
}

/** Of a plan that an older worker made. */
const roughly = ({ tree, request }: MasterState): PlanEstimate => ({
  subtasks: tree.ids.length,
  tokens: subtasksOf(tree).reduce((sum, { spec }) => sum + spec.limits.tokens, 0),
  seconds: request.class.deadlineSeconds,
});

/** What a person decided; undefined when nobody did by then. */
async function decisionBy(state: MasterState, until: number): Promise<Decision | undefined> {
  await condition(() => state.decision !== undefined, Math.max(1, until - Date.now()), {
    summary: 'waits for the plan to be approved',
  });
  return state.decision;
}

/** Puts the edited plan in place of the one that waits; false when it can't be run, which is said. */
async function revise(state: MasterState, context: MasterContext, { id, by, edit = {} }: Decision): Promise<boolean> {
  const { emit } = context;
  const { taskId, firstRun: run, request, plan, tree } = state;
  if (!plan) throw new Error('there is no plan to edit');
  const { planRef } = plan;
  const { taskQueue: queue } = workflowInfo();
  const revised = await runStep('revisePlan', 'check the edited plan', { taskId, run, request, planRef, edit, queue });
  if ('problem' in revised) {
    emit({ type: 'command.refused', id, kind: 'approve', by, reason: revised.problem });
    return false;
  }
  const { subtasks, merged: more = [], ...made } = revised;
  state.plan = { ...plan, ...made };
  const { merged = [] } = tree;
  clear(tree);
  addPlanned(state, subtasks);
  keepMerged(
    tree,
    merged.filter(({ into }) => subtasks.some(({ id }) => id === into)),
  );
  emit({ type: 'plan.ready', ...planInEvent(state) });
  tellMerged(context, more);
  return true;
}

const notApproved = (message: string): ApplicationFailure =>
  ApplicationFailure.create({ type: 'PlanNotApproved', message, nonRetryable: true });

const inWords = (seconds: number): string =>
  seconds % 3_600 === 0 ? `${seconds / 3_600} h` : seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
