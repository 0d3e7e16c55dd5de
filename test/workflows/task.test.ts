// A task from its request to its answer, on the real server with a worker in this process.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerMarkdown, defineClass, TaskFailedError, type TaskEvent } from '../../client/index.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import type { Brain } from '../../simulator/server.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { heldModel } from '../rig/held-model.ts';

const COMPARE = 'Compare harbour, tidebook and lighthouse with respect to their limits';

describe('a task', () => {
  let it_: TestDeployment;
  beforeEach(async () => {
    it_ = await testDeployment({ latencyMs: 200 });
  });
  afterEach(() => it_.stop());

  const start = (goal = COMPARE) => it_.client.start({ goal, sources: [it_.docs] });
  /** Another model than the one that waits 200 ms. */
  const withModel = async (brain: Brain): Promise<void> => {
    await it_.stop();
    it_ = await testDeployment({ brain });
  };

  test('is answered with citations whose quotes stand in their files', async () => {
    await it_.startWorker();
    const result = await (await start()).result();
    expect(result.outcome).toBe('completed');
    const answer = result.answer!;
    expect(answer.citations.length).toBeGreaterThanOrEqual(3);
    for (const { source, quote, place } of answer.citations) {
      const text = readFileSync(join(it_.docs, source), 'utf8');
      expect(text).toContain(quote);
      expect(text.slice(0, text.indexOf(quote)).split('\n')).toHaveLength(place.line);
    }
    const markdown = answerMarkdown(answer);
    expect(markdown).toContain('48 hours');
    expect(markdown).toContain('200 services');
    expect(markdown).toContain('No model was configured');
    expect(result.coverage.failed).toBe(0);
    expect(result.usage.modelCalls).toBe(it_.model.requests.length);
  });

  test('plans one sub-agent for each thing compared, and their first model calls are open together', async () => {
    const asked = new Set<string>();
    const model = heldModel((messages, step) => {
      if (step === 'muster_findings') asked.add(/<subtask>(.*?)<\/subtask>/.exec(messages)?.[1] ?? '');
      return step === 'muster_findings';
    });
    await withModel(model.brain);
    await it_.startWorker();
    const task = await start();
    await until('three calls wait', () => model.waiting() === 3);
    expect(asked.size).toBe(3);
    model.release();
    expect((await task.result()).coverage.done).toBe(3);
    expect(asked.size).toBe(3);
  });

  test('has its outline before dispatch, and a draft with two results while the third is still at work', async () => {
    const model = heldModel((asked, step) => step === 'muster_findings' && asked.includes('Describe lighthouse'));
    await withModel(model.brain);
    await it_.startWorker();
    const handle = await start();
    const events: TaskEvent[] = [];
    for await (const event of handle.events()) {
      events.push(event);
      if (event.type === 'subtask.finished' && events.filter((one) => one.type === 'subtask.finished').length === 2) {
        const { progress } = await handle.status();
        expect(progress?.draft).toContain('48 hours');
        expect(progress?.draft).toContain('500 unmirrored');
        expect(progress?.draft).not.toContain('200 services');
        expect(model.waiting()).toBe(1);
        model.release();
      }
    }
    const number = (type: TaskEvent['type']): number => events.find((one) => one.type === type)?.n ?? Infinity;
    expect(number('outline.ready')).toBeLessThan(number('subtask.started'));
    expect(events.map((one) => one.n)).toEqual(events.map((_one, i) => i + 1));
    expect(events.at(-1)).toMatchObject({ type: 'task.closed', outcome: 'completed' });
  });

  test('keeps its answer when one sub-agent fails, and says what is missing and why', async () => {
    await it_.startWorker();
    it_.model.inject({
      kind: 'status',
      status: 400,
      // Also when it is asked with less.
      times: 99,
      match: { step: 'muster_findings', contains: 'Describe lighthouse' },
    });
    const handle = await start();
    const result = await handle.result();
    expect(result.coverage.done).toBe(2);
    expect(result.coverage.failed).toBe(1);
    expect(result.answer?.gaps.join(' ')).toMatch(/lighthouse.*failed.*400/i);
  });

  test('fails with the reasons when every sub-agent fails, and keeps its result in the store', async () => {
    await it_.startWorker();
    it_.model.inject({ kind: 'status', status: 401, times: 99, match: { step: 'muster_findings' } });
    const handle = await start();
    const error = await handle.result().catch((caught: unknown) => caught as TaskFailedError);
    expect(error).toBeInstanceOf(TaskFailedError);
    expect(error).toMatchObject({ failure: { type: 'AllSubtasksFailed' } });
    expect((error as TaskFailedError).message).toContain('refused the API key');
    expect((error as TaskFailedError).coverage).toMatchObject({ done: 0, failed: 3 });
    expect((await it_.store.getResult(handle.taskId))?.coverage.failed).toBe(3);
  });

  test('stays queued without a worker and is finished once one starts', async () => {
    const handle = await start();
    expect(await handle.status()).toMatchObject({ state: 'queued', note: expect.stringContaining('no worker') });
    await it_.startWorker();
    expect((await handle.result()).outcome).toBe('completed');
    expect((await handle.status()).state).toBe('completed');
  });

  test('is one task when it is asked for twice with the same key, and refuses the key for another request', async () => {
    await it_.startWorker();
    const input = { goal: COMPARE, sources: [it_.docs] };
    const first = await it_.client.start(input, { idempotencyKey: 'k1' });
    const second = await it_.client.start(input, { idempotencyKey: 'k1' });
    expect(second.taskId).toBe(first.taskId);
    await expect(it_.client.start({ ...input, goal: 'another' }, { idempotencyKey: 'k1' })).rejects.toThrow(
      /another request/,
    );
    await first.result();
    const calls = it_.model.requests.length;
    const third = await it_.client.start(input, { idempotencyKey: 'k1' });
    expect((await third.result()).outcome).toBe('completed');
    expect(it_.model.requests).toHaveLength(calls);
  });

  test('stops its open model calls when it is cancelled, and closes as cancelled with what it had', async () => {
    // Nothing but the cancel ends a call of this class within the test.
    const subtask = { ...BUILT_IN_CLASSES.thorough.subtask, callIdleSeconds: 3_600 };
    await it_.startWorker({ ceiling: { subtask } });
    it_.model.inject({ kind: 'stall', times: 9, match: { step: 'muster_findings', contains: 'Describe lighthouse' } });
    const patient = defineClass('patient', { extends: 'thorough', subtask });
    const handle = await it_.client.start({ goal: COMPARE, sources: [it_.docs], class: patient });
    await until(
      'a sub-agent hangs at the model',
      async () => it_.model.inFlight > 0 && (await handle.status()).progress?.stage === 'researching',
    );
    await until('it alone is open', () => it_.model.inFlight === 1);
    await handle.cancel('changed my mind');
    await until('no call is open', () => it_.model.inFlight === 0);
    await expect(handle.result()).rejects.toThrow(/was cancelled/);
    expect(await it_.store.getResult(handle.taskId)).toMatchObject({ outcome: 'cancelled' });
    expect((await it_.client.temporal.workflow.getHandle(handle.taskId).describe()).status.name).toBe('CANCELLED');
  });

  test('waits as long as a 429 asks and repeats no sibling’s call', async () => {
    await it_.startWorker();
    it_.model.inject({
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '2' },
      match: { step: 'muster_findings', contains: 'Describe lighthouse' },
    });
    const handle = await start();
    const result = await handle.result();
    expect(result.coverage.done).toBe(3);
    const refused = it_.model.requests.find((one) => one.status === 429)!;
    const again = it_.model.requests.find((one) => one.messagesSha === refused.messagesSha && one.status === 200)!;
    expect(again.at - refused.endedAt).toBeGreaterThanOrEqual(1_950);
    const finished = it_.model.requests.filter((one) => one.status === 200).map((one) => one.messagesSha);
    expect(new Set(finished).size).toBe(finished.length);
  });
});
