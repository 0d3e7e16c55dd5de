// Every kept history replays on the Workflow code as it is: a change that can't is a break for tasks under way.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { bundlePath } from '../../worker/host-worker.ts';

const FOLDER = join(__dirname, 'histories');
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

test('the kept histories cover a plain task, a retry, a cancel, a late report and a failure', () => {
  expect(names).toEqual(
    expect.arrayContaining(['plain.json', 'retry.json', 'cancel.json', 'late-report.json', 'failure.json']),
  );
});

test.each(names)('the history %s replays', async (name) => {
  const history = historyFromJSON(JSON.parse(readFileSync(join(FOLDER, name), 'utf8')));
  await Worker.runReplayHistory({ workflowBundle: { codePath: bundlePath() } }, history);
});

test('a history that asks for another step than the code does is refused', async () => {
  const text = readFileSync(join(FOLDER, 'plain.json'), 'utf8').replaceAll('"planTask"', '"planSomethingElse"');
  await expect(
    Worker.runReplayHistory({ workflowBundle: { codePath: bundlePath() } }, historyFromJSON(JSON.parse(text))),
  ).rejects.toThrow();
});
