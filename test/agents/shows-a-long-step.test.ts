// A step of the master whose model takes long shows that it is at work: whose answer it is, for how long, and how much has come.

import picocolors from 'picocolors';
import { newView, applyStatus } from '../../client/cli/render/task-view.ts';
import { treeLines } from '../../client/cli/render/tree-lines.ts';
import type { TaskStatus } from '../../client/index.ts';
import { testDeployment, until } from '../rig/deployment.ts';

test('a plan whose model writes and writes is shown with its model, its tokens so far and its time', async () => {
  const it_ = await testDeployment();
  try {
    await it_.startWorker();
    it_.model.inject({ kind: 'endless', match: { step: 'muster_plan' } });
    const task = await it_.client.start({ goal: 'How often does Lighthouse poll?', sources: [it_.docs] });
    let seen: TaskStatus['step'];
    await until('the step shows what it has written', async () => {
      seen = (await task.status()).step;
      return (seen?.tokens ?? 0) > 5;
    });
    expect(seen).toMatchObject({ name: 'plan', model: 'muster-offline' });
    const view = newView('t', 0);
    applyStatus(view, {
      taskId: 't',
      state: 'running',
      goal: 'g',
      startedAt: new Date(0),
      live: [],
      ...(seen ? { step: seen } : {}),
    });
    const lines = treeLines(view, { columns: 80, rows: 20 }, 1_000, picocolors.createColors(false));
    expect(lines.join('\n')).toMatch(/planning: muster-offline has written about \d+ tokens, \d/);
    await task.cancel();
    await task.result().catch(() => undefined);
    expect((await task.status()).step).toBeUndefined();
  } finally {
    await it_.stop();
  }
});
