// Workers that are killed at random moments, again and again, while ten sub-agents take ten turns each: the answer is the
// same as without, and no call whose record was on disk at a kill is made again. `npm run soak` kills twenty times.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import type { TaskHandle } from '../../client/index.ts';
import type { RequestRecord } from '../../simulator/server.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { call, finding, scripted } from '../agents/scripted.ts';
import { killed, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { startPostgres, type TestPostgres } from '../rig/postgres.ts';
import { drawn, figure, WHOLE } from './scale.ts';

const AGENTS = 10;
const TURNS = 10;
const KILLS = WHOLE ? 20 : 4;
const SEED = Number(process.env.MUSTER_SOAK_SEED ?? 7);
const SUBTASKS = Array.from({ length: AGENTS }, (_one, at) => `s${at + 1}`);

const brain = scripted({
  plan: SUBTASKS.map((goal) => ({ title: goal, goal })),
  turn: (goal, results) =>
    results.length < TURNS - 1
      ? [call('search_documents', { query: `${goal} polls ${results.length}`, limit: 1 })]
      : undefined,
  findings: (goal) => ({ findings: [finding(`${goal} is done`)], missing: [] }),
});

interface Kill {
  at: number;
  /** Turns on record at the kill, by subtask. */
  finished: Map<string, number>;
}

/** Which turn of which subtask a research call is, from its messages alone. */
function turnOf(request: RequestRecord): { subtask: string; turn: number } | undefined {
  const body = JSON.stringify(request.body ?? {});
  const subtask = /<subtask>\\n(s\d+)\\n/.exec(body)?.[1];
  if (request.step !== 'muster_findings' || subtask === undefined) return undefined;
  return { subtask, turn: (body.match(/"role":"tool"/g)?.length ?? 0) + 1 };
}

/** Research calls made after a kill although their record was there. */
const repeats = (requests: readonly RequestRecord[], kills: readonly Kill[]): string[] =>
  requests.flatMap((request) => {
    const one = turnOf(request);
    const before = kills.findLast(({ at }) => at <= request.at);
    const wasThere = one && before && (before.finished.get(one.subtask) ?? 0) >= one.turn;
    return wasThere ? [`${one.subtask} turn ${one.turn}`] : [];
  });

describe('a task of ten sub-agents with ten turns each', () => {
  let it_: TestDeployment;
  let store: Store;
  let postgres: TestPostgres | undefined;

  const begin = async (): Promise<void> => {
    it_ = await testDeployment({ latencyMs: 250, brain });
    store = openStore(process.env.MUSTER_STORE_URL ?? join(it_.home, 'store'));
    const wide = {
      extends: 'thorough',
      maxSubtasks: AGENTS,
      subtask: { turns: TURNS + 2, tokens: 5_000_000 },
      verify: false,
    };
    writeFileSync(join(it_.home, 'config.json'), JSON.stringify({ classes: { wide } }));
    process.env.MUSTER_CONFIG = join(it_.home, 'config.json');
  };
  afterEach(async () => {
    delete process.env.MUSTER_CONFIG;
    delete process.env.MUSTER_STORE_URL;
    await store.close();
    await it_.stop();
    await postgres?.stop();
    postgres = undefined;
  });

  const start = (): Promise<TaskHandle> => it_.client.start({ goal: 'anything', sources: [it_.docs], class: 'wide' });
  const runOf = async (task: TaskHandle): Promise<string> =>
    (await it_.client.temporal.workflow.getHandle(task.taskId).describe()).runId;
  const claimsOf = async (task: TaskHandle): Promise<string[]> => {
    const { answer, coverage } = await task.result({ timeoutSeconds: 300 });
    expect(coverage.done).toBe(AGENTS);
    return answer?.sections.flatMap(({ claims }) => claims.map(({ text }) => text)) ?? [];
  };

  /** What is on disk now; only of a run whose worker is dead, so that it does not change meanwhile. */
  const snapshot = async (run: string): Promise<Map<string, number>> =>
    new Map(
      await Promise.all(
        SUBTASKS.map(async (subtask): Promise<[string, number]> => {
          const log = await store.readLog<{ t: string }>({ run, subtask, generation: 1 });
          return [subtask, log.filter(({ t }) => t === 'model').length];
        }),
      ),
    );

  test(`whose worker is killed ${KILLS} times gives the answer of an unkilled run and repeats no finished call`, async () => {
    await begin();
    let worker = await it_.spawnWorker();
    const calm = await claimsOf(await start());
    const before = it_.model.requests.length;
    const task = await start();
    const run = await runOf(task);
    const kills: Kill[] = [];
    const waits: number[] = [];
    for (let n = 0; n < KILLS; n += 1) {
      await until(
        'research calls are open',
        () => it_.model.inFlight > 0 && it_.model.requests.length > before,
        30_000,
      );
      await new Promise((done) => setTimeout(done, drawn(SEED, n) * 600));
      // Each kill with a call open; a task that is done can't be killed any more.
      if (it_.model.inFlight === 0)
        await until('a call is open', () => it_.model.inFlight > 0, 5_000).catch(() => undefined);
      if (it_.model.inFlight === 0) break;
      await killed(worker, 'SIGKILL');
      const at = Date.now();
      kills.push({ at, finished: await snapshot(run) });
      worker = await it_.spawnWorker();
      await until('work goes on', () => it_.model.inFlight > 0, 20_000).catch(() => undefined);
      waits.push(Date.now() - at);
    }
    expect(await claimsOf(task)).toEqual(calm);
    const later = it_.model.requests.slice(before);
    expect(repeats(later, kills)).toEqual([]);
    expect(kills.length).toBeGreaterThanOrEqual(Math.min(KILLS, 4));
    const research = later.filter((request) => turnOf(request) !== undefined);
    figure('kills', {
      kills: kills.length,
      researchCalls: research.length,
      needed: AGENTS * TURNS,
      repeatsOfFinished: 0,
    });
    figure('milliseconds from a kill to the next open call', {
      median: waits.sort((a, b) => a - b)[waits.length >> 1],
      most: waits.at(-1),
    });
  }, 400_000);

  test('on PostgreSQL, one of two workers killed for good, gives the same answer and repeats no finished call', async () => {
    postgres = await startPostgres();
    process.env.MUSTER_STORE_URL = await postgres.createDatabase();
    await begin();
    const first: ChildProcess = await it_.spawnWorker({ MUSTER_SLOTS: '6' });
    await it_.spawnWorker({ MUSTER_SLOTS: '6' });
    const calm = await claimsOf(await start());
    const before = it_.model.requests.length;
    const task = await start();
    const run = await runOf(task);
    await until(
      'the fan-out is at work',
      () => it_.model.requests.length > before + AGENTS && it_.model.inFlight > 3,
      30_000,
    );
    // The other lives on, so only calls before the kill can be judged by what was on disk then.
    const at = Date.now();
    await killed(first, 'SIGKILL');
    const dead = await snapshot(run);
    expect(await claimsOf(task)).toEqual(calm);
    expect(
      repeats(it_.model.requests.slice(before), [
        { at: at + 50, finished: new Map([...dead].map(([id, n]) => [id, n - 1])) },
      ]),
    ).toEqual([]);
  }, 300_000);
});
