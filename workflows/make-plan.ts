// make-plan.ts: the task's documents are read and indexed while its plan is made, which needs no more than their names.
// The plan's outline is there before anything is dispatched.

import { patched, workflowInfo } from '@temporalio/workflow';
import { PATCHES } from '../protocol/names.ts';
import { accountFailure, accountStep } from './account.ts';
import type { Books } from './endings.ts';
import { enter, showState } from './progress.ts';
import { runStep } from './run-step.ts';
import { spend } from './state/ledger.ts';
import type { MasterState } from './state/state.ts';
import { addSubtask } from './state/tree.ts';
import { together } from './together.ts';

export async function prepareAndPlan(state: MasterState, books: Books): Promise<void> {
  enter(state, 'preparing');
  if (patched(PATCHES.planWhileIndexing)) {
    await together([() => prepare(state, books), () => plan(state, books)], (error) =>
      accountFailure(books, state.stage, error),
    );
  } else {
    await prepare(state, books);
    await plan(state, books);
  }
}

async function prepare(state: MasterState, { ledger, tell }: Books): Promise<void> {
  const { taskId, firstRun: run, request } = state;
  const sources = await runStep('prepareSources', `read ${request.sources.length} source(s)`, { taskId, run, request });
  state.sources = sources;
  if (sources.usage) spend(ledger, sources.usage);
  state.remarks.push(...(sources.remarks ?? []));
  nowRunning(state, sources.startedAt);
  tell({
    type: 'sources.ready',
    documents: sources.documents,
    passages: sources.passages,
    skipped: sources.skippedCount,
  });
  if (!state.plan) enter(state, 'planning');
}

async function plan(state: MasterState, books: Books): Promise<void> {
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
  accountStep(books, 'plan', planned);
  for (const spec of subtasks) addSubtask(state.tree, spec);
  nowRunning(state, planned.startedAt);
  books.tell({
    type: 'plan.ready',
    subtasks: subtasks.map(({ id, title, kind, needs }) => ({ id, title, kind, needs })),
  });
}

/** Computed from the plan: no model call. */
export function outline(state: MasterState, { tree, tell }: Books): void {
  state.headings = tree.ids.map((id) => tree.subtasks[id]?.spec.title ?? '');
  tell({ type: 'outline.ready', headings: state.headings });
}

/** The task is running from its first Activity's start on. */
function nowRunning(state: MasterState, startedAt: number): void {
  if (state.firstActivityAt !== undefined) return;
  state.firstActivityAt = startedAt;
  showState('running');
}
