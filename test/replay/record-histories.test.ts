// Records a history for each shape that has none yet: MUSTER_RECORD=1 npx jest record-histories. Never writes over one:
// a kept history stands for tasks that are under way somewhere.

import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { testDeployment, until } from '../rig/deployment.ts';
import { AT_ONCE } from './scenarios/at-once.ts';
import { BEHIND } from './scenarios/behind.ts';
import { COORDINATION } from './scenarios/coordination.ts';
import { PEOPLE } from './scenarios/people.ts';
import { GOAL, orderer, type Theme } from './scenarios/scenario.ts';
import { USUAL } from './scenarios/usual.ts';

const FOLDER = join(__dirname, 'histories');
const THEMES: readonly Theme[] = [USUAL, PEOPLE, BEHIND, AT_ONCE, COORDINATION];
const SCENARIOS: Theme['scenarios'] = Object.assign({}, ...THEMES.map(({ scenarios }) => scenarios));
const SETTINGS: Theme['settings'] = Object.assign({}, ...THEMES.map(({ settings }) => settings));

/** Recorded otherwise: by the bench, and of a story that no new task takes. */
const WITHOUT = ['wide', 'cancel-while-saving'];

test('each kept history has a scenario that it can be recorded from, and no two have one name', () => {
  const names = THEMES.flatMap(({ scenarios }) => Object.keys(scenarios));
  expect(new Set(names).size).toBe(names.length);
  const kept = readdirSync(FOLDER).map((file) => file.replace(/\.json(?:\.gz)?$/, ''));
  expect(kept.filter((name) => !names.includes(name) && !WITHOUT.includes(name))).toEqual([]);
  expect(THEMES.flatMap(({ settings }) => Object.keys(settings)).filter((name) => !names.includes(name))).toEqual([]);
});

const record = process.env.MUSTER_RECORD ? test : test.skip;

record.each(
  Object.keys(SCENARIOS).filter((name) => !['.json', '.json.gz'].some((end) => existsSync(join(FOLDER, name + end)))),
)('records %s', async (name) => {
  const { brain, input, latencyMs = 50, ownWorkers } = SETTINGS[name] ?? {};
  const it = await testDeployment({ latencyMs, ...(brain ? { brain } : {}) });
  try {
    if (!ownWorkers) await it.startWorker({ subAgents: [orderer] });
    const handle = await SCENARIOS[name]!(it, () => it.client.start({ goal: GOAL, sources: [it.docs], ...input }));
    await handle.result().catch(() => undefined);
    // The answer is there before the task has closed.
    await until('it has closed', async () => !(await handle.isOpen()));
    const { runId } = handle as { runId?: string };
    const history = await it.client.temporal.workflow.getHandle(handle.taskId, runId).fetchHistory();
    // Who worked, and where its files lie, is nobody's business and of no use to a replay.
    const hidden: Record<string, string> = { identity: 'worker', stackTrace: '' };
    const plain = JSON.parse(historyToJSON(history), (key, value: unknown) => hidden[key] ?? value) as unknown;
    const text = `${JSON.stringify(plain, null, 1)}\n`;
    const [end, bytes] = text.length > 1_000_000 ? ['.json.gz', gzipSync(text)] : ['.json', text];
    writeFileSync(join(FOLDER, name + end), bytes);
  } finally {
    await it.stop();
  }
});
