// Every kept history replays on the Workflow code as it is: a change that can't is a break for tasks under way.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { bundlePath } from '../../worker/host-worker.ts';

const FOLDER = join(__dirname, 'histories');
const names = readdirSync(FOLDER).filter((name) => /\.json(?:\.gz)?$/.test(name));

/** The widest is kept gzipped. */
function read(name: string): ReturnType<typeof historyFromJSON> {
  const bytes = readFileSync(join(FOLDER, name));
  return historyFromJSON(JSON.parse((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')));
}

test('the kept histories cover a plain task, a retry, a cancel, a late report, a failure, lives and the widest task', () => {
  const shapes = [
    'plain',
    'retry',
    'cancel',
    'late-report',
    'failure',
    'lives-plain',
    'lives-cancel',
    'lives-resumed',
    'with-background',
  ];
  expect(names).toEqual(expect.arrayContaining([...shapes.map((name) => `${name}.json`), 'wide.json.gz']));
});

test.each(names)('the history %s replays', async (name) => {
  const history = read(name);
  // A master's child is named after it.
  const id = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? undefined;
  await Worker.runReplayHistory({ workflowBundle: { codePath: bundlePath() } }, history, id);
});

test('a history that asks for another step than the code does is refused', async () => {
  const text = readFileSync(join(FOLDER, 'plain.json'), 'utf8').replaceAll('"planTask"', '"planSomethingElse"');
  await expect(
    Worker.runReplayHistory({ workflowBundle: { codePath: bundlePath() } }, historyFromJSON(JSON.parse(text))),
  ).rejects.toThrow();
});
