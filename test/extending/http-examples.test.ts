// The examples of clients and backends over HTTP do what their READMEs say: each command of a README is run as it stands there.

import { execFile, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { killed, serverAddress, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { testGateway, type TestGateway } from '../rig/gateway.ts';

const ROOT = resolve(__dirname, '../..');
const sh = promisify(execFile);
/** Each block of commands in a README. */
const commands = (example: string): string[] =>
  [...readFileSync(join(ROOT, 'examples', example, 'README.md'), 'utf8').matchAll(/```sh\n([^]*?)```/g)].map(
    ([, block = '']) => block.trim(),
  );

let it_: TestDeployment;
let api: TestGateway;
beforeAll(async () => {
  it_ = await testDeployment();
  api = await testGateway(it_);
  await it_.startWorker();
});
afterAll(async () => {
  await api.close();
  await it_.stop();
});

const hasPython = spawnSync('python3', ['-c', 'import requests'], { stdio: 'ignore' }).status === 0;

test.each([
  ['fetch-client', true],
  ['python-client', hasPython],
])('the commands of the README of %s start a task, watch it and print its answer', async (example, isThere) => {
  if (!isThere) return console.warn(`${example} was not tried: python3 with requests is not here`);
  const [block = ''] = commands(example);
  const { stdout, stderr } = await sh('bash', ['-c', block.replace(/http:\/\/127\.0\.0\.1:\d+/, api.url)], {
    cwd: ROOT,
  });
  expect(stdout).toMatch(/every 15 seconds[^]*## Sources/);
  expect(stderr).toMatch(/plan\.ready[^]*task\.closed/);
});

test('an Express backend asks by itself and serves whoever has logged in, each their own tenant’s tasks', async () => {
  const free = createServer();
  await new Promise<void>((done) => free.listen(0, '127.0.0.1', done));
  const { port } = free.address() as AddressInfo;
  await new Promise((done) => free.close(done));
  const [start = '', asks = ''] = commands('express-backend');
  const [ask = '', begin = '', others = ''] = asks.split('\n').map((line) => line.replaceAll(':3000', `:${port}`));
  const backend = spawn(
    'bash',
    ['-c', `exec env ${start.replace('3000', String(port)).replace(/ docs$/, ` ${it_.docs}`)}`],
    {
      cwd: ROOT,
      env: { ...process.env, MUSTER_HOME: it_.home, TEMPORAL_ADDRESS: serverAddress() },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let said = '';
  backend.stdout.on('data', (data: Buffer) => (said += data.toString()));
  try {
    await until('the backend listens', () => said.includes('ready'));
    expect((await sh('bash', ['-c', ask])).stdout).toContain('every 15 seconds');
    const { task_id, urls } = JSON.parse((await sh('bash', ['-c', begin])).stdout) as Record<string, any>;
    const anna = { authorization: 'Bearer token-of-anna' };
    const stream = await fetch(`http://127.0.0.1:${port}${urls.events}`, { headers: anna });
    expect(await stream.text()).toMatch(/event: task\.accepted[^]*event: done/);
    expect((await fetch(`http://127.0.0.1:${port}${urls.self}`)).status).toBe(401);
    const list = JSON.parse((await sh('bash', ['-c', others])).stdout) as { tasks: unknown[] };
    expect([list.tasks, String(task_id)]).toEqual([[], expect.stringMatching(/^task-/)]);
  } finally {
    await killed(backend, 'SIGTERM');
  }
});
