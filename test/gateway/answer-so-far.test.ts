// One answer so far, four doors: library, HTTP, its client and the command line give the same, and say alike why there is none.
// Over a gateway whose task answers as a test has it. What it rests on is test/workflows/answer-so-far.test.ts.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpClient } from '../../client/http/index.ts';
import {
  CommandRefusedError,
  NoWorkerError,
  StillWritingError,
  TaskFailedError,
  TaskNotFoundError,
  UnreachableError,
  type AnswerSoFarOptions,
  type AskedSoFar,
  type TaskHandle,
} from '../../client/index.ts';
import { createGateway, serveGateway } from '../../gateway/index.ts';
import { problem, recorded } from '../../gateway/wire/schemas.ts';
import { askedSoFar } from '../../gateway/wire/so-far-schemas.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { fileStore } from '../../store/file-store.ts';
import { ANSWER, musterHere, USAGE } from '../cli/support.ts';
import { noServer } from './no-server.ts';

const TASK = `task-${'0'.repeat(40)}`;

const SO_FAR: AskedSoFar = {
  isFinal: false,
  taskId: TASK,
  goal: 'g',
  stage: 'researching',
  answer: ANSWER,
  coverage: {
    done: 1,
    failed: 0,
    skipped: 0,
    subtasks: [{ subtask: 's1', title: 'one', state: 'done', findings: 2 }],
    gaps: [],
  },
  open: [{ subtask: 's2', title: 'two', state: 'running', findings: 0 }],
  round: 1,
  isNew: true,
  usage: { ...USAGE, byModel: { 'a-model': { calls: 3, inputTokens: 12_000, outputTokens: 345 } } },
};
const RESULT: TaskResult = {
  v: 1,
  taskId: TASK,
  run: 'r',
  outcome: 'completed',
  goal: 'g',
  answer: ANSWER,
  coverage: { done: 1, failed: 0, skipped: 0, subtasks: [], gaps: [] },
  usage: USAGE,
  timings: { acceptedAt: 1_000, closedAt: 2_000 },
};

let told: AnswerSoFarOptions[] = [];
let replies: (AskedSoFar | Error)[] = [];
const task = {
  taskId: TASK,
  isOpen: () => Promise.resolve(true),
  status: () => Promise.resolve({ taskId: TASK, state: 'running', goal: 'g', startedAt: new Date(0), live: [] }),
  answerSoFar: (options: AnswerSoFarOptions = {}) => {
    told.push(options);
    const reply = (replies.length > 1 ? replies.shift() : replies[0]) ?? SO_FAR;
    return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply);
  },
  async *events({ signal }: { signal?: AbortSignal } = {}) {
    await new Promise((done) => signal?.addEventListener('abort', done));
    yield* [];
  },
} satisfies Partial<Record<keyof TaskHandle, unknown>>;
const client = {
  store: fileStore(mkdtempSync(join(tmpdir(), 'muster-so-far-'))),
  ...noServer,
  get: (id: string) => (id === TASK ? Promise.resolve(task) : Promise.reject(new TaskNotFoundError(id))),
};

let url = '';
let api: { url: string; close(): Promise<unknown> };
beforeAll(async () => {
  const caller = { tenant: 'acme', name: 'ci', scopes: ['tasks:read', 'tasks:write'] as const };
  const gateway = createGateway({
    client: client as never,
    authenticate: () => ({ ...caller, scopes: [...caller.scopes] }),
  });
  api = await serveGateway(gateway, '127.0.0.1', [0]);
  ({ url } = api);
});
afterAll(() => api.close());
beforeEach(() => void ([told, replies] = [[], []]));

const post = async (body?: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url}/tasks/${TASK}/answer-so-far`, {
    method: 'POST',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
};
const typed = async (...flags: string[]) => {
  const env = { TEMPORAL_ADDRESS: '127.0.0.1:1', MUSTER_URL: url };
  const { code, out, talk } = await musterHere(['result', TASK, '--now', ...flags], { env });
  return { code, out, talk };
};
const far = () => new HttpClient({ url }).task(TASK);

test('library, HTTP, its client and the command line give the same answer so far, and pass on who asks and to stop', async () => {
  const { status, json } = await post(undefined, { 'idempotency-key': 'k-1' });
  expect([status, json.is_final, json.task_id]).toEqual([200, false, TASK]);
  expect(askedSoFar.parse(json)).toEqual(json);
  expect(await far().answerSoFar()).toEqual(SO_FAR);
  const shown = await typed('--json');
  expect([shown.code, JSON.parse(shown.out)]).toEqual([
    0,
    JSON.parse(JSON.stringify({ type: 'answer_so_far', soFar: SO_FAR })),
  ]);
  expect(await post({ stop: true })).toMatchObject({ status: 200 });
  await far().answerSoFar({ stop: true, id: 'k-2' });
  await typed('--stop');
  expect(told.map(({ stop, by }) => [stop, by])).toEqual(
    [false, false, false, true, true, true].map((stop) => [stop, { name: 'ci', how: 'key' }]),
  );
  expect([told[0]?.id, told[4]?.id]).toEqual(['k-1', 'k-2']);
});

test('a person reads the answer, and beside it that the task goes on and what was paid', async () => {
  const { out, talk } = await typed();
  expect(out).toContain('Lighthouse repeats an alarm that nobody takes');
  expect(talk).toBe(
    `so far, round 1 · 1 of 2 sub-agents done, 1 at work · 12,345 tokens · the task goes on: muster watch ${TASK}\n`,
  );
  replies = [{ ...SO_FAR, isNew: false }];
  expect((await typed()).talk).toContain('nothing new since, nothing paid');
  replies = [
    {
      ...SO_FAR,
      round: 0,
      isNew: false,
      answer: { ...ANSWER, sections: [] },
      open: [],
      coverage: { ...SO_FAR.coverage, subtasks: [] },
      stage: 'planning',
    },
  ];
  expect(await typed()).toEqual({
    code: 0,
    out: '',
    talk: `nothing is found yet · planning · the task goes on: muster watch ${TASK}\n`,
  });
  for (const [flags, why] of [
    [['--wait'], '--now and --wait contradict each other'],
    [['--skipped'], '--now and --skipped contradict each other'],
  ] as const)
    expect(await typed(...flags)).toMatchObject({ code: 2, talk: expect.stringContaining(why) as string });
  const alone = await musterHere(['result', TASK, '--stop'], { env: { MUSTER_URL: url } });
  expect(alone).toMatchObject({ code: 2, talk: expect.stringContaining('--stop goes with --now') as string });
});

test('of a task that has ended it is its result, of a failed one, too', async () => {
  replies = [{ isFinal: true, result: RESULT }];
  const { json } = await post();
  expect(json).toMatchObject({ is_final: true, result: { outcome: 'completed' } });
  expect(askedSoFar.parse(json)).toEqual(json);
  expect(await far().answerSoFar()).toEqual(replies[0]);
  expect(JSON.parse((await typed('--json')).out)).toMatchObject({ type: 'result', result: { taskId: TASK } });
  const failure = { type: 'AllSubtasksFailed', message: 'no subtask succeeded' } as const;
  const failed: TaskResult = { ...RESULT, outcome: 'failed', failure };
  replies = [new TaskFailedError(TASK, failure.message, { result: failed })];
  expect(await post()).toMatchObject({ status: 200, json: { is_final: true, result: { outcome: 'failed' } } });
  await expect(far().answerSoFar()).rejects.toMatchObject({ name: 'TaskFailedError', result: failed });
  expect((await typed()).code).toBe(1);
});

test('one that takes long is waited for on, asked under the same key; who waits no longer is told that it is being written', async () => {
  replies = [new StillWritingError(TASK), new StillWritingError(TASK), SO_FAR];
  const { status, json } = await post();
  expect([status, recorded.parse(json)]).toEqual([202, json]);
  expect(await far().answerSoFar({ id: 'k-3' })).toEqual(SO_FAR);
  expect(told.slice(1).map(({ id }) => id)).toEqual(['k-3', 'k-3']);
  replies = [new StillWritingError(TASK)];
  const late: unknown = await far()
    .answerSoFar({ timeoutSeconds: 0 })
    .catch((error: unknown) => error);
  expect(late).toBeInstanceOf(StillWritingError);
});

test('that no worker answers, and that it can’t be, is told as such', async () => {
  replies = [new NoWorkerError(TASK)];
  const away = await post();
  expect(away).toMatchObject({ status: 503, json: { code: 'worker_unreachable' } });
  expect(problem.parse(away.json)).toEqual(away.json);
  await expect(far().answerSoFar()).rejects.toBeInstanceOf(UnreachableError);
  expect((await typed()).code).toBe(5);
  replies = [new CommandRefusedError(TASK, 'no answer can be written now: no subtask succeeded')];
  expect(await post({ stop: true })).toMatchObject({ status: 409, json: { code: 'command_refused' } });
  await expect(far().answerSoFar({ stop: true })).rejects.toEqual(replies[0]);
  expect(await post({ stop: 'yes' })).toMatchObject({ status: 422, json: { code: 'request_invalid' } });
  expect(await post({}, { 'idempotency-key': 'a b' })).toMatchObject({ status: 400, json: { code: 'header_invalid' } });
});
