// People see what a model is writing while it writes.

import { newView, applyStatus } from '../../client/cli/render/task-view.ts';
import { treeLines } from '../../client/cli/render/tree-lines.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { finding, scripted } from './scripted.ts';

const PLAIN = new Proxy({}, { get: () => (text: string) => text }) as Parameters<typeof treeLines>[3];

describe('a sub-agent', () => {
  let it_: TestDeployment;
  afterEach(() => it_.stop());

  test('whose model stands still in the middle of a sentence shows the words so far, and not after', async () => {
    it_ = await testDeployment({
      brain: scripted({
        turn: () => undefined,
        findings: () => ({ findings: [finding('Lighthouse polls the harbour every fifteen seconds')], missing: [] }),
      }),
    });
    await it_.startWorker();
    it_.model.inject({ kind: 'stall', afterChunks: 4, ms: 4_000, match: { step: 'muster_findings' } });
    const task = await it_.client.start({ goal: 'anything', sources: [it_.docs] });
    let line = '';
    await until('the words are shown', async () => {
      const status = await task.status();
      const [live] = status.live;
      if (live?.writes === undefined) return false;
      expect('Lighthouse polls the harbour every fifteen seconds').toContain(live.writes);
      const view = newView(task.taskId, 0);
      applyStatus(view, status);
      line = treeLines(view, { columns: 200, rows: 20 }, Date.now(), PLAIN).join('\n');
      return true;
    });
    expect(line).toMatch(/asks the model: …Light/);
    await task.result();
    expect((await task.status()).live).toEqual([]);
  });
});
