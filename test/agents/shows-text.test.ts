// People see what a model is writing while it writes.

import { z } from 'zod';
import { defineSubAgent, defineTool, researcher } from '../../activities/index.ts';
import { outputSoFar } from '../../activities/agents/partial-text.ts';
import { newView, applyStatus } from '../../client/cli/render/task-view.ts';
import { treeLines } from '../../client/cli/render/tree-lines.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { call, finding, scripted } from './scripted.ts';

test.each([
  ['a block that is not closed yet', '<think>I could say {"claim": "x"', ''],
  ['a block that is closed', '<think>I could say {"claim": "x"}</think>\n{"claim": "It po', '{"claim": "It po'],
  ['a block that its prompt has opened', 'I could look for it', ''],
  ['a block that its prompt has opened, closed', 'I look for it</think>{"claim": "It po', '{"claim": "It po'],
  ['a channel that is not final', '<|channel|>analysis<|message|>I think {"claim": "x"', ''],
  [
    'a final channel',
    '<|channel|>analysis<|message|>Hm<|end|><|channel|>final<|message|>{"claim": "It',
    '{"claim": "It',
  ],
  ['words before an answer', 'I search first.', ''],
  ['a fence', '```json\n{"claim": "It', '{"claim": "It'],
])('who watches a model write sees its answer alone: %s', (_what, text, shown) => {
  expect(outputSoFar(text)).toBe(shown);
});

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

  test('whose tool is at work shows no words that an earlier model call left behind', async () => {
    const brain = scripted({
      plan: [{ title: 'One', goal: 'one', kind: 'patient' }],
      turn: (_goal, results) => (results.length === 0 ? [call('wait')] : undefined),
    });
    it_ = await testDeployment({ brain });
    let release = (): void => undefined;
    const released = new Promise<void>((done) => (release = done));
    const wait = defineTool({
      name: 'wait',
      description: 'Waits.',
      input: z.object({}),
      sideEffects: 'none',
      execute: () => released,
    });
    const patient = defineSubAgent({
      name: 'patient',
      description: 'Waits.',
      tools: [wait],
      prompt: 'patient/1',
      open: (assignment) => researcher.open(assignment),
    });
    await it_.startWorker({ subAgents: [patient] });
    const task = await it_.client.start({ goal: 'anything', sources: [it_.docs] });
    await until('the tool is at work', async () => /wait/.test((await task.status()).live[0]?.phase ?? ''));
    const { runId } = await it_.client.temporal.workflow.getHandle(task.taskId).describe();
    await it_.store.putPartial(
      { run: runId, subtask: 's1', generation: 1 },
      { attempt: 1, call: 1, offset: 0, text: 'left over' },
    );
    const { live } = await task.status();
    expect(live).toMatchObject([{ id: 's1' }]);
    expect(live[0]).not.toHaveProperty('writes');
    release();
    await task.result();
  });
});
