// One task whose worker kills itself at each point of the loop in turn: what each crash repeats is counted at the model
// and at the tools, and is what the table in docs/guarantees/crash-points.md says. `npm run test:long` dies at all points,
// `npm test` at one of each sort.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TaskHandle } from '../../client/index.ts';
import { call, finding, scripted } from '../agents/scripted.ts';
import { killed, serverAddress, spawnReady, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { cases, LONG } from '../rig/long.ts';

const WORKER = resolve(__dirname, '../fixtures/dying-worker.mjs');
const TABLE = readFileSync(resolve(__dirname, '../../docs/guarantees/crash-points.md'), 'utf8');

type Repeats = 'nothing' | 'that call' | 'the tool';

/** A record of a log, and the side of its append where the process dies; what a crash there repeats. */
interface Point {
  log: string;
  record: string;
  step?: string;
  when: 'before' | 'after';
  /** The row of the table. */
  is: string;
  repeats: Repeats;
}

const at = (log: string, record: string, when: Point['when'], is: string, repeats: Repeats, step?: string): Point => ({
  log,
  record,
  when,
  is,
  repeats,
  ...(step === undefined ? {} : { step }),
});

/** In the order in which a task comes by them. */
const POINTS: readonly Point[] = [
  at('_plan', 'model', 'before', 'a reply has come, its record is not on disk', 'that call'),
  at('_plan', 'model', 'after', 'the record of a reply is on disk', 'nothing'),
  at('s1', 'attempt', 'before', 'a log is claimed, and nothing is in it', 'nothing'),
  at('s1', 'attempt', 'after', 'the attempt is on record', 'nothing'),
  at('s1', 'command', 'before', 'a command is heard, and not on record', 'nothing'),
  at('s1', 'command', 'after', 'the record of a command is on disk', 'nothing'),
  at('s1', 'fault', 'before', 'a call has failed, and that is not on record', 'nothing'),
  at('s1', 'fault', 'after', 'the record of a failed call is on disk', 'nothing'),
  at('s1', 'model', 'before', 'a reply has come, its record is not on disk', 'that call', 'turn-1'),
  at('s1', 'model', 'after', 'the record of a reply is on disk', 'nothing', 'turn-1'),
  at('s1', 'begins', 'before', 'tool calls are about to begin', 'nothing', 'turn-1'),
  at('s1', 'begins', 'after', 'tool calls are on record as begun', 'nothing', 'turn-1'),
  at('s1', 'tool', 'before', 'a tool is done, its record is not on disk', 'the tool', 'turn-2'),
  at('s1', 'tool', 'after', 'the record of a tool is on disk', 'nothing', 'turn-2'),
  at('s1', 'tool', 'before', 'an `at-most-once` tool is done, its record is not on disk', 'nothing', 'turn-3'),
  at('s1', 'waiting', 'before', 'a tool gave its handle, which is not on record', 'the tool', 'turn-4'),
  at('s1', 'waiting', 'after', 'the record of a handle is on disk', 'nothing', 'turn-4'),
  at('s1', 'delegated', 'before', 'work is to be delegated, its plan is not on record', 'nothing', 'turn-5'),
  at('s1', 'delegated', 'after', 'the record of a delegation is on disk', 'nothing', 'turn-5'),
  at('s1', 'refused', 'before', 'an output did not pass, and that is not on record', 'nothing'),
  at('s1', 'refused', 'after', 'the record of a refused output is on disk', 'nothing'),
  at('s1', 'finding', 'before', 'a finding passed, and is not on record', 'nothing'),
  at('s1', 'finding', 'after', 'the record of a finding is on disk', 'nothing'),
  at('s1', 'outcome', 'before', 'the outcome is about to be on record', 'nothing'),
  at('s1', 'outcome', 'after', 'the record of the outcome is on disk, Temporal not told', 'nothing'),
  at('_synthesize', 'model', 'before', 'a reply has come, its record is not on disk', 'that call'),
  at('_synthesize', 'model', 'after', 'the record of a reply is on disk', 'nothing'),
];

/** A call, each way in which a tool may be cut off, an ending. */
const SAMPLE = new Set([
  's1 model before turn-1',
  's1 tool before turn-2',
  's1 tool before turn-3',
  's1 delegated before turn-5',
  's1 outcome after',
]);
const nameOf = ({ log, record, when, step }: Point): string => [log, record, when, step].filter(Boolean).join(' ');
const TRIED = cases(POINTS, (point) => SAMPLE.has(nameOf(point)));

const goalOf = 'all kinds';
const brain = scripted({
  plan: [{ title: 'All', goal: goalOf, kind: 'everything' }],
  turn: (goal, { length }) =>
    goal === goalOf
      ? [
          [call('look', { what: '1' })],
          [call('look', { what: '2' })],
          [call('send', { what: 'letter' })],
          [call('order', { what: 'ink' })],
          [call('delegate', { subtasks: [{ title: 'part', kind: 'researcher', goal: 'part' }] })],
        ][length]
      : undefined,
  findings: (goal, results, heard) =>
    goal === goalOf && !heard.some((text) => text.includes('<problems>'))
      ? { findings: 'none that fit' }
      : { findings: [finding(`${goal} ${results.join(' ')}`.slice(0, 600))], missing: [] },
});

describe('a worker', () => {
  let it_: TestDeployment;
  const stops: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    it_ = await testDeployment({ brain });
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    await it_.stop();
  });

  const toolCalls = (): string[] =>
    existsSync(join(it_.home, 'calls')) ? readFileSync(join(it_.home, 'calls'), 'utf8').trim().split('\n') : [];

  const spawnOne = async (point?: Point, env: Record<string, string> = {}) => {
    const child = await spawnReady(WORKER, [], {
      MUSTER_HOME: it_.home,
      TEMPORAL_ADDRESS: serverAddress(),
      MUSTER_OFFLINE_URL: it_.model.url,
      MUSTER_TEST_CALLS: join(it_.home, 'calls'),
      ...(point ? { MUSTER_TEST_DIE: JSON.stringify(point) } : {}),
      ...env,
    });
    stops.push(() => killed(child, 'SIGKILL'));
    return child;
  };

  /** Answers what waits, as soon as it does. */
  const answerAll = async (task: TaskHandle): Promise<void> => {
    for await (const event of task.events()) {
      if (event.type !== 'subtask.waiting') continue;
      for (const { handle } of event.handles) await task.reply(handle, { delivered: 'three bottles' });
    }
  };

  test('that is killed at each point of the loop, one after the other, repeats there what is promised and no more', async () => {
    const task = await it_.client.start({ goal: 'anything', sources: [it_.docs] });
    const { runId: run } = await it_.client.temporal.workflow.getHandle(task.taskId).describe();
    const key = { run, subtask: 's1', generation: 1 };
    await it_.store.sendCommand(key, { id: 'n1', kind: 'note', text: 'be brief' });
    it_.model.inject({ kind: 'status', status: 503, times: 2, match: { step: 'muster_findings', contains: goalOf } });
    const answering = answerAll(task);

    const repeated: { point: Point; calls: number; tools: number }[] = [];
    const finished = new Set<string>();
    let seen = 0;
    let ran = 0;
    /** Calls since the last life that had been answered in full before, and tool calls that had run before. */
    const count = (): { calls: number; tools: number } => {
      const fresh = it_.model.requests.slice(seen);
      const calls = fresh.filter(({ messagesSha }) => finished.has(messagesSha)).length;
      for (const one of fresh) if (one.finished) finished.add(one.messagesSha);
      seen += fresh.length;
      const lines = toolCalls();
      const tools = lines.slice(ran).filter((line) => lines.slice(0, ran).includes(line)).length;
      ran = lines.length;
      return { calls, tools };
    };
    for (const point of TRIED) {
      const child = await spawnOne(point);
      const life = `${point.log} ${point.when} ${point.record}`;
      await until(`it dies: ${life}`, () => child.signalCode === 'SIGKILL');
      const before = repeated.at(-1);
      const { calls, tools } = count();
      // What a life repeats is due to the death before it.
      if (before) Object.assign(before, { calls, tools });
      repeated.push({ point, calls: 0, tools: 0 });
    }
    await spawnOne();
    const result = await task.result();
    await answering;
    Object.assign(repeated.at(-1) ?? {}, count());

    const table = repeated.map(
      ({ point, calls, tools }) => `${point.is} (${point.log}): ${calls} calls, ${tools} tools`,
    );
    const promised = TRIED.map(
      ({ is, log, repeats }) =>
        `${is} (${log}): ${repeats === 'that call' ? 1 : 0} calls, ${repeats === 'the tool' ? 1 : 0} tools`,
    );
    expect(table).toEqual(promised);
    expect(result.outcome).toBe('completed');
    expect(result.coverage.subtasks.map(({ subtask, state }) => `${subtask} ${state}`)).toEqual([
      's1 done',
      's1-1 done',
    ]);
    const log = await it_.store.readLog<{ t: string; finding?: { claim: string } }>(key);
    const claims = log.filter(({ t }) => t === 'finding').map((record) => record.finding?.claim);
    expect(claims).toHaveLength(1);
    expect(claims[0]).toMatch(/"seen" "seen" .*outcome unknown.*three bottles.*part/);
    // The note is heard once, and the failed calls count once each.
    expect(log.filter(({ t }) => t === 'command')).toHaveLength(1);
    expect(it_.model.requests.filter(({ status }) => status === 503)).toHaveLength(2);
  });

  // What the test above is worth: without checkpoints it would fail.
  (LONG ? test : test.skip)('that reads no checkpoints after a crash pays again or is stopped for it', async () => {
    const task = await it_.client.start({ goal: 'anything', sources: [it_.docs] });
    const answering = answerAll(task);
    const point = POINTS.find((one) => nameOf(one) === 's1 tool after turn-2');
    const child = await spawnOne(point);
    await until('it dies', () => child.signalCode === 'SIGKILL');
    const before = it_.model.requests.filter(({ finished }) => finished).map(({ messagesSha }) => messagesSha);
    await spawnOne(undefined, { MUSTER_TEST_BLIND: '1' });
    const ended = await task.result().catch((error: unknown) => String(error));
    await answering;
    const repeats = it_.model.requests.slice(before.length).filter(({ messagesSha }) => before.includes(messagesSha));
    expect(repeats.length > 0 || JSON.stringify(ended).includes('records, ')).toBe(true);
  });

  test('that dies at any of these points is in the table that people read, with what that repeats', () => {
    for (const { is, repeats } of POINTS) expect(TABLE).toContain(`| ${is} | ${repeats} |`);
  });
});
