// Steps that a model fails for good, where what was paid for is worth an answer all the same.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerMarkdown } from '../../client/index.ts';
import { testDeployment, type TestDeployment } from '../rig/deployment.ts';

const GOAL = 'How often does Lighthouse poll the harbour service?';

describe('a task', () => {
  let it_: TestDeployment;
  beforeEach(async () => {
    it_ = await testDeployment();
  });
  afterEach(async () => {
    delete process.env.MUSTER_CONFIG;
    await it_.stop();
  });

  test('whose plan never fits is researched as one whole, and says so', async () => {
    await it_.startWorker();
    it_.model.inject({ kind: 'bad-output', content: '{"plan":[]}', times: 2, match: { step: 'muster_plan' } });
    const result = await (await it_.client.start({ goal: GOAL, sources: [it_.docs] })).result();
    expect(result.coverage.subtasks.map(({ title, state }) => `${title} ${state}`)).toEqual([`${GOAL} done`]);
    expect(result.answer?.citations.map(({ quote }) => quote)).toContainEqual(
      expect.stringContaining('It polls every 15 seconds.'),
    );
    expect(result.coverage.gaps.join('\n')).toMatch(/The goal was not split into parts/);
  });

  test('whose answer the model can’t write gives the findings as they are, and says so', async () => {
    await it_.startWorker();
    it_.model.inject({ kind: 'bad-output', content: 'no', times: 2, match: { step: 'muster_answer' } });
    const result = await (await it_.client.start({ goal: GOAL, sources: [it_.docs] })).result();
    expect(result.outcome).toBe('completed');
    expect(result.answer?.citations.map(({ quote }) => quote)).toContainEqual(
      expect.stringContaining('It polls every 15 seconds.'),
    );
    expect(answerMarkdown(result.answer!)).toMatch(/The model could not write this answer/);
    expect(result.coverage.gaps.join('\n')).toMatch(/The model could not write this answer/);
  });

  test('whose planner or writer is told to come back tomorrow does not wait for that', async () => {
    await it_.startWorker();
    const tomorrow = { 'retry-after': '86400' };
    it_.model.inject({ kind: 'status', status: 429, headers: tomorrow, times: 9, match: { step: 'muster_plan' } });
    const unplanned = await it_.client.start({ goal: GOAL, sources: [it_.docs] });
    await expect(unplanned.result()).rejects.toThrow(/too late for this task/);
    it_.model.clearFaults();
    it_.model.inject({ kind: 'status', status: 429, headers: tomorrow, times: 9, match: { step: 'muster_answer' } });
    const unwritten = await it_.client.start({ goal: GOAL, sources: [it_.docs] });
    const { answer } = await unwritten.result();
    expect(answer?.citations.map(({ quote }) => quote)).toContainEqual(
      expect.stringContaining('It polls every 15 seconds.'),
    );
    expect(answerMarkdown(answer!)).toMatch(/could not write this answer.*too late for this task/);
  });

  test('whose plan took all of its class’s time still has a quarter of it to research', async () => {
    const brief = { extends: 'quick', deadlineSeconds: 12 };
    writeFileSync(join(it_.home, 'config.json'), JSON.stringify({ classes: { brief } }));
    process.env.MUSTER_CONFIG = join(it_.home, 'config.json');
    await it_.startWorker();
    it_.model.inject({ kind: 'delay', ms: 12_500, match: { step: 'muster_plan' } });
    const task = await it_.client.start({ goal: GOAL, sources: [it_.docs], class: 'brief' });
    expect((await task.result()).coverage.done).toBe(1);
  });

  test('whose model writes without an end gives that call up in time for another', async () => {
    const short = { extends: 'quick', subtask: { seconds: 12, callIdleSeconds: 11 } };
    writeFileSync(join(it_.home, 'config.json'), JSON.stringify({ classes: { short } }));
    process.env.MUSTER_CONFIG = join(it_.home, 'config.json');
    await it_.startWorker();
    it_.model.inject({ kind: 'endless', everyMs: 20, match: { step: 'muster_findings' } });
    const task = await it_.client.start({ goal: GOAL, sources: [it_.docs], class: 'short' });
    const result = await task.result();
    expect(result.coverage.done).toBe(1);
    expect(it_.model.requests.filter(({ aborted }) => aborted)).toHaveLength(1);
  });
});
