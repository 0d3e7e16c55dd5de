// Who reads what goes on behind an answer: a hub that goes on when it is asked to, a store's events from any cursor, a stream that
// fails, a client that asks once what would be done twice. No server.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpClient } from '../../client/http/index.ts';
import { keptBoth } from '../../client/kept-background.ts';
import { UnreachableError } from '../../client/index.ts';
import { frame } from '../../gateway/live/frame.ts';
import { Hubs } from '../../gateway/live/hubs.ts';
import { sseResponse } from '../../gateway/routes/sse.ts';
import { backgroundId } from '../../protocol/names.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import { fileStore } from '../../store/file-store.ts';
import { until } from '../rig/until.ts';

const TASK = 'task-1';
const store = () => fileStore(mkdtempSync(join(tmpdir(), 'muster-behind-')));
const event = (run: string, n: number, type = 'draft.updated'): TaskEvent =>
  ({ v: 1, run, n, at: 1, type }) as TaskEvent;
const typesOf = (events: TaskEvent[]): string[] => events.map(({ run, n }) => `${run}${n}`);

test('of a task and what is behind it, a cursor of either log goes on there, also one at its end, and any other begins anew', async () => {
  const place = store();
  await place.appendEvents(TASK, [event('a', 1), event('a', 2)]);
  await place.appendEvents(backgroundId(TASK), [event('b', 1), event('b', 2)]);
  const after = async (run: string, n: number) => typesOf(await keptBoth(place, TASK, { run, n }));
  expect(await after('a', 1)).toEqual(['a2', 'b1', 'b2']);
  expect(await after('b', 1)).toEqual(['b2']);
  expect(await after('b', 2)).toEqual([]);
  expect(await after('x', 1)).toEqual(['a1', 'a2', 'b1', 'b2']);
});

test('what is behind an answer is followed anew once it was asked for again, but for who reads it just now', async () => {
  let followed = 0;
  const task = {
    taskId: TASK,
    isOpen: () => Promise.resolve(false),
    status: () => Promise.reject(new Error('nobody asks for it')),
    async *events({ background }: { background?: string } = {}) {
      if (background === 'only') yield event('b', (followed += 1), 'background.settled');
    },
  };
  const hubs = new Hubs({ get: () => Promise.resolve(task) } as never, store(), {
    urlsOf: () => ({ self: '', events: '', result: '' }),
    most: 10,
    logBytes: 1_000,
    report: () => undefined,
  } as never);
  const open = () => hubs.openBackground(TASK, 'acme');
  const hub = await open();
  hubs.reopenBackground(TASK);
  // It has not ended: whoever follows it sees what comes.
  expect(await open()).toBe(hub);
  const leave = hub.watch();
  await until('it has ended', () => hub.isEnded);
  hubs.reopenBackground(TASK);
  expect(await open()).toBe(hub);
  leave();
  expect(await open()).toBe(hub);
  hubs.reopenBackground(TASK);
  const next = await open();
  expect(next).not.toBe(hub);
  next.follow();
  await until('it is followed anew', () => next.isEnded);
  expect(followed).toBe(2);
  hubs.stop();
});

test('a stream whose reader fails counts it out, once, and so does one that is left', async () => {
  const counted = { left: 0, closed: 0 };
  const streamOf = (next: () => Promise<never>) =>
    sseResponse(
      { next, close: () => void (counted.closed += 1) },
      { watch: () => () => void (counted.left += 1) },
    ).body!.getReader();
  const failing = streamOf(() => Promise.reject(new Error('the store is away')));
  await failing.read();
  await expect(failing.read()).rejects.toThrow('the store is away');
  expect(counted).toEqual({ left: 1, closed: 1 });
  const left = streamOf(() => new Promise(() => undefined));
  await left.read();
  await left.cancel();
  expect(counted).toEqual({ left: 2, closed: 2 });
});

test('a client without gRPC asks once for what would be done twice, and again for what would not', async () => {
  let asked: string[] = [];
  const client = new HttpClient({
    url: 'http://127.0.0.1:1',
    fetch: (url) => {
      asked.push(url as string);
      return Promise.resolve(new Response('{}', { status: 503, headers: { 'retry-after': '0.001' } }));
    },
  });
  const times = async (work: () => Promise<unknown>): Promise<number> => {
    asked = [];
    await expect(work()).rejects.toBeInstanceOf(UnreachableError);
    return asked.length;
  };
  // The next question that is open would get the reply, and another task would be started.
  expect(await times(() => client.task(TASK).reply(undefined, 'yes'))).toBe(1);
  expect(await times(() => client.scheduled('weekly').now())).toBe(1);
  expect(await times(() => client.task(TASK).reply('h1', 'yes'))).toBe(3);
  expect(await times(() => client.task(TASK).command({ kind: 'pause' }))).toBe(3);
});

test('a client without gRPC shows what is behind a task that no event of its own ends, and nothing of the task', async () => {
  const last = event('b', 1, 'background.settled');
  const sse = (frames: [string, object, string?][]) =>
    frames.map(([name, data, id]) => frame(name, data, id).sse.toString()).join('');
  const stream = sse([
    ['snapshot', { task_id: TASK }, 'a:7'],
    ['draft.updated', event('a', 8), 'a:8'],
    ['background', { task_id: TASK }],
    ['background.settled', last, 'b:1'],
    ['done', {}],
  ]);
  const client = new HttpClient({ url: 'http://127.0.0.1:1', fetch: () => Promise.resolve(new Response(stream)) });
  const seen: TaskEvent[] = [];
  for await (const one of client.task(TASK).events({ background: 'only' })) seen.push(one);
  expect(typesOf(seen)).toEqual(['b1']);
});
