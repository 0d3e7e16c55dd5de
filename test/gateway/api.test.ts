// The HTTP API over a real server and real sockets: a task's way from 202 to its result, and what is refused on it.

import { MusterClient, TaskHandle } from '../../client/index.ts';
import { accessLog, type Caller } from '../../gateway/index.ts';
import { PROBLEMS } from '../../gateway/wire/problems.ts';
import * as schemas from '../../gateway/wire/schemas.ts';
import { taskEstimate } from '../../gateway/wire/class-schemas.ts';
import { ROUTES } from '../../gateway/routes/table.ts';
import { bodyFor } from '../rig/command-samples.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { reply, testGateway, type Reply, type TestGateway } from '../rig/gateway.ts';
import { heldModel } from '../rig/held-model.ts';

const MODEL = heldModel((asked) => asked.includes('held-back'));
/** Who asks is told by a header here; a gateway's own door is another test's. */
const byHeader = (request: Request): Caller => ({
  tenant: request.headers.get('x-tenant') ?? 'default',
  name: 'somebody',
  scopes: ['tasks:read', 'tasks:write'],
  paths: true,
});

let it_: TestDeployment;
let api: TestGateway;
const logged: string[] = [];
beforeAll(async () => {
  it_ = await testDeployment({ brain: MODEL.brain });
  api = await testGateway(it_, {
    authenticate: byHeader,
    onRequest: accessLog({ write: (line) => void logged.push(line) }),
    notify: {
      webhooks: { keys: { main: { tenants: ['others'] }, open: {} } },
      email: { allow: ['@example.com'] },
      own: ['chat'],
    },
    sources: { handbook: { path: it_.docs }, secret: { path: it_.docs, tenants: ['others'] } },
  });
});
afterAll(async () => {
  MODEL.release();
  await api.close();
  await it_.stop();
});
afterEach(() => expect(api.errors).toEqual([]));

const ask = (more: object = {}) => ({ goal: 'How often does Lighthouse poll?', sources: [it_.docs], ...more });
const start = async (more: object = {}, headers: Record<string, string> = {}): Promise<string> => {
  const { status, json } = await api.post('/tasks', ask(more), headers);
  expect(status).toBe(202);
  return json.task_id as string;
};

/** An answer holds what the document says of it, and nothing else. */
function holds(schema: { parse(value: unknown): unknown }, { json }: Reply): void {
  expect(schema.parse(json)).toEqual(json);
}

function isProblem(one: Reply, code: keyof typeof PROBLEMS): void {
  expect(one.json).toMatchObject({ code, status: PROBLEMS[code].status, type: `urn:muster:problem:${code}` });
  expect(one.status).toBe(PROBLEMS[code].status);
  expect(one.headers.get('content-type')).toBe('application/problem+json');
  holds(schemas.problem, one);
  expect(one.text).not.toContain(it_.home);
  expect(one.text).not.toMatch(/\bat .*\.(?:ts|js):\d/);
}

test('a task that is accepted is kept: Temporal has it before anybody is told, and it is queued without a worker', async () => {
  const one = await api.post('/tasks', ask({ class: 'quick', session_id: 's-1', limits: { max_subtasks: 1 } }));
  expect(one.status).toBe(202);
  holds(schemas.acceptedTask, one);
  expect(one.json).toMatchObject({ status: 'queued', estimated_time: 15, estimated_time_basis: 'class' });
  expect(one.headers.get('retry-after')).toBe('5');
  const { task_id, urls } = one.json;
  expect(one.headers.get('location')).toBe(urls.self);
  // 160 bits, and no word of the goal.
  expect(task_id).toMatch(/^task-[0-9a-f]{40}$/);
  const kept = await it_.client.get(task_id, { tenant: 'default' });
  expect(await kept.isOpen()).toBe(true);

  const seen = await api.get(urls.self);
  holds(schemas.task, seen);
  expect(seen.json).toMatchObject({
    task_id,
    status: 'queued',
    closed_at: null,
    class: 'quick',
    session_id: 's-1',
    agent_session_id: 's-1',
  });
  const etag = seen.headers.get('etag') ?? '';
  const again = await api.get(urls.self, { 'if-none-match': etag });
  expect([again.status, again.text]).toEqual([304, '']);
  isProblem(await api.get(urls.result), 'task_open');
  const lines = logged.map((line) => JSON.parse(line)).filter(({ task }) => task === task_id);
  expect(lines.map(({ agent_session_id }) => agent_session_id)).toEqual(['s-1', 's-1', 's-1', 's-1']);
});

test('an answer to a start names the session of its task in its headers, also when it is a stream', async () => {
  for (const accept of ['application/json', 'text/event-stream']) {
    const response = await fetch(`${api.url}/tasks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify(ask({ session_id: 's-2' })),
    });
    expect([response.ok, response.headers.get('agent-session-id')]).toEqual([true, 's-2']);
    await response.body?.cancel();
  }
  const alone = await api.post('/tasks', ask());
  expect(alone.headers.get('agent-session-id')).toBe(alone.json.task_id);
  expect((await api.post('/tasks', ask({ goal: '' }))).headers.get('agent-session-id')).toBeNull();
});

test('asking twice with one key is asking once, and another request under it is refused', async () => {
  const headers = { 'idempotency-key': 'key-1' };
  const id = await start({}, headers);
  expect(await start({}, headers)).toBe(id);
  expect(await start({}, { ...headers, 'x-tenant': 'others' })).not.toBe(id);
  isProblem(await api.post('/tasks', ask({ goal: 'Another?' }), headers), 'key_reused');
  isProblem(await api.post('/tasks', ask({ limits: { tokens: 5_000 } }), headers), 'key_reused');
  isProblem(await api.post('/tasks', ask(), { 'idempotency-key': 'ü' }), 'header_invalid');
});

test.each<[string, unknown, string, string | undefined]>([
  ['no goal', { sources: ['docs'] }, 'request_invalid', '/goal'],
  ['an empty goal', ask0({ goal: '  ' }), 'request_invalid', '/goal'],
  ['a goal of 40 kB', ask0({ goal: 'x'.repeat(40_000) }), 'request_invalid', '/goal'],
  ['a goal that is a number', ask0({ goal: 5 }), 'request_invalid', '/goal'],
  ['no source', ask0({ sources: [] }), 'request_invalid', '/sources'],
  [
    'a source that is no address',
    ask0({ sources: [{ kind: 'url', url: 'ftp://x' }] }),
    'request_invalid',
    '/sources/0',
  ],
  ['an unknown name', ask0({ sources: [{ kind: 'named', name: 'nobody' }] }), 'request_invalid', '/sources/0'],
  ['another tenant’s name', ask0({ sources: [{ kind: 'named', name: 'secret' }] }), 'request_invalid', '/sources/0'],
  ['an unknown class', ask0({ class: 'instant' }), 'request_invalid', '/class'],
  ['a class of one’s own', ask0({ class: { name: 'mine' } }), 'request_invalid', '/class'],
  ['more than the class allows', ask0({ limits: { max_subtasks: 400 } }), 'request_invalid', '/limits'],
  ['a schema of no object', ask0({ output_schema: { type: 'string' } }), 'request_invalid', '/output_schema'],
  ['an unknown field', ask0({ gaol: 'x' }), 'request_invalid', '/gaol'],
  ['a field of the prototype', `{"goal":"g","sources":["d"],"__proto__":{"x":1}}`, 'request_invalid', '/__proto__'],
  ['a webhook that is a text', ask0({ webhook: 'https://example.com' }), 'request_invalid', '/webhook'],
  ['a password in a webhook', ask0({ webhook: { url: 'https://a:b@example.com' } }), 'request_invalid', '/webhook'],
  ['no address to tell', ask0({ notify: [{ kind: 'email', to: ' ' }] }), 'request_invalid', '/notify/0'],
  [
    'another tenant’s webhook key',
    ask0({ webhook: { url: 'https://example.com', key: 'main' } }),
    'request_invalid',
    '/webhook',
  ],
  ['a mail to anybody', ask0({ notify: [{ kind: 'email', to: 'a@example.org' }] }), 'request_invalid', '/notify/0'],
  ['a receiver of no kind', ask0({ notify: [{ kind: 'fax', to: '12' }] }), 'request_invalid', '/notify/0'],
  ['a webhook that is none', ask0({ webhook: { url: 'ftp://x' } }), 'request_invalid', '/webhook'],
  [
    'an event of no name',
    ask0({ webhook: { url: 'https://example.com', events: ['task.lost'] } }),
    'request_invalid',
    '/webhook/events/0',
  ],
  ['an empty goal behind it', ask0({ background: [{ goal: ' ' }] }), 'request_invalid', '/background/0/goal'],
  ['a path that there is not', ask0({ path: 'scenic' }), 'request_invalid', '/path'],
  ['an array', [], 'request_invalid', undefined],
  ['null', 'null', 'request_invalid', undefined],
  ['half of a body', '{"goal":', 'malformed_json', undefined],
  ['nothing', '', 'malformed_json', undefined],
  ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'malformed_json', undefined],
  ['300 kB', ask0({ goal: 'x'.repeat(300_000) }), 'body_too_large', undefined],
  ['a body 10,000 levels deep', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 'request_invalid', undefined],
])('a body with %s is refused with its place, and starts nothing', async (_what, body, code, pointer) => {
  const one = await api.post('/tasks', body);
  isProblem(one, code as keyof typeof PROBLEMS);
  expect(one.json.errors?.[0]?.pointer).toBe(pointer ?? one.json.errors?.[0]?.pointer);
  if (pointer === undefined) return;
  expect(one.json.errors[0].detail.length).toBeGreaterThan(5);
  // Who reads its sentence alone reads which field it is.
  expect(one.json.detail).toContain(pointer.slice(1).replaceAll('/', '.'));
});
function ask0(more: object): object {
  return { goal: 'g', sources: ['docs'], ...more };
}

test('what is asked of no route, no task or no type is a 4xx with a sentence', async () => {
  isProblem(await api.get('/nowhere'), 'not_found');
  isProblem(await api.get('/tasks/task-0123'), 'task_not_found');
  isProblem(await api.get(`/tasks/${'x'.repeat(500)}`), 'task_not_found');
  isProblem(await api.get('/tasks/%00'), 'task_not_found');
  isProblem(await api.get('/tasks/%ff%fe'), 'task_not_found');
  isProblem(await api.get('/tasks/..%2f..%2fetc'), 'task_not_found');
  isProblem(await api.get('/tasks?limit=0'), 'request_invalid');
  isProblem(await api.get('/tasks?limit=5&limit=6'), 'request_invalid');
  isProblem(await api.get('/tasks?lmit=5'), 'request_invalid');
  isProblem(await api.get(`/tasks?class=${encodeURIComponent('x" OR "1')}`), 'request_invalid');
  for (const cursor of ['x', '%', 'e30', Buffer.from('{"a":1}').toString('base64url')])
    isProblem(await api.get(`/tasks?cursor=${encodeURIComponent(cursor)}`), 'cursor_invalid');
  isProblem(await api.post('/tasks', ask(), { 'content-type': 'text/plain' }), 'type_unsupported');
  isProblem(await api.post('/tasks', ask(), { accept: 'image/png' }), 'not_acceptable');
  isProblem(await api.get('/stream'), 'upgrade_required');
  const put = await fetch(`${api.url}/tasks`, { method: 'PUT' });
  expect([put.status, put.headers.get('allow')]).toEqual([405, 'POST, GET']);
  const id = await start();
  isProblem(await api.get(`/tasks/${id}?wait=x`), 'request_invalid');
  isProblem(await api.get(`/tasks/${id}`, { accept: 'image/png' }), 'not_acceptable');
  isProblem(await api.get(`/tasks/${id}/events?after=nonsense`), 'cursor_invalid');
  isProblem(await api.get(`/tasks/${id}/events`, { 'last-event-id': '\u00ff' }), 'cursor_invalid');
  isProblem(await api.get(`/tasks/${id}/sources/${'0'.repeat(64)}`), 'task_open');
  isProblem(await api.post(`/tasks/${id}/cancel`, { why: 1 }), 'request_invalid');
});

test('a path is refused where none are taken, and no answer tells one', async () => {
  const closed = await testGateway(it_, { pathsFrom: undefined as never });
  const one = await closed.post('/tasks', ask());
  isProblem(one, 'request_invalid');
  expect(one.json.errors).toEqual([{ pointer: '/sources/0', detail: expect.stringContaining('paths are not taken') }]);
  await closed.close();
});

test('another tenant’s task is not there, whichever route is asked', async () => {
  await start({}, { 'x-tenant': 'others' });
  const id = await start({}, { 'x-tenant': 'others' });
  const routes = ROUTES.filter(({ path }) => path.startsWith('/tasks/{id}'));
  expect(routes.length).toBeGreaterThanOrEqual(6);
  // Its own tenant first, so that it is followed here already.
  expect((await api.get(`/tasks/${id}`, { 'x-tenant': 'others' })).status).toBe(200);
  for (const { method, path } of routes) {
    const address = path.replace('{id}', id).replace('{sha}', '0'.repeat(64));
    isProblem(
      method === 'post' ? await api.post(address, bodyFor(path)) : await api[method](address),
      'task_not_found',
    );
  }
  await until('visibility has it', async () => (await listed({ 'x-tenant': 'others' })).includes(id));
  expect(await listed({})).not.toContain(id);
  const { json } = await api.get('/tasks?limit=1', { 'x-tenant': 'others' });
  const { next_cursor } = json;
  isProblem(await api.get(`/tasks?limit=200&cursor=${next_cursor}`), 'cursor_invalid');
});

async function listed(headers: Record<string, string>): Promise<string[]> {
  const { json } = await api.get('/tasks?limit=200', headers);
  return json.tasks.map(({ task_id }: { task_id: string }) => task_id);
}

test('lists come in pages, by filters, each task once', async () => {
  const headers = { 'x-tenant': 'lister' };
  const ids: string[] = [];
  for (let one = 0; one < 5; one += 1) ids.push(await start(one === 0 ? { class: 'quick' } : {}, headers));
  await until('visibility has all', async () => (await listed(headers)).length === 5);
  const seen: string[] = [];
  let cursor: string | null = '';
  for (let page = 0; cursor !== null && page < 10; page += 1) {
    const one: Reply = await api.get(`/tasks?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`, headers);
    holds(schemas.taskList, one);
    seen.push(...one.json.tasks.map(({ task_id }: { task_id: string }) => task_id));
    cursor = one.json.next_cursor;
  }
  expect([...seen].sort()).toEqual([...ids].sort());
  expect((await api.get('/tasks?class=quick&status=queued', headers)).json.tasks).toMatchObject([{ task_id: ids[0] }]);
  expect((await api.get('/tasks?status=completed', headers)).json.tasks).toEqual([]);
});

test('a cancelled task says so everywhere, and takes no more commands', async () => {
  const id = await start();
  const one = await api.post(`/tasks/${id}/cancel`, '');
  expect(one.status).toBe(202);
  holds(schemas.recorded, one);
  await it_.startWorker();
  const ended = await api.get(`/tasks/${id}?wait=25`);
  expect(ended.json).toMatchObject({ status: 'cancelled', percent: 100, estimated_time_left: 0 });
  expect(ended.json.closed_at).not.toBeNull();
  const said = (await it_.store.readEvents(id)).flatMap((event) => (event.type === 'command.applied' ? [event] : []));
  expect(said).toMatchObject([{ kind: 'cancel', by: { name: 'somebody', how: 'claimed' } }]);
  isProblem(await api.post(`/tasks/${id}/cancel`, {}), 'task_closed');
  isProblem(await api.post(`/tasks/${id}/answer`, { handle: 'h', content: 'c' }), 'task_closed');
  expect((await api.get(`/tasks/${id}/result`)).json).toMatchObject({ outcome: 'cancelled' });
  expect((await api.get(`/tasks/${id}/result`, { accept: 'text/markdown' })).text).toContain('ended as cancelled');
});

test('a task comes to its result, as JSON, as Markdown and with the text that it cites; percent never goes back', async () => {
  const id = await start({
    goal: 'How often does Lighthouse poll? held-back',
    sources: [{ kind: 'named', name: 'handbook' }],
  });
  await until('the model is asked', () => MODEL.waiting() > 0);
  const running = await api.get(`/tasks/${id}`);
  expect(running.json).toMatchObject({ status: 'running', closed_at: null });
  const { percent } = running.json;
  // Another gateway, that has seen nothing of it, says no less.
  const other = await testGateway(it_);
  expect((await other.get(`/tasks/${id}`)).json.percent).toBeGreaterThanOrEqual(percent);
  await other.close();
  // Who has seen it waits for a change, who has not for its end: here for neither.
  const etag = running.headers.get('etag') ?? '';
  const waiting = api.get(`/tasks/${id}?wait=25`, { 'if-none-match': etag });
  MODEL.release();
  const changed = await waiting;
  expect(changed.status).toBe(200);
  expect(changed.json.percent).toBeGreaterThanOrEqual(percent);
  const ended = await api.get(`/tasks/${id}?wait=25`);
  holds(schemas.task, ended);
  expect(ended.json).toMatchObject({ status: 'completed', percent: 100 });

  const result = await api.get(`/tasks/${id}/result`);
  holds(schemas.result, result);
  expect(result.json).toEqual(ended.json.result);
  const [citation] = result.json.answer.citations;
  expect((await api.get(`/tasks/${id}/result`, { accept: 'text/markdown' })).text).toContain('every 15 seconds');
  isProblem(await api.get(`/tasks/${id}/result`, { accept: 'image/png' }), 'not_acceptable');
  const text = await api.get(`/tasks/${id}/sources/${citation.sha256}`);
  expect(text.text).toContain(citation.quote);
  const lines = await api.get(`/tasks/${id}/sources/${citation.sha256}?line=${citation.place.line}&context=0`);
  expect(lines.text).toContain('every 15 seconds');
  expect(lines.text).not.toContain('\n');
  isProblem(await api.get(`/tasks/${id}/sources/${'0'.repeat(64)}`), 'source_not_found');
});

test('a task answers from a file that was sent, and cites it by its name', async () => {
  const form = new FormData();
  const text = '# Harbour\n\nThe Harbour gateway rotates its certificates every 42 days.\n';
  for (const name of ['harbour.md', 'notes.md']) form.append('f', new Blob([text], { type: 'text/markdown' }), name);
  const sent = await reply(await fetch(`${api.url}/uploads`, { method: 'POST', body: form }));
  holds(schemas.uploaded, sent);
  const [{ upload_id: id }] = sent.json.uploads;
  // The same once more is the same document.
  const sources = [id, id].map((one: string) => ({ kind: 'upload', id: one }));
  const goal = 'How often does the Harbour gateway rotate its certificates?';
  const one = await api.post('/tasks', { goal, sources }, { prefer: 'wait=25' });
  expect(one.json).toMatchObject({ status: 'completed' });
  const { answer } = one.json.result;
  expect(JSON.stringify(answer.sections)).toContain('42 days');
  expect(new Set(answer.citations.map(({ source }: { source: string }) => source))).toEqual(new Set(['harbour.md']));
});

test('who waits for a task that ends in that time gets its result at once, and so does who asks for a done one again', async () => {
  const headers = { 'idempotency-key': 'waits', prefer: 'wait=30' };
  const one = await api.post('/tasks', ask(), headers);
  expect([one.status, one.headers.get('preference-applied')]).toEqual([200, 'wait=25']);
  holds(schemas.task, one);
  expect(one.json.result.answer.citations.length).toBeGreaterThan(0);
  const again = await api.post('/tasks', ask(), { 'idempotency-key': 'waits' });
  expect([again.status, again.json.task_id]).toEqual([200, one.json.task_id]);
  const async_ = await api.post('/tasks', ask(), { prefer: 'respond-async, wait=10' });
  expect([async_.status, async_.headers.get('preference-applied')]).toEqual([202, 'respond-async']);
});

test('two hundred who poll one task ask Temporal as often as one does', async () => {
  const id = await start({ goal: 'How often does Lighthouse poll? Once more.' });
  await until('it has closed', async () => (await api.get(`/tasks/${id}?wait=25`)).json.closed_at !== null);
  let asked = 0;
  const service = it_.client.temporal.workflowService as unknown as {
    describeWorkflowExecution: (...args: unknown[]) => unknown;
  };
  const inner = service.describeWorkflowExecution;
  service.describeWorkflowExecution = function (...args) {
    asked += 1;
    return inner.apply(this, args);
  };
  try {
    const replies = await Promise.all(Array.from({ length: 200 }, () => api.get(`/tasks/${id}`)));
    expect(replies.every(({ status }) => status === 200)).toBe(true);
    expect(asked).toBeLessThanOrEqual(2);
  } finally {
    service.describeWorkflowExecution = inner;
  }
});

test('whether it is ready is said by its parts', async () => {
  const one = await api.get('/readyz');
  holds(schemas.health, one);
  expect(one.json).toEqual({ ok: true, checks: { temporal: { ok: true }, store: { ok: true }, worker: { ok: true } } });
  expect((await api.get('/healthz')).json).toEqual({ ok: true });
});

test('an estimate is told of the body of a task, starts nothing, and is refused as the task would be', async () => {
  const one = await api.post('/estimates', ask({ class: 'quick', limits: { tokens: 20_000 } }));
  expect(one.status).toBe(200);
  holds(taskEstimate, one);
  expect(one.json).toMatchObject({
    class: 'quick',
    basis: 'class',
    time_ms: { p90: 30_000 },
    most: { seconds: 60, subtasks: 3, tokens: 20_000 },
  });
  const refused = await api.post('/estimates', ask({ class: 'quick', limits: { max_subtasks: 9 } }));
  isProblem(refused, 'request_invalid');
  expect(refused.json.errors).toMatchObject([{ pointer: '/limits' }]);
});

test('the OpenAPI document has every route and no other, and each problem of it is of the catalogue', async () => {
  const { json } = await api.get('/openapi.json');
  expect(json.openapi).toBe('3.1.0');
  const routes = Object.entries<object>(json.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(routes.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
  // What the document leaves out is not served, and what it has is.
  for (const { method, path } of ROUTES) {
    const address = path.replaceAll(/\{\w+\}/g, 'x');
    const sent = { method: method.toUpperCase(), ...(method === 'post' ? { body: '' } : {}) };
    const { json: answer } = await reply(await fetch(`${api.url}${address}`, sent));
    expect(answer?.code).not.toBe('not_found');
  }
});

/** Everything that the library can do today, the API can do; or why not. */
const BY_HTTP: Readonly<Record<string, string>> = {
  'MusterClient.start': 'post /tasks',
  'MusterClient.get': 'get /tasks/{id}',
  'MusterClient.list': 'get /tasks',
  'MusterClient.listPage': 'get /tasks',
  'MusterClient.workerSeen': 'get /readyz',
  'MusterClient.measure': 'get /measurements',
  'MusterClient.slo': 'get /slo',
  'MusterClient.advise': 'get /advice',
  'MusterClient.estimate': 'post /estimates',
  'TaskHandle.status': 'get /tasks/{id}',
  'TaskHandle.findings': 'get /tasks/{id}',
  'TaskHandle.isOpen': 'get /tasks/{id}',
  'TaskHandle.events': 'get /tasks/{id}/events',
  'TaskHandle.result': 'get /tasks/{id}/result',
  'TaskHandle.plan': 'get /tasks/{id}/plan',
  'TaskHandle.trace': 'get /tasks/{id}/trace',
  'TaskHandle.reply': 'post /tasks/{id}/answer',
  'TaskHandle.answer': 'post /tasks/{id}/answer',
  'TaskHandle.command': 'post /tasks/{id}/note',
  'TaskHandle.answerSoFar': 'post /tasks/{id}/answer-so-far',
  'TaskHandle.cancel': 'post /tasks/{id}/cancel',
  'TaskHandle.redeliver': 'post /tasks/{id}/redeliver',
  'TaskHandle.cancelBackground': 'post /tasks/{id}/cancel-background',
  'MusterClient.forget': 'delete /tasks/{id}',
  'MusterClient.sessions': 'get /sessions',
  'MusterClient.session': 'get /sessions/{id}',
  'MusterClient.forgetSession': 'delete /sessions/{id}',
  'MusterClient.schedule': 'post /schedules',
  'MusterClient.schedules': 'get /schedules',
  'MusterClient.scheduled': 'get /schedules/{id}',
};
/** Of the process, not of a task. */
const NOT_BY_HTTP = [
  // A stream has the words of an answer, and the gateway says itself that it takes longer.
  'TaskHandle.answerText',
  'TaskHandle.demote',
  // For who is about to restart a local stack.
  'MusterClient.anyRuns',
  // POST /tasks with `auto` asks it, and the task says what came of it.
  'MusterClient.route',
  // For the gateway itself, to know when to take no more.
  'MusterClient.queued',
  'MusterClient.ping',
  'MusterClient.close',
  'MusterClient.deployment',
  'MusterClient.address',
  'MusterClient.store',
  'MusterClient.temporal',
];

test('everything that the client library can do, the API can do', () => {
  const of = (name: string, prototype: object) =>
    Object.getOwnPropertyNames(prototype)
      .filter((key) => key !== 'constructor')
      .map((key) => `${name}.${key}`);
  const all = [...of('MusterClient', MusterClient.prototype), ...of('TaskHandle', TaskHandle.prototype)];
  expect(all.filter((one) => !(one in BY_HTTP) && !NOT_BY_HTTP.includes(one))).toEqual([]);
  const routes = new Set(ROUTES.map(({ method, path }) => `${method} ${path}`));
  expect(Object.values(BY_HTTP).filter((route) => !routes.has(route))).toEqual([]);
});
