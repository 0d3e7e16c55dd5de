// no-server-needed.test.ts: what is answered from the store of a folder whose stack is stopped, and what is asked of a
// server that nobody named. A real store, real processes of which what they load is looked at; no server.

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { backgroundId } from '../../protocol/names.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { fileStore } from '../../store/file-store.ts';
import { storeFolder } from '../../store/home.ts';
import { cases } from '../rig/long.ts';
import { moduleTrace } from './loaded-modules.ts';
import { ANSWER, emptyFolder, event, MAIN, muster, musterHere, USAGE, type Ended } from './support.ts';
import { inTerminal, screensOf, terminalCommand } from './terminal.ts';

const DONE = 'compare-retry-policies-9f2c41d07ab3';
const OPEN = 'still-open-0123456789ab';
const REFUSED = 'refused-plan-1234567890ab';
/** Done, and its receiver is still to be told. */
const TELLS = 'still-tells-abcdef012345';
const cwd = emptyFolder();
const home = join(cwd, '.muster');

const result: TaskResult = {
  v: 1,
  taskId: DONE,
  run: 'run-1',
  outcome: 'completed',
  goal: 'Compare retry policies',
  answer: ANSWER,
  coverage: { done: 1, failed: 0, skipped: 0, subtasks: [], gaps: [] } as unknown as TaskResult['coverage'],
  usage: USAGE,
  timings: { acceptedAt: 1_000, closedAt: 9_000 },
};

beforeAll(async () => {
  mkdirSync(home);
  const store = fileStore(storeFolder(home));
  await store.deploymentId();
  for (const [taskId, acceptedAt] of [
    [DONE, 1_000],
    [OPEN, 2_000],
  ] as const)
    await store.putTask({
      taskId,
      run: 'run-1',
      goal: `goal of ${taskId}`,
      className: 'standard',
      tenant: 'default',
      acceptedAt,
      retentionDays: 14,
    });
  await store.appendEvents(DONE, [
    event({ type: 'task.accepted', goal: 'Compare retry policies', class: 'standard' }, 1),
    event({ type: 'draft.updated', chars: 750, findings: 6 }, 2),
    event({ type: 'task.closed', outcome: 'completed' }, 3),
  ]);
  await store.putResult(DONE, result);
  const failure = { type: 'PlanNotApproved', message: 'the plan was refused by anna' } as const;
  await store.putResult(REFUSED, { ...result, taskId: REFUSED, outcome: 'failed', failure });
  await store.putResult(TELLS, { ...result, taskId: TELLS });
  const told = { kind: 'webhook', tries: 1, what: 'task.completed' } as const;
  const gone = { delivery: 'msg_1', to: 'http://a.test', state: 'disabled', reason: 'it answered 410' } as const;
  const away = { delivery: 'msg_2', to: 'http://b.test', retryAt: 0, reason: 'it answered 503' };
  await store.appendEvents(backgroundId(TELLS), [
    event({ type: 'background.started', outcome: 'completed', receivers: 3, subtasks: 2 }, 1),
    event({ type: 'delivery.retrying', ...told, delivery: 'msg_3', to: 'http://c.test', retryAt: 0, reason: 'no' }, 2),
    event({ type: 'delivery.failed', ...told, ...gone }, 3),
    event({ type: 'subtask.started', subtask: 'b1', generation: 1 }, 4),
    event({ type: 'subtask.finished', subtask: 'b1', generation: 1, state: 'done', findings: 2, usage: USAGE }, 5),
    event({ type: 'subtask.started', subtask: 'b2', generation: 1 }, 6),
    event({ type: 'delivery.sent', ...told, delivery: 'msg_3', to: 'http://c.test', tries: 2, code: 204 }, 7),
    event({ type: 'delivery.retrying', ...told, ...away }, 8),
  ]);
  await store.close();
});

/** Runs a command and sees that no part of Temporal was loaded for it. */
async function withoutTemporal(args: string[], more: Record<string, string> = {}): Promise<Ended> {
  const { env, temporal } = moduleTrace();
  const ended = await muster(args, { cwd, env: { ...env, ...more } }).ended;
  expect(temporal()).toEqual([]);
  return ended;
}

test.each(cases([DONE, '9f2c41d07ab3', 'compare-retry'], (_id, at) => at === 0))(
  'result, status, watch and cancel of a closed task (%s) are answered by the store, and load nothing of Temporal',
  async (id) => {
    const answer = await withoutTemporal(['result', id]);
    expect(answer).toMatchObject({ code: 0, out: expect.stringMatching(/^## Retries/) as string });
    expect(await withoutTemporal(['status', id])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/completed · 8 s/) as string,
    });
    const watched = await withoutTemporal(['watch', id]);
    expect(watched).toMatchObject({ code: 0, out: answer.out });
    expect(watched.talk).toMatch(/task accepted[^]*task completed/);
    expect((await withoutTemporal(['cancel', id])).talk).toMatch(/is completed already/);
  },
);

test('the status of a task that failed says why', async () => {
  const { out } = await musterHere(['status', REFUSED], { cwd });
  expect(out).toContain('! the plan was refused by anna (PlanNotApproved)\n');
});

test('what goes on behind an answer is shown as far as the store was told, and is not said to be over, while its server is down', async () => {
  const { out } = await musterHere(['status', TELLS], { cwd });
  expect(out).toContain('! no server answers: what goes on behind the answer waits until one is up (muster up)');
  expect(out.split('\n').filter((line) => /: (task\.completed|b\d)/.test(line))).toEqual([
    'delivered: task.completed to webhook http://c.test, at try 2 (msg_3)',
    'disabled: task.completed to webhook http://a.test, at try 1: it answered 410 (msg_1)',
    expect.stringMatching(
      /^retrying: task\.completed to webhook http:\/\/b\.test, at try 1: it answered 503; try 2 is in .* \(msg_2\)$/,
    ),
    'done: b1, 2 findings',
    'running: b2, 0 findings',
  ]);
  for (const name of ['redeliver', 'cancel-background']) {
    const asked = await musterHere([name, TELLS], { cwd });
    expect([name, asked.code]).toEqual([name, 5]);
    expect(asked.talk).toMatch(
      /what goes on behind the answer of task still-tells-\S+ can’t be asked for: no server answers[^]*muster up/,
    );
  }
});

test('a task of a stopped stack is not recorded to be forgotten at whoever listens at the usual address', async () => {
  const { code, talk } = await musterHere(['forget', DONE], { cwd });
  expect(code).toBe(5);
  // Whether somebody listens there is the machine's matter.
  expect(talk).toMatch(
    /was not begun at 127\.0\.0\.1:7233, which nobody named[^]*nothing was recorded|no Temporal server/,
  );
  expect(talk).not.toMatch(/recorded: task/);
});

test('a person is not shown what only a developer needs, unless they ask for it', async () => {
  expect((await musterHere(['watch', DONE], { cwd })).talk).not.toMatch(/draft/);
  expect((await musterHere(['watch', DONE, '--verbose'], { cwd })).talk).toMatch(/draft: 6 findings/);
});

(terminalCommand ? test : test.skip)('the tree of a task that has ended tells the time of its result', async () => {
  const size = { columns: 120, rows: 24 };
  const { written, ended } = inTerminal(MAIN, ['watch', DONE], { MUSTER_HOME: home }, size);
  expect(await ended).toBe(0);
  // Its result says eight seconds, the events of its beginning and of its end another time.
  expect(screensOf(written()).at(-1)).toMatch(/^completed · 8 s/m);
});

test('list without a server promises nothing of a store that is away, too', async () => {
  const { code, out, talk } = await muster(['list'], {
    cwd,
    env: { MUSTER_STORE_URL: 'postgres://muster@127.0.0.1:1/none' },
  }).ended;
  expect([code, out]).toEqual([5, '']);
  expect(talk).toMatch(/^muster: the store could not be used: PostgreSQL at 127\.0\.0\.1:1\/none/);
  expect(talk).not.toContain('this is what its store knows');
});

test('list without a server shows what the store knows, an open task as one that waits, and says so', async () => {
  const { code, out, talk } = await withoutTemporal(['list', '--json']);
  expect(code).toBe(0);
  expect(talk).toMatch(/no server of this folder answers[^]*muster up/);
  const tasks = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { taskId: string; state: string });
  expect(tasks).toMatchObject([
    { taskId: OPEN, state: 'waiting' },
    { taskId: DONE, state: 'completed' },
  ]);
  expect((await withoutTemporal(['list', '--state', 'completed', '--limit', '1'])).out).toMatch(/^compare-retry/);
  const cut = await withoutTemporal(['list', '--limit', '1']);
  expect(cut.out.trim().split('\n')).toHaveLength(1);
  expect(cut.talk).toContain('this is the newest; there are more');
  expect(talk).not.toContain('there are more');
});

test('list tells none with this filter from none at all', async () => {
  expect((await musterHere(['list', '--tenant', 'nobody'], { cwd })).talk).toMatch(/no task fits this filter/);
  const empty = emptyFolder();
  mkdirSync(join(empty, '.muster'));
  const store = fileStore(storeFolder(join(empty, '.muster')));
  await store.deploymentId();
  await store.close();
  expect((await musterHere(['list', '--tenant', 'nobody'], { cwd: empty })).talk).toMatch(/there are no tasks yet/);
});

test('a server that is named and does not answer leaves closed tasks to the store', async () => {
  const env = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
  expect((await withoutTemporal(['result', DONE], env)).code).toBe(0);
  const list = await withoutTemporal(['list'], env);
  expect(list.out).toContain(DONE);
  expect(list.talk).toMatch(/no Temporal server answers at 127\.0\.0\.1:1, so this is what the store/);
  const open = await musterHere(['status', OPEN], { cwd, env });
  expect(open.code).toBe(5);
  expect(open.talk).toMatch(/no Temporal server answers at 127\.0\.0\.1:1/);
});

test.each([OPEN, '0123456789ab'])(
  'an open task of a stopped stack (%s) is said to wait for muster up, whoever listens at the usual address',
  async (id) => {
    for (const name of ['status', 'result', 'watch', 'cancel']) {
      const isProcess = name === 'status' && id === OPEN;
      const { code, talk } = await (isProcess ? muster([name, id], { cwd }).ended : musterHere([name, id], { cwd }));
      expect([name, code]).toEqual([name, 5]);
      expect(talk).toMatch(
        /task still-open-0123456789ab is not done, and nothing of this folder runs[^]*Kept: the task[^]*Next: muster up goes on with it/,
      );
    }
  },
);

test('a command that asks a server that nobody named says which', async () => {
  const { code, talk } = await musterHere(['status', 'nowhere-0123456789ab'], { cwd });
  expect(talk).toMatch(/no stack runs for \S+\.muster, and no server is named: asks the one at 127\.0\.0\.1:7233/);
  // Whether somebody listens there is the machine's matter.
  expect([3, 5]).toContain(code);
});

(terminalCommand ? test.each([80, 160]) : test.skip.each([80, 160]))(
  'in a terminal of %d columns a list fits the lines, its ids whole, and messages are broken between words',
  async (columns) => {
    const { written, ended } = inTerminal(MAIN, ['list'], { MUSTER_HOME: home }, { columns, rows: 24 });
    expect(await ended).toBe(0);
    const lines = written().split('\r\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(expect.arrayContaining([OPEN, DONE]));
    expect(lines.join(' ')).toContain('knows; muster up goes on with what waits');
    expect(lines[0]).toMatch(/^muster: no server of this folder answers, so this is what its store( knows|$)/);
  },
);

(terminalCommand ? test : test.skip)('a person whose data goes to a pipe sees that the server is asked', () => {
  const [command, words] = terminalCommand?.(`'${process.execPath}' '${MAIN}' status ${OPEN} | cat`) ?? ['', []];
  const { stdout } = spawnSync(command, words, {
    env: { ...process.env, MUSTER_HOME: home, TEMPORAL_ADDRESS: '127.0.0.1:1', TERM: 'xterm' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  expect(stdout.toString()).toMatch(/^asks the Temporal server …[^]*no Temporal server answers at 127\.0\.0\.1:1/);
});

test('a stack file that a dead stack left behind names no server', async () => {
  // Another project's server has its port by now.
  const stranger = createServer();
  stranger.listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  const address = `127.0.0.1:${(stranger.address() as AddressInfo).port}`;
  const left = { v: 1, supervisor: 1, temporal: { address, uiUrl: '', started: true }, roots: [cwd] };
  writeFileSync(join(home, 'stack.json'), JSON.stringify(left));
  expect(await withoutTemporal(['result', DONE])).toMatchObject({ code: 0 });
  expect((await withoutTemporal(['list'])).out).toContain(OPEN);
  rmSync(join(home, 'stack.json'));
  stranger.close();
});

const WORDS = [['--help'], ['status', ''], ['--version'], ['run', '--help'], ['list', '--help'], ['run']];
test.each(cases(WORDS, (_words, at) => at < 2).map((words) => [words]))(
  'muster %j says its word without a part of Temporal',
  async (args) => {
    await withoutTemporal(args);
  },
);
