// plan-task.ts: the Activity that turns a goal into subtasks. What the model proposes is checked; limits, time-outs and
// queue come from the class and from here, never from the model.

import { Context } from '@temporalio/activity';
import type { Activities } from '../protocol/activities.ts';
import { ceilingProblem, type RequestClass, type SubtaskLimits } from '../protocol/classes.ts';
import type { FailureType } from '../protocol/failures.ts';
import { joinOf } from '../protocol/join.ts';
import { planProblem, type Plan, type PlannedSubtask } from '../protocol/plan.ts';
import { askedOf } from '../protocol/session.ts';
import { canonicalJson } from '../protocol/schemas/hash.ts';
import type { TaskRequest } from '../protocol/task.ts';
import { estimateOf, plannedSubtask, type PlanTerms } from './agents/planned-subtask.ts';
import { earlierOf } from './evidence/earlier.ts';
import { runModelStep, withFallback } from './loop/model-step.ts';
import { modelUsed } from './loop/models-used.ts';
import { WorkFailure } from './loop/work-failure.ts';
import { listDocuments } from '../documents/sources/list-documents.ts';
import { openCorpus } from '../documents/open-corpus.ts';
import { prepareCorpus } from '../documents/prepare-corpus.ts';
import { limitsWith } from '../documents/sources/source-limits.ts';
import type { Deployment } from './deployment.ts';
import { mergeSubtasks, type MergedPlan } from './agents/merge-subtasks.ts';
import { nearQuestions, type Near } from './agents/near-questions.ts';
import { documentNames } from './text/document-names.ts';
import { PLAN_PROMPT, PLAN_SYSTEM, planMessage, planShape, type PlanOutput } from './text/prompts/plan-prompt.ts';
import { roundsOf } from '../protocol/rounds.ts';
import { PLAN_RETRY } from '../protocol/retry.ts';
import { ledgerTerms } from './agents/ledger-terms.ts';
import { usualTimes } from './agents/usual-times.ts';
import { withStepLog } from './lifecycle/step-lifecycle.ts';
import { putTaskHead } from './lifecycle/task-head.ts';

export function planTask(deployment: Deployment): Activities['planTask'] {
  const { store, models, kinds, defaultKind } = deployment;
  return ({ taskId, run, request, corpusRef, queue, session }) =>
    withStepLog(deployment, run, 'plan', async (log, signal) => {
      refuseAboveCeiling(request, deployment);
      const startedAt = Context.current().info.currentAttemptScheduledTimestampMs;
      await putTaskHead(store, { taskId, run, request, acceptedAt: startedAt });
      const asked = { ...request, goal: askedOf(request.goal, session) };
      const documents = corpusRef
        ? (await openCorpus(store, corpusRef)).documents()
        : await documentsOf(request, deployment, signal);
      const offered = [...kinds.values()]
        .filter(({ description, input }) => description !== '' && !input)
        .map(({ name, description }) => ({ name, description }));
      const opening = planMessage({
        goal: asked.goal,
        kinds: offered,
        documents: documentNames(documents, asked.goal),
        max: request.class.maxSubtasks,
        earlier: await earlierOf(store, session),
      });
      const order = models.orderFor(request.class.name);
      const lines = models.inOrder(order);
      const check = (output: PlanOutput) => checkPlan(output, asked, deployment, queue, order);
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
        () => ({ accepted: check(singleSubtaskPlan(asked.goal, defaultKind)).accepted, left: [] }),
      );
      const goals = made.accepted.map(({ goal }) => goal);
      const near = await nearQuestions(goals, deployment.embeddings, signal);
      const { left: subtasks, merged } = mergePlan(made.accepted, asked, { queue, models: order }, near);
      const prices = lines.map(({ provider }) => provider.prices);
      const estimate = estimateOf(subtasks, request.class, prices);
      const ledger = await ledgerTerms(store, request, subtasks, prices);
      const plan: Plan = { v: 1, goal: asked.goal, subtasks, prompt: PLAN_PROMPT, estimate, ledger };
      return {
        planRef: await store.putBlob(canonicalJson(plan)),
        subtasks: subtasks.map(({ goal: _goal, ...slim }) => slim),
        ...log.account,
        model: modelUsed(log, lines),
        startedAt,
        estimate,
        ledger,
        ...(await usualTimes(store, request, subtasks)),
        ...(roundsOf(request) > 0 ? { rounds: roundsOf(request) } : {}),
        ...(merged.length > 0 ? { merged } : {}),
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
  const graph = proposals.map(({ needs, background }, i) => {
    const earlier = needs.filter((n) => n <= i);
    if (earlier.length < needs.length) problems.push(`subtask ${i + 1} may only need subtasks before it`);
    const mode = background ? ('background' as const) : ('blocking' as const);
    return { id: `s${i + 1}`, needs: [...new Set(earlier)].map((n) => `s${n}`), mode };
  });
  const wrong = planProblem(graph);
  if (wrong) problems.push(wrong);
  const waited = waitedFor(graph);
  const accepted = proposals.map(({ title, kind, goal }, i): PlannedSubtask => {
    if (!kinds.has(kind)) problems.push(`subtask ${i + 1}: there is no kind "${kind.slice(0, 60)}"`);
    const { id, needs } = graph[i] ?? { id: `s${i + 1}`, needs: [] };
    const mode = waited.has(id) ? ('blocking' as const) : ('background' as const);
    return plannedSubtask(
      {
        id,
        title,
        kind: kinds.has(kind) ? kind : defaultKind,
        goal,
        needs,
        mode,
      },
      { request, queue, models, ...amongThese(mode, proposals.length) },
    );
  });
  return { accepted, problems };
}

/** No ledger is open any more when those in the background begin: they share the budget from the start. */
const amongThese = (mode: PlannedSubtask['mode'], count: number): Pick<PlanTerms, 'count' | 'isBesideOthers'> =>
  mode === 'background' ? { count } : { isBesideOthers: count > 1 };

/** The plan without what it asks for twice: the others share what limits it has. */
function mergePlan(
  accepted: PlannedSubtask[],
  request: TaskRequest,
  terms: Pick<PlanTerms, 'queue' | 'models'>,
  near: Near,
): MergedPlan<PlannedSubtask> {
  const { left, merged } = mergeSubtasks(accepted, joinOf(request), near);
  if (merged.length === 0) return { left: accepted, merged };
  return {
    left: left.map((one) => plannedSubtask(one, { request, ...terms, ...amongThese(one.mode, left.length) })),
    merged,
  };
}

/** What the answer waits for: also what a proposal wants in the background, where something that is waited for needs it. */
function waitedFor(graph: readonly Pick<PlannedSubtask, 'id' | 'needs' | 'mode'>[]): Set<string> {
  const blocking = graph.filter(({ mode }) => mode === 'blocking');
  const waited = new Set((blocking.length > 0 ? blocking : graph).map(({ id }) => id));
  // Each needs earlier ones alone.
  for (const { id, needs } of [...graph].reverse()) if (waited.has(id)) for (const need of needs) waited.add(need);
  return waited;
}
