// main.mjs: `node examples/custom-master/main.mjs "question" path/to/documents`: a worker with another master, the offline
// model, and a task through both.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { answerMarkdown, connect, defineClass } from 'muster-agents';
import { openaiProvider } from 'muster-agents/activities';
import { startSimulator } from 'muster-agents/testing';
import { createWorker, fileStore } from 'muster-agents/worker';

const [question = 'What survives a killed worker?', documents = 'docs'] = process.argv.slice(2);
const address = process.env.TEMPORAL_ADDRESS ?? '127.0.0.1:7233';
const home = mkdtempSync(join(tmpdir(), 'muster-custom-'));

Runtime.install({ logger: new DefaultLogger('ERROR') });
const model = await startSimulator();
const store = fileStore(join(home, 'store'));
await store.deploymentId();
const connection = await NativeConnection.connect({ address });
const worker = await createWorker({
  connection,
  store,
  models: [openaiProvider({ model: 'muster-offline', apiKey: 'none', baseURL: model.url, offline: true })],
  roots: [resolve(documents)],
  ceiling: defineClass('ceiling', { extends: 'standard' }),
  workflowsPath: fileURLToPath(new URL('./workflows.mjs', import.meta.url)),
});
const client = await connect({ address, home });
let exitCode = 0;
await worker.runUntil(async () => {
  try {
    const task = await client.start({ goal: question, sources: [documents] }, { workflow: 'secondOpinion' });
    const { answer, objections } = await task.result();
    if (answer) console.log(answerMarkdown(answer));
    if (objections) console.log(`# What limits it\n\n${answerMarkdown(objections)}`);
  } catch (error) {
    // A folder that is not there, for one: the error says what to do.
    console.error([error.message, error.hint].filter(Boolean).join(' '));
    exitCode = 1;
  }
});
await client.close();
await store.close();
await connection.close();
await model.close();
process.exit(exitCode);
