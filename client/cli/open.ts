// open.ts: reaches the deployment from a command, through its gateway where one is named, and finds a task by its id or a part
// of it: a closed one in the store of this folder where no server is about. Temporal's client is loaded only by who asks a server.

import { isBackgroundId } from '../../protocol/names.ts';
import { existingStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { clientConfig } from '../config.ts';
import { MusterError, RequestRefusedError, TaskExpiredError, TaskNotFoundError, UnreachableError } from '../errors.ts';
import { namedServerListens } from '../find-server.ts';
import { goneTask } from '../gone-task.ts';
import { KeptTask, listKept, type AnyTask } from '../kept-task.ts';
import type { MusterClient } from '../muster-client.ts';
import type { ListFilter, TaskSummary } from '../task-summary.ts';
import { stackEnd } from '../stack/stack-end.ts';
import { onlyMatch, SHORTEST_PART } from './part-of-id.ts';
import { CliError } from './terminal/cli-error.ts';
import { EXIT } from './terminal/exit-codes.ts';
import { isTraced, noteTask } from './command-span.ts';
import { withGateway } from './gateway-client.ts';
import { FRESH_LINE, type Io } from './terminal/io.ts';

/** How many of the newest tasks a shortened id is looked for in. */
const RECENT = 500;

/** Connects, works, disconnects. */
export async function withClient<T>(io: Io, work: (client: MusterClient) => Promise<T>): Promise<T> {
  const client = await open(io);
  try {
    return await work(client);
  } finally {
    // A connection that can't be closed must not hide how the work ended.
    await client.close().catch(() => undefined);
  }
}

/**
 * Works on the task with this id, or whose id begins or ends with it. Where no server is named, or none answers, a closed
 * task is read from the store of this folder; an open one is asked of the server all the same.
 *
 * @throws TaskNotFoundError when there is none, CliError when there are several; what `connect` throws.
 */
export async function withTask<T>(
  id: string,
  io: Io,
  work: (task: AnyTask, store: Store | undefined) => Promise<T>,
): Promise<T> {
  const { gateway } = clientConfig();
  if (gateway)
    return await withGateway(gateway, io, undefined, async (client) => {
      const task = await findTask(client, id, `the gateway at ${client.address}`);
      // Whose trace it is, the gateway's own span knows.
      if (isTraced()) noteTask({ taskId: task.taskId, sessionId: (await task.status()).sessionId });
      return await work(task, undefined);
    });
  const ask = (): Promise<T> =>
    withClient(io, async (client) => {
      const task = await findTask(client, id, `the Temporal server at ${client.address}`);
      await noteKept(task, client.store);
      return await work(task, client.store);
    });
  try {
    return await fromServerOrStore(io, ask, async (store) => {
      const task = await keptTask(store, id);
      const gone = task ? undefined : await goneTask(store, id);
      if (gone) throw gone;
      if (task) await noteKept(task, store);
      return task && (() => work(task, store));
    });
  } catch (error) {
    throw (await waiting(id, error)) ?? error;
  }
}

/** The command is about it, and about the trace and the session that its head in the store names. */
async function noteKept({ taskId }: AnyTask, store: Store | undefined): Promise<void> {
  if (!isTraced()) return;
  const head = await store?.getTask(taskId).catch(() => undefined);
  noteTask({ taskId, sessionId: head?.sessionId, ...(head ? { trace: { traceparent: head.traceparent } } : {}) });
}

/** Of a task that this folder started, and whose server is down: whoever was asked instead knows nothing of it. */
async function waiting(id: string, error: unknown): Promise<CliError | undefined> {
  if (clientConfig().address !== undefined) return undefined;
  const isAway =
    error instanceof UnreachableError || (error instanceof CliError && error.exitCode === EXIT.cannotConnect);
  if (!isAway && !(error instanceof TaskNotFoundError)) return undefined;
  const taskId = await withOwnStore((store) => openTask(store, id));
  if (taskId === undefined) return undefined;
  return new CliError(
    EXIT.cannotConnect,
    `task ${taskId} is not done, and nothing of this folder runs that could go on with it`,
    'muster up goes on with it.',
    'the task, and all that it had finished',
  );
}

/**
 * Works on the list of tasks: the server's, or that of the store of this folder, where none is named or none answers.
 * @param tenant whose tasks are meant, for a gateway. Default: those of its key.
 * @param work told who answers, where a person named it, as `the gateway at http://…`.
 */
export async function withTaskList<T>(
  io: Io,
  tenant: string | undefined,
  work: (list: (filter: ListFilter) => AsyncIterable<TaskSummary>, asked?: string) => Promise<T>,
): Promise<T> {
  const { gateway, address } = clientConfig();
  if (gateway)
    return await withGateway(gateway, io, tenant, async (client) =>
      work((filter) => client.list(filter), `the gateway at ${client.address}`),
    );
  const named = address === undefined ? undefined : `the Temporal server at ${address}`;
  const ask = (): Promise<T> => withClient(io, async (client) => await work((filter) => client.list(filter), named));
  return await fromServerOrStore(io, ask, async (store) => {
    // A store that can't be used, as a database that is away, knows nothing.
    await store.deploymentId();
    return async () => {
      io.say(
        address === undefined
          ? 'muster: no server of this folder answers, so this is what its store knows; muster up goes on with what waits'
          : `muster: no Temporal server answers at ${address}, so this is what the store of this folder knows`,
      );
      return await work((filter) => listKept(store, filter));
    };
  });
}

/** @param find what there is to do with the store; undefined: nothing. */
async function fromServerOrStore<T>(
  io: Io,
  ask: () => Promise<T>,
  find: (store: Store) => Promise<(() => Promise<T>) | undefined>,
): Promise<T> {
  const { home, isRemote } = clientConfig();
  const end = isRemote ? undefined : await stackEnd(home);
  if (end) io.say(`muster: ${end.message}`);
  for (const line of end?.lines ?? []) io.say(`  ${line}`);
  const listens = await namedServerListens(clientConfig()).catch((error: unknown) => {
    throw notAsked(error);
  });
  // What is wrong with a server that listens is for a person to mend, also where the store could answer.
  if (listens) return await ask();
  const kept = await withOwnStore(async (store) => {
    const todo = await find(store);
    return todo && { done: await todo() };
  });
  if (kept) return kept.done;
  return await ask();
}

/** Undefined when this folder has no store. */
async function withOwnStore<T>(read: (store: Store) => Promise<T>): Promise<T | undefined> {
  const { home, environment } = clientConfig();
  const store = existingStore(home, environment);
  try {
    return store && (await read(store));
  } finally {
    await store?.close();
  }
}

async function open(io: Io): Promise<MusterClient> {
  // Temporal's client takes a while to load: meanwhile a person sees that something goes on.
  io.passing?.('asks the Temporal server …');
  let asks = true;
  const over = (): void => {
    if (asks) io.passing?.(FRESH_LINE);
    asks = false;
  };
  try {
    const { connect } = await import('../connect.ts');
    return await connect({ warn: (message) => (over(), io.say(`muster: ${message}`)) });
  } catch (error) {
    throw notAsked(error);
  } finally {
    over();
  }
}

/** What is the caller's to mend, and what says by itself that nobody answers, stays what it is. */
function notAsked(error: unknown): Error {
  if (error instanceof UnreachableError || error instanceof RequestRefusedError) return error;
  return new CliError(
    EXIT.cannotConnect,
    error instanceof Error ? error.message : String(error),
    error instanceof MusterError
      ? error.hint
      : 'Check TEMPORAL_ADDRESS, TEMPORAL_CONFIG_FILE and the other TEMPORAL_ settings.',
  );
}

/** Where tasks are looked for. */
interface Tasks {
  get(id: string): Promise<AnyTask>;
  list(filter: ListFilter): AsyncIterable<TaskSummary>;
}

async function findTask(client: Tasks, id: string, where: string): Promise<AnyTask> {
  try {
    return await client.get(id);
  } catch (error) {
    if (!(error instanceof TaskNotFoundError) || error instanceof TaskExpiredError) throw error;
    const ids: string[] = [];
    if (id.length >= SHORTEST_PART) for await (const { taskId } of client.list({ limit: RECENT })) ids.push(taskId);
    const only = onlyMatch(ids, id);
    if (only !== undefined) return await client.get(only);
    throw new TaskNotFoundError(id, `there is no task ${id} at ${where}`);
  }
}

async function keptTask(store: Store, id: string): Promise<KeptTask | undefined> {
  const exact = await store.getResult(id);
  if (exact) return new KeptTask(exact, store);
  const known = await knownId(store, id);
  const kept = known === undefined ? undefined : await store.getResult(known);
  return kept && new KeptTask(kept, store);
}

/** The id of a task that was accepted and has no result. */
async function openTask(store: Store, id: string): Promise<string | undefined> {
  const known = await knownId(store, id);
  return known === undefined || (await store.getResult(known)) ? undefined : known;
}

/** The id itself, or the one that begins or ends with it, of a task that the store has accepted. */
async function knownId(store: Store, id: string): Promise<string | undefined> {
  if (await store.getTask(id)) return id;
  if (id.length < SHORTEST_PART) return undefined;
  const recent = await store.tasks(RECENT);
  return onlyMatch(
    recent.map(({ taskId }) => taskId).filter((known) => !isBackgroundId(known)),
    id,
  );
}
