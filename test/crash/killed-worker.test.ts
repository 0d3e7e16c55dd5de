// A worker process that dies, for real, while calls are open: what was finished is never paid again.

import { testDeployment, killed, until, type TestDeployment } from '../rig/deployment.ts';
import type { RequestRecord } from '../../simulator/server.ts';

const COMPARE = 'Compare harbour, tidebook and lighthouse with respect to their limits';

/** Finished calls that were made again. A call is the same when its messages are. */
const repeats = (requests: readonly RequestRecord[]): string[] => {
  const finished = new Set<string>();
  const again: string[] = [];
  for (const request of [...requests].sort((a, b) => a.at - b.at)) {
    if (finished.has(request.messagesSha)) again.push(`${request.step} ${request.messagesSha.slice(0, 8)}`);
    if (request.status === 200 && !request.aborted) finished.add(request.messagesSha);
  }
  return again;
};

describe('a killed worker', () => {
  let it_: TestDeployment;
  beforeEach(async () => {
    it_ = await testDeployment({ latencyMs: 300 });
  });
  afterEach(() => it_.stop());

  const inFlight = (step: string, finished: number) =>
    until(`${finished} ${step} calls are finished and one is open`, () => {
      const done = it_.model.requests.filter((one) => one.step === step && one.status === 200).length;
      return done >= finished && it_.model.inFlight > 0;
    });

  for (const [name, step, finished] of [
    ['planning', 'muster_plan', 0],
    ['research', 'muster_findings', 4],
    ['synthesis', 'muster_answer', 0],
  ] as const) {
    test(`in ${name} repeats no finished call, and another worker brings the task to its answer`, async () => {
      const first = await it_.spawnWorker();
      const handle = await it_.client.start({ goal: COMPARE, sources: [it_.docs] });
      if (step === 'muster_answer') {
        await until(
          'synthesis has begun',
          async () => it_.model.inFlight > 0 && (await handle.status()).progress?.stage === 'synthesizing',
          30_000,
        );
      } else {
        await inFlight(step, finished);
      }
      await killed(first, 'SIGKILL');
      await it_.spawnWorker();
      const result = await handle.result({ timeoutSeconds: 45 });
      expect(result.outcome).toBe('completed');
      expect(result.coverage.done).toBe(3);
      const finishedCalls = it_.model.requests.filter((one) => one.status === 200 && !one.aborted);
      expect(finishedCalls.length).toBeGreaterThanOrEqual(5);
      expect(repeats(it_.model.requests)).toEqual([]);
    });
  }

  test('that is only stopped past its heartbeat time-out and then wakes beside its successor mixes no logs', async () => {
    const first = await it_.spawnWorker();
    const handle = await it_.client.start({ goal: COMPARE, sources: [it_.docs] });
    await inFlight('muster_findings', 2);
    first.kill('SIGSTOP');
    await it_.spawnWorker();
    await until(
      'the second worker has taken over',
      () => it_.model.requests.filter((one) => one.step === 'muster_findings').length > 6,
      40_000,
    );
    first.kill('SIGCONT');
    const result = await handle.result({ timeoutSeconds: 45 });
    expect(result.outcome).toBe('completed');
    expect(result.coverage.done).toBe(3);
    for (const subtask of ['s1', 's2', 's3']) {
      const log = await it_.store.readLog<{ t: string; step?: string; callId?: string; seq?: number }>({
        run: result.run,
        subtask,
        generation: 1,
      });
      const calls = log.flatMap((record) => (record.t === 'model' ? [record.step] : []));
      expect(calls).toEqual([...new Set(calls)]);
      expect(calls).toEqual(calls.map((_step, i) => `turn-${i + 1}`));
      const findings = log.flatMap((record) => (record.t === 'finding' ? [record.seq] : []));
      expect(findings).toEqual(findings.map((_seq, i) => i + 1));
      expect(log.filter((record) => record.t === 'outcome')).toHaveLength(1);
    }
  });

  test('whose logs were wiped fails loudly instead of paying again in silence', async () => {
    const { rmSync } = await import('node:fs');
    const { join } = await import('node:path');
    const first = await it_.spawnWorker();
    const handle = await it_.client.start({ goal: COMPARE, sources: [it_.docs] });
    await inFlight('muster_findings', 4);
    // A heartbeat must have told how much was written.
    await new Promise((done) => setTimeout(done, 1_500));
    await killed(first, 'SIGKILL');
    const { firstExecutionRunId } = (await it_.client.temporal.workflow.getHandle(handle.taskId).describe()).raw
      .workflowExecutionInfo as never;
    rmSync(join(it_.home, 'store/logs', String(firstExecutionRunId ?? ''), 's1'), { recursive: true, force: true });
    await it_.spawnWorker();
    const result = await handle.result({ timeoutSeconds: 45 });
    expect(result.coverage.subtasks.find((row) => row.subtask === 's1')).toMatchObject({
      state: 'failed',
      failure: { type: 'CheckpointMissing' },
    });
  });
});
