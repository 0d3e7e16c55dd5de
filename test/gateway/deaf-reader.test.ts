// A reader of a stream that never reads, over real sockets and without a server: it is ended, keeps nothing in memory, and no
// other reader waits for it.

import { connect, Socket } from 'node:net';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { createGateway, serveGateway } from '../../gateway/index.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import { fileStore } from '../../store/file-store.ts';
import { until } from '../rig/until.ts';
import { noServer } from './no-server.ts';

const store = fileStore(mkdtempSync(join(tmpdir(), 'muster-deaf-')));
const GOAL = 'g'.repeat(100_000);

/** Done before each event: what is held for a reader is gone once that one is ended. */
let look = (): void => undefined;

/** Between two events: none until what the system keeps for a socket is full, which must be so before its reader is ended. */
let pauseMs = 0;

/** Writes much, for as long as somebody follows. */
const task = {
  taskId: 't',
  isOpen: () => Promise.resolve(true),
  status: () => Promise.resolve({ taskId: 't', state: 'running', goal: 'g', startedAt: new Date(0), live: [] }),
  async *events({ signal }: { signal: AbortSignal }): AsyncIterable<TaskEvent> {
    for (let n = 1; !signal.aborted; n += 1) {
      await new Promise((done) => setTimeout(done, pauseMs));
      look();
      yield { v: 1, run: 'r', n, at: n, type: 'task.accepted', goal: GOAL, class: 'c' };
    }
  },
};

/** The gateway's end of the socket at whose other end this one is, unless it was ended. */
const theirEnd = ({ localPort }: Socket): Socket | undefined => {
  // Not public, and the only way to the other end of a socket in one process.
  const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
  return handles.find((one): one is Socket => one instanceof Socket && one.remotePort === localPort);
};

/** Bytes that the gateway holds for it. */
const heldFor = (socket: Socket): number => theirEnd(socket)?.writableLength ?? 0;

/** The most that was held for it before any event from now on. */
function mostHeldFor(socket: Socket): () => number {
  let most = 0;
  pauseMs = 0;
  look = () => {
    most = Math.max(most, heldFor(socket));
    if (most > 0) pauseMs = 4;
  };
  return () => most;
}

async function serve(heartbeatMs?: number): Promise<{ port: number; close: () => Promise<void> }> {
  const client = { store, ...noServer, get: () => Promise.resolve(task) };
  const gateway = createGateway({
    client: client as never,
    logBytes: 1_000_000,
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
  });
  const served = await serveGateway(gateway, '127.0.0.1', [0], { silentMs: 500 });
  return { port: Number(new URL(served.url).port), close: () => served.close() };
}

test('a reader of a stream that never reads is ended, keeps nothing in memory, and no other one waits for it', async () => {
  const served = await serve();
  const open = (): { socket: Socket; bytes: () => number; isClosed: () => boolean } => {
    let bytes = 0;
    let closed = false;
    const socket = connect(served.port, '127.0.0.1', () =>
      socket.write('GET /tasks/t/events HTTP/1.1\r\nhost: x\r\n\r\n'),
    );
    socket.on('data', (data) => (bytes += data.length)).on('error', () => undefined);
    socket.on('close', () => (closed = true));
    return { socket, bytes: () => bytes, isClosed: () => closed };
  };
  const [deaf, good] = [open(), open()];
  await until('both are served', () => deaf.bytes() > 0 && good.bytes() > 0);
  deaf.socket.pause();
  const most = mostHeldFor(deaf.socket);
  // More than the system keeps for a socket, over a longer time than one may take nothing.
  await until('the other one has read much', () => most() > 0 && good.bytes() > 40e6);
  expect(most()).toBeLessThan(4e6);
  deaf.socket.resume();
  const kept = deaf.bytes();
  await until('it sees that it was ended, or is served', () => deaf.isClosed() || deaf.bytes() > kept + 40e6);
  expect(deaf.isClosed()).toBe(true);
  expect(good.isClosed()).toBe(false);
  good.socket.destroy();
  await served.close();
});

test('a WebSocket that never reads has nothing kept for it, and is ended', async () => {
  // Two of these must be longer than it takes a busy machine to fill a socket, and to answer a ping.
  const served = await serve(3000);
  const follow = async (): Promise<{ ws: WebSocket; socket: Socket; bytes: () => number }> => {
    const ws = new WebSocket(`ws://127.0.0.1:${served.port}/stream`);
    ws.on('error', () => undefined);
    await new Promise((done) => ws.once('open', done));
    const { _socket: socket } = ws as never as { _socket: Socket };
    ws.send('{"type":"subscribe","task_id":"t"}');
    return { ws, socket, bytes: () => socket.bytesRead };
  };
  const [deaf, good] = [await follow(), await follow()];
  await until('both are served', () => deaf.bytes() > GOAL.length && good.bytes() > GOAL.length);
  const gone = new Promise((done) => deaf.socket.once('close', done));
  deaf.socket.pause();
  const most = mostHeldFor(deaf.socket);
  await until('something is held for it', () => most() > 0);
  await until('the other one has read much', () => good.bytes() > 40e6);
  await until('it is ended', () => !theirEnd(deaf.socket));
  expect(most()).toBeLessThan(4e6);
  deaf.socket.resume();
  await gone;
  expect(good.ws.readyState).toBe(WebSocket.OPEN);
  good.ws.terminate();
  await served.close();
});
