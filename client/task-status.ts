// task-status.ts: where a task stands: Temporal's description, the master's own progress, and live phases from heartbeats.

import { WorkflowNotFoundError, type WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Activities } from '../protocol/activities.ts';
import { backgroundId, deepQueue, MEMO, SEARCH_ATTRIBUTES } from '../protocol/names.ts';
import type { Route } from '../protocol/path.ts';
import type { PodHeartbeat, Progress, StepHeartbeat, SubtaskPhase } from '../protocol/progress.ts';
import type { ResultDigest } from '../protocol/result.ts';
import { TaskNotFoundError } from './errors.ts';
import { goneTask } from './gone-task.ts';
import { backgroundStatus } from './background.ts';
import { attributeOf } from './attributes.ts';
import { stateOf } from './list-tasks.ts';
import { translatingConnectionErrors } from './connection-errors.ts';
import type { HandleParts } from './handle-parts.ts';
import { queryProgress } from './query-progress.ts';
import { keptBackground } from './kept-background.ts';
import { keptRoute } from './kept-route.ts';
import { timeLeft } from './time-left.ts';
import { closedStatus, type LiveSubtask, type TaskStatus } from './status.ts';

const MAX_WRITES_CHARS = 200;
const WORKER_SEEN_MS = 70_000;
const PENDING_STARTED = 2;
const PENDING_CANCEL_REQUESTED = 3;

export async function readStatus(parts: HandleParts): Promise<TaskStatus> {
  const { taskId, client } = parts;
  let description: WorkflowExecutionDescription;
  try {
    description = await translatingConnectionErrors(() => client.workflow.getHandle(taskId).describe());
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return await fromStore(parts);
  }
  // Temporal may know a closed one for longer than the store keeps it.
  const gone = description.status.name === 'RUNNING' ? undefined : await goneTask(parts.store, taskId);
  if (gone) throw gone;
  const goal: unknown = description.memo?.[MEMO.goal];
  const schedule: unknown = description.memo?.[MEMO.schedule];
  const route = description.memo?.[MEMO.route] as Route | undefined;
  const attribute = (name: string) => attributeOf(description.searchAttributes, name);
  const className = attribute(SEARCH_ATTRIBUTES.class);
  // There before the task closes, when it has its answer; of any other end in the same moment.
  const digest = description.memo?.[MEMO.result] as Partial<ResultDigest> | undefined;
  const hasAnswer = description.status.name === 'RUNNING' && digest?.outcome === 'completed';
  const sessionId = attribute(SEARCH_ATTRIBUTES.session);
  const status: TaskStatus = {
    taskId,
    state: hasAnswer ? 'completed' : stateOf(description.status.name, attribute(SEARCH_ATTRIBUTES.state)),
    goal: typeof goal === 'string' ? goal : '',
    ...(className === undefined ? {} : { class: className }),
    // Without a session of its caller it is one by itself.
    ...(sessionId === undefined || sessionId === taskId ? {} : { sessionId }),
    ...(typeof schedule === 'string' ? { schedule } : {}),
    ...(route ? { route } : {}),
    run: description.raw.workflowExecutionInfo?.firstRunId || description.runId,
    startedAt: description.startTime,
    ...(description.closeTime ? { closedAt: description.closeTime } : {}),
    live: await withTexts(livePhases(description), description, parts),
    ...liveStep(description),
    ...liveReading(description),
  };
  if (hasAnswer || description.status.name !== 'RUNNING') {
    const session = status.sessionId === undefined ? undefined : (await parts.store?.getResult(taskId))?.session;
    if (session) status.session = session;
    const background = description.memo?.[MEMO.background] ? await backgroundStatus(parts) : undefined;
    return background ? { ...status, background } : status;
  }

  const pending = description.raw.pendingActivities ?? [];
  const atWork = pending.some((one) => one.state === PENDING_STARTED || one.state === PENDING_CANCEL_REQUESTED);
  // Before any Activity has begun there is nothing to ask for, and without a worker asking takes seconds.
  const progress = status.state === 'queued' && !atWork ? undefined : await queryProgress(parts);
  if (progress) status.progress = progress;
  if (progress?.session) status.session = progress.session;
  if (progress && progress.state !== 'queued') status.state = progress.state;
  else if (atWork) status.state = 'running';
  if (progress?.waitingFor !== undefined) status.waitingFor = progress.waitingFor;
  const asked = progress && whatAPersonIsAsked(progress);
  if (asked !== undefined) status.note = asked;
  if (!progress && !(await workerSeen(parts))) {
    status.state = atWork || status.state !== 'queued' ? 'waiting' : 'queued';
    if (status.state === 'waiting') status.waitingFor = 'worker';
    status.note = `no worker polls ${deepQueue(parts.deployment)}; the task goes on once one starts (muster worker)`;
  } else if (!progress && (atWork || status.state !== 'queued'))
    status.note = 'no worker answers just now, so no more of it is known';
  const failing = pending.find((one) => (one.attempt ?? 1) > 1 && one.lastFailure?.message);
  if (failing) {
    const { type } = failing.lastFailure?.applicationFailureInfo ?? {};
    const todo =
      type === 'ModelUnavailable' ? ' (muster doctor --models asks the model, muster cancel ends the task)' : '';
    status.note ??= `${stepInWords(failing.activityType?.name)} is tried again, for the ${ordinal(failing.attempt ?? 2)} time now: ${failing.lastFailure?.message}${todo}`;
  }
  const left = await timeLeft(parts.store, status);
  return left ? { ...status, left } : status;
}

/** What only a person can make go on, in a sentence; undefined when nothing is. */
function whatAPersonIsAsked({ taskId, proposal, questions = [] }: Progress): string | undefined {
  if (proposal) return `its plan waits until somebody approves it: muster approve ${taskId}`;
  const [first, ...others] = questions;
  if (!first) return undefined;
  const { subtask, question, choices } = first;
  const among = choices ? ` (${choices.join(' | ')})` : '';
  const more = others.length > 0 ? `, and ${others.length} more` : '';
  return `${subtask} asks: “${question}”${among}${more}: muster answer ${taskId} "…"`;
}

const STEPS: Readonly<Record<string, string>> = {
  prepareSources: 'reading the documents',
  planTask: 'planning',
  revisePlan: 'checking the edited plan',
  runSubAgents: 'research',
  synthesize: 'writing the answer',
  answerSoFar: 'writing the answer so far',
  verifyAnswer: 'checking the answer',
  shapeAnswer: 'filling the schema',
} satisfies Partial<Record<keyof Activities, string>>;

/** What a person calls a step of the task; another worker's Activities by their names. */
const stepInWords = (activity: string | null | undefined): string => STEPS[activity ?? ''] ?? activity ?? 'a step';

/** 2nd, 3rd, 4th … of at least two. */
const ordinal = (n: number): string =>
  `${n}${n % 100 > 10 && n % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;

/** True when something polled the deployment's queue lately; a killed worker stays listed for a while. */
export async function workerSeen({ client, deployment }: Pick<HandleParts, 'client' | 'deployment'>): Promise<boolean> {
  const { pollers } = await translatingConnectionErrors(() =>
    client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: deepQueue(deployment) },
      taskQueueType: 1,
    }),
  );
  return (pollers ?? []).some(
    (poller) => Date.now() - Number(poller.lastAccessTime?.seconds ?? 0) * 1_000 < WORKER_SEEN_MS,
  );
}

const livePhases = (description: WorkflowExecutionDescription): SubtaskPhase[] =>
  heartbeats<PodHeartbeat>(description).flatMap(({ subtasks }) => (Array.isArray(subtasks) ? subtasks : []));

function liveStep(description: WorkflowExecutionDescription): Pick<TaskStatus, 'step'> {
  const beat = heartbeats<StepHeartbeat>(description).find(({ asking }) => asking !== undefined);
  if (!beat?.asking || beat.step === undefined) return {};
  const { model, since, tokens } = beat.asking;
  return { step: { name: beat.step, model, tokens, seconds: Math.max(0, Math.round((Date.now() - since) / 1_000)) } };
}

/** Who prepares documents says a phase of its own; a pod says one for each seat. */
function liveReading(description: WorkflowExecutionDescription): Pick<TaskStatus, 'reading'> {
  const phase = heartbeats<{ phase: unknown }>(description).find((beat) => typeof beat.phase === 'string')?.phase;
  return typeof phase === 'string' ? { reading: phase.slice(0, MAX_WRITES_CHARS) } : {};
}

/** What the Activities that are under way said last; of an older or newer worker anything may be missing. */
function heartbeats<T>(description: WorkflowExecutionDescription): Partial<T>[] {
  return (description.raw.pendingActivities ?? []).flatMap((activity) => {
    const payload = activity.heartbeatDetails?.payloads?.[0];
    return payload ? [defaultPayloadConverter.fromPayload<Partial<T>>(payload)] : [];
  });
}

async function withTexts(
  live: SubtaskPhase[],
  description: WorkflowExecutionDescription,
  { store }: HandleParts,
): Promise<LiveSubtask[]> {
  const run = description.raw.workflowExecutionInfo?.firstRunId || description.runId;
  return await Promise.all(
    live.map(async (one): Promise<LiveSubtask> => {
      // Between two answers the last one's text still lies there.
      if (!store || !one.asksModel) return one;
      const partial = await store
        .getPartial({ run, subtask: one.id, generation: one.generation })
        .catch(() => undefined);
      const writes = partial ? endOfText(partial.text) : '';
      return writes === '' ? one : { ...one, writes };
    }),
  );
}

/** The string that is being written, of JSON that is not yet whole; of plain text its end. */
function endOfText(text: string): string {
  const string = /"((?:[^"\\]|\\.)*)"?[\s,\]}]*$/.exec(text)?.[1] ?? text;
  return string
    .replace(/\\n|\s+/g, ' ')
    .trim()
    .slice(-MAX_WRITES_CHARS);
}

async function fromStore({ store, taskId }: HandleParts): Promise<TaskStatus> {
  const result = await store?.getResult(taskId);
  if (!result) throw (await goneTask(store, taskId)) ?? new TaskNotFoundError(taskId);
  const behind = await store?.getResult(backgroundId(taskId));
  const sessionId = (await store?.getTask(taskId))?.sessionId;
  const route = await keptRoute(store, taskId);
  return {
    ...closedStatus(result),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(route ? { route } : {}),
    ...(behind ? { background: keptBackground(behind) } : {}),
  };
}
