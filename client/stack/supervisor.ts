// supervisor.ts: owns server, model, worker and gateway of one home as its children, restarts what dies, and stops what it
// started and nothing else. One a home: the process that holds the socket.

import { existsSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { ownRoots } from '../../store/home.ts';
import { makeFolderSync } from '../../store/make-folder.ts';
import { removeStack, writeStack, type StackFile } from '../../store/stack-file.ts';
import { clientConfig } from '../config.ts';
import { MusterError } from '../errors.ts';
import { askSupervisor, socketPath } from '../supervisor-socket.ts';
import { forgetStackEnd, writeStackEnd } from './stack-end.ts';
import { startedWith } from './started-with.ts';
import { startAll, type StackOptions } from './start-all.ts';
import type { Supervised } from './supervised.ts';

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
    isWhole: false,
    temporal: { address: '', uiUrl: '', started: false },
    roots: [...ownRoots(home), ...options.roots],
    startedWith: startedWith(clientConfig().environment, {
      roots: options.roots,
      latencyMs: options.latencyMs ?? 0,
      tokenMs: options.tokenMs ?? 0,
    }),
  };
  try {
    await startAll(options, stack, children);
    const http = stack.gateway ? `, HTTP ${stack.gateway.url}` : '';
    say(`ready: Temporal ${stack.temporal.address}, Web UI ${stack.temporal.uiUrl}${http}`);
    // Who waits for it has read all that was said by then.
    stack.isWhole = true;
    writeStack(home, stack);
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
