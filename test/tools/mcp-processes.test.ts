// Processes of MCP servers: how they start, late for one, and that none of them is left.

import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { ServerProcess } from '../../activities/tools/mcp/server-process.ts';
import { until } from '../rig/until.ts';
import { closeAll, FIXTURE, oddServer, stateFolder, type OddServer } from './odd-server.ts';

afterEach(closeAll);

const pids = async ({ heard }: Pick<OddServer, 'heard'>): Promise<number[]> =>
  (await heard()).flatMap((line) => (line.startsWith('start ') ? [Number(line.slice(6))] : []));

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** As `sh -c`, npx and uvx do: the server is a child of what was started. */
const wrapped = { command: 'sh', args: ['-c', `"${process.execPath}" "${FIXTURE}"; true`] };

test.each([
  ['that stays when its input is closed', { stays: true }, {}],
  ['behind a wrapper', {}, wrapped],
  ['behind a wrapper that stays when its input is closed, and has a helper', { stays: true, helper: true }, wrapped],
])('a server %s ends with its connection, and so does all that it started', async (_what, odd, more) => {
  const server = await oddServer(odd, more);
  await server.tools();
  const started = await pids(server);
  expect(started.every(lives)).toBe(true);
  await server.pool.close();
  await until('all of them are gone', () => !started.some(lives));
});

test('a server that stays when its input is closed is told to end sooner by a worker that ends than by a lost connection', async () => {
  const server = await oddServer({ stays: true });
  await server.tools();
  const other = await stateFolder({ stays: true });
  const lost = new ServerProcess(process.execPath, [FIXTURE], other.env);
  await lost.start();
  await until('it is there', async () => (await pids(other)).length === 1);
  const ended: string[] = [];
  const closing = lost.close().then(() => ended.push('connection'));
  await server.pool.close().then(() => ended.push('worker'));
  await closing;
  expect(ended).toEqual(['worker', 'connection']);
  expect(await server.heard()).toContain('told to end');
  const started = [...(await pids(server)), ...(await pids(other))];
  await until('all of them are gone', () => !started.some(lives));
});

test('a server that is still starting does not hold the end of its worker, and nothing of it is left', async () => {
  const server = await oddServer({ startAfterMs: 600_000, helper: true }, { startSeconds: 600 });
  await server.tools({ waitMs: 100 });
  await until('it is there', async () => (await pids(server)).length === 2);
  await server.pool.close();
  const started = await pids(server);
  await until('all of them are gone', () => !started.some(lives));
  expect(await server.tools()).toEqual([]);
  expect(await pids(server)).toHaveLength(2);
});

test('a worker that is killed leaves no process of its MCP servers behind', async () => {
  const { env, heard } = await stateFolder({ stays: true, helper: true });
  const built = (name: string): string => resolve(__dirname, `../../dist/activities/tools/mcp/${name}.js`);
  const holder = spawn(
    process.execPath,
    [
      resolve(__dirname, '../fixtures/mcp/holder.mjs'),
      built('pool'),
      built('mcp-tools'),
      JSON.stringify({ name: 'gadget', ...wrapped, env }),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await new Promise((ready) => holder.stdout.once('data', ready));
  const started = await pids({ heard });
  expect(started).toHaveLength(2);
  holder.kill('SIGKILL');
  await until('all of them are gone', () => !started.some(lives));
});

test('a server that dies leaves no helper of its own behind, and is started again', async () => {
  const server = await oddServer({ helper: true });
  await server.tools();
  const [first = 0, helper = 0] = await pids(server);
  process.kill(first, 'SIGKILL');
  await until('its helper is gone', () => !lives(helper));
  expect((await server.call('gadget_lookup')).ok).toBe(true);
  expect(await pids(server)).toHaveLength(4);
});

test('a call to a server that ends while something of it holds its streams fails at once, and nothing of it is left', async () => {
  const server = await oddServer({ leaves: true, tools: [{ name: 'write' }] });
  const { ok, content } = await server.call('gadget_write');
  expect([ok, content]).toEqual([false, expect.stringContaining('whether it was carried out is not known') as string]);
  expect((await server.heard()).filter((line) => line.startsWith('call'))).toHaveLength(1);
  const started = await pids(server);
  expect(started).toHaveLength(2);
  await until('all of them are gone', () => !started.some(lives));
});

test('a server that starts slowly is waited for, started once, and named to those who can’t wait', async () => {
  const { tools, remarks, heard } = await oddServer({ startAfterMs: 1_500 });
  expect(await tools({ waitMs: 100 })).toEqual([]);
  expect(remarks[0]).toContain('The tools of the MCP server "gadget" are missing: it was still starting');
  expect(await tools()).toHaveLength(1);
  expect(remarks).toEqual([]);
  expect((await heard()).filter((line) => line.startsWith('start'))).toHaveLength(1);
});

test('a server that takes longer to start than its setting allows is named with the setting', async () => {
  const { tools, remarks } = await oddServer({ startAfterMs: 600_000 }, { startSeconds: 0.4 });
  expect(await tools()).toEqual([]);
  expect(remarks).toEqual([
    'The tools of the MCP server "gadget" are missing: it did not start within 0.4 s; "startSeconds" at this server in the config gives it more.',
  ]);
});

test('a program that is not there is named', async () => {
  const { tools, remarks } = await oddServer({}, { command: 'no-such-program', args: [] });
  expect(await tools()).toEqual([]);
  expect(remarks).toEqual(['The tools of the MCP server "gadget" are missing: spawn no-such-program ENOENT.']);
});
