// Models that are small or slow in the master's steps: the kinds stand in a plan's schema, a plan that takes half of the class's
// time is done without, and the answer may take the class's time, however little a subtask has.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { call, scripted } from '../agents/scripted.ts';
import { testDeployment } from '../rig/deployment.ts';

const GOAL = 'How often does Lighthouse poll the harbour service?';

test('a plan that is not there after half of the class’s time is done without, and the goal is one subtask', async () => {
  const it_ = await testDeployment({
    brain: scripted({
      turn: (_goal, results) => (results.length === 0 ? [call('search_documents', { query: 'poll' })] : undefined),
    }),
  });
  writeFileSync(
    join(it_.home, 'config.json'),
    JSON.stringify({ classes: { brief: { extends: 'standard', deadlineSeconds: 8 } } }),
  );
  process.env.MUSTER_CONFIG = join(it_.home, 'config.json');
  try {
    await it_.startWorker();
    it_.model.inject({ kind: 'endless', everyMs: 200, match: { step: 'muster_plan' }, times: 9 });
    const task = await it_.client.start({ goal: GOAL, sources: [it_.docs], class: 'brief' });
    const result = await task.result();
    expect(result.outcome).toBe('completed');
    expect(result.coverage.subtasks.map(({ title }) => title)).toEqual([GOAL]);
    expect(JSON.stringify(result)).toContain('The goal was not split into parts, since the model gave no plan');
    const plan = it_.model.requests.filter(({ step }) => step === 'muster_plan');
    expect(plan.map(({ aborted }) => aborted)).toContain(true);
  } finally {
    delete process.env.MUSTER_CONFIG;
    await it_.stop();
  }
});

test('the kinds of sub-agents stand in the schema of a plan', async () => {
  const it_ = await testDeployment();
  try {
    await it_.startWorker();
    await (await it_.client.start({ goal: GOAL, sources: [it_.docs] })).result();
    const body = JSON.stringify(it_.model.requests[0]?.body);
    expect(body).toMatch(/"kind":\{[^}]*"enum":\["researcher"/);
  } finally {
    await it_.stop();
  }
});

test('an answer that takes longer than a subtask may is written by the model all the same', async () => {
  const it_ = await testDeployment({
    brain: scripted({
      turn: (_goal, results) => (results.length === 0 ? [call('search_documents', { query: 'poll' })] : undefined),
    }),
  });
  // One answer may take half of the time that its step has.
  writeFileSync(
    join(it_.home, 'config.json'),
    JSON.stringify({ classes: { brief: { extends: 'standard', deadlineSeconds: 120, subtask: { seconds: 5 } } } }),
  );
  process.env.MUSTER_CONFIG = join(it_.home, 'config.json');
  try {
    await it_.startWorker();
    it_.model.inject({ kind: 'delay', ms: 6_000, match: { step: 'muster_answer' } });
    const task = await it_.client.start({ goal: GOAL, sources: [it_.docs], class: 'brief' });
    const result = await task.result();
    expect(JSON.stringify(result.answer?.sections)).toContain('claim of s1');
    expect(JSON.stringify(result)).not.toContain('could not write');
    expect(it_.model.requests.filter(({ step }) => step === 'muster_answer')).toHaveLength(1);
  } finally {
    delete process.env.MUSTER_CONFIG;
    await it_.stop();
  }
});
