// start-task.ts: what `run` and `start` share: judges the request before anything is started, starts the local stack
// when none runs, and starts the task.

import { readFileSync } from 'node:fs';
import { outputSchemaProblem } from '../../protocol/schemas/output-schema.ts';
import { goalProblem } from '../../protocol/task.ts';
import { resolveClass } from '../classes.ts';
import { clientConfig } from '../config.ts';
import { RequestRefusedError } from '../errors.ts';
import type { MusterClient, TaskInput } from '../muster-client.ts';
import type { TaskHandle } from '../task-handle.ts';
import { usageError } from './cli-error.ts';
import { filled, filledRepeatable, repeatable, whole, type OptionSpec } from './command.ts';
import { ensureLocalStack } from './local-stack.ts';
import { readGoal } from './read-goal.ts';
import type { Io } from './io.ts';
import { checkExists, checkRoots, splitSources } from './sources.ts';

export interface StartFlags {
  docs?: string[];
  include?: string[];
  exclude?: string[];
  class?: string;
  key?: string;
  session?: string;
  tenant?: string;
  latency?: number;
  schema?: string;
  /** False for `--no-up`. */
  up?: boolean;
  json?: boolean;
}

export const START_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '-d, --docs <path>',
    about: 'file, folder or http(s) address to answer from; repeatable (default: the current folder)',
    read: repeatable,
  },
  { flags: '--include <pattern>', about: 'only these files, in gitignore syntax; repeatable', read: filledRepeatable },
  { flags: '--exclude <pattern>', about: 'none of these files and folders; repeatable', read: filledRepeatable },
  { flags: '--class <name>', about: 'quick, standard, thorough or one of your own (default: standard)', read: filled },
  { flags: '--schema <file>', about: 'JSON Schema of an object to hand the answer back as, too', read: filled },
  { flags: '--key <key>', about: 'idempotency key: asking again with it is asking once', read: filled },
  { flags: '--session <id>', about: 'session that the task belongs to', read: filled },
  { flags: '--tenant <name>', about: 'tenant that the task belongs to (default: default)', read: filled },
  {
    flags: '--latency <ms>',
    about: 'pause of the offline model before each answer, when this starts the local stack',
    read: whole,
  },
  { flags: '--no-up', about: 'do not start the local stack when none runs' },
];

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

function readSchema(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : message;
    throw usageError(`--schema: ${path} can't be read: ${why}`, 'Name a file that holds a JSON Schema.');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw usageError(`--schema: ${path} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const problem = outputSchemaProblem(value);
  if (problem) throw usageError(`--schema: ${path} can't be used: ${problem.replace(/^outputSchema/, 'it')}`);
  return value as Record<string, unknown>;
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
