// Plans of models that are small or slow: the kinds stand in the schema, and a plan that takes half of the class's time is done
// without.

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
