// make-plan.ts: the task's documents are read and indexed while its plan is made, which needs no more than their names.
// The plan's outline is there before anything is dispatched.

import { patched, workflowInfo } from '@temporalio/workflow';
import { bookUsage } from '../protocol/books.ts';
import { counted } from '../protocol/counted.ts';
import { deepQueueBeside, PATCHES } from '../protocol/names.ts';
import type { SubtaskSpec } from '../protocol/plan.ts';
import { bookFailedStep, bookStep } from './account.ts';
import type { MasterContext } from './endings.ts';
import { tellMerged } from './merged.ts';
import { enterStage, showTaskState } from './progress.ts';
import { runStep } from './run-step.ts';
import type { MasterState } from './state/state.ts';
import { addSubtask, subtasksOf } from './state/tree.ts';
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
  const sources = await runStep('prepareSources', `read ${counted(request.sources.length, 'source')}`, {
    taskId,
    run,
    request,
  });
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
  const {
    subtasks,
    remark,
    merged = [],
    ...planned
  } = await runStep('planTask', `plan: ${request.goal}`, {
    taskId,
    run,
    request,
    queue: deepQueueBeside(workflowInfo().taskQueue),
    ...(state.session ? { session: state.session } : {}),
    ...(state.sources ? { corpusRef: state.sources.corpusRef } : {}),
  });
  state.plan = planned;
  state.remarks.push(...(remark === undefined ? [] : [remark]));
  bookStep(context, 'plan', planned);
  addPlanned(state, subtasks);
  markRunning(state, planned.startedAt);
  context.emit({ type: 'plan.ready', ...planInEvent(state) });
  tellMerged(context, merged);
}

/** The plan as events tell of it. */
export const planInEvent = ({ tree, background }: Pick<MasterState, 'tree' | 'background'>) => ({
  subtasks: subtasksOf(tree).map(({ spec }) => inEvent(spec)),
  ...(background.length > 0 ? { background: background.map(inEvent) } : {}),
});

/**
 * Adds what the answer waits for to the tree. The others run in the background: out of the tree nothing that the answer waits for
 * ever meets them. Whatever is added later has a number behind all of them.
 */
export function addPlanned(
  state: Pick<MasterState, 'tree' | 'background' | 'steering'>,
  planned: readonly SubtaskSpec[],
): void {
  const { tree, steering } = state;
  for (const spec of planned) if (spec.mode !== 'background') addSubtask(tree, spec);
  state.background = planned.filter(({ mode }) => mode === 'background');
  const numbers = state.background.map(({ id }) => Number(/^s(\d+)$/.exec(id)?.[1] ?? 0));
  steering.lastAdded = Math.max(steering.lastAdded, ...numbers);
}

/** A subtask as events tell of it. */
export const inEvent = ({ id, title, kind, needs }: SubtaskSpec) => ({ id, title, kind, needs });

/** Computed from the plan: no model call. */
export function outline(
  state: Pick<MasterState, 'headings'>,
  { tree, emit }: Pick<MasterContext, 'tree' | 'emit'>,
): void {
  state.headings = tree.ids.map((id) => tree.subtasks[id]?.spec.title ?? '');
  emit({ type: 'outline.ready', headings: state.headings });
}

/** Sets the state `running`, which begins with the task's first Activity. */
export function markRunning(state: MasterState, startedAt: number): void {
  if (state.firstActivityAt !== undefined) return;
  state.firstActivityAt = startedAt;
  showTaskState(state);
}
