// probe.ts: measures how long the server takes from one step of a Workflow to the next, with a Workflow that it works on by itself:
// sixty Activities one after the other, a timer, two Queries at once, and Signals while it is at work. Uses a queue of its own, and leaves nothing behind.

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from './server.ts';

export interface Measured {
  /** ms of each of the last steps of a chain: an Activity is sent, done, and the Workflow goes on. */
  hopsMs: number[];
  /** ms that a timer fired late. */
  timerLateMs: number;
  /** Whether an Activity is handed over with the reply that sends it. */
  isEager: boolean;
  /** Whether a second Query waits beside the first, instead of being refused. */
  takesQueries: boolean;
  /** Whether more than a hundred events may come while a Workflow is at work. */
  keepsEvents: boolean;
  /** ms that the server's clock is ahead of this machine's, and how well that is known. */
  clock: { aheadMs: number; withinMs: number };
}

/**
 * A server with its own limits lets the first ten to twenty through at once, and slows down then: the last ones tell. Where each takes
 * 40 ms for itself, as on a busy machine, it comes to that after more than thirty.
 */
const HOPS = 60;
const TOLD = 3;
const TIMER_MS = 20;
/** A refusal comes at once. */
const QUERY_MS = 150;
const CALL_MS = 8_000;
/** By default the server breaks off a step of a Workflow when more than 100 events came meanwhile. */
const SIGNALS = 110;
/** Of the API. */
const SCHEDULE_ACTIVITY = 1;
const START_TIMER = 3;
const NOT_FOUND = 5;
const RESOURCE_EXHAUSTED = 8;

/** @throws what the SDK throws: the server refuses it, or answers too late. */
export async function measure({ connection, namespace }: Server): Promise<Measured> {
  const name = `muster-doctor-${randomBytes(6).toString('hex')}`;
  const { workflowService } = connection;
  const ask = <T>(call: () => Promise<T>): Promise<T> => connection.withDeadline(Date.now() + CALL_MS, call);
  const queue = { name };
  const shared = { namespace, identity: name };
  const began = Date.now();
  const { runId } = await ask(() =>
    workflowService.startWorkflowExecution({
      ...shared,
      workflowId: name,
      workflowType: { name: 'musterDoctorProbe' },
      taskQueue: queue,
      requestId: name,
      workflowExecutionTimeout: time(60_000),
      workflowTaskTimeout: time(10_000),
    }),
  );
  const execution = { workflowId: name, runId };
  const nextTask = () => ask(() => workflowService.pollWorkflowTaskQueue({ ...shared, taskQueue: queue }));
  const reply = (taskToken: Uint8Array, ...commands: object[]) =>
    ask(() => workflowService.respondWorkflowTaskCompleted({ ...shared, taskToken, commands }));
  const activity = (id: number, requestEagerExecution = false) => ({
    commandType: SCHEDULE_ACTIVITY,
    scheduleActivityTaskCommandAttributes: {
      activityId: String(id),
      activityType: { name: 'hop' },
      taskQueue: queue,
      startToCloseTimeout: time(CALL_MS),
      scheduleToCloseTimeout: time(CALL_MS),
      requestEagerExecution,
    },
  });
  try {
    let task = await nextTask();
    const startedAt = msOf(task.history?.events?.[0]?.eventTime);
    const between = { from: began, to: Date.now() };
    const hopsMs: number[] = [];
    for (let hop = 0; hop < HOPS; hop += 1) {
      // Whoever polls waits already, as a worker's pollers do.
      const work = ask(() => workflowService.pollActivityTaskQueue({ ...shared, taskQueue: queue }));
      work.catch(() => undefined);
      const at = performance.now();
      await reply(task.taskToken, activity(hop));
      const { taskToken } = await work;
      const next = nextTask();
      next.catch(() => undefined);
      await ask(() => workflowService.respondActivityTaskCompleted({ ...shared, taskToken }));
      task = await next;
      hopsMs.push(performance.now() - at);
    }
    const timed = performance.now();
    await reply(task.taskToken, {
      commandType: START_TIMER,
      startTimerCommandAttributes: { timerId: 'late', startToFireTimeout: time(TIMER_MS) },
    });
    task = await nextTask();
    const timerLateMs = Math.max(0, performance.now() - timed - TIMER_MS);
    const takesQueries = await twoQueries(() =>
      workflowService.queryWorkflow({ namespace, execution, query: { queryType: 'probe' } }),
    );
    const signal = () =>
      workflowService.signalWorkflowExecution({ namespace, workflowExecution: execution, signalName: 'probe' });
    await ask(() => Promise.all(Array.from({ length: SIGNALS }, signal)));
    const keepsEvents = await reply(task.taskToken).then(() => true, isBrokenOff);
    task = await nextTask();
    const { activityTasks } = await reply(task.taskToken, activity(HOPS, true));
    return {
      hopsMs: hopsMs.slice(-TOLD),
      timerLateMs,
      isEager: (activityTasks ?? []).length > 0,
      takesQueries,
      keepsEvents,
      clock: clockOf(startedAt, between),
    };
  } finally {
    const details = { namespace, workflowExecution: execution };
    await ask(() => workflowService.terminateWorkflowExecution({ ...details, reason: 'measured' })).catch(
      () => undefined,
    );
    await ask(() => workflowService.deleteWorkflowExecution(details)).catch(() => undefined);
  }
}

/** The task that was in hand is none any more. @throws what else it is. */
function isBrokenOff(error: unknown): false {
  if ((error as { code?: unknown }).code === NOT_FOUND) return false;
  throw error;
}

/** Asked while the Workflow has a task in hand: the server keeps them until it is done, or refuses all but the first. */
async function twoQueries(query: () => Promise<unknown>): Promise<boolean> {
  let isRefused = false;
  const asking = [1, 2].map(() =>
    query().catch((error: unknown) => {
      isRefused ||= (error as { code?: unknown }).code === RESOURCE_EXHAUSTED;
    }),
  );
  await Promise.race([Promise.all(asking), sleep(QUERY_MS)]);
  return !isRefused;
}

type Time = NonNullable<
  Parameters<Server['connection']['workflowService']['startWorkflowExecution']>[0]['workflowTaskTimeout']
>;

const time = (ms: number): Time => ({ seconds: Math.floor(ms / 1_000), nanos: (ms % 1_000) * 1e6 }) as unknown as Time;
const msOf = (at: Time | null | undefined): number =>
  at ? Number(at.seconds ?? 0) * 1_000 + Math.floor((at.nanos ?? 0) / 1e6) : 0;

/** What the server says of the moment of an event lies between two looks at this machine's clock, if both go alike. */
function clockOf(serverMs: number, { from, to }: { from: number; to: number }): Measured['clock'] {
  const withinMs = Math.round((to - from) / 2);
  return { aheadMs: Math.round(serverMs - (from + to) / 2), withinMs };
}
