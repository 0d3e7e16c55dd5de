// The package as others get it: packed, installed into an empty project, imported and required, and a task run to its answer.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import * as activities from '../../activities/index.ts';
import * as client from '../../client/index.ts';
import * as http from '../../client/http/index.ts';
import * as gateway from '../../gateway/index.ts';
import { startSimulator } from '../../simulator/server.ts';
import * as testing from '../../testing/index.ts';
import * as worker from '../../worker/index.ts';
import { serverAddress } from '../rig/deployment.ts';

const ROOT = resolve(__dirname, '../..');
// Not the blocking form: the model server lives in this process and has to answer meanwhile.
const run = promisify(execFile);

test('the public entries export what they promise, and nothing else', () => {
  expect({
    '.': Object.keys(client).sort(),
    './worker': Object.keys(worker).sort(),
    './activities': Object.keys(activities).sort(),
    './http': Object.keys(http).sort(),
    './gateway': Object.keys(gateway).sort(),
    './testing': Object.keys(testing).sort(),
  }).toEqual({
    '.': [
      'BackgroundOverError',
      'CommandRefusedError',
      'DefinitionError',
      'KeyReusedError',
      'MusterClient',
      'MusterError',
      'NoWorkerError',
      'RequestRefusedError',
      'ScheduleHandle',
      'ScheduleNotFoundError',
      'SessionNotFoundError',
      'StillRunningError',
      'StillWritingError',
      'TaskCancelledError',
      'TaskClosedError',
      'TaskExpiredError',
      'TaskFailedError',
      'TaskHandle',
      'TaskNotFoundError',
      'UnreachableError',
      'answerMarkdown',
      'connect',
      'defineClass',
      'defineRouter',
    ],
    './worker': [
      'createWorker',
      'describeConfig',
      'exportTraces',
      'fileStore',
      'keepTokens',
      'openFastLane',
      'openStore',
      'postgresStore',
      'startSweeping',
      'takeOverOrphans',
      'workerConfig',
    ],
    './activities': [
      'DefinitionError',
      'block',
      'createActivities',
      'defineModelProvider',
      'defineNotifier',
      'defineSubAgent',
      'defineTool',
      'emailNotifier',
      'jsonBlock',
      'later',
      'mailServerProblem',
      'mcpPool',
      'modelLine',
      'modelLines',
      'ntfyNotifier',
      'openaiEmbeddings',
      'openaiProvider',
      'outputShape',
      'providerGate',
      'providerPlaces',
      'researcher',
      'verifier',
      'webTools',
      'webhookNotifier',
    ],
    './http': [
      'BackgroundOverError',
      'CommandRefusedError',
      'GatewayRefusedError',
      'HttpClient',
      'HttpSchedule',
      'HttpTask',
      'MusterError',
      'RequestRefusedError',
      'ScheduleNotFoundError',
      'SessionNotFoundError',
      'StillRunningError',
      'StillWritingError',
      'TaskCancelledError',
      'TaskClosedError',
      'TaskExpiredError',
      'TaskFailedError',
      'TaskNotFoundError',
      'UnreachableError',
      'answerMarkdown',
      'draftAfter',
    ],
    './gateway': ['accessLog', 'createGateway', 'keyDoor', 'nodeListener', 'serveGateway'],
    './testing': [
      'modelProviderContract',
      'notifierContract',
      'routerContract',
      'startSimulator',
      'subAgentContract',
      'toolContract',
    ],
  });
});

/** One script, as a module and as CommonJS: a worker and a client in one process, a task to its answer. */
const SCRIPT = `
  const { NativeConnection, Runtime, DefaultLogger } = temporal;
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const [address, modelUrl, folder] = process.argv.slice(2);
  const home = folder + '/.muster';
  const store = fileStore(home + '/store');
  await store.deploymentId();
  const connection = await NativeConnection.connect({ address });
  const read = workerConfig({ env: { MUSTER_OFFLINE_URL: modelUrl }, home });
  const worker = await createWorker({
    connection, store, roots: read.config.roots, ceiling: read.config.ceiling,
    models: [openaiProvider({ model: 'muster-offline', apiKey: 'x', baseURL: modelUrl, offline: true })],
  });
  const client = await connect({ address, home });
  const result = await worker.runUntil(async () => {
    const task = await client.start({ goal: 'How often does Lighthouse poll?', sources: [folder + '/lighthouse.md'] });
    return await task.result();
  });
  console.log(answerMarkdown(result.answer));
  await client.close();
  await connection.close();
  process.exit(0);
`;
const NAMES: [string, string][] = [
  ['{ connect, answerMarkdown }', 'muster-agents'],
  ['{ createWorker, workerConfig, fileStore }', 'muster-agents/worker'],
  ['{ openaiProvider }', 'muster-agents/activities'],
  ['temporal', '@temporalio/worker'],
];

function documentedModule(): string {
  const docs = readFileSync(join(ROOT, 'docs/extending.md'), 'utf8');
  const parts = docs
    .split(/^## /m)
    .filter((part) => /^(A tool|A kind|A model|A class|A router|Into `muster worker`)/.test(part));
  expect(parts).toHaveLength(6);
  return parts.map((part) => /```(?:ts|js)\n([^]*?)```/.exec(part)?.[1] ?? '').join('\n');
}

test('the packed package installs into an empty project, and a task runs to its answer from CommonJS and from ESM', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'muster-package-')));
  const model = await startSimulator({});
  try {
    const npm = async (...args: string[]) => (await run('npm', args, { cwd: folder })).stdout;
    const [{ filename }] = JSON.parse(await npm('pack', ROOT, '--ignore-scripts', '--json')) as [{ filename: string }];
    writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "version": "1.0.0" }');
    await npm('install', `./${filename}`, '--prefer-offline', '--no-audit', '--no-fund');
    writeFileSync(
      join(folder, 'lighthouse.md'),
      '# Lighthouse\n\nLighthouse polls every 15 seconds, and never sleeps.\n',
    );
    writeFileSync(
      join(folder, 'esm.mjs'),
      `${NAMES.map(([names, from]) => `import ${names === 'temporal' ? '* as temporal' : names} from '${from}';`).join('\n')}\n${SCRIPT}`,
    );
    writeFileSync(
      join(folder, 'cjs.cjs'),
      `${NAMES.map(([names, from]) => `const ${names} = require('${from}');`).join('\n')}\n(async () => {${SCRIPT}})();`,
    );
    for (const script of ['esm.mjs', 'cjs.cjs']) {
      const out = (await run(process.execPath, [script, serverAddress(), model.url, folder], { cwd: folder })).stdout;
      expect(out).toContain('every 15 seconds');
    }
    const muster = join(folder, 'node_modules/.bin/muster');
    expect((await run(muster, ['--help'])).stdout).toContain('Examples');
    // The module of docs/extending.md, as somebody would write it who copies it from there.
    writeFileSync(join(folder, 'my-kinds.mjs'), documentedModule());
    writeFileSync(join(folder, 'muster.json'), '{ "extensions": ["./my-kinds.mjs"] }');
    const env = { ...process.env, MUSTER_CONFIG: 'muster.json', TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const nowhere = await run(muster, ['worker'], { cwd: folder, env }).catch((error: unknown) => error);
    expect(nowhere).toMatchObject({
      code: 5,
      stdout: 'loaded ./my-kinds.mjs: kind forecaster; tool weather; class brisk; model mine-1; router small-model\n',
    });
  } finally {
    await model.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
