// start-background.ts: a task's background child, as its master sees it: started before the first step where something is
// asked for behind the answer, told of progress now and then, of a demotion, and of how the task ended. The master never fails by it.

import {
  CancellationScope,
  ChildWorkflowCancellationType,
  condition,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  patched,
  sleep,
  startChild,
  workflowInfo,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { BackgroundInput } from '../protocol/activities.ts';
import type { TaskEnd } from '../protocol/background.ts';
import { BACKSTOP_DAYS } from '../protocol/limits.ts';
import { backgroundId, BACKGROUND_SIGNALS, deepQueueBeside, PATCHES, WORKFLOWS } from '../protocol/names.ts';
import type { TaskResult } from '../protocol/result.ts';
import { foundBy } from './pods.ts';
import type { MasterState } from './state/state.ts';
import { BACKGROUND_PRIORITY } from './steps.ts';
import { tellProgress } from './tell-progress.ts';

export interface BackgroundChild {
  /** Tells it how the task ended. Returns when that is in its history, or when there is no such child any more. */
  ended(result: TaskResult): Promise<void>;
}

/** Above what a task may take: deliveries are tried for days, and what was given up can be sent again for as long as it is kept. */
const backstopDays = (retentionDays: number): number => BACKSTOP_DAYS + retentionDays + 7;

/** Asks for the start of the child, in this moment; undefined where nothing is asked for behind the answer. */
export function startBackgroundChild(state: MasterState): BackgroundChild | undefined {
  const { taskId, firstRun: run, request } = state;
  const { notify = [], background = [] } = request;
  const subtasks = background.length + state.background.length;
  if (notify.length === 0 && subtasks === 0) return undefined;
  const id = backgroundId(taskId);
  const started = CancellationScope.nonCancellable(() =>
    startChild(WORKFLOWS.background, {
      workflowId: id,
      taskQueue: deepQueueBeside(workflowInfo().taskQueue),
      args: [{ taskId, run, request, continues: true } satisfies BackgroundInput],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      cancellationType: ChildWorkflowCancellationType.ABANDON,
      // After a Reset of its master it may be there already, or have ended: then another one is told of the new ending.
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      workflowExecutionTimeout: `${backstopDays(request.class.retentionDays)} days`,
      priority: { priorityKey: BACKGROUND_PRIORITY },
      staticSummary: summaryOf(notify.length, subtasks),
    }),
  ).then(
    () => undefined,
    (error: unknown) => {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    },
  );
  // It is awaited at the end; until then nobody listens.
  started.catch(() => undefined);
  const child = getExternalWorkflowHandle(id);
  const telling = new CancellationScope();
  if (notify.some(({ events }) => events?.includes('task.progress')))
    telling
      .run(() =>
        tellProgress(state, {
          sleep: (ms) => sleep(ms, { summary: 'until progress is told again' }),
          now: () => Date.now(),
          tell: (told) => signal('progress', told),
        }),
      )
      .catch(() => undefined);
  let demotion: Promise<void> | undefined;
  if (notify.some(({ events }) => events?.includes('task.demoted')))
    telling
      .run(async () => {
        await condition(() => state.isDemoted === true);
        const at = Date.now();
        if (!patched(PATCHES.demotionTold)) return;
        demotion = CancellationScope.nonCancellable(() => signal('demoted', { at }));
        // It is awaited at the end, like the start.
        demotion.catch(() => undefined);
      })
      .catch(() => undefined);

  async function signal(name: keyof typeof BACKGROUND_SIGNALS, payload: unknown): Promise<void> {
    await started;
    try {
      await child.signal(BACKGROUND_SIGNALS[name], payload);
    } catch {
      // Terminated or cancelled by a person, who wanted that.
    }
  }

  return {
    async ended({ outcome, corpusRef, timings }) {
      telling.cancel();
      // Receivers are told in order.
      await demotion;
      const end: TaskEnd = {
        v: 1,
        run: state.journal.run,
        outcome,
        at: timings.closedAt,
        ...(corpusRef === undefined ? {} : { corpusRef }),
        ...plannedOf(state),
      };
      await CancellationScope.nonCancellable(() => signal('ended', end));
    },
  };
}

/** Subtasks of the plan that the answer did not wait for, and what the others found that these need. */
function plannedOf({ background, plan, tree }: MasterState): Pick<TaskEnd, 'subtasks' | 'planRef'> {
  if (!plan || background.length === 0) return {};
  return {
    planRef: plan.planRef,
    subtasks: background.map((spec) => ({ spec, found: foundBy(tree, spec.needs) })),
  };
}

function summaryOf(receivers: number, subtasks: number): string {
  const parts = [
    ...(receivers > 0 ? [`tells ${receivers} receiver${receivers === 1 ? '' : 's'} how the task ended`] : []),
    ...(subtasks > 0 ? [`does ${subtasks} background subtask${subtasks === 1 ? '' : 's'}`] : []),
  ];
  return `behind the answer: ${parts.join(', ')}`;
}
