// What a task does when its model does not do what it should. Named by symptom.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { TaskFailedError } from '../../client/index.ts';
import { TEST_KEY, testDeployment, type TestDeployment } from '../rig/deployment.ts';

const GOAL = 'How often does Lighthouse poll the harbour service?';

describe('a task whose model', () => {
  let it_: TestDeployment;
  beforeEach(async () => {
    it_ = await testDeployment();
  });
  afterEach(() => it_.stop());

  const run = async () => {
    const handle = await it_.client.start({ goal: GOAL, sources: [it_.docs] });
    return await handle.result();
  };
  const failure = async () => {
    const error = await run().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TaskFailedError);
    return error as TaskFailedError;
  };

  test('refuses the key fails at once, says so, and shows no key', async () => {
    await it_.startWorker();
    it_.model.inject({
      kind: 'status',
      status: 401,
      times: 9,
      body: { error: { message: `Incorrect API key provided: ${TEST_KEY}` } },
    });
    const error = await failure();
    expect(error.failure).toMatchObject({ type: 'ModelKeyRefused' });
    expect(error.hint).toContain('OPENAI_API_KEY');
    expect(JSON.stringify(error)).not.toContain(TEST_KEY);
    expect(it_.model.requests).toHaveLength(1);
  });

  test('is not known to the server fails at once and names the model', async () => {
    await it_.startWorker({ provider: { model: 'gpt-nope' } });
    const error = await failure();
    expect(error.failure).toMatchObject({ type: 'ModelNotFound' });
    expect(error.message).toContain('"gpt-nope"');
  });

  test('answers garbage is asked again, and fails in words when it keeps on', async () => {
    await it_.startWorker();
    it_.model.inject({ kind: 'bad-output', output: 'broken-json', content: 'I would rather not', times: 9 });
    const error = await failure();
    expect(error.failure).toMatchObject({ type: 'ModelOutputInvalid' });
    expect(it_.model.requests).toHaveLength(2);
    expect(error.result?.usage.wastedTokens).toBeDefined();
  });

  test('answers outside the schema once is asked again with the exact errors, and the waste is counted', async () => {
    await it_.startWorker();
    it_.model.inject({ kind: 'bad-output', content: '{"subtasks":[{"title":"x"}]}', match: { step: 'muster_plan' } });
    const result = await run();
    expect(result.outcome).toBe('completed');
    const again = it_.model.requests.filter((one) => one.step === 'muster_plan')[1]!;
    expect(JSON.stringify(again.body)).toContain('subtasks.0.goal');
    expect(result.usage.wastedTokens).toBeGreaterThan(0);
  });

  test('wraps its JSON in a fence and leaves a comma too many is understood', async () => {
    await it_.startWorker();
    const plan =
      '```json\n{"subtasks":[{"title":"Poll","kind":"researcher","goal":"What does Lighthouse poll?","needs":[],},]}\n```';
    it_.model.inject({ kind: 'bad-output', content: plan, match: { step: 'muster_plan' } });
    const result = await run();
    expect(result.usage.wastedTokens).toBe(0);
    expect(result.coverage.subtasks.map((row) => row.title)).toEqual(['Poll']);
  });

  test('goes silent in a stream is asked again after its idle limit', async () => {
    writeFileSync(
      join(it_.home, 'config.json'),
      JSON.stringify({ classes: { hasty: { extends: 'quick', subtask: { callIdleSeconds: 1 } } } }),
    );
    process.env.MUSTER_CONFIG = join(it_.home, 'config.json');
    try {
      await it_.startWorker();
      it_.model.inject({ kind: 'stall', afterChunks: 1, match: { step: 'muster_findings' } });
      const handle = await it_.client.start({ goal: GOAL, sources: [it_.docs], class: 'hasty' });
      expect((await handle.result()).outcome).toBe('completed');
      expect(it_.model.requests.filter((one) => one.aborted)).toHaveLength(1);
    } finally {
      delete process.env.MUSTER_CONFIG;
    }
  });

  test.each([
    ['drops the connection in a stream', { kind: 'cut', afterChunks: 1 }],
    ['sends no JSON in a 200', { kind: 'garbage' }],
    ['answers 503', { kind: 'status', status: 503 }],
  ] as const)('%s is asked again', async (_name, fault) => {
    await it_.startWorker();
    it_.model.inject({ ...fault, match: { step: 'muster_findings' } });
    expect((await run()).outcome).toBe('completed');
  });

  test('invents a quote, bends one, or takes one from the wrong file never gets it into the answer', async () => {
    await it_.startWorker();
    const finding = (claim: string, source: string, quote: string) => ({ claim, citations: [{ source, quote }] });
    const content = JSON.stringify({
      findings: [
        finding('invented', 'lighthouse.md', 'Lighthouse polls whenever it feels like it.'),
        finding('bent', 'lighthouse.md', 'It polls every 16 seconds.'),
        finding('misplaced', 'harbour.md', 'It polls every 15 seconds.'),
        finding('right', 'lighthouse.md', 'It polls every 15\nseconds.'),
      ],
      missing: [],
    });
    it_.model.inject({ kind: 'bad-output', content, times: 2, match: { step: 'muster_findings' } });
    const result = await run();
    expect(result.answer?.citations.map((one) => one.quote)).toEqual(['It polls every 15 seconds.']);
    expect(result.coverage.gaps.join('\n')).toMatch(/invented[\s\S]*bent[\s\S]*misplaced/);
    const second = it_.model.requests.filter((one) => one.step === 'muster_findings')[1]!;
    expect(JSON.stringify(second.body)).toContain('does not stand in harbour.md');
  });

  test('says that a claim rests on findings there are not loses that claim', async () => {
    await it_.startWorker();
    const content = JSON.stringify({
      sections: [{ heading: 'All', claims: [{ text: 'made up', findings: ['s9/g1/9'] }] }],
      gaps: [],
    });
    it_.model.inject({ kind: 'bad-output', content, times: 2, match: { step: 'muster_answer' } });
    const result = await run();
    expect(JSON.stringify(result.answer?.sections)).not.toContain('made up');
  });

  test('is called with a key leaves it in no history, log, heartbeat or result', async () => {
    await it_.startWorker();
    const handle = await it_.client.start({ goal: GOAL, sources: [it_.docs] });
    await handle.result();
    const history = historyToJSON(await it_.client.temporal.workflow.getHandle(handle.taskId).fetchHistory());
    const encoded = Buffer.from(TEST_KEY).toString('base64').slice(4, 20);
    expect(history).not.toContain(TEST_KEY);
    expect(history).not.toContain(encoded);
    expect(execFileSync('sh', ['-c', `grep -rl "${TEST_KEY}" "${it_.home}" || true`]).toString()).toBe('');
  });
});
