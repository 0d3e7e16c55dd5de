// start-task.ts: what `run` and `start` share: judges the request before anything is started, starts the local stack
// when none runs, and starts the task; or starts it at a gateway, where one is named.

import type { Notify } from '../../protocol/notify.ts';
import { limitsProblem } from '../../protocol/classes.ts';
import { pathAskedOf } from '../../protocol/route.ts';
import { goalProblem, type Source } from '../../protocol/task.ts';
import { resolveClass } from '../classes.ts';
import { clientConfig } from '../config.ts';
import { RequestRefusedError } from '../errors.ts';
import { fileOfWorkers, untoldReceiver } from '../receivers.ts';
import type { MusterClient } from '../muster-client.ts';
import type { TaskInput } from '../task-input.ts';
import type { AnyTask } from '../kept-task.ts';
import type { TaskHandle } from '../task-handle.ts';
import type { HttpClient } from '../http/http-client.ts';
import { callerTraceparent, noteTask } from './command-span.ts';
import { readHttpRequest, withGateway } from './gateway-client.ts';
import { tellingOfInterrupts } from './interrupts.ts';
import { ensureLocalStack, type WantedStack } from './local-stack.ts';
import { withClient } from './open.ts';
import { readGoal } from './read-goal.ts';
import { usageError } from './terminal/cli-error.ts';
import type { Io } from './terminal/io.ts';
import { besideOf, readSchema, receiverError, type StartFlags } from './start-flags.ts';
import { checkExists, checkRoots, splitSources } from './sources.ts';

/** The request that the command line means. Refuses what can be refused before anything is started. */
export async function readRequest(words: string[], flags: StartFlags, io: Io): Promise<TaskInput> {
  const goal = await readGoal(words, io);
  const problem = goalProblem(goal);
  if (problem) throw new RequestRefusedError(problem);
  const { configPath, isRemote } = clientConfig();
  const row = await resolveClass(flags.class, configPath);
  const odd = flags.budget && limitsProblem(row, flags.budget);
  if (odd) throw usageError(`--budget: ${odd}`, 'Name more, as 20k; muster estimate says what the question takes.');
  const beside = besideOf(flags);
  if (beside.notify) await refuseReceivers(beside.notify, flags);
  const named = flags.docs === false ? [] : (flags.docs ?? ['.']);
  const { paths, urls } = splitSources(named);
  if (!isRemote) checkExists(paths);
  const chosen = {
    ...(flags.include ? { include: flags.include } : {}),
    ...(flags.exclude ? { exclude: flags.exclude } : {}),
  };
  return {
    goal,
    sources: [
      ...paths.map((path) => ({ kind: 'path' as const, path, ...chosen })),
      ...urls.map((url) => ({ kind: 'url' as const, url })),
    ],
    class: row,
    ...(flags.path === undefined ? {} : { path: flags.path }),
    ...(flags.schema === undefined ? {} : { outputSchema: readSchema(flags.schema) }),
    ...(flags.session === undefined ? {} : { sessionId: flags.session }),
    ...(flags.tenant === undefined ? {} : { tenant: flags.tenant }),
    ...beside,
  };
}

/** @throws CliError (usage) for the first receiver that the workers of this home, with the file they have, can't tell. */
async function refuseReceivers(receivers: readonly Notify[], { tenant = 'default', up }: StartFlags): Promise<void> {
  const untold = await untoldReceiver(receivers, tenant, await fileOfWorkers(clientConfig(), up !== false));
  if (!untold) return;
  const hint = 'Name another receiver, or let the config file of the worker allow this one (docs/notify.md).';
  throw receiverError(untold.receiver, untold.problem, hint);
}

/**
 * Starts the local stack unless something else is named, and checks that its worker may read the sources.
 *
 * @param ends who ends it: as `WantedStack`.
 */
export async function ensureStackReads(
  input: TaskInput,
  flags: StartFlags,
  io: Io,
  ends: Pick<WantedStack, 'hearsCtrlC' | 'endsWithCommand'> = {},
): Promise<void> {
  const { home, isRemote } = clientConfig();
  if (isRemote || flags.up === false) return;
  const paths = input.sources.flatMap((source) =>
    typeof source === 'string' ? [source] : source.kind === 'path' ? [source.path] : [],
  );
  const sources = isAnsweredFromDocuments(input) ? named(input) : [];
  const stack = await ensureLocalStack(
    { home, paths, sources, latencyMs: flags.latency, restart: 'when idle', ...ends },
    io,
  );
  checkRoots(paths, stack.roots);
}

/** Whether it fails for certain where there is none: an answer at once may do without. */
const isAnsweredFromDocuments = ({ path, class: row }: TaskInput): boolean =>
  typeof row === 'object' && pathAskedOf(path, row) === 'deep';

const named = ({ sources }: TaskInput): Source[] =>
  sources.map((source) => (typeof source === 'string' ? { kind: 'path', path: source } : source));

/** Starts the task, as part of the trace that TRACEPARENT names; with a key, finds the one that was started with it. */
export function startTask(client: MusterClient, input: TaskInput, { key }: StartFlags): Promise<TaskHandle> {
  const traceparent = callerTraceparent();
  return client.start(input, {
    ...(key === undefined ? {} : { idempotencyKey: key }),
    ...(traceparent === undefined ? {} : { traceparent }),
  });
}

/** Where a new task was started, as far as commands ask. */
export interface StartedAt {
  workerSeen(): Promise<boolean>;
  /** Undefined over HTTP, where nobody needs to know. */
  deployment?: string;
}

const whileHandedOver = (): string =>
  ' while the task was handed over: it may have been accepted. muster list shows it.';

/** Starts the task that the command line means, and works on it. */
export async function withNewTask<T>(
  words: string[],
  flags: StartFlags,
  io: Io,
  work: (task: AnyTask, at: StartedAt) => Promise<T>,
): Promise<T> {
  const { gateway } = clientConfig();
  if (gateway) {
    const asked = await readHttpRequest(words, flags, io);
    const how = {
      ...(flags.key === undefined ? {} : { idempotencyKey: flags.key }),
      // Who lets the path be chosen, or wants an answer at once, is `muster ask`.
      isReadAlong: asked.path === 'auto' || asked.path === 'fast',
    };
    const start = async (client: HttpClient): Promise<T> => {
      const task = await tellingOfInterrupts(io, whileHandedOver, () => client.start(asked, how));
      // A key may have found another's task, which a gateway does not say.
      noteTask({ taskId: task.taskId, sessionId: flags.session, trace: flags.key === undefined ? 'new' : undefined });
      return await work(task, client);
    };
    // Of the caller: the task's root must not hang under a command that may be ended before it has sent its span.
    return await withGateway(gateway, io, flags.tenant, start, callerTraceparent);
  }
  const input = await readRequest(words, flags, io);
  await ensureStackReads(input, flags, io);
  return await withClient(io, async (client) => {
    const task = await tellingOfInterrupts(io, whileHandedOver, () => startTask(client, input, flags));
    noteTask({ taskId: task.taskId, sessionId: flags.session, trace: task.isNew ? 'new' : undefined });
    return await work(task, client);
  });
}
