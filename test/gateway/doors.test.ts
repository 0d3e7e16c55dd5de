// The gateway's doors over real sockets and a real server: what is beyond its bounds is refused, and costs nothing.

import { connect as connectSocket, createServer, type AddressInfo, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { connect } from '../../client/index.ts';
import { keyDoor, type Caller } from '../../gateway/index.ts';
import { createKey, revokeKey } from '../../gateway/doors/keys.ts';
import { serverAddress, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { testGateway, type TestGateway } from '../rig/gateway.ts';

let it_: TestDeployment;
const ends: (() => Promise<void>)[] = [];
beforeAll(async () => (it_ = await testDeployment()));
afterAll(async () => {
  for (const end of ends) await end();
  await it_.stop();
});

const ask = { goal: 'How often does Lighthouse poll?', sources: [{ kind: 'url', url: 'https://example.com/' }] };
const byHeader = (request: Request): Caller => ({
  tenant: request.headers.get('x-tenant') ?? 'default',
  name: 'somebody',
  scopes: ['tasks:read', 'tasks:write'],
});
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const keyOf = (tenant: string, more: { expiresAt?: number } = {}) =>
  createKey(it_.store, { name: 'n', tenant, scopes: ['tasks:read', 'tasks:write'], ...more });

/** What a stream, too, is answered with, without waiting for its end. */
async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.body?.cancel();
  return response.status;
}

/** Speaks bytes over a socket of its own; `heard` is all that came back. */
function speak(api: TestGateway, text: string): { socket: Socket; heard: () => string; closed: Promise<string> } {
  let heard = '';
  const socket = connectSocket(Number(new URL(api.url).port), '127.0.0.1', () => socket.write(text));
  socket.on('data', (data) => (heard += data.toString()));
  socket.on('error', () => undefined);
  return { socket, heard: () => heard, closed: new Promise((done) => socket.on('close', () => done(heard))) };
}

/** A way to the server that can be cut, or stand still with its sockets open; and mended. */
async function wayTo(
  address: string,
): Promise<{ address: string; cut(): void; freeze(): void; thaw(): void; mend(): Promise<void> }> {
  const sockets = new Set<Socket>();
  let frozen = false;
  const way = createServer((near) => {
    const far = connectSocket(Number(address.split(':')[1]), '127.0.0.1');
    for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined));
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const)
      from.on('data', (data) => to.write(data)).on('close', () => to.destroy());
    if (frozen) near.pause();
  });
  const open = (port: number) => new Promise<void>((done) => way.listen(port, '127.0.0.1', done));
  await open(0);
  const { port } = way.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    mend: () => open(port),
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
    cut() {
      way.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

test('of a thousand POSTs at once each is accepted or refused with a time to come back, and each accepted one is in Temporal', async () => {
  const api = await testGateway(it_, { authenticate: byHeader });
  const replies = await Promise.all(
    Array.from({ length: 1_000 }, async () => await api.post('/tasks', ask, { 'x-tenant': 'burst' })),
  );
  const accepted = replies.filter(({ status }) => status === 202);
  const refused = replies.filter(({ status }) => status === 503 || status === 429);
  expect(accepted.length + refused.length).toBe(1_000);
  expect(accepted.length).toBeGreaterThan(20);
  for (const { headers, json } of refused) {
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    expect(json.code).toBe('overloaded');
  }
  const ids = new Set(accepted.map(({ json }) => json.task_id as string));
  expect(ids.size).toBe(accepted.length);
  const kept = await Promise.all([...ids].map((id) => it_.client.get(id, { tenant: 'burst' })));
  expect(kept.map(({ taskId }) => taskId)).toEqual([...ids]);
  // And no other: what was refused was not started.
  const inLists = () => it_.client.temporal.workflow.count('MusterTenant = "burst"');
  await until('visibility has all', async () => (await inLists()).count >= ids.size);
  expect((await inLists()).count).toBe(ids.size);
  expect(api.errors).toEqual([]);
  await api.close();
});

test('while Temporal does not answer, a start is refused at once', async () => {
  const way = await wayTo(serverAddress());
  const client = await connect({ address: way.address, home: it_.home });
  const api = await testGateway({ ...it_, client }, { authenticate: byHeader });
  const pending: Promise<unknown>[] = [];
  const { connection } = client.temporal;
  const withDeadline = connection.withDeadline.bind(connection);
  connection.withDeadline = (at, call) => {
    const asking = withDeadline(at, call);
    pending.push(asking);
    return asking;
  };
  let starts = 0;
  const start = client.start.bind(client);
  client.start = (...args) => {
    starts += 1;
    return start(...args);
  };
  expect((await api.post('/tasks', ask)).status).toBe(202);
  way.cut();
  // Those that come before it is known are told as soon as it is.
  const first = await api.post('/tasks', ask);
  expect([first.status, first.json.code]).toEqual([503, 'server_unreachable']);
  // What takes seconds is the client's own tries: nobody is made to wait for them again.
  const before = starts;
  const next = await Promise.all(Array.from({ length: 50 }, () => api.post('/tasks', ask)));
  for (const { status, headers } of next) expect([status, headers.get('retry-after')]).toEqual([503, '5']);
  expect(starts).toBe(before);
  await way.mend();
  await until('it takes tasks again', async () => (await api.post('/tasks', ask)).status === 202);
  // It is there and says nothing: nobody’s connection is closed.
  way.freeze();
  const still = await Promise.all(Array.from({ length: 3 }, () => api.post('/tasks', ask)));
  for (const { status } of still) expect(status).toBe(503);
  const soFar = starts;
  expect((await api.post('/tasks', ask)).status).toBe(503);
  expect(starts).toBe(soFar);
  way.thaw();
  await until('it takes tasks again', async () => (await api.post('/tasks', ask)).status === 202);
  await api.close();
  // A client that is closed while it tries again throws where nobody can catch it.
  await Promise.allSettled(pending);
  ends.push(async () => {
    await client.close();
    way.cut();
  });
});

test('a tenant has as many tasks and requests as it may over two gateways; asking again for one of them is no new one', async () => {
  const limits = { running: 2 };
  const gateways = [
    await testGateway(it_, { authenticate: byHeader, limits, tenants: { quiet: { requestsPerMinute: 3 } } }),
    await testGateway(it_, { authenticate: byHeader, limits, tenants: { quiet: { requestsPerMinute: 3 } } }),
  ];
  const [one, two] = gateways as [TestGateway, TestGateway];
  const headers = { 'x-tenant': 'limited', 'idempotency-key': 'k' };
  const first = await one.post('/tasks', ask, headers);
  expect(first.status).toBe(202);
  const more = await Promise.all([one, two, one, two].map((api) => api.post('/tasks', ask, { 'x-tenant': 'limited' })));
  expect(more.map(({ status }) => status).sort((a, b) => a - b)).toEqual([202, 429, 429, 429]);
  expect(more.find(({ status }) => status === 429)?.json.code).toBe('too_many_tasks');
  expect((await two.post('/tasks', ask, headers)).json.task_id).toBe(first.json.task_id);
  // Another request under its key is refused as that, and gives no room.
  expect((await two.post('/tasks', { ...ask, goal: 'Another?' }, headers)).json.code).toBe('key_reused');
  expect((await two.post('/tasks', ask, { 'x-tenant': 'limited' })).status).toBe(429);
  await it_.client.temporal.workflow.getHandle(first.json.task_id as string).terminate();
  await until('there is room', async () => (await two.post('/tasks', ask, { 'x-tenant': 'limited' })).status === 202);

  // One of its minutes may end in the middle of this.
  await until('a fourth request is refused', async () => {
    const codes = [];
    for (const api of [one, two, one, two]) codes.push((await api.get('/tasks', { 'x-tenant': 'quiet' })).status);
    return codes.join() === '200,200,200,429' || codes.every((code) => code === 429);
  });
  for (const api of gateways) {
    expect(api.errors).toEqual([]);
    await api.close();
  }
});

describe('with keys', () => {
  let api: TestGateway;
  beforeAll(async () => {
    api = await testGateway(it_, {
      authenticate: keyDoor(it_.store, { isLoopback: true }),
      origins: ['https://app.example.com'],
    });
  });
  afterAll(async () => {
    expect(api.errors).toEqual([]);
    await api.close();
  });
  const open = (path: string, headers: Record<string, string> = {}) =>
    new Promise<WebSocket | number>((done) => {
      const socket = new WebSocket(`${api.url.replace('http', 'ws')}${path}`, { headers });
      socket.on('unexpected-response', (_request, response) => done(response.statusCode ?? 0));
      socket.on('open', () => done(socket));
      socket.on('error', () => undefined);
    });

  test('when a key is revoked, its streams and sockets end, and those of another key go on', async () => {
    const [gone, stays] = [await keyOf('acme'), await keyOf('acme')];
    const { json } = await api.post('/tasks', ask, bearer(gone.key));
    const follow = (key: string) => fetch(`${api.url}/tasks/${json.task_id}/events`, { headers: bearer(key) });
    const mine = await follow(gone.key);
    const other = (await follow(stays.key)).body?.getReader();
    const socket = (await open('/stream', bearer(gone.key))) as WebSocket;
    const kept = (await open('/stream', bearer(stays.key))) as WebSocket;
    const closed = new Promise<number>((done) => socket.once('close', done));
    const waits = api.get(`/tasks/${json.task_id}?wait=25`, bearer(gone.key));
    await revokeKey(it_.store, gone.record.id);
    // Each ends by itself: nothing happens to the task.
    expect(await closed).toBe(1008);
    await mine.text();
    expect((await waits).status).toBe(401);
    expect(kept.readyState).toBe(WebSocket.OPEN);
    expect((await other?.read())?.done).toBe(false);
    await other?.cancel();
    kept.close();
  });

  test('a ticket opens the stream of its task once, and of no other; it ends with the key that it was made with', async () => {
    const { key, record } = await keyOf('acme');
    const start = async () => (await api.post('/tasks', ask, bearer(key))).json.task_id as string;
    const [id, other] = [await start(), await start()];
    const ticket = async () => (await api.post(`/tasks/${id}/tickets`, '', bearer(key))).json;
    const first = await ticket();
    expect(first.urls.events).toBe(`/tasks/${id}/events?ticket=${first.ticket}`);
    expect(JSON.stringify(await it_.store.listRecords('stream-ticket'))).not.toContain(first.ticket);
    const stream = await fetch(`${api.url}${first.urls.events}`);
    expect(stream.status).toBe(200);
    expect(await statusOf(`${api.url}${first.urls.events}`)).toBe(401);
    expect(await statusOf(`${api.url}/tasks/${other}/events?ticket=${(await ticket()).ticket}`)).toBe(404);
    expect(await statusOf(`${api.url}/tasks/${id}/events?ticket=st_nonsense`)).toBe(401);
    // Nothing else is opened by one, and a key is no part of an address.
    expect((await api.get(`/tasks/${id}?ticket=${(await ticket()).ticket}`)).status).toBe(401);
    expect((await api.get(`/tasks/${id}/events?key=${key}`, bearer(key))).json.code).toBe('request_invalid');

    const socket = (await open((await ticket()).urls.stream)) as WebSocket;
    const got: any[] = [];
    socket.on('message', (data) => got.push(JSON.parse((data as Buffer).toString('utf8'))));
    for (const task_id of [other, id, id]) socket.send(JSON.stringify({ type: 'subscribe', task_id }));
    // The task's own frames come between.
    const refused = () => got.filter(({ event }) => event === 'error');
    await until('one is refused, and one followed', () => refused().length >= 2);
    expect(refused().map(({ task_id, data }) => [task_id, data.detail])).toEqual([
      [other, 'there is no task of this id'],
      [id, 'this task is followed already'],
    ]);
    const closed = new Promise<number>((done) => socket.once('close', done));
    await revokeKey(it_.store, record.id);
    expect(await closed).toBe(1008);
    await stream.text();
  });

  test('a page of another site changes nothing and reads nothing; one that the config names may do both', async () => {
    const { key } = await keyOf('acme');
    const from = (origin: string) => ({ ...bearer(key), origin });
    const evil = await api.post('/tasks', ask, from('https://evil.example'));
    expect([evil.status, evil.json.code]).toEqual([403, 'origin_refused']);
    const read = await api.get('/tasks', from('https://evil.example'));
    expect([read.status, read.headers.get('access-control-allow-origin')]).toEqual([200, null]);
    const asked = (origin: string) =>
      fetch(`${api.url}/tasks`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      });
    expect((await asked('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    const allowed = await asked('https://app.example.com');
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://app.example.com',
    ]);
    expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');
    const good = await api.post('/tasks', ask, from('https://app.example.com'));
    expect([good.status, good.headers.get('access-control-allow-origin')]).toEqual([202, 'https://app.example.com']);
    // Errors, too, or a page could not tell what went wrong.
    const wrong = await api.get('/tasks/none', { origin: 'https://app.example.com' });
    expect([wrong.status, wrong.headers.get('access-control-allow-origin')]).toEqual([401, 'https://app.example.com']);
    expect((await api.post('/tasks', ask, from(api.url))).status).toBe(202);
    // Off unless it is configured.
    const plain = await testGateway(it_);
    const { headers } = await plain.get('/tasks', { origin: 'https://app.example.com' });
    expect([...headers.keys()].filter((name) => name.startsWith('access-control') || name === 'vary')).toEqual([]);
    await plain.close();
  });
});

describe('on its sockets', () => {
  let api: TestGateway;
  beforeAll(async () => {
    api = await testGateway(
      it_,
      { heartbeatMs: 300 },
      { headersMs: 400, bodyMs: 900, silentMs: 1_500, connections: 20 },
    );
  });
  afterAll(async () => {
    expect(api.errors).toEqual([]);
    await api.close();
  });

  test('a request that does not come whole in its time is ended with a 408, and one that says nothing is closed', async () => {
    const slowHead = speak(api, 'GET / HTTP/1.1\r\nhost: x\r\n');
    const slowBody = speak(
      api,
      'POST /tasks HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"goal":',
    );
    const trickle = setInterval(() => slowBody.socket.write(' '), 100);
    const mute = speak(api, '');
    const half = speak(api, '');
    half.socket.end();
    expect(await slowHead.closed).toMatch(/^HTTP\/1.1 408 /);
    expect(await slowBody.closed).toMatch(/^HTTP\/1.1 408 /);
    clearInterval(trickle);
    await Promise.all([mute.closed, half.closed]);
    expect((await api.get('/healthz')).status).toBe(200);
  });

  test('more sockets than may be are closed unread, and there is room again once others have gone', async () => {
    const many = Array.from({ length: 60 }, () => speak(api, ''));
    const heard = await Promise.all(many.map(({ closed }) => closed));
    expect(heard.filter((text) => text === '').length).toBeGreaterThanOrEqual(40);
    // Those within the bound had their time.
    expect(heard.filter((text) => text.startsWith('HTTP/1.1 408 ')).length).toBeGreaterThan(10);
    await until('it serves again', async () => (await api.get('/healthz').catch(() => undefined))?.status === 200);
  });

  test('a WebSocket that sends garbage, or does not read, is ended', async () => {
    const connectTo = () =>
      new Promise<WebSocket>((done) => {
        const socket = new WebSocket(`${api.url.replace('http', 'ws')}/stream`);
        socket.on('error', () => undefined);
        socket.once('open', () => done(socket));
      });
    const codeAfter = async (say: (socket: WebSocket) => void): Promise<number> => {
      const socket = await connectTo();
      const closed = new Promise<number>((done) => socket.once('close', done));
      say(socket);
      return await closed;
    };
    expect(await codeAfter((socket) => socket.send(Buffer.from([1, 2, 3])))).toBe(1003);
    expect(await codeAfter((socket) => socket.send('x'.repeat(9_000)))).toBe(1009);
    expect(
      await codeAfter((socket) => {
        for (let at = 0; at < 30; at += 1) socket.send('garbage');
      }),
    ).toBe(1008);
    // Bytes that are no frame.
    expect(await codeAfter((socket) => (socket as never as { _socket: Socket })._socket.write('garbage'))).not.toBe(
      1000,
    );
    // It writes and never reads: it gives no sign of life.
    const deaf = await connectTo();
    const { _socket } = deaf as never as { _socket: Socket };
    const gone = new Promise((done) => _socket.once('close', done));
    _socket.pause();
    const pings = setInterval(() => {
      if (_socket.writableLength < 1e6) for (let at = 0; at < 2_000; at += 1) deaf.send('{"type":"ping"}');
    }, 5);
    await until('the gateway ends it', () => _socket.destroyed || _socket.writableEnded || _socket.errored !== null);
    clearInterval(pings);
    _socket.destroy();
    await gone;
  });
});
