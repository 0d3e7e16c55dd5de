// start-all.ts: the parts of a home's stack as child processes: what each is started with, in which order, and what they say
// of themselves. Decides nothing about when they end.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeStack, type StackFile } from '../../store/stack-file.ts';
import type { Environment } from '../../settings/variables.ts';
import { clientConfig } from '../config.ts';
import { keptRoots } from './kept-roots.ts';
import { leastWorkers, startWorkers } from './start-workers.ts';
import { Supervised, type ChildSpec } from './supervised.ts';

export interface StackOptions {
  /** The `.muster` folder. */
  home: string;
  /** Folders that the worker may read, besides the one that holds the home. */
  roots: string[];
  /** The offline model's pause before each answer, in ms. Default: 0. */
  latencyMs?: number;
  /** ... and for each token of an answer, in ms. Default: 0. */
  tokenMs?: number;
  /** True when no terminal shows what it says. Default: false. */
  isInBackground?: boolean;
  /** Told what happens, a line at a time. */
  say: (line: string) => void;
}

/** Starts all, adding each to `children` before it is ready; `stack` is filled in and saved as it comes to be known. */
export async function startAll(options: StackOptions, stack: StackFile, children: Supervised[]): Promise<void> {
  const { home, say } = options;
  const { environment, configPath, needsOfflineModel } = clientConfig();
  const shared = (name: string) => ({
    logFile: join(home, `${name}.log`),
    onRestart: (who: string, inMs: number, reason: string) => {
      say(`${who} ended (${reason}); it starts again in ${inMs} ms`);
    },
  });
  const save = (): void => writeStack(home, stack);
  const add = async (child: Supervised): Promise<void> => {
    children.push(child);
    await child.start();
  };

  // A command that comes meanwhile compares its settings with these.
  save();
  say('starts the Temporal server');
  const server = new Supervised({
    ...shared('server'),
    name: 'the Temporal server',
    command: 'bash',
    args: [packagePath('temporal-dev.sh'), '--foreground'],
    env: {
      ...environment,
      MUSTER_HOME: home,
      ...(stack.temporal.address ? { TEMPORAL_ADDRESS: stack.temporal.address } : {}),
    },
    onStderr: say,
    isReady: (line) => line.startsWith('ui='),
    onLine: (line) => {
      const [key, value = ''] = line.split(/=(.*)/s);
      if (key === 'address') stack.temporal.address = value;
      if (key === 'ui') stack.temporal.uiUrl = value;
    },
  });
  await add(server);
  stack.temporal.started = startedByUs(home);
  const kept = await keptRoots(home, options.roots, stack.temporal.address);
  const roots = [...options.roots, ...kept];
  if (kept.length > 0)
    say(`reads ${kept.join(', ')}, too, as the last stack did: a task is at work, or may be, and may need it`);
  stack.roots.push(...kept);
  if (stack.startedWith) stack.startedWith.roots = roots;

  if (needsOfflineModel) {
    say('starts the offline model');
    const model = new Supervised({
      ...shared('model'),
      name: 'the offline model',
      command: process.execPath,
      args: [
        roomMain('simulator'),
        '--exit-with-parent',
        '--port',
        String(stack.model?.url ? new URL(stack.model.url).port : 0),
        ...(options.latencyMs ? ['--latency', String(options.latencyMs)] : []),
        ...(options.tokenMs ? ['--token-ms', String(options.tokenMs)] : []),
      ],
      env: withoutKeys(environment),
      isReady: (line) => line.startsWith('listening on '),
      onLine: (line) => {
        const url = /^listening on (\S+)/.exec(line)?.[1];
        if (url) {
          stack.model = { url };
          save();
        }
      },
    });
    await add(model);
  }

  await startWorkers({
    count: leastWorkers(configPath),
    args: [roomMain('worker')],
    env: {
      ...environment,
      MUSTER_HOME: home,
      MUSTER_EXIT_WITH_PARENT: '1',
      MUSTER_ROOTS: roots.join('\n'),
      TEMPORAL_ADDRESS: stack.temporal.address,
      ...(stack.model ? { MUSTER_OFFLINE_URL: stack.model.url } : {}),
    },
    stack,
    shared,
    add,
    save,
    say,
  });
  // After the worker, which makes the deployment where there is none yet, and which tasks wait for.
  await startGateway({ ...options, roots }, stack, children, { ...shared('gateway'), save });
}

/** Without it tasks are worked on all the same, and started by the CLI and the library: its failure ends nothing. */
async function startGateway(
  { home, roots, say }: StackOptions,
  stack: StackFile,
  children: Supervised[],
  { save, ...shared }: Pick<ChildSpec, 'logFile' | 'onRestart'> & { save: () => void },
): Promise<void> {
  const gateway = new Supervised({
    ...shared,
    name: 'the gateway',
    command: process.execPath,
    args: [roomMain('gateway')],
    env: {
      // Answers at once are made there, as a worker makes them.
      ...clientConfig().environment,
      MUSTER_HOME: home,
      MUSTER_EXIT_WITH_PARENT: '1',
      MUSTER_ROOTS: roots.join('\n'),
      TEMPORAL_ADDRESS: stack.temporal.address,
      ...(stack.model ? { MUSTER_OFFLINE_URL: stack.model.url } : {}),
    },
    isReady: (line) => line.startsWith('ready '),
    onLine: (line) => {
      const [, pid, url] = /^ready pid=(\d+) url=(\S+)/.exec(line) ?? [];
      if (url === undefined) return;
      stack.gateway = { url, pid: Number(pid) };
      save();
    },
  });
  children.push(gateway);
  try {
    await gateway.start();
  } catch (error) {
    children.splice(children.indexOf(gateway), 1);
    say(`goes on without the HTTP API: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** False when the script found a server that somebody else runs, which is never stopped. */
function startedByUs(home: string): boolean {
  try {
    return (JSON.parse(readFileSync(join(home, 'temporal.json'), 'utf8')) as { started?: boolean }).started === true;
  } catch {
    return false;
  }
}

function withoutModelKeys(env: Environment): Environment {
  const { OPENAI_API_KEY: _key, ...rest } = env;
  return rest;
}

/** The offline model has no business with anybody's key or password. */
function withoutKeys(env: Environment): Environment {
  const { MUSTER_STORE_URL: _store, ...rest } = withoutModelKeys(env);
  return rest;
}

/** A file of the package, from `dist/client/stack/`. */
function packagePath(name: string): string {
  return fileURLToPath(new URL(`../../../${name}`, import.meta.url));
}

function roomMain(room: string): string {
  return fileURLToPath(new URL(`../../${room}/main.js`, import.meta.url));
}
