// main.mjs: `node examples/echo/main.mjs "hello"`: a worker with what echo.mjs defines, and a task through it.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { answerMarkdown, connect } from 'muster-agents';
import { createWorker, fileStore } from 'muster-agents/worker';
import * as extension from './echo.mjs';

const address = process.env.TEMPORAL_ADDRESS ?? '127.0.0.1:7233';
const here = fileURLToPath(new URL('.', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'muster-echo-'));
const [brisk] = extension.classes;

Runtime.install({ logger: new DefaultLogger('ERROR') });
const store = fileStore(join(home, 'store'));
await store.deploymentId();
const connection = await NativeConnection.connect({ address });
const worker = await createWorker({
  connection,
  store,
  models: [],
  extensions: extension,
  roots: [here],
  ceiling: brisk,
});
const client = await connect({ address, home });
await worker.runUntil(async () => {
  const goal = process.argv[2] ?? 'hello, mountains';
  const task = await client.start({ goal, sources: [join(here, 'README.md')], class: brisk });
  const { answer } = await task.result();
  if (answer) console.log(answerMarkdown(answer));
});
await client.close();
await store.close();
await connection.close();
process.exit(0);
