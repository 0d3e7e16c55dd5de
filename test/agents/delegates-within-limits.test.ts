// What a sub-agent hands on with its work: a share of what is left of its own tokens and dollars, also of those added later.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { researcher } from '../../activities/index.ts';
import { SubtaskLog } from '../../activities/loop/subtask-log.ts';
import { delegateTool } from '../../activities/agents/delegate.ts';
import { MODEL_RETRY } from '../../protocol/retry.ts';
import { Delegation, runTool } from '../../activities/tools/tool.ts';
import type { PlannedSubtask } from '../../protocol/plan.ts';
import { fileStore } from '../../store/file-store.ts';

const PARENT: PlannedSubtask = {
  id: 's1',
  title: 'Lead',
  kind: 'lead',
  goal: 'lead',
  needs: [],
  mode: 'blocking',
  limits: { turns: 8, tokens: 100_000, seconds: 60, callIdleSeconds: 60, costUsd: 1 },
  timeouts: { startToCloseSeconds: 60, heartbeatSeconds: 10 },
  queue: 'q',
  retry: MODEL_RETRY,
  priority: 3,
  inputHash: '0',
};
const LEAD = { ...researcher, name: 'lead', delegates: { depth: 1, max: 4 } };
const PARTS = ['a', 'b'].map((title) => ({ title, kind: 'researcher', goal: title }));

test('parts get a share of what is left, and nothing is given twice', async () => {
  const store = fileStore(mkdtempSync(join(tmpdir(), 'muster-delegates-')));
  const log = await SubtaskLog.open(store, { run: 'r', subtask: 's1', generation: 1 }, { expected: 0, worker: 'test' });
  const hand = async (): Promise<PlannedSubtask['limits'][]> => {
    const tool = delegateTool(PARENT, LEAD, new Map([['researcher', researcher]]), log)!;
    const { signal } = new AbortController();
    const context = { signal, takeLease: () => Promise.reject(new Error('no leases here')) };
    const result = await runTool([tool], 'delegate', { subtasks: PARTS }, context);
    expect(result).toBeInstanceOf(Delegation);
    return (result as Delegation).subtasks.map(({ limits }) => limits);
  };
  const [first, second] = await hand();
  expect(first).toEqual(second);
  expect(first).toMatchObject({ tokens: 35_000, costUsd: 0.35 });

  const given = { count: 2, tokens: 70_000, costUsd: 0.7 };
  await log.append({ t: 'delegated', step: 'turn-1', callId: 'c', handle: 'h', planRef: 'p', ...given, at: 0 });
  const left = (await hand())[0]!;
  expect(left.tokens).toBe(10_500);
  expect(left.costUsd).toBeCloseTo(0.105, 10);

  const command = { id: '1', at: 0, kind: 'extend' as const, tokens: 20_000, costUsd: 0.2 };
  await log.append({ t: 'command', turn: 2, command, at: 0 });
  const more = (await hand())[0]!;
  expect(more.tokens).toBe(17_500);
  expect(more.costUsd).toBeCloseTo(0.175, 10);

  // Its parts have ended: what they did not spend is its own again.
  const spent = { tokens: 10_000, costUsd: 0.1 };
  const result = { step: 'turn-1', callId: 'c', name: 'delegate', ok: true, content: '', ms: 0, at: 0 };
  await log.append({ t: 'tool', ...result, spent });
  const again = (await hand())[0]!;
  expect(again.tokens).toBe(38_500);
  expect(again.costUsd).toBeCloseTo(0.385, 10);
  await log.close();
});
