// What a worker that died leaves behind is taken up by the next one on this host at once; what a living one holds is not.

import { mkdirSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NativeConnection } from '@temporalio/worker';
import type { TaskHandle } from '../../client/index.ts';
import { ownMark } from '../../store/process-mark.ts';
import { takeOverOrphans } from '../../worker/index.ts';
import { deadWorkers } from '../../worker/orphans.ts';
import { heldModel, type HeldModel } from '../rig/held-model.ts';
import { LONG } from '../rig/long.ts';
import { killed, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';

const COMPARE = 'Compare harbour, tidebook and lighthouse with respect to their limits';
const SUBTASKS = ['s1', 's2', 's3'];

describe('a worker that died', () => {
  let it_: TestDeployment;
  let model: HeldModel;
  beforeEach(async () => {
    // Its calls are open for as long as it takes to kill, stop or start a worker.
    model = heldModel((_asked, step) => step === 'muster_findings');
    it_ = await testDeployment({ brain: model.brain });
  });
  afterEach(async () => {
    model.release();
    await it_.stop();
  });

  const attempts = async (handle: TaskHandle): Promise<number[]> => {
    const { runId } = await it_.client.temporal.workflow.getHandle(handle.taskId).describe();
    const logs = await Promise.all(
      SUBTASKS.map((subtask) => it_.store.readLog<{ t: string }>({ run: runId, subtask, generation: 1 })),
    );
    return logs.map((log) => log.filter((line) => line.t === 'attempt').length);
  };

  /** Why Temporal gave work out again, by the history of a task that is over. */
  const reasons = async (handle: TaskHandle): Promise<string[]> => {
    const { events } = await it_.client.temporal.workflow.getHandle(handle.taskId).fetchHistory();
    const started = (events ?? []).map(({ activityTaskStartedEventAttributes: attributes }) => attributes);
    return started.flatMap((one) => (one?.attempt && one.attempt > 1 ? [one.lastFailure?.message ?? ''] : []));
  };

  test('has its work taken up by the next worker at once, not after the heartbeat time-out', async () => {
    const first = await it_.spawnWorker();
    const handle = await it_.client.start({ goal: COMPARE, sources: [it_.docs] });
    await until('three calls are open', () => model.waiting() === 3);
    await killed(first, 'SIGKILL');
    await it_.spawnWorker();
    await until('all three go on', async () => (await attempts(handle)).every((count) => count === 2));
    model.release();
    expect((await handle.result()).coverage.done).toBe(3);
    // Given out again by the new worker, and not by the time-out, which says something else.
    expect(await reasons(handle)).toEqual(Array(3).fill(expect.stringContaining('its worker died')));
    // Who follows the task is told, once for each.
    const told: string[] = [];
    for await (const event of handle.events()) if (event.type === 'subtask.resumed') told.push(event.subtask);
    expect(told.sort()).toEqual(SUBTASKS);
    // Only the living one's own folder is left.
    expect(readdirSync(join(it_.home, 'workers'))).toHaveLength(1);
  });

  test('is told from one that lives: of two on one machine neither takes what the other holds', async () => {
    await it_.spawnWorker();
    const handle = await it_.client.start({ goal: COMPARE, sources: [it_.docs] });
    await until('three calls are open', () => model.waiting() === 3);
    await it_.spawnWorker();
    // It has looked for what dead workers left by now, and would have taken this over.
    await until('it looked', () => readdirSync(join(it_.home, 'workers')).length === 2);
    model.release();
    expect((await handle.result()).coverage.done).toBe(3);
    expect(await attempts(handle)).toEqual([1, 1, 1]);
    for await (const { type } of handle.events()) expect(type).not.toBe('subtask.resumed');
  });

  // That nothing is mixed up when it wakes, killed-worker.test.ts shows.
  (LONG ? test : test.skip)(
    'is told from one that stands still: its work waits for the heartbeat time-out',
    async () => {
      const first = await it_.spawnWorker({ MUSTER_SLOTS: '3' });
      const handle = await it_.client.start({ goal: COMPARE, sources: [it_.docs] });
      await until('three calls are open', () => model.waiting() === 3);
      first.kill('SIGSTOP');
      await it_.spawnWorker();
      await until('all three go on', async () => (await attempts(handle)).every((count) => count === 2));
      first.kill('SIGCONT');
      model.release();
      expect((await handle.result()).coverage.done).toBe(3);
      expect(await reasons(handle)).toEqual(Array(3).fill(expect.stringMatching(/heartbeat/i)));
    },
  );
});

test('a worker whose socket is not seen from another container on its host is not taken for dead', async () => {
  const home = mkdtempSync(join(tmpdir(), 'muster-orphans-'));
  const left = (name: string, place: string): void => {
    const folder = join(home, 'workers', name);
    mkdirSync(folder, { recursive: true });
    // No process has this id.
    const owner = { host: hostname(), mark: { place, pid: 2 ** 30 }, socket: join(home, 'none.sock'), namespace: 'x' };
    writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner));
    writeFileSync(join(folder, 'tokens.ndjson'), '');
  };
  left('here', ownMark().place);
  left('in-a-container', `${ownMark().place} of another`);
  left('of-before-a-reboot', `${ownMark().place} before`);
  const days = new Date(Date.now() - 3 * 86_400_000);
  utimesSync(join(home, 'workers/of-before-a-reboot/tokens.ndjson'), days, days);
  const unused = {} as NativeConnection;
  await takeOverOrphans(home, 'own', unused, (line) => {
    throw new Error(line);
  });
  expect(readdirSync(join(home, 'workers'))).toEqual(['in-a-container']);
});

test('a worker that died counts against what it had in hand only when nobody asked it to end and its host lived on', async () => {
  const home = mkdtempSync(join(tmpdir(), 'muster-orphans-'));
  const left = (name: string, pid: number, place = ownMark().place): string => {
    const folder = join(home, 'workers', name);
    mkdirSync(folder, { recursive: true });
    const owner = { host: hostname(), mark: { place, pid }, socket: join(home, 'none.sock'), namespace: 'x' };
    writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner));
    return folder;
  };
  // No process has these ids, but for the last.
  left('died', 2 ** 30);
  writeFileSync(join(left('was-asked-to-end', 2 ** 30 + 1), 'stopping'), '');
  left('died-with-its-host', 2 ** 30 + 2, `${ownMark().place} before`);
  const own = left('own', 2 ** 30 + 3);
  left('lives', process.pid);
  expect(await deadWorkers(home, own)).toEqual([`${2 ** 30}@${hostname()}`]);
});
