// make-plan.ts: the task's documents are read and indexed while its plan is made, which needs no more than their names.
// The plan's outline is there before anything is dispatched.

import { patched, workflowInfo } from '@temporalio/workflow';
import { PATCHES } from '../protocol/names.ts';
import { bookFailedStep, bookStep } from './account.ts';
import type { MasterContext } from './endings.ts';
import { enterStage, showState } from './progress.ts';
import { runStep } from './run-step.ts';
import { bookUsage } from './state/ledger.ts';
import type { MasterState } from './state/state.ts';
import { addSubtask } from './state/tree.ts';
import { runAllOrCancel } from './together.ts';

export async function prepareAndPlan(state: MasterState, context: MasterContext): Promise<void> {
  enterStage(state, 'preparing');
  if (patched(PATCHES.planWhileIndexing)) {
    await runAllOrCancel([() => prepare(state, context), () => plan(state, context)], (error) =>
      bookFailedStep(context, state.stage, error),
    );
  } else {
    await prepare(state, context);
    await plan(state, context);
  }
}

async function prepare(state: MasterState, { ledger, emit }: MasterContext): Promise<void> {
  const { taskId, firstRun: run, request } = state;
  const sources = await runStep('prepareSources', `read ${request.sources.length} source(s)`, { taskId, run, request });
  state.sources = sources;
  if (sources.usage) bookUsage(ledger, sources.usage);
  state.remarks.push(...(sources.remarks ?? []));
  markRunning(state, sources.startedAt);
  emit({
    type: 'sources.ready',
    documents: sources.documents,
    passages: sources.passages,
    skipped: sources.skippedCount,
  });
  if (!state.plan) enterStage(state, 'planning');
}

async function plan(state: MasterState, context: MasterContext): Promise<void> {
  const { taskId, firstRun: run, request } = state;
  const { subtasks, remark, ...planned } = await runStep('planTask', `plan: ${request.goal}`, {
    taskId,
    run,
    request,
    queue: workflowInfo().taskQueue,
    ...(state.sources ? { corpusRef: state.sources.corpusRef } : {}),
  });
  state.plan = planned;
  state.remarks.push(...(remark === undefined ? [] : [remark]));
  bookStep(context, 'plan', planned);
  for (const spec of subtasks) addSubtask(state.tree, spec);
  markRunning(state, planned.startedAt);
  context.emit({
    type: 'plan.ready',
    subtasks: subtasks.map(({ id, title, kind, needs }) => ({ id, title, kind, needs })),
  });
}

/** Computed from the plan: no model call. */
export function outline(
  state: Pick<MasterState, 'headings'>,
  { tree, emit }: Pick<MasterContext, 'tree' | 'emit'>,
): void {
  state.headings = tree.ids.map((id) => tree.subtasks[id]?.spec.title ?? '');
  emit({ type: 'outline.ready', headings: state.headings });
}

/** Sets the state `running`, which begins with the task's first Activity. */
function markRunning(state: Pick<MasterState, 'firstActivityAt'>, startedAt: number): void {
  if (state.firstActivityAt !== undefined) return;
  state.firstActivityAt = startedAt;
  showState('running');
}
