// Tools that take too long, that take time together, and that are gone when their call is taken up again.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { defineSubAgent, defineTool, researcher } from '../../activities/index.ts';
import { runCalls } from '../../activities/loop/run-calls.ts';
import { SubtaskLog } from '../../activities/loop/subtask-log.ts';
import type { Tool } from '../../activities/tools/tool.ts';
import { defineClass } from '../../client/index.ts';
import { fileStore } from '../../store/file-store.ts';
import { testDeployment } from '../rig/deployment.ts';
import { call, finding, scripted } from './scripted.ts';

const tool = (name: string, execute: Tool['execute'], more: Partial<Tool> = {}): Tool =>
  defineTool({ name, description: name, input: z.object({}), sideEffects: 'idempotent', ...more, execute } as Tool);
const pause = (ms: number) => new Promise<string>((done) => setTimeout(() => done('done'), ms));

test('a tool that never ends and ignores its signal is given up, and its sub-agent answers without it', async () => {
  const it_ = await testDeployment({
    brain: scripted({
      plan: [{ title: 'Waits', goal: 'wait', kind: 'waiter' }],
      turn: (_goal, results) => (results.length === 0 ? [call('hang')] : undefined),
      findings: (_goal, results) => ({ findings: [finding(results.join(' '))], missing: [] }),
    }),
  });
  try {
    const tools = [tool('hang', () => new Promise(() => undefined))];
    await it_.startWorker({
      subAgents: [
        defineSubAgent({
          name: 'waiter',
          description: 'Waits.',
          prompt: 'waiter/1',
          tools,
          open: (assignment) => researcher.open(assignment),
        }),
      ],
    });
    const brief = defineClass('brief', { extends: 'quick', subtask: { seconds: 12 } });
    const task = await it_.client.start({ goal: 'anything', sources: [it_.docs], class: brief });
    const { coverage } = await task.result();
    expect(coverage.done).toBe(1);
    const claims: string[] = [];
    for await (const event of task.events()) if (event.type === 'subtask.finding') claims.push(event.finding.claim);
    expect(claims.join()).toMatch(/hang did not end within 6 s and was given up: it may have happened or not/);
  } finally {
    await it_.stop();
  }
});

describe('calls of one turn', () => {
  const rig = async (tools: Tool[], names: string[]) => {
    const store = fileStore(mkdtempSync(join(tmpdir(), 'muster-calls-')));
    const log = await SubtaskLog.open(
      store,
      { run: 'r', subtask: 's1', generation: 1 },
      { expected: 0, worker: 'test' },
    );
    const { signal } = new AbortController();
    const limits = { turns: 9, tokens: 1e6, seconds: 60, callIdleSeconds: 60 };
    const calls = names.map((name, i) => ({ id: `c${i}`, name, arguments: '{}' }));
    const run = () =>
      runCalls('turn-1', calls, { log, store, tools, toolContext: { signal }, limits, replies: new Map(), signal });
    return { store, log, run, contentOf: (i: number) => log.tool('turn-1', `c${i}`)?.content ?? '' };
  };

  test('that run beside each other are work for as long as one of them runs', async () => {
    let each = 0;
    const slow = tool('slow', async () => {
      const began = performance.now();
      await pause(300);
      each += performance.now() - began;
    });
    const { log, run } = await rig([slow], ['slow', 'slow', 'slow', 'slow']);
    await run();
    expect(log.workedMs).toBeGreaterThanOrEqual(290);
    // Counted each for itself they would be all of it.
    expect(log.workedMs).toBeLessThan(each / 2);
    await log.close();
  });

  test('that wait for a lease spend no working time while they wait', async () => {
    const { store, log, run } = await rig([tool('taken', () => pause(100), { resource: () => 'desk' })], ['taken']);
    const held = await store.takeLease({ run: 'r', resource: 'desk' }, 'another', new AbortController().signal);
    const began = performance.now();
    const running = run();
    await pause(1_500);
    const waited = performance.now() - began;
    await held.release();
    await running;
    const whole = performance.now() - began;
    expect(log.workedMs).toBeGreaterThanOrEqual(95);
    // What comes before the wait begins is work.
    expect(log.workedMs).toBeLessThan(whole - waited / 2);
    await log.close();
  });

  test('of which one began before a crash and whose tool is gone since are of unknown outcome', async () => {
    const { log, run, contentOf } = await rig([], ['gone', 'made-up']);
    await log.append({ t: 'begins', step: 'turn-1', calls: [{ callId: 'c0', name: 'gone' }], at: 0 });
    await run();
    expect(contentOf(0)).toContain('outcome unknown');
    expect(contentOf(1)).toContain('there is no tool');
    await log.close();
  });

  test('that wait for a lease have not begun: a crash meanwhile is not counted against them', async () => {
    const first = await rig([tool('taken', () => pause(10), { resource: () => 'desk' })], ['taken']);
    const held = await first.store.takeLease({ run: 'r', resource: 'desk' }, 'another', new AbortController().signal);
    const running = first.run();
    await new Promise((done) => setTimeout(done, 100));
    expect(first.log.begun('turn-1', 'c0')).toBe(false);
    await held.release();
    await running;
    expect(first.log.begun('turn-1', 'c0')).toBe(true);
    await first.log.close();
  });
});

test('an attempt that ends by itself after a reply is no death, one that is cut off is', async () => {
  const store = fileStore(mkdtempSync(join(tmpdir(), 'muster-ends-')));
  const open = () =>
    SubtaskLog.open(store, { run: 'r', subtask: '_plan', generation: 1 }, { expected: 0, worker: 'test' });
  const reply = { text: '{}', toolCalls: [], inputTokens: 1, outputTokens: 1 };
  const first = await open();
  await first.append({ t: 'model', step: 'turn-1', reply, ms: 1, at: 0, prompt: 'p', model: 'm' });
  expect((await open()).deathsReading).toBe(1);
  const third = await open();
  await third.append({ t: 'reads', step: 'turn-1', at: 0 });
  expect(third.deathsReading).toBe(2);
  await third.close();
  expect((await open()).deathsReading).toBe(0);
});
