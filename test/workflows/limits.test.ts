// What bounds a task: its class's deadline, its subtasks' limits, the worker's ceiling and roots.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TaskFailedError } from '../../client/index.ts';
import { testDeployment, type TestDeployment } from '../rig/deployment.ts';

const GOAL = 'Compare harbour, tidebook and lighthouse with respect to their limits';

describe('a task', () => {
  let it_: TestDeployment;
  beforeEach(async () => {
    it_ = await testDeployment({ latencyMs: 20 });
    process.env.MUSTER_CONFIG = join(it_.home, 'config.json');
    writeFileSync(
      process.env.MUSTER_CONFIG,
      JSON.stringify({
        classes: {
          hurried: { extends: 'quick', deadlineSeconds: 8 },
          short: { extends: 'quick', subtask: { turns: 2 } },
          greedy: { extends: 'thorough', maxSubtasks: 300 },
        },
      }),
    );
  });
  afterEach(async () => {
    delete process.env.MUSTER_CONFIG;
    await it_.stop();
  });
  const run = async (input: { class?: string; sources?: string[] } = {}) =>
    await (await it_.client.start({ goal: GOAL, sources: [it_.docs], ...input })).result();
  const failure = async (input: { class?: string; sources?: string[] } = {}) => {
    const error = await run(input).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TaskFailedError);
    return error as TaskFailedError;
  };

  test('whose deadline comes answers from what is there and says who was stopped', async () => {
    await it_.startWorker();
    it_.model.inject({ kind: 'stall', times: 9, match: { step: 'muster_findings', contains: 'Describe lighthouse' } });
    const result = await run({ class: 'hurried' });
    expect(result.outcome).toBe('completed');
    expect(result.coverage.done).toBe(2);
    expect(result.coverage.subtasks[2]).toMatchObject({ state: 'stopped', failure: { type: 'DeadlineReached' } });
    expect(result.coverage.gaps.join(' ')).toContain('deadline of 8 s');
  });

  test('whose sub-agents have two turns gets their findings in the second', async () => {
    await it_.startWorker();
    const result = await run({ class: 'short' });
    expect(result.coverage.done).toBe(3);
    const perAgent = it_.model.requests.filter((one) => one.step === 'muster_findings').length / 3;
    expect(perAgent).toBeLessThanOrEqual(2);
  });

  test('above the worker’s ceiling is refused with both numbers', async () => {
    await it_.startWorker();
    const error = await failure({ class: 'greedy' });
    expect(error.failure).toMatchObject({ type: 'RequestExceedsCeiling' });
    expect(error.message).toMatch(/300.*24/);
  });

  test.each([
    ['is not there', 'SourceNotFound', (home: string) => join(home, '..', 'nowhere')],
    ['lies outside the allowed roots', 'SourceNotAllowed', () => '/etc'],
    ['holds nothing readable', 'SourceUnreadable', (home: string) => join(home, '..', 'empty')],
    ['is a broken PDF', 'SourceUnreadable', (home: string) => join(home, '..', 'broken.pdf')],
  ])('whose source %s fails with a sentence that names it', async (_name, type, path) => {
    mkdirSync(join(it_.home, '..', 'empty'));
    writeFileSync(join(it_.home, '..', 'broken.pdf'), '%PDF-1.7 not really');
    await it_.startWorker();
    const error = await failure({ sources: [path(it_.home)] });
    expect(error.failure).toMatchObject({ type });
    expect(error.message).toContain(path(it_.home).split('/').at(-1));
    expect(it_.model.requests).toHaveLength(0);
  });
});
