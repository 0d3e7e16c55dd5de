// supervisor.ts: owns server, model and worker of one home as its children, restarts what dies, and stops what it
// started and nothing else. One a home: the process that holds the socket.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolderSync } from '../../store/make-folder.ts';
import { removeStack, writeStack, type StackFile } from '../../store/stack-file.ts';
import type { Environment } from '../../settings/variables.ts';
import { clientConfig } from '../config.ts';
import { MusterError } from '../errors.ts';
import { askSupervisor, socketPath } from '../supervisor-socket.ts';
import { forgetStackEnd, writeStackEnd } from './stack-end.ts';
import { startedWith } from './started-with.ts';
import { Supervised } from './supervised.ts';

export interface StackOptions {
  /** The `.muster` folder. */
  home: string;
  /** Folders that the worker may read, besides the one that holds the home. */
  roots: string[];
  /** The offline model's pause before each answer, in ms. Default: 0. */
  latencyMs?: number;
  /** True when no terminal shows what it says. Default: false. */
  isInBackground?: boolean;
  /** Told what happens, a line at a time. */
  say: (line: string) => void;
}

/** Runs the stack until SIGINT, SIGTERM or a stop through the socket; returns the exit code. */
export async function runStack(options: StackOptions): Promise<number> {
  const { home, say } = options;
  makeFolderSync(home);
  if (await askSupervisor(home, 'status')) {
    throw new MusterError(`a stack already runs for ${home}`, 'muster down stops it.');
  }
  const stopped = untilStopped();
  const children: Supervised[] = [];
  const socket = await listen(home, stopped.stop, () => children.every((child) => child.pid !== undefined));
  forgetStackEnd(home);
  let why: string | undefined;
  const stack: StackFile = {
    v: 1,
    ...(options.isInBackground ? { isInBackground: true } : {}),
    supervisor: process.pid,
    temporal: { address: '', uiUrl: '', started: false },
    roots: [dirname(home), ...options.roots],
    startedWith: startedWith(clientConfig().environment, {
      roots: options.roots,
      latencyMs: options.latencyMs ?? 0,
    }),
  };
  try {
    await startAll(options, stack, children);
    say(`ready: Temporal ${stack.temporal.address}, Web UI ${stack.temporal.uiUrl}`);
    why = await stopped.promise;
    return 0;
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
    throw error;
  } finally {
    // The worker first, so that what it reports while it stops still reaches the server.
    for (const child of [...children].reverse()) await child.stop();
    removeStack(home);
    if (options.isInBackground && why !== undefined) writeStackEnd(home, why);
    socket.close();
    rmSync(socketPath(home), { force: true });
  }
}

async function startAll(options: StackOptions, stack: StackFile, children: Supervised[]): Promise<void> {
  const { home, say } = options;
  const { environment, needsOfflineModel } = clientConfig();
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

  say('starts the worker');
  const worker = new Supervised({
    ...shared('worker'),
    name: 'the worker',
    command: process.execPath,
    args: [roomMain('worker')],
    env: {
      ...environment,
      MUSTER_HOME: home,
      MUSTER_EXIT_WITH_PARENT: '1',
      MUSTER_ROOTS: options.roots.join('\n'),
      TEMPORAL_ADDRESS: stack.temporal.address,
      ...(stack.model ? { MUSTER_OFFLINE_URL: stack.model.url } : {}),
    },
    isReady: (line) => line.startsWith('ready '),
    onLine: (line) => {
      if (line.startsWith('loaded ')) say(line);
      const pid = /pid=(\d+)/.exec(line)?.[1];
      if (pid) {
        stack.worker = { pid: Number(pid) };
        // As the worker says: its config file may name more than this process knows.
        stack.roots = JSON.parse(/roots=(\[.*\])/.exec(line)?.[1] ?? '[]') as string[];
        save();
      }
    },
  });
  save();
  await add(worker);
}

/** False when the script found a server that somebody else runs, which is never stopped. */
function startedByUs(home: string): boolean {
  try {
    return (JSON.parse(readFileSync(join(home, 'temporal.json'), 'utf8')) as { started?: boolean }).started === true;
  } catch {
    return false;
  }
}

/** The offline model has no business with anybody's key or password. */
function withoutKeys(env: Environment): Environment {
  const { OPENAI_API_KEY: _key, MUSTER_STORE_URL: _store, ...rest } = env;
  return rest;
}

function listen(home: string, stop: () => void, healthy: () => boolean): Promise<Server> {
  const path = socketPath(home);
  // The one that listened there did not answer: it is dead, and so is its socket.
  if (existsSync(path)) rmSync(path);
  return new Promise((done, failed) => {
    const server = createServer((peer) => {
      peer.on('error', () => undefined);
      peer.once('data', (word) => {
        if (word.toString('utf8').trim() === 'stop') stop();
        peer.end(`${JSON.stringify({ pid: process.pid, healthy: healthy() })}\n`);
      });
    });
    server.once('error', failed);
    server.listen(path, () => done(server));
  });
}

/** @returns why it stops; undefined when somebody asked it to. */
function untilStopped(): { promise: Promise<string | undefined>; stop: (why?: string) => void } {
  let stop = (_why?: string): void => undefined;
  const promise = new Promise<string | undefined>((done) => {
    stop = done;
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => stop(`stopped by ${signal}`));
  return { promise, stop };
}

/** A file of the package, from `dist/client/stack/`. */
function packagePath(name: string): string {
  return fileURLToPath(new URL(`../../../${name}`, import.meta.url));
}

function roomMain(room: string): string {
  return fileURLToPath(new URL(`../../${room}/main.js`, import.meta.url));
}
