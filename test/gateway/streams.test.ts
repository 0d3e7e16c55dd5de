// Streams over real sockets: whatever is cut, killed or slow, a reader gets every numbered event once, in its order.

import { connect as connectSocket } from 'node:net';
import { resolve } from 'node:path';
import { WebSocket } from 'ws';
import { createGateway, type AccessEntry, type Caller } from '../../gateway/index.ts';
import { joined } from '../../gateway/live/frame.ts';
import { StreamReader } from '../../gateway/live/reader.ts';
import { TaskHub, type HubParts } from '../../gateway/live/task-hub.ts';
import type { TaskEvent, TaskEventBody } from '../../protocol/events.ts';
import { killed, serverAddress, spawnReady, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { testGateway, type TestGateway } from '../rig/gateway.ts';
import { heldModel } from '../rig/held-model.ts';
import { cuttingProxy } from './cutting-proxy.ts';
import { follow, idsOf, numbered, type Seen } from './event-source-reader.ts';

const GATEWAY = resolve(__dirname, '../../dist/gateway/main.js');

describe('over a real task', () => {
  let it_: TestDeployment;
  let api: TestGateway;
  let model = heldModel((asked) => asked.includes('held-back'));
  beforeAll(async () => {
    it_ = await testDeployment({ brain: (request) => model.brain(request) });
    api = await testGateway(it_);
  });
  afterAll(async () => {
    model.release();
    await api.close();
    await it_.stop();
  });
  afterEach(() => expect(api.errors).toEqual([]));

  const start = async (goal = 'How often does Lighthouse poll?'): Promise<string> =>
    (await api.post('/tasks', { goal, sources: [it_.docs] })).json.task_id as string;

  test('a reader behind a proxy that cuts, with its gateway and its worker killed under it, gets every event once and in order', async () => {
    const env = { MUSTER_HOME: it_.home, TEMPORAL_ADDRESS: serverAddress() };
    const urls: string[] = [];
    const spawn = async () => {
      const child = await spawnReady(GATEWAY, ['--port', '0'], env, (line) =>
        urls.push(/url=(\S+)/.exec(line)?.[1] ?? ''),
      );
      return { child, url: urls.at(-1) ?? '' };
    };
    let gateway = await spawn();
    const worker = await it_.spawnWorker();
    const proxy = await cuttingProxy(gateway.url, 1_800);
    const id = await start('How often does Lighthouse poll? held-back');
    const reader = follow(`${proxy.url}/tasks/${id}/events`);
    await until('a model is asked, and the plan was seen', () => model.waiting() > 0 && reader.seen.length > 1);
    await killed(gateway.child, 'SIGKILL');
    await killed(worker, 'SIGKILL');
    const next = await it_.spawnWorker();
    gateway = await spawn();
    proxy.aim(gateway.url);
    model.release();
    await reader.ended;
    reader.close();
    const stored = await it_.store.readEvents(id);
    expect(numbered(reader.seen)).toEqual(idsOf(stored));
    expect(stored.at(-1)?.type).toBe('task.closed');
    expect(proxy.cuts()).toBeGreaterThan(0);
    // Each is told as it lies in the log.
    expect(reader.seen.filter(({ data }) => data.n === 1).map(({ data }) => data.type)).toEqual(['task.accepted']);
    await killed(next, 'SIGTERM');
    await killed(gateway.child, 'SIGTERM');
    await proxy.close();
  });

  test('a stream ends with done, and who comes back after it is told that there is no more', async () => {
    await it_.startWorker();
    const id = await start();
    const first = follow(`${api.url}/tasks/${id}/events`);
    await first.ended;
    first.close();
    const last = first.seen.at(-1);
    expect(last).toMatchObject({ event: 'done', data: { task_id: id, status: 'completed' } });
    expect(first.seen.at(-2)?.event).toBe('task.closed');
    const ids = numbered(first.seen);
    const at = { 'last-event-id': ids.at(-1) ?? '' };
    const back = await fetch(`${api.url}/tasks/${id}/events`, { headers: at });
    expect(back.status).toBe(204);
    // From the middle: what is missing, and no more.
    const half = follow(`${api.url}/tasks/${id}/events?after=${ids[2]}`);
    await half.ended;
    half.close();
    expect(numbered(half.seen)).toEqual(ids.slice(3));
    // A HEAD opens no stream.
    expect((await fetch(`${api.url}/tasks/${id}/events`, { method: 'HEAD' })).status).toBe(200);
  });

  test('a POST that accepts a stream is the stream of its task', async () => {
    const response = await fetch(`${api.url}/tasks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ goal: 'How often does Lighthouse poll?', sources: [it_.docs] }),
    });
    expect(response.headers.get('location')).toMatch(/^\/tasks\/task-/);
    const text = await response.text();
    expect(text.match(/^event: .*$/gm)?.filter((line) => line !== 'event: live')).toEqual(
      expect.arrayContaining(['event: task.accepted', 'event: task.closed', 'event: done']),
    );
  });

  test('a reset task’s reader gets a snapshot, and goes on with the events of the new run', async () => {
    const { workflowService, options } = it_.client.temporal;
    model = heldModel((asked) => asked.includes('reset-me'));
    const id = await start('How often does Lighthouse poll? reset-me');
    const reader = follow(`${api.url}/tasks/${id}/events`);
    await until('a model is asked, and the stream shows it', () => model.waiting() > 0 && reader.seen.length > 0);
    const { runId } = await it_.client.temporal.workflow.getHandle(id).describe();
    await workflowService.resetWorkflowExecution({
      namespace: options.namespace,
      workflowExecution: { workflowId: id, runId },
      reason: 'test',
      workflowTaskFinishEventId: 4 as never,
      requestId: 'reset-1',
    });
    model.release();
    await reader.ended;
    reader.close();
    const { runId: now } = await it_.client.temporal.workflow.getHandle(id).describe();
    const snapshots = reader.seen.filter(({ event }) => event === 'snapshot');
    expect(snapshots).toHaveLength(1);
    expect(snapshots[0]?.data).toMatchObject({ task_id: id });
    const after = reader.seen.slice(reader.seen.indexOf(snapshots[0] as Seen) + 1);
    const from = Number(snapshots[0]?.id.split(':')[1]);
    const stored = (await it_.store.readEvents(id)).filter(({ run, n }) => run === now && n > from);
    expect(numbered(after)).toEqual(idsOf(stored));
  });

  test('one WebSocket follows several tasks, with the same objects, and says what it can’t serve', async () => {
    const ids = [await start(), await start('How often does Lighthouse poll? Twice.')];
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}/stream`);
    const got: any[] = [];
    socket.on('message', (data) => got.push(JSON.parse((data as Buffer).toString('utf8'))));
    await new Promise((open) => socket.once('open', open));
    for (const message of [{ type: 'ping' }, { type: 'subscribe', task_id: 'task-none' }, 'garbage'])
      socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    for (const task_id of ids) socket.send(JSON.stringify({ type: 'subscribe', task_id }));
    await until('both are done', () => got.filter(({ event }) => event === 'done').length === 2);
    socket.close();
    expect(got.filter(({ event }) => event === 'pong')).toHaveLength(1);
    const codes = got.filter(({ event }) => event === 'error').map(({ data }) => String(data.code));
    expect(codes.toSorted()).toEqual(['malformed_json', 'task_not_found']);
    for (const id of ids) {
      const mine = got.filter((one) => one.task_id === id && one.id !== undefined);
      expect(mine.map((one) => one.id)).toEqual(idsOf(await it_.store.readEvents(id)));
    }
  });

  test('a task that is followed over a WebSocket is in the trace of whoever opened it, in the log and among the spans', async () => {
    const noted: AccessEntry[] = [];
    const other = await testGateway(it_, { onRequest: (entry) => void noted.push(entry) });
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const task_id = await start();
    const socket = new WebSocket(`${other.url.replace('http', 'ws')}/stream`, { headers: { traceparent } });
    socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', task_id })));
    await until('it is followed', () => noted.some(({ taskId }) => taskId === task_id));
    socket.close();
    expect(noted.map((entry) => [entry.status, entry.traceparent])).toEqual([
      [101, traceparent],
      [200, traceparent],
    ]);
    await other.close();
  });

  test('a WebSocket of another site’s page, at another path or under another name is refused', async () => {
    const guarded = await testGateway(it_, { hosts: ['127.0.0.1'] });
    const refused = (path: string, headers: Record<string, string>) =>
      new Promise<number>((done) => {
        const socket = new WebSocket(`${guarded.url.replace('http', 'ws')}${path}`, { headers });
        socket.on('unexpected-response', (_request, response) => done(response.statusCode ?? 0));
        socket.on('open', () => done(101));
        socket.on('error', () => undefined);
      });
    expect(await refused('/stream', { origin: 'https://evil.example' })).toBe(403);
    expect(await refused('/stream', { host: 'evil.example' })).toBe(403);
    expect(await refused('/elsewhere', {})).toBe(404);
    expect(await refused('/stream', { origin: guarded.url })).toBe(101);
    await guarded.close();
    const page = await testGateway(it_, { hosts: ['localhost'] });
    expect((await page.get('/healthz')).json).toMatchObject({ code: 'host_refused' });
    await page.close();
  });

  test('a gateway that is stopped ends its streams with a word how to go on, and takes nothing new', async () => {
    model = heldModel((asked) => asked.includes('kept-open'));
    const id = await start('How often does Lighthouse poll? kept-open');
    const first = await testGateway(it_);
    const response = await fetch(`${first.url}/tasks/${id}/events`);
    await until('a model is asked', () => model.waiting() > 0);
    const closing = first.close();
    const text = await response.text();
    await closing;
    expect(text).toMatch(/event: closing\n/);
    await expect(fetch(`${first.url}/healthz`)).rejects.toThrow();
    const last = /id: (\S+)\n(?![^]*\nid: )/.exec(text)?.[1] ?? '';
    model.release();
    const rest = follow(`${api.url}/tasks/${id}/events?after=${last}`);
    await rest.ended;
    rest.close();
    const before = [...text.matchAll(/^id: (.*)$/gm)].map(([, one]) => one);
    expect([...before, ...numbered(rest.seen)]).toEqual(idsOf(await it_.store.readEvents(id)));
  });

  test('who speaks no HTTP, or sends headers without end, is ended with a 4xx, and the next is served', async () => {
    const { port } = new URL(api.url);
    const say = (text: string) =>
      new Promise<string>((done) => {
        let heard = '';
        const socket = connectSocket(Number(port), '127.0.0.1', () => socket.write(text));
        socket.on('data', (data) => (heard += data.toString()));
        socket.on('error', () => undefined);
        socket.on('close', () => done(heard));
      });
    expect(await say('\u0000\u0001garbage\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
    expect(await say(`GET / HTTP/1.1\r\nhost: x\r\n${'x: y\r\n'.repeat(20_000)}\r\n`)).toMatch(/^HTTP\/1.1 431 /);
    expect(await say('GET / HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
    expect((await api.get('/healthz')).status).toBe(200);
  });
});

describe('at one hub', () => {
  /** A task whose events are given by the test. */
  function given(logBytes: number) {
    const events: TaskEvent[] = [];
    let ring = (): void => undefined;
    let open = true;
    let asked = 0;
    let answers: Promise<void> | undefined;
    const parts: HubParts = {
      task: {
        taskId: 't',
        async *events({ after } = {}) {
          asked += 1;
          for (let at = after?.n ?? 0; ; at += 1) {
            while (open && at >= events.length) await new Promise<void>((done) => (ring = done));
            const event = events[at];
            if (!event) return;
            yield event;
          }
        },
        isOpen: async () => open,
        async status() {
          const state = open ? 'running' : 'completed';
          await answers;
          const closed = state === 'completed' ? { closedAt: new Date(1) } : {};
          return { taskId: 't', state, goal: `${events.length} events`, startedAt: new Date(0), ...closed, live: [] };
        },
      },
      expectedOf: async () => ({ p10Ms: 1, p50Ms: 2, p90Ms: 3, basis: 'class' as const, rows: 0 }),
      resultOf: async () => undefined,
      draftOf: async () => undefined,
      textOf: async () => undefined,
      percentOf: async (seen = 0) => seen,
      urls: { self: '', events: '', result: '' },
      logBytes,
      report: (error) => {
        throw error;
      },
    };
    return {
      hub: new TaskHub(parts),
      asked: () => asked,
      add(count: number) {
        for (let one = 0; one < count; one += 1)
          events.push({ v: 1, run: 'r', n: events.length + 1, at: 1, type: 'draft.updated', chars: 1, findings: 0 });
        ring();
      },
      say(body: TaskEventBody) {
        events.push({ v: 1, run: 'r', n: events.length + 1, at: 1, ...body });
        ring();
      },
      end() {
        open = false;
        ring();
      },
      /** Each look at its status takes until then. */
      answersWhen: (then: Promise<void> | undefined): void => {
        answers = then;
      },
    };
  }

  async function readAll(reader: StreamReader): Promise<string[]> {
    const seen: string[] = [];
    for (let frames = await reader.next(); frames; frames = await reader.next())
      for (const { event, id } of frames) seen.push(id ?? event);
    return seen;
  }

  test('that it takes longer is said at the budget, and not where the log has said before that it is planned', async () => {
    for (const isPlanned of [false, true]) {
      const task = given(1e6);
      if (isPlanned) task.say({ type: 'task.demoted', reason: 'not enough', afterMs: 1 });
      else task.add(1);
      const reader = new StreamReader(task.hub, undefined);
      const first = await reader.next();
      expect(first?.map(({ id }) => id)).toEqual(['r:1']);
      task.hub.tellLate();
      task.end();
      const rest = await readAll(reader);
      expect(rest).toEqual(isPlanned ? ['done'] : ['task.demoted', 'done']);
    }
  });

  test('five hundred readers get every event of a task that is followed once, and each is encoded once', async () => {
    const task = given(1e6);
    const readers = Array.from({ length: 500 }, () => new StreamReader(task.hub, undefined));
    const all = Promise.all(readers.map(readAll));
    for (let batch = 0; batch < 10; batch += 1) {
      task.add(2);
      await new Promise((done) => setImmediate(done));
    }
    task.end();
    const wanted = [...Array.from({ length: 20 }, (_one, at) => `r:${at + 1}`), 'done'];
    for (const seen of await all) expect(seen).toEqual(wanted);
    expect(task.asked()).toBe(1);
    const place = task.hub.log.placeAfter({ run: 'r', n: 0 });
    expect(place && task.hub.log.from(place, 1e6)?.[0]).toBe(place && task.hub.log.from(place, 1)?.[0]);
    task.hub.stop();
  });

  test('events that come together are one piece for the socket, the same for all readers', async () => {
    const task = given(1e6);
    const readers = Array.from({ length: 5 }, () => new StreamReader(task.hub, undefined));
    const first = Promise.all(readers.map((reader) => reader.next()));
    // All wait by then.
    await new Promise((done) => setImmediate(done));
    task.add(3);
    const lists = await first;
    expect(lists[0]?.map(({ id }) => id)).toEqual(['r:1', 'r:2', 'r:3']);
    expect(new Set(lists.map((frames) => frames && joined(frames))).size).toBe(1);
    task.hub.stop();
    for (const reader of readers) reader.close();
  });

  test('a reader that does not read makes no other wait, keeps nothing in memory, and gets a snapshot when it comes back', async () => {
    const task = given(4_000);
    const slow = new StreamReader(task.hub, undefined);
    task.add(1);
    expect((await slow.next())?.map(({ id }) => id)).toEqual(['r:1']);
    const quick = new StreamReader(task.hub, undefined);
    const read: string[] = [];
    const reading = (async () => {
      for (let frames = await quick.next(); frames; frames = await quick.next())
        for (const { id } of frames) if (id !== undefined) read.push(id);
    })();
    for (let batch = 0; batch < 20; batch += 1) {
      task.add(10);
      await until('the quick one has all', () => read.length === (batch + 1) * 10 + 1);
    }
    const [snapshot] = (await slow.next()) ?? [];
    expect([snapshot?.event, snapshot?.id]).toEqual(['snapshot', 'r:201']);
    task.add(1);
    expect((await slow.next())?.map(({ id }) => id)).toEqual(['r:202']);
    task.end();
    await reading;
    expect(read).toHaveLength(202);
    task.hub.stop();
  });

  test('who has read an event in a stream is shown the task with it', async () => {
    const task = given(1e6);
    const reader = new StreamReader(task.hub, undefined);
    for (let n = 1; n <= 3; n += 1) {
      task.add(1);
      while ((await reader.next())?.[0]?.id !== `r:${n}`);
      expect((await task.hub.view()).goal).toBe(`${n} events`);
    }
    reader.close();
    task.hub.stop();
  });

  test('done says how a task has ended, however slowly that is answered', async () => {
    const task = given(1e6);
    const reader = new StreamReader(task.hub, undefined);
    task.add(1);
    await reader.next();
    expect((await task.hub.view()).status).toBe('running');
    let answer = (): void => undefined;
    task.answersWhen(new Promise((done) => (answer = done)));
    task.add(1);
    await reader.next();
    // This look began before the end, and will say that it runs.
    const early = task.hub.view();
    task.end();
    const last = reader.next();
    // Longer than anybody waits for a fresh status while an older one is there.
    await new Promise((done) => setTimeout(done, 400));
    answer();
    task.answersWhen(undefined);
    const [done] = (await last) ?? [];
    await early;
    expect([done?.event, JSON.parse(done?.data ?? '{}')]).toEqual([
      'done',
      expect.objectContaining({ status: 'completed' }),
    ]);
    task.hub.stop();
  });

  test('a quiet stream has a heartbeat, and a reader that is closed while it waits is let go', async () => {
    const task = given(1e6);
    const reader = new StreamReader(task.hub, undefined, 10);
    expect((await reader.next())?.map(({ event }) => event)).toEqual(['heartbeat']);
    const long = new StreamReader(task.hub, undefined);
    const waiting = long.next();
    long.close();
    expect(await waiting).toBeUndefined();
    reader.close();
    expect(task.hub.isWatched).toBe(false);
    task.hub.stop();
  });
});

test('a gateway without a store to read from is refused in words', async () => {
  const nobody = (): Caller | undefined => undefined;
  expect(() => createGateway({ client: { store: undefined } as never, authenticate: nobody })).toThrow(/can’t be read/);
});
