// start-task.ts: what `run` and `start` share: judges the request before anything is started, starts the local stack
// when none runs, and starts the task; or starts it at a gateway, where one is named.

import { goalProblem } from '../../protocol/task.ts';
import { resolveClass } from '../classes.ts';
import { clientConfig } from '../config.ts';
import { RequestRefusedError } from '../errors.ts';
import type { MusterClient, TaskInput } from '../muster-client.ts';
import type { AnyTask } from '../kept-task.ts';
import type { TaskHandle } from '../task-handle.ts';
import { readHttpRequest, withGateway } from './gateway-client.ts';
import { ensureLocalStack } from './local-stack.ts';
import { withClient } from './open.ts';
import { readGoal } from './read-goal.ts';
import type { Io } from './terminal/io.ts';
import { readSchema, type StartFlags } from './start-flags.ts';
import { checkExists, checkRoots, splitSources } from './sources.ts';

/** The request that the command line means. Refuses what can be refused before anything is started. */
export async function readRequest(words: string[], flags: StartFlags, io: Io): Promise<TaskInput> {
  const goal = await readGoal(words, io);
  const problem = goalProblem(goal);
  if (problem) throw new RequestRefusedError(problem);
  const { configPath, isRemote } = clientConfig();
  const row = await resolveClass(flags.class, configPath);
  const named = flags.docs ?? ['.'];
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
    ...(flags.schema === undefined ? {} : { outputSchema: readSchema(flags.schema) }),
    ...(flags.session === undefined ? {} : { sessionId: flags.session }),
    ...(flags.tenant === undefined ? {} : { tenant: flags.tenant }),
  };
}

/** Starts the local stack unless something else is named, and checks that its worker may read the sources. */
export async function ensureStackReads(input: TaskInput, flags: StartFlags, io: Io): Promise<void> {
  const { home, isRemote } = clientConfig();
  if (isRemote || flags.up === false) return;
  const paths = input.sources.flatMap((source) =>
    typeof source === 'string' ? [source] : source.kind === 'path' ? [source.path] : [],
  );
  const stack = await ensureLocalStack({ home, paths, latencyMs: flags.latency, restart: 'when idle' }, io);
  checkRoots(paths, stack.roots);
}

/** Starts the task; with a key, finds the one that was started with it. */
export function startTask(client: MusterClient, input: TaskInput, { key }: StartFlags): Promise<TaskHandle> {
  return client.start(input, key === undefined ? {} : { idempotencyKey: key });
}

/** Where a new task was started, as far as commands ask. */
export interface StartedAt {
  workerSeen(): Promise<boolean>;
  /** Undefined over HTTP, where nobody needs to know. */
  deployment?: string;
}

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
    const key = flags.key === undefined ? {} : { idempotencyKey: flags.key };
    return await withGateway(gateway, io, flags.tenant, async (client) => work(await client.start(asked, key), client));
  }
  const input = await readRequest(words, flags, io);
  await ensureStackReads(input, flags, io);
  return await withClient(io, async (client) => await work(await startTask(client, input, flags), client));
}
