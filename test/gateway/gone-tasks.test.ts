// Tasks that are no more: what library, HTTP and CLI say of one that has expired and of one that was forgotten, and that nothing of
// it is left: neither in the store, but for what others use, nor at the server.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandRefusedError, TaskExpiredError, TaskNotFoundError } from '../../client/index.ts';
import { HttpClient } from '../../client/http/index.ts';
import { backgroundQueue, forgetId } from '../../protocol/names.ts';
import type { Caller } from '../../gateway/doors/caller.ts';
import * as schemas from '../../gateway/wire/schemas.ts';
import { storeFolder } from '../../store/home.ts';
import { musterHere } from '../cli/support.ts';
import { serverAddress, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { reply, testGateway, type Reply, type TestGateway } from '../rig/gateway.ts';

const DAY = 86_400_000;
const GOAL = 'What does the lighthouse do when nobody takes an alarm?';
/** Stands in one file that was sent, and nowhere else. */
const SECRET = 'Obadiah Quill keeps the spare lamp oil in the boathouse.';

const CALLER: Caller = { tenant: 'acme', name: 'n', scopes: ['tasks:read', 'tasks:write'], paths: true };

let it_: TestDeployment;
let api: TestGateway;
beforeAll(async () => {
  it_ = await testDeployment();
  api = await testGateway(it_, {
    authenticate: (request) => ({
      ...CALLER,
      tenant: request.headers.get('x-tenant') ?? CALLER.tenant,
    }),
  });
});
afterAll(async () => {
  await api.close();
  await it_.stop();
});

const cli = (...args: string[]) =>
  musterHere(args, { env: { TEMPORAL_ADDRESS: serverAddress(), MUSTER_HOME: it_.home } });
const remove = async (id: string, tenant = 'acme'): Promise<Reply> =>
  await reply(await fetch(`${api.url}/tasks/${id}`, { method: 'DELETE', headers: { 'x-tenant': tenant } }));
const start = async (goal: string, sources: object[], key: string): Promise<string> => {
  const { status, json } = await api.post('/tasks', { goal, sources }, { 'idempotency-key': key });
  expect(status).toBe(202);
  return json.task_id as string;
};
/** A document of this text, as a source. */
async function send(url: string, body: string): Promise<{ kind: 'upload'; id: string }> {
  const headers = { 'content-type': 'text/markdown' };
  const { json } = await reply(await fetch(`${url}/uploads?name=sent.md`, { method: 'POST', body, headers }));
  return { kind: 'upload', id: json.uploads[0].upload_id };
}
/** There is one from the first test on that needs it. */
let working: Promise<unknown> | undefined;
const worker = (): Promise<unknown> => (working ??= it_.startWorker());
const docs = (): object[] => [{ kind: 'path', path: it_.docs }];

/** Every file of the store that has these words in it, packed ones by their names alone. */
function filesWith(words: string): string[] {
  const folder = storeFolder(it_.home);
  return (readdirSync(folder, { recursive: true, withFileTypes: true }) as import('node:fs').Dirent[])
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
    .filter((path) => readFileSync(path).includes(words));
}

test('with no worker it is recorded that a task is to be forgotten, and a task at work is refused', async () => {
  const id = await start(GOAL, docs(), 'at-work');
  await expect(it_.client.forget(id)).rejects.toThrow(CommandRefusedError);
  expect((await remove(id)).json).toMatchObject({ code: 'task_open', status: 409 });
  const said = await cli('forget', id);
  expect([said.code, said.talk]).toEqual([6, expect.stringMatching(/is at work; cancel it/)]);
  await (await it_.client.get(id)).cancel();
  await it_.client.temporal.workflow.getHandle(id).terminate();
  expect(await it_.client.forget(id)).toMatchObject({ taskId: id, done: false, already: false });
  const asked = await remove(id);
  expect([asked.status, asked.json.done]).toEqual([202, false]);
  const recorded = await cli('forget', id);
  expect([recorded.code, recorded.talk]).toEqual([
    0,
    expect.stringMatching(/recorded: task \S+ is forgotten as soon as/),
  ]);
  await worker();
  await until('the worker has done it', async () => (await it_.client.forget(id)).already);
  await expect(it_.client.get(id)).rejects.toThrow(/was forgotten/);
});

test('a task that expired says so by library, HTTP and CLI, though Temporal has it still; another tenant is told of none', async () => {
  await worker();
  const id = await start(GOAL, docs(), 'to-expire');
  expect((await it_.client.get(id)).taskId).toBe(id);
  await (await it_.client.get(id)).result();
  // The answer comes before the close, and what has not closed does not expire. A gateway that has shown it shows it no more.
  await until('it has closed', async () => (await api.get(`/tasks/${id}`)).json.closed_at !== null);
  await it_.store.expire(Date.now() + 20 * DAY);

  await expect(it_.client.get(id)).rejects.toThrow(TaskExpiredError);
  await expect(it_.client.get(id, { tenant: 'acme' })).rejects.toThrow(/has expired.* removed on \d{4}-\d\d-\d\d/);
  const other = it_.client.get(id, { tenant: 'other' }).catch((error: unknown) => error);
  // Temporal still knows whose it is; nobody else is told even that it was.
  expect(await other).toBeInstanceOf(TaskNotFoundError);
  expect(await other).not.toBeInstanceOf(TaskExpiredError);
  for (const path of ['', '/result', '/events'])
    expect((await api.get(`/tasks/${id}${path}`)).json).toMatchObject({ code: 'task_expired', status: 410 });
  expect((await api.get(`/tasks/${id}`, { 'x-tenant': 'other' })).json.code).toBe('task_not_found');
  const said = await cli('result', id);
  expect([said.code, said.talk]).toEqual([3, expect.stringMatching(/muster: task \S+ has expired: .*removed on/)]);
  await expect(new HttpClient({ url: api.url }).get(id)).rejects.toThrow(TaskExpiredError);
});

test('a file that was sent goes with its last task in this deployment, whoever names it in another', async () => {
  await worker();
  const other = await testDeployment();
  const otherApi = await testGateway(other, { authenticate: () => CALLER });
  try {
    const ids = await send(api.url, '# Wicks\n\nThe wicks are trimmed at dusk.\n');
    const elsewhere = await send(otherApi.url, '# Wicks\n\nThe wicks are trimmed at dusk.\n');
    const goal = 'When are the wicks trimmed?';
    expect((await otherApi.post('/tasks', { goal, sources: [elsewhere] })).status).toBe(202);
    const [first, last] = [await start(goal, [ids], 'wicks-1'), await start(goal, [ids], 'wicks-2')];
    for (const id of [first, last]) await it_.client.temporal.workflow.getHandle(id).result();

    const kept = await it_.client.forget(first);
    expect(kept).toMatchObject({ done: true, removed: { uploads: 0 } });
    expect(kept.left).toContainEqual(expect.stringMatching(/that was sent stays: another task names it/));
    expect(await it_.client.forget(last)).toMatchObject({ done: true, removed: { uploads: 1 } });
    expect((await api.get(`/uploads/${ids.id}`)).status).toBe(404);
  } finally {
    await otherApi.close();
    await other.stop();
  }
});

test('a forgotten task leaves nothing in the store but what others use, and says what went and what stays', async () => {
  await worker();
  const upload = await send(api.url, `# Oil\n\n${SECRET}\n`);
  const goal = 'Where is the spare lamp oil kept, says Obadiah Quill?';
  const beside = await start(GOAL, docs(), 'beside');
  const before = await (await it_.client.get(beside)).result();
  const id = await start(goal, [upload, ...docs()], 'to-forget');
  // Its events are in the store once it has closed, which is after its answer.
  await it_.client.temporal.workflow.getHandle(id).result();
  expect(filesWith('Obadiah Quill').length).toBeGreaterThan(3);
  expect((await remove(id, 'other')).json.code).toBe('task_not_found');

  const { status, json } = await remove(id);
  expect(status).toBe(200);
  expect(schemas.forgotten.parse(json)).toEqual(json);
  expect(json).toMatchObject({ task_id: id, done: true, already: false, removed: { uploads: 1, histories: [id] } });
  for (const what of ['logs', 'events', 'corpora', 'blobs']) expect(json.removed[what]).toBeGreaterThan(0);
  expect(json.left).toContainEqual(expect.stringMatching(/the Temporal server deletes histories by itself/));
  // By a worker, behind everything that an answer waits for.
  const { events = [] } = await it_.client.temporal.workflow.getHandle(forgetId(id)).fetchHistory();
  const queues = events?.flatMap(({ activityTaskScheduledEventAttributes: asked }) => asked?.taskQueue?.name ?? []);
  expect(queues).toEqual([backgroundQueue(it_.client.deployment)]);
  expect(filesWith('Obadiah Quill')).toEqual([]);
  expect((await api.get(`/uploads/${upload.id}`)).status).toBe(404);
  expect(await it_.store.getTask(id)).toBeUndefined();

  // What one put that was terminated stands in its history alone.
  const cut = await it_.client.start({ goal, sources: [it_.docs], tenant: 'acme', approve: true });
  await until('its plan waits', async () => (await cut.status()).progress?.proposal !== undefined);
  await it_.client.temporal.workflow.getHandle(cut.taskId).terminate();
  expect(filesWith('Obadiah Quill').length).toBeGreaterThan(0);
  expect(await it_.client.forget(cut.taskId)).toMatchObject({ done: true });
  expect(filesWith('Obadiah Quill')).toEqual([]);

  // What one found just as the other did stays with the other, which has all that it had.
  const background = [{ goal: 'What is repeated in the harbour?' }];
  const twin = await it_.client.start({ goal: GOAL, sources: [it_.docs], tenant: 'acme', background });
  const behind = `${twin.taskId}/background`;
  await until('all of it is done', async () => (await it_.store.getResult(behind)) !== undefined);
  const { left, removed } = await it_.client.forget(twin.taskId);
  expect(left).toContainEqual(expect.stringMatching(/that others use, too, stay/));
  expect(removed.histories.sort()).toEqual([twin.taskId, behind]);
  expect([await it_.store.getTask(behind), await it_.store.getResult(behind)]).toEqual([undefined, undefined]);
  expect(await it_.store.readEvents(behind)).toEqual([]);
  expect(await (await it_.client.get(beside)).result()).toEqual(before);
  const cited = before.answer!.citations.map(({ sha256 }) => sha256);
  for (const sha of cited) await it_.store.getBlob(sha);
  const task = await (await it_.client.start({ goal: GOAL, sources: [it_.docs], tenant: 'acme' })).result();
  expect(task.outcome).toBe('completed');

  // Twice is once, by every door.
  expect((await remove(id)).json).toMatchObject({ done: true, already: true, left: [] });
  expect(await it_.client.forget(id)).toMatchObject({ already: true });
  const again = await cli('forget', id);
  expect([again.code, again.talk]).toEqual([0, expect.stringMatching(/was forgotten on/)]);
  expect((await api.get(`/tasks/${id}`)).json).toMatchObject({ code: 'task_expired', status: 410 });
  await expect(it_.client.get(id)).rejects.toThrow(/was forgotten/);
  const said = await cli('forget', beside.slice(-12), '--json');
  expect(said.code).toBe(0);
  expect(JSON.parse(said.out)).toMatchObject({ taskId: beside, done: true, removed: { histories: [beside] } });
  await expect(it_.client.forget('never-there')).rejects.toThrow(TaskNotFoundError);
});
