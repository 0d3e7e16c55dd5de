// servers.ts: the servers of a run as processes on free loopback ports, each stopped by its id.

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Cleanup } from '../cleanup.ts';
import type { Installed } from './install.ts';

export interface Server {
  /** With `/v1` at its end. */
  url: string;
  stop: () => Promise<void>;
}

const STARTS_WITHIN_MS = 120_000;

/** llama.cpp's server. @param args how many slots, how long a context, and the like */
export async function startLlama(
  { llamaServer, model }: Installed,
  args: readonly string[],
  cleanup: Cleanup,
): Promise<Server> {
  const port = await freePort();
  const common = ['--host', '127.0.0.1', '--port', String(port), '-m', model, '--threads', '2'];
  const { stop, gone, said } = start(llamaServer, [...common, ...args], cleanup);
  const url = `http://127.0.0.1:${port}`;
  for (const end = Date.now() + STARTS_WITHIN_MS; Date.now() < end; await sleep(250)) {
    if (gone()) throw new Error(`llama-server ended before it was ready:\n${said()}`);
    const health = await fetch(`${url}/health`).catch(() => undefined);
    if (health?.ok) return { url: `${url}/v1`, stop };
  }
  throw new Error(`llama-server was not ready within ${STARTS_WITHIN_MS / 1_000} s:\n${said()}`);
}

/** The real embeddings. */
export async function startEmbeddings({ python, vectors }: Installed, cleanup: Cleanup): Promise<Server> {
  const script = fileURLToPath(new URL('../../../bench/real-models/embeddings-server.py', import.meta.url));
  const { stop, first, said } = start(python, [script, '--kept', vectors], cleanup);
  const url = await first;
  if (!url.startsWith('http')) throw new Error(`the embeddings server did not start:\n${said()}`);
  return { url, stop };
}

interface Started {
  /** The first line that it prints; empty when it ends before one. */
  first: Promise<string>;
  stop: () => Promise<void>;
  gone: () => boolean;
  /** The last of what it said on stderr. */
  said: () => string;
}

function start(command: string, args: readonly string[], cleanup: Cleanup): Started {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let last = '';
  child.stderr.on('data', (text: Buffer) => (last = `${last}${text.toString()}`.slice(-4_000)));
  const ended = new Promise<void>((done) => {
    child.once('error', (error) => {
      last += error.message;
      done();
    });
    child.once('exit', () => done());
  });
  let isGone = false;
  void ended.then(() => (isGone = true));
  const stop = cleanup.add(async () => {
    if (isGone) return;
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(hard);
  });
  const lines = createInterface({ input: child.stdout });
  const first = Promise.race([new Promise<string>((line) => lines.once('line', line)), ended.then(() => '')]);
  return { first, stop, gone: () => isGone, said: () => last };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
