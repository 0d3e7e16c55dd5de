// A worker process that dies, for real, while calls are open: what was finished is never paid again.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskHandle } from '../../client/index.ts';
import { testDeployment, killed, until, type TestDeployment } from '../rig/deployment.ts';
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
  beforeEach(async () => {
    it_ = await testDeployment({ latencyMs: 1_200 });
  });
  afterEach(() => it_.stop());

  const runOf = async (handle: TaskHandle): Promise<string> =>
    (await it_.client.temporal.workflow.getHandle(handle.taskId).describe()).runId;

  const logOf = async (run: string, subtask: string): Promise<LogLine[]> =>
    await it_.store.readLog<LogLine>({ run, subtask, generation: 1 });

  /** Waits for a moment when `finished` research calls have their records, none is between the two, and one is open. */
  const inFlight = async (handle: TaskHandle, finished: number): Promise<void> => {
    const run = await runOf(handle);
    await until(`${finished} calls are on record and one is open`, async () => {
      const logs = await Promise.all(['s1', 's2', 's3'].map((subtask) => logOf(run, subtask)));
      const recorded = logs.flat().filter((line) => line.t === 'model').length;
      const answered = it_.model.requests.filter((one) => one.step === 'muster_findings' && one.status === 200).length;
      return recorded >= finished && recorded === answered && it_.model.inFlight === 3;
    });
  };

  for (const [name, step] of [
    ['planning', 'muster_plan'],
    ['research', 'muster_findings'],
    ['synthesis', 'muster_answer'],
  ] as const) {
    test(`in ${name} repeats no finished call, and another worker brings the task to its answer`, async () => {
      const first = await it_.spawnWorker();
      const handle = await it_.client.start({ goal: COMPARE, sources: [it_.docs] });
      if (step === 'muster_answer') {
        await until(
          'synthesis has begun',
          async () => it_.model.inFlight > 0 && (await handle.status()).progress?.stage === 'synthesizing',
        );
      } else if (step === 'muster_findings') {
        await inFlight(handle, 3);
      } else {
        await until('the plan is asked for', () => it_.model.inFlight > 0);
      }
      await killed(first, 'SIGKILL');
      const kept = await onRecord(it_.store, await runOf(handle), ['s1', 's2', 's3']);
      const killedAt = Date.now();
      await it_.spawnWorker();
      const result = await handle.result();
      expect(result.outcome).toBe('completed');
      expect(result.coverage.done).toBe(3);
      const plan = JSON.parse(Buffer.from(await it_.store.getBlob(result.planRef ?? '')).toString()) as Plan;
      const later = it_.model.requests.filter(({ at }) => at >= killedAt);
      expect(later.length).toBeGreaterThan(0);
      expect(madeAgain(later, kept, plan)).toEqual([]);
    });
  }

  test('that is only stopped past its heartbeat time-out and then wakes beside its successor mixes no logs', async () => {
    // Three slots, all taken: no poll of its own stays open at the server to swallow what its successor should get.
    const first = await it_.spawnWorker({ MUSTER_SLOTS: '3' });
    const handle = await it_.client.start({ goal: COMPARE, sources: [it_.docs] });
    await inFlight(handle, 3);
    const run = await runOf(handle);
    first.kill('SIGSTOP');
    await it_.spawnWorker();
    await until('the second worker has taken all three over', async () => {
      const logs = await Promise.all(['s1', 's2', 's3'].map((subtask) => logOf(run, subtask)));
      return logs.every((log) => log.filter((line) => line.t === 'attempt').length === 2);
    });
    first.kill('SIGCONT');
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

  for (const [title, finished] of [
    ['whose logs were wiped before a heartbeat told of a call fails loudly, too', 0],
    ['whose logs were wiped fails loudly instead of paying again in silence', 3],
  ] as const) {
    test(title, async () => {
      const first = await it_.spawnWorker();
      const handle = await it_.client.start({ goal: COMPARE, sources: [it_.docs] });
      await inFlight(handle, finished);
      if (finished > 0)
        await until('a heartbeat told of records', async () =>
          (await handle.status()).live.every((one) => one.records >= 3),
        );
      await killed(first, 'SIGKILL');
      // Its records are lines of a file that its siblings need; without its claim nothing leads to them.
      rmSync(join(it_.home, 'store/logs', await runOf(handle), 's1.1.1.claim'));
      await it_.spawnWorker();
      const result = await handle.result();
      expect(result.coverage.subtasks.find((row) => row.subtask === 's1')).toMatchObject({
        state: 'failed',
        failure: { type: 'CheckpointMissing' },
      });
    });
  }
});
