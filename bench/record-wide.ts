// record-wide.ts: `node dist/bench/record-wide.js FILE [SUB-AGENTS]` runs the bench's task with 480 sub-agents and keeps its
// history, gzipped, for the replay row and the replay test. Never writes over a file: a kept history stands for tasks that
// are under way somewhere.

import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Cleanup } from './cleanup.ts';
import { benchDeployment, forgetSettings } from './deployment.ts';

const [path, subAgents = '480'] = process.argv.slice(2);
if (path === undefined) throw new Error('name the file to write');
const file = await open(path, 'wx');
const cleanup = new Cleanup();
try {
  forgetSettings();
  const deployment = await benchDeployment(cleanup, { maxSubtasks: Number(subAgents) });
  await deployment.startWorker();
  const task = await deployment.startTask(Number(subAgents));
  const { coverage } = await task.result();
  process.stderr.write(`${coverage.done} of ${subAgents} done\n`);
  const history = await deployment.client.temporal.workflow.getHandle(task.taskId).fetchHistory();
  // Who worked, and where its files lie, is nobody's business and of no use to a replay.
  const hidden: Record<string, string> = { identity: 'worker', stackTrace: '' };
  const plain = JSON.parse(historyToJSON(history), (key, value: unknown) => hidden[key] ?? value) as unknown;
  await file.writeFile(await promisify(gzip)(JSON.stringify(plain), { level: 9 }));
} finally {
  await file.close();
  await cleanup.run();
}
