// A worker process that dies, for real, while calls are open: what was finished is never paid again.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskHandle } from '../../client/index.ts';
import { testDeployment, killed, until, type TestDeployment } from '../rig/deployment.ts';
import { heldModel, type HeldModel } from '../rig/held-model.ts';
import { LONG } from '../rig/long.ts';
import type { Plan } from '../../protocol/plan.ts';
import { madeAgain, onRecord } from '../rig/repeats.ts';

const COMPARE = 'Compare harbour, tidebook and lighthouse with respect to their limits';

interface LogLine {
  t: string;
  step?: string;
  seq?: number;
}

describe('a killed worker', () => {
  let it_: TestDeployment;
  let model: HeldModel;
  afterEach(async () => {
    model.release();
    await it_.stop();
  });

  /** A deployment whose model holds the calls of a step; of research those after the first turn, which are three then. */
  const begin = async (step: string, isFirst = false): Promise<void> => {
    model = heldModel((asked, name) => name === step && (isFirst || asked.includes('"role":"tool"')));
    it_ = await testDeployment({ brain: model.brain });
  };
  const start = (): Promise<TaskHandle> => it_.client.start({ goal: COMPARE, sources: [it_.docs] });

  const runOf = async (handle: TaskHandle): Promise<string> =>
    (await it_.client.temporal.workflow.getHandle(handle.taskId).describe()).runId;

  const logOf = async (run: string, subtask: string): Promise<LogLine[]> =>
    await it_.store.readLog<LogLine>({ run, subtask, generation: 1 });

  for (const [name, step, held] of [
    ['planning', 'muster_plan', 1],
    ['research', 'muster_findings', 3],
    ['synthesis', 'muster_answer', 1],
  ] as const) {
    test(`in ${name} repeats no finished call, and another worker finishes the task`, async () => {
      await begin(step, step !== 'muster_findings');
      const first = await it_.spawnWorker();
      const handle = await start();
      await until('its calls are open', () => model.waiting() === held);
      await killed(first, 'SIGKILL');
      const kept = await onRecord(it_.store, await runOf(handle), ['s1', 's2', 's3']);
      const killedAt = Date.now();
      model.release();
      await it_.startWorker({ takesOver: true });
      const result = await handle.result();
      expect(result.outcome).toBe('completed');
      expect(result.coverage.done).toBe(3);
      const plan = JSON.parse(Buffer.from(await it_.store.getBlob(result.planRef ?? '')).toString()) as Plan;
      const later = it_.model.requests.filter(({ at }) => at >= killedAt);
      expect(later.length).toBeGreaterThan(0);
      const finished = [...kept.values()].reduce((sum, one) => sum + one, 0);
      expect(finished).toBeGreaterThanOrEqual({ planning: 0, research: 4, synthesis: 7 }[name]);
      expect(madeAgain(later, kept, plan)).toEqual([]);
    });
  }

  test('that is only stopped past its heartbeat time-out and then wakes beside its successor mixes no logs', async () => {
    // Three slots, all taken: no poll of its own stays open at the server to swallow what its successor should get.
    await begin('muster_findings');
    const first = await it_.spawnWorker({ MUSTER_SLOTS: '3' });
    const handle = await start();
    await until('its calls are open', () => model.waiting() === 3);
    const run = await runOf(handle);
    first.kill('SIGSTOP');
    await it_.startWorker();
    await until('the second worker has taken all three over', async () => {
      const logs = await Promise.all(['s1', 's2', 's3'].map((subtask) => logOf(run, subtask)));
      return logs.every((log) => log.filter((line) => line.t === 'attempt').length === 2);
    });
    // Both are answered; the one that stands still will find that when it wakes, beside what the other made of it.
    model.release();
    await until('the second worker has gone on', async () => {
      const logs = await Promise.all(['s1', 's2', 's3'].map((subtask) => logOf(run, subtask)));
      return logs.every((log) => log.filter((line) => line.t === 'model').length >= 2);
    });
    first.kill('SIGCONT');
    await new Promise((done) => setTimeout(done, 2_000));
    const result = await handle.result();
    expect(result.outcome).toBe('completed');
    expect(result.coverage.done).toBe(3);
    for (const subtask of ['s1', 's2', 's3']) {
      const log = await logOf(run, subtask);
      const calls = log.flatMap((record) => (record.t === 'model' ? [record.step] : []));
      expect(calls).toEqual([...new Set(calls)]);
      expect(calls).toEqual(calls.map((_step, i) => `turn-${i + 1}`));
      const findings = log.flatMap((record) => (record.t === 'finding' ? [record.seq] : []));
      expect(findings).toEqual(findings.map((_seq, i) => i + 1));
      expect(log.filter((record) => record.t === 'outcome')).toHaveLength(1);
    }
  });

  for (const [title, isFirst] of [
    ['whose logs were wiped before a heartbeat told of a call fails loudly, too', true],
    ['whose logs were wiped fails loudly instead of paying again in silence', false],
  ] as const) {
    (isFirst || LONG ? test : test.skip)(title, async () => {
      await begin('muster_findings', isFirst);
      const first = await it_.spawnWorker();
      const handle = await start();
      await until('its calls are open', () => model.waiting() === 3);
      if (!isFirst)
        await until('a heartbeat told of records', async () => {
          const { live } = await handle.status();
          return live.length === 3 && live.every((one) => one.records >= 3);
        });
      await killed(first, 'SIGKILL');
      // Its records are lines of a file that its siblings need; without its claim nothing leads to them.
      rmSync(join(it_.home, 'store/logs', await runOf(handle), 's1.1.1.claim'));
      expect(await logOf(await runOf(handle), 's1')).toEqual([]);
      model.release();
      await it_.startWorker({ takesOver: true });
      const result = await handle.result();
      expect(result.coverage.subtasks.find((row) => row.subtask === 's1')).toMatchObject({
        state: 'failed',
        failure: { type: 'CheckpointMissing' },
      });
    });
  }
});
