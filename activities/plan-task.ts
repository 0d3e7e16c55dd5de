// plan-task.ts: the Activity that turns a goal into subtasks. What the model proposes is checked; limits, time-outs and
// queue come from the class and from here, never from the model.

import { Context } from '@temporalio/activity';
import type { Activities } from '../protocol/activities.ts';
import { least, share } from '../protocol/budget.ts';
import { ceilingProblem, type RequestClass, type SubtaskLimits } from '../protocol/classes.ts';
import type { FailureType } from '../protocol/failures.ts';
import { graphProblem, type Plan, type PlannedSubtask } from '../protocol/plan.ts';
import { canonicalJson, sha256 } from '../protocol/schemas/hash.ts';
import type { TaskRequest } from '../protocol/task.ts';
import { runModelStep, withFallback } from './loop/model-step.ts';
import type { SubtaskLog } from './loop/subtask-log.ts';
import { WorkFailure } from './loop/work-failure.ts';
import { listDocuments } from '../documents/sources/list-documents.ts';
import { openCorpus } from '../documents/open-corpus.ts';
import { prepareCorpus } from '../documents/prepare-corpus.ts';
import { limitsWith } from '../documents/sources/source-limits.ts';
import type { Deployment } from './deployment.ts';
import type { ModelLine } from './models/model-line.ts';
import { documentNames } from './text/document-names.ts';
import { PLAN_PROMPT, PLAN_SYSTEM, planMessage, planShape, type PlanOutput } from './text/prompts/plan-prompt.ts';
import { MODEL_RETRY, PLAN_RETRY } from '../protocol/retry.ts';
import { withStepLog } from './lifecycle/step-lifecycle.ts';
import { putTaskHead } from './lifecycle/task-head.ts';

const HEARTBEAT_SECONDS = 10;
/** Room for waiting on the store and for the last records, above a subtask's own limit. */
const MARGIN_SECONDS = 120;

export function planTask(deployment: Deployment): Activities['planTask'] {
  const { store, models, kinds, defaultKind } = deployment;
  return ({ taskId, run, request, corpusRef, queue }) =>
    withStepLog(deployment, run, 'plan', async (log, signal) => {
      refuseAboveCeiling(request, deployment);
      const startedAt = Context.current().info.currentAttemptScheduledTimestampMs;
      await putTaskHead(store, { taskId, run, request, acceptedAt: startedAt });
      const documents = corpusRef
        ? (await openCorpus(store, corpusRef)).documents()
        : await documentsOf(request, deployment, signal);
      const offered = [...kinds.values()]
        .filter(({ description, input }) => description !== '' && !input)
        .map(({ name, description }) => ({ name, description }));
      const opening = planMessage({
        goal: request.goal,
        kinds: offered,
        documents: documentNames(documents, request.goal),
        max: request.class.maxSubtasks,
      });
      const order = models.orderFor(request.class.name);
      const lines = models.inOrder(order);
      const check = (output: PlanOutput) => checkPlan(output, request, deployment, queue, order);
      const { made, failure } = await withFallback(
        runModelStep({
          log,
          store,
          models: lines,
          signal,
          limits: planLimits(request.class),
          retry: PLAN_RETRY,
          prompt: PLAN_PROMPT,
          messages: [
            { role: 'system', content: PLAN_SYSTEM },
            { role: 'user', content: opening },
          ],
          shape: planShape(offered.map(({ name }) => name)),
          check,
        }),
        PLAN_FAILURES,
        () => ({ accepted: check(singleSubtaskPlan(request.goal, defaultKind)).accepted, left: [] }),
      );
      const { accepted } = made;
      const plan: Plan = { v: 1, goal: request.goal, subtasks: accepted, prompt: PLAN_PROMPT };
      return {
        planRef: await store.putBlob(canonicalJson(plan)),
        subtasks: accepted.map(({ goal: _goal, ...slim }) => slim),
        ...log.account,
        model: modelUsed(log, lines),
        startedAt,
        ...(failure
          ? { remark: `The goal was not split into parts, since the model gave no plan: ${failure.message}.` }
          : {}),
      };
    });
}

/** Of the class's time, at most: a plan that takes longer is done without. */
const PLAN_SHARE = 0.5;

function planLimits({ deadlineSeconds, subtask }: RequestClass): SubtaskLimits {
  return { ...subtask, seconds: Math.max(1, Math.min(subtask.seconds, deadlineSeconds * PLAN_SHARE)) };
}

/** After these the model may still research, though it gave no plan: the whole goal is one subtask. */
const PLAN_FAILURES: ReadonlySet<FailureType> = new Set(['ModelOutputInvalid', 'LimitReached', 'DiesAtOnePoint']);

const singleSubtaskPlan = (goal: string, kind: string): PlanOutput => ({
  subtasks: [{ title: goal.slice(0, 120), kind, goal, needs: [] }],
});

/** Sources of fewer bytes are indexed in less time than a plan takes (30 MB take about 35 s on two cores). */
const QUICKLY_READ_BYTES = 2_000_000;

/**
 * The documents that a plan may count on. Small sources are waited for, so that nothing is paid for a plan of documents
 * that can't be read: this joins the preparation that already runs for the task. Of large ones only the names are used.
 */
async function documentsOf(
  request: TaskRequest,
  { store, roots, web, corpus }: Deployment,
  signal: AbortSignal,
): Promise<readonly { name: string }[]> {
  if (request.sources.length === 0) return [];
  const limits = limitsWith(corpus);
  const { documents, bytes } = await listDocuments(request.sources, { owner: store, roots, limits, signal });
  if (bytes > QUICKLY_READ_BYTES) return documents;
  const { corpusRef } = await prepareCorpus(request.sources, {
    store,
    roots: [...roots],
    limits,
    ...(web ? { web } : {}),
    signal,
  });
  return (await openCorpus(store, corpusRef)).documents();
}

function refuseAboveCeiling(request: TaskRequest, { ceiling }: Deployment): void {
  const problem = ceilingProblem(request.class, ceiling);
  if (problem) throw new WorkFailure({ type: 'RequestExceedsCeiling', message: problem });
}

/** The plan that code makes of the model's proposal; what is wrong with the proposal, for a re-ask. */
export function checkPlan(
  output: PlanOutput,
  request: TaskRequest,
  { kinds, defaultKind }: Pick<Deployment, 'kinds' | 'defaultKind'>,
  queue: string,
  models: readonly string[] = [],
): { accepted: PlannedSubtask[]; problems: string[] } {
  const { class: taskClass } = request;
  const problems: string[] = [];
  if (output.subtasks.length > taskClass.maxSubtasks) {
    problems.push(`there are ${output.subtasks.length} subtasks; at most ${taskClass.maxSubtasks} are allowed`);
  }
  const proposals = output.subtasks.slice(0, taskClass.maxSubtasks);
  const limits = limitsOf(taskClass, proposals.length);
  const accepted = proposals.map((proposed, i): PlannedSubtask => {
    if (!kinds.has(proposed.kind)) problems.push(`subtask ${i + 1}: there is no kind "${proposed.kind.slice(0, 60)}"`);
    const needs = proposed.needs.filter((n) => n <= i);
    if (needs.length < proposed.needs.length) problems.push(`subtask ${i + 1} may only need subtasks before it`);
    return {
      id: `s${i + 1}`,
      title: proposed.title,
      kind: kinds.has(proposed.kind) ? proposed.kind : defaultKind,
      goal: proposed.goal,
      needs: [...new Set(needs)].map((n) => `s${n}`),
      mode: 'blocking',
      limits,
      timeouts: {
        startToCloseSeconds: taskClass.subtask.seconds + MARGIN_SECONDS,
        heartbeatSeconds: HEARTBEAT_SECONDS,
      },
      queue,
      retry: MODEL_RETRY,
      priority: taskClass.priority,
      ...(models.length > 0 ? { models: [...models] } : {}),
      inputHash: sha256(
        canonicalJson({
          kind: proposed.kind,
          goal: proposed.goal,
          needs,
          task: request.goal,
          sources: request.sources,
        }),
      ),
    };
  });
  const cycle = graphProblem(accepted);
  return { accepted, problems: cycle ? [...problems, cycle] : problems };
}

/** Of the task's budget for its subtasks together; the rest is for plan and answer. */
const RESEARCH_SHARE = 0.8;

/** What each of so many subtasks may use: all of them at once must not spend more than the task has. */
function limitsOf({ subtask, budget = {} }: RequestClass, count: number): SubtaskLimits {
  return { ...subtask, ...least(subtask, share(budget, RESEARCH_SHARE, count)) };
}

/** The model that made the plan. */
function modelUsed(log: SubtaskLog, lines: readonly ModelLine[]): { name: string; offline: boolean } {
  const [name] = Object.keys(log.usage.byModel ?? {});
  const provider = (lines.find((line) => line.provider.model === name) ?? lines[0])?.provider;
  return { name: provider?.model ?? 'unknown', offline: provider?.offline ?? false };
}
