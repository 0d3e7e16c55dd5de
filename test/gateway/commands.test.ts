// One command, four doors: whatever kind of command there is, library, HTTP, its client and the command line send the same.
// A kind without one of these doors fails the type check or this test. Over a gateway whose task notes what it is told.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { HttpClient } from '../../client/http/index.ts';
import {
  CommandRefusedError,
  TaskCancelledError,
  TaskClosedError,
  TaskHandle,
  TaskNotFoundError,
  type CommandBody,
  type CommandKind,
  type CommandOptions,
  type CommandReceipt,
  type TaskPlan,
  type TaskStatus,
} from '../../client/index.ts';
import { firstAnswer } from '../../client/first-answer.ts';
import { KeptTask } from '../../client/kept-task.ts';
import { createGateway, serveGateway, type Caller } from '../../gateway/index.ts';
import { openApiDocument } from '../../gateway/routes/openapi.ts';
import { applied } from '../../gateway/wire/command-bodies.ts';
import { plan as planSchema } from '../../gateway/wire/plan-schemas.ts';
import { problem, recorded } from '../../gateway/wire/schemas.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { commandMark } from '../../protocol/command-mark.ts';
import { COMMAND_KINDS, taskCommandProblem, type TaskCommand } from '../../protocol/task-commands.ts';
import { commandPath, toWire } from '../../protocol/wire.ts';
import { fileStore } from '../../store/file-store.ts';
import { muster, musterHere, type Ended } from '../cli/support.ts';
import { SAMPLES } from '../rig/command-samples.ts';
import { noServer } from './no-server.ts';

const TASK = `task-${'0'.repeat(40)}`;
const KEY: Caller = { tenant: 'acme', name: 'ci', scopes: ['tasks:read', 'tasks:write'] };

const PLAN: TaskPlan = {
  hash: '5b41c0de'.repeat(8),
  subtasks: ['s1', 's2'].map((id) => ({
    id,
    title: `Title ${id}`,
    kind: 'researcher',
    goal: `What of ${id}?`,
    needs: id === 's2' ? ['s1'] : [],
    limits: { turns: 8, tokens: 40_000, seconds: 300, costUsd: 0.5 },
  })),
  estimate: { subtasks: 2, tokens: 80_000, seconds: 600, costUsd: 1 },
  until: new Date('2026-03-01T12:00:00.000Z'),
};
let plan: TaskPlan | undefined;
let replied: unknown[] = [];

let state: TaskStatus['state'] = 'running';
let told: { body: CommandBody; options: CommandOptions }[] = [];
let receipt: CommandReceipt | Error = { applied: true, n: 7, effect: 'done as said' };

const task = {
  taskId: TASK,
  isOpen: () => Promise.resolve(true),
  status: () => Promise.resolve({ taskId: TASK, state, goal: 'g', startedAt: new Date(0), live: [] }),
  result: () => Promise.reject(new TaskCancelledError(TASK)),
  findings: () => Promise.resolve([]),
  plan: () => Promise.resolve(plan),
  reply: (...all: unknown[]) => Promise.resolve(void replied.push(all)),
  command: (body: CommandBody, options: CommandOptions) => {
    told.push({ body, options });
    return receipt instanceof Error ? Promise.reject(receipt) : Promise.resolve(receipt);
  },
  async *events({ signal }: { signal?: AbortSignal } = {}) {
    await new Promise((done) => signal?.addEventListener('abort', done));
    yield* [];
  },
} satisfies Partial<Record<keyof TaskHandle, unknown>>;

const client = {
  store: fileStore(mkdtempSync(join(tmpdir(), 'muster-commands-'))),
  ...noServer,
  get: (id: string) => (id === TASK ? Promise.resolve(task) : Promise.reject(new TaskNotFoundError(id))),
};

let url = '';
let api: { url: string; close(): Promise<unknown> };
let caller = KEY;
// One for each test: it remembers for a while that a task has ended.
beforeEach(async () => {
  api = await serveGateway(createGateway({ client: client as never, authenticate: () => caller }), '127.0.0.1', [0]);
  ({ url } = api);
});
afterEach(async () => {
  await api.close();
});
beforeEach(() => {
  [told, replied, plan] = [[], [], PLAN];
  state = 'running';
  receipt = { applied: true, n: 7, effect: 'done as said' };
  caller = KEY;
});

const post = async (kind: CommandKind, body: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url}/tasks/${TASK}/${commandPath(kind)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as any };
};

/** The command line, on a machine that reaches the gateway and nothing else. */
const typed = async (words: readonly string[]): Promise<Pick<Ended, 'code' | 'out' | 'talk'>> => {
  const argv = words.map((word) => (word === 'ID' ? TASK : word));
  const env = { TEMPORAL_ADDRESS: '127.0.0.1:1', MUSTER_URL: url };
  // One of them as a process: the others take the same way there.
  const { code, out, talk } = await (words[0] === 'tell' ? muster(argv, { env }).ended : musterHere(argv, { env }));
  return { code, out, talk };
};

test.each(COMMAND_KINDS)('library, HTTP, its client and the command line send the same command "%s"', async (kind) => {
  const { body, typed: words } = SAMPLES[kind];
  const { kind: _kind, ...rest } = body;
  // The library's own way has no shape of its own: this is what it takes.
  expect(taskCommandProblem(body)).toBeUndefined();
  const over = await post(kind, toWire(rest), { 'idempotency-key': 'k-1' });
  expect(over).toEqual({ status: 200, json: { task_id: TASK, applied: true, n: 7, effect: 'done as said' } });
  expect(applied.parse(over.json)).toEqual(over.json);
  const far = new HttpClient({ url }).task(TASK);
  expect(await far.command(body, { id: 'k-2' })).toEqual(receipt);
  expect(await typed(words)).toEqual({ code: 0, out: '', talk: 'done as said\n' });
  expect(told.map((one) => one.body)).toEqual([body, body, body]);
  expect(told.map(({ options }) => [options.by, options.id])).toEqual([
    [{ name: 'ci', how: 'key' }, 'k-1'],
    [{ name: 'ci', how: 'key' }, 'k-2'],
    [{ name: 'ci', how: 'key' }, expect.stringMatching(/^client-[0-9a-f]{32}$/)],
  ]);
});

test.each(COMMAND_KINDS)(
  'a command "%s" that is refused, recorded or too late is told as such over HTTP',
  async (kind) => {
    const { body } = SAMPLES[kind];
    const { kind: _kind, ...rest } = body;
    const far = new HttpClient({ url }).task(TASK);
    receipt = new CommandRefusedError(TASK, 's2 has ended');
    const refused = await post(kind, toWire(rest));
    expect(refused).toMatchObject({ status: 409, json: { code: 'command_refused', detail: 's2 has ended' } });
    expect(problem.parse(refused.json)).toEqual(refused.json);
    const error: unknown = await far.command(body).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CommandRefusedError);
    expect(error).toEqual(receipt);
    receipt = { applied: false, recorded: true };
    const late = await post(kind, toWire(rest));
    expect(late).toEqual({ status: 202, json: { task_id: TASK, recorded: true } });
    expect(recorded.parse(late.json)).toEqual(late.json);
    expect(await far.command(body)).toEqual(receipt);
    receipt = new TaskClosedError(TASK);
    expect(await post(kind, toWire(rest))).toMatchObject({
      status: 409,
      json: { code: 'task_closed', detail: 'it has ended; nothing was changed' },
    });
    await expect(far.command(body)).rejects.toEqual(receipt);
  },
);

test('a key that was used for another command is 422, and is told as the library does', async () => {
  receipt = new CommandRefusedError(TASK, 'this id was used for another command', { isIdReused: true });
  const refused = await post('pause', {}, { 'idempotency-key': 'k-1' });
  expect(refused).toMatchObject({ status: 422, json: { code: 'key_reused', detail: receipt.message } });
  const far = new HttpClient({ url }).task(TASK);
  const error: unknown = await far.command({ kind: 'pause' }, { id: 'k-1' }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CommandRefusedError);
  expect(error).toMatchObject({ message: receipt.message, isIdReused: true });
});

test('a command that is sent again under its key gets its first answer after the task has ended by it; a new one comes too late', async () => {
  await post('answerNow', {}, { 'idempotency-key': 'k-1' });
  // Whoever has it known anew looks at the task again: what it was told changed it.
  state = 'cancelled';
  const again = await post('answerNow', {}, { 'idempotency-key': 'k-1' });
  expect(again).toEqual({ status: 200, json: { task_id: TASK, applied: true, n: 7, effect: 'done as said' } });
  expect(await post('answerNow', {})).toMatchObject({ status: 409, json: { code: 'task_closed' } });
  expect(told.map(({ options }) => options.id)).toEqual(['k-1', 'k-1']);
});

test('what a command was answered is read from the log of a task that has ended: that it was applied, refused, or is another one', async () => {
  const by = { name: 'anna', how: 'claimed' } as const;
  const command = (id: string, text = 'x'): TaskCommand => ({ v: 1, id, at: 9, by, kind: 'note', text });
  const mark = commandMark(command('any'));
  const said = { kind: 'note', by } as const;
  const events = [
    { type: 'command.applied', id: 'k-1', effect: 'read by all', mark, ...said },
    { type: 'command.refused', id: 'k-1', reason: 'its edit can’t be run', ...said },
    { type: 'command.refused', id: 'k-2', reason: 's2 has ended', mark, ...said },
    { type: 'command.applied', id: 'k-3', effect: 'of an older worker', ...said },
  ] as const;
  const store = fileStore(mkdtempSync(join(tmpdir(), 'muster-answers-')));
  await store.appendEvents(
    TASK,
    events.map((event, i) => ({ v: 1, run: 'r', n: i + 1, at: 5, ...event })),
  );
  const asked = (...args: Parameters<typeof command>) => firstAnswer(store, TASK, command(...args));
  expect(await asked('k-1')).toEqual({ applied: true, n: 1, effect: 'read by all' });
  expect(await asked('k-3', 'y')).toEqual({ applied: true, n: 4, effect: 'of an older worker' });
  expect([await asked('k-4'), await firstAnswer(undefined, TASK, command('k-1'))]).toEqual([undefined, undefined]);
  await expect(asked('k-2')).rejects.toMatchObject({ message: 's2 has ended', isIdReused: false });
  await expect(asked('k-1', 'y')).rejects.toMatchObject({ isIdReused: true });
  await expect(firstAnswer(store, TASK, { v: 1, id: 'k-3', at: 9, by, kind: 'answerNow' })).rejects.toMatchObject({
    isIdReused: true,
  });
});

test('a person is told what a command changed, why not, or that it waits for a worker; a program gets the receipt', async () => {
  receipt = new CommandRefusedError(TASK, 's2 has ended');
  const refused = await typed(['stop', 'ID', 's2']);
  expect(refused).toEqual({
    code: 2,
    out: '',
    talk: `muster: s2 has ended.\n  Next: muster status ${TASK} shows where it stands.\n`,
  });
  receipt = { applied: false, recorded: true };
  const late = await typed(['stop', 'ID', 's2', '--json']);
  expect([late.code, JSON.parse(late.out)]).toEqual([0, { taskId: TASK, ...receipt }]);
  expect((await typed(['stop', 'ID', 's2'])).talk).toBe(
    'recorded: no worker answered; it takes effect when one does\n',
  );
  receipt = new TaskClosedError(TASK);
  expect(await typed(['stop', 'ID', 's2'])).toMatchObject({ code: 1, talk: expect.stringContaining('has ended') });
  const kept = new KeptTask({ taskId: TASK } as TaskResult, client.store);
  await expect(kept.command()).rejects.toEqual(receipt);
  await expect(kept.reply()).rejects.toEqual(receipt);
});

test('the OpenAPI document, its page and the page on steering name every kind of command', () => {
  const { paths } = openApiDocument('/') as { paths: Record<string, { post?: unknown }> };
  const page = (name: string) => readFileSync(resolve(__dirname, `../../docs/${name}.md`), 'utf8');
  for (const kind of COMMAND_KINDS) {
    expect([kind, paths[`/tasks/{id}/${commandPath(kind)}`]?.post]).toEqual([kind, expect.any(Object)]);
    expect(page('http-api')).toMatch(new RegExp(`^\\| \`${commandPath(kind)}\` \\|`, 'm'));
    expect(page('steering')).toContain(`muster ${SAMPLES[kind].typed[0]} `);
  }
});

test('who commands over a gateway without keys is claimed to be so, and is no key', async () => {
  caller = { ...KEY, name: 'local', paths: true };
  await post('pause', {});
  expect(told[0]?.options.by).toEqual({ name: 'local', how: 'claimed' });
});

test.each<[string, CommandKind, unknown, string | undefined]>([
  ['no words', 'note', { text: '  ' }, undefined],
  ['no text', 'note', {}, '/text'],
  ['nothing to extend', 'extend', {}, undefined],
  ['words for a number', 'extend', { tokens: 'many' }, '/tokens'],
  ['a library’s name', 'extend', { costUsd: 1 }, '/costUsd'],
  ['no subtask', 'stop', {}, '/to'],
  ['no models', 'swapModel', { models: [] }, '/models'],
  ['no hash', 'approve', { plan: 'x', approved: true }, undefined],
  [
    'an edit of no field',
    'approve',
    { plan: '5b41c0de', approved: true, edit: { change: { s1: { wish: 1 } } } },
    '/edit/change/s1/wish',
  ],
])('a command with %s is 422 with its place, and is told to nobody', async (_what, kind, body, pointer) => {
  const { status, json } = await post(kind, body);
  expect([status, json.code, json.errors?.[0]?.pointer]).toEqual([422, 'request_invalid', pointer]);
  expect(told).toEqual([]);
});

test('a command to a task that has ended, to none, or under a key that is none is told to nobody', async () => {
  expect((await post('pause', {}, { 'idempotency-key': 'k'.repeat(101) })).json.code).toBe('header_invalid');
  await expect(new HttpClient({ url }).task('task-none').command({ kind: 'pause' })).rejects.toBeInstanceOf(
    TaskNotFoundError,
  );
  // Its client says it as the library does.
  const error: unknown = await new HttpClient({ url })
    .task(TASK)
    .command({ kind: 'note', text: ' ' })
    .catch((thrown: unknown) => thrown);
  expect(error).toEqual(new CommandRefusedError(TASK, taskCommandProblem({ kind: 'note', text: ' ' }) ?? ''));
  expect(told).toEqual([]);
});

test.each([
  [['tell', 'ID', ' '], /the note is empty/],
  [['extend', 'ID'], /say what to extend/],
  [['approve', 'ID', '--hash', 'none'], /name the plan by its hash/],
])('a person who types %j is told what is wrong with it, and nothing is sent', async (words, sentence) => {
  expect(await typed(words)).toEqual({ code: 2, out: '', talk: expect.stringMatching(sentence) });
  expect(told).toEqual([]);
});

test('the plan that waits is read over HTTP as in the library, and there is none before it is made', async () => {
  const far = new HttpClient({ url }).task(TASK);
  const response = await fetch(`${url}/tasks/${TASK}/plan`);
  const json = (await response.json()) as any;
  expect([response.status, planSchema.parse(json)]).toEqual([200, json]);
  expect([json.until, json.estimate.cost_usd]).toEqual(['2026-03-01T12:00:00.000Z', 1]);
  expect(await far.plan()).toEqual(PLAN);
  plan = undefined;
  expect(await far.plan()).toBeUndefined();
  expect((await typed(['approve', 'ID'])).talk).toContain('has no plan yet');
});

test('a person reads the plan, edits it in a file, and approves it so; a program is told what became of it', async () => {
  const shown = await typed(['approve', 'ID']);
  expect(shown.code).toBe(0);
  expect(shown.out).toMatch(
    /^plan 5b41c0de\w+, waits for approval until 2026-03-01 12:00 UTC\n\ns1 {2}Title s1 \(researcher\)\n/,
  );
  expect(shown.out).toContain('2 subtasks, together at most 80,000 tokens, 10 min 00 s, $1.00');
  expect(shown.talk).toContain(`muster approve ${TASK} --hash ${PLAN.hash.slice(0, 12)}   lets it run`);
  expect(told).toEqual([]);

  const file = join(mkdtempSync(join(tmpdir(), 'muster-plan-')), 'plan.json');
  const { out } = await typed(['approve', 'ID', '--json']);
  writeFileSync(file, out);
  await typed(['approve', 'ID', '--plan', file]);
  const edited = JSON.parse(out) as TaskPlan;
  edited.subtasks.shift();
  edited.subtasks[0]!.goal = 'What of it in 2024?';
  edited.subtasks.push({ goal: 'Who signed it?' } as never);
  writeFileSync(file, JSON.stringify(edited));
  const ended = await typed(['approve', 'ID', '--plan', file, '--json']);
  expect([ended.code, JSON.parse(ended.out)]).toEqual([0, { taskId: TASK, ...(receipt as CommandReceipt) }]);
  await typed(['approve', 'ID', '--refuse']);
  const approve = { kind: 'approve', plan: PLAN.hash };
  expect(told.map(({ body }) => body)).toEqual([
    { ...approve, approved: true },
    {
      ...approve,
      approved: true,
      edit: { drop: ['s1'], change: { s2: { goal: 'What of it in 2024?' } }, add: [{ goal: 'Who signed it?' }] },
    },
    { ...approve, approved: false },
  ]);
  writeFileSync(file, JSON.stringify({ ...edited, hash: 'another' }));
  expect(await typed(['approve', 'ID', '--plan', file])).toMatchObject({
    code: 2,
    talk: expect.stringMatching(/it is of another plan/),
  });
});

test('a reply goes to the one question that is open, or to the handle that is named, with who gave it', async () => {
  expect((await typed(['answer', 'ID', 'the first'])).code).toBe(0);
  expect((await typed(['answer', 'ID', 'nobody knows', '--handle', 'h-1', '--failed'])).code).toBe(0);
  const by = { name: 'ci', how: 'key' };
  expect(replied).toEqual([
    [undefined, 'the first', { by, ok: true }],
    ['h-1', 'nobody knows', { by, ok: false }],
  ]);
});
