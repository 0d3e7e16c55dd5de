// Anybody with access may send a Signal, by hand too: what is none of ours changes nothing and stops nothing.

import type { TaskEvent } from '../../client/index.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { queried } from '../rig/queried.ts';
import { heldModel } from '../rig/held-model.ts';

const COMPARE = 'Compare harbour, tidebook and lighthouse with respect to their limits';

describe('a task that is sent', () => {
  let it_: TestDeployment;
  beforeEach(async () => {
    it_ = await testDeployment({ latencyMs: 300 });
  });
  afterEach(() => it_.stop());

  test('Signals without payload, with text, null or odd objects goes on to its answer', async () => {
    await it_.stop();
    // It is at work until all of them are sent.
    const model = heldModel((_asked, step) => step === 'muster_findings');
    it_ = await testDeployment({ brain: model.brain });
    await it_.startWorker();
    const task = await it_.client.start({
      goal: 'How often does Lighthouse poll the harbour service?',
      sources: [it_.docs],
    });
    await until('it researches', () => model.waiting() === 1);
    const handle = it_.client.temporal.workflow.getHandle(task.taskId);
    const { runId: run } = await handle.describe();
    const odd = { v: 1, run, subtask: 's1', generation: 1, seq: 99, kind: 'finding' };
    for (const name of ['answer', 'report', 'reading', 'cancelling']) {
      await handle.signal(name);
      for (const payload of [
        null,
        'text',
        7,
        [],
        {},
        { handle: 7 },
        odd,
        { ...odd, finding: { claim: 7 } },
        { ...odd, kind: 'resumed', attempt: 'x' },
      ])
        await handle.signal(name, payload);
    }
    const command = { v: 1, id: 'x', at: 1, by: { name: 'a', how: 'claimed' } };
    const bodies = [
      { kind: 'note' },
      { kind: 'note', text: 'x', to: null },
      { kind: 'pause', to: 5 },
      { kind: 'add' },
      { kind: 'add', goal: 'x', title: 5 },
      { kind: 'swapModel', models: 'abc' },
      { kind: 'extend', seconds: -1e14 },
      { kind: 'extend', seconds: -1.7e308 },
      { kind: 'x'.repeat(1_000) },
    ];
    for (const body of bodies) await handle.signal('command', { ...command, ...body });
    await handle.signal('command', { ...command, by: { name: 'a' }, kind: 'pause' });
    expect((await task.status()).state).toBe('running');
    model.release();
    const result = await task.result();
    expect(result.answer?.citations.map(({ quote }) => quote)).toContainEqual(
      expect.stringContaining('It polls every 15 seconds.'),
    );
  });

  test('a finding of a sub-agent that has ended shows it as late, and it counts for nothing', async () => {
    await it_.stop();
    const model = heldModel((asked, step) => step === 'muster_findings' && asked.includes('Describe lighthouse'));
    it_ = await testDeployment({ brain: model.brain });
    await it_.startWorker();
    const task = await it_.client.start({ goal: COMPARE, sources: [it_.docs] });
    const rowOf = async () => (await task.status()).progress?.subtasks.find(({ id }) => id === 's1');
    await until('s1 is done and s3 is at work', async () => (await rowOf())?.state === 'done' && model.waiting() === 1);
    const before = await rowOf();
    const handle = it_.client.temporal.workflow.getHandle(task.taskId);
    const { runId: run } = await handle.describe();
    // As workers send it, and as older ones did.
    const item = (seq: number) => ({
      subtask: 's1',
      generation: 1,
      seq,
      kind: 'finding',
      finding: { id: `s1/g1/${seq}`, claim: 'said too late', at: 'harbour.md:1' },
    });
    await handle.signal('reports', { v: 1, run, items: [item(98)] });
    await handle.signal('report', { v: 1, run, ...item(99) });
    const shown: TaskEvent[] = [];
    for await (const event of task.events()) {
      if (event.type === 'subtask.finding' && event.finding.claim === 'said too late') shown.push(event);
      if (shown.length === 2) break;
    }
    expect(shown).toMatchObject([{ late: true }, { late: true }]);
    const { progress } = await task.status();
    expect(progress?.draft).not.toContain('said too late');
    expect((await rowOf())?.findings).toBe(before?.findings);
    expect(JSON.stringify(await queried(handle, 'findings'))).not.toContain('said too late');
    model.release();
    const result = await task.result();
    expect(JSON.stringify(result)).not.toContain('said too late');
    expect(result.coverage.subtasks.find(({ subtask }) => subtask === 's1')?.findings).toBe(before?.findings);
  });
});
