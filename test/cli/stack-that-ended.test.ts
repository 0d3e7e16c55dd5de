// stack-that-ended.test.ts: a stack in the background that ends by itself: said on the terminal that waits for a task of it, and by
// each command after it, until it is started again.

import { readStack } from '../../store/stack-file.ts';
import { serverAddress, until } from '../rig/deployment.ts';
import { emptyFolder, muster, type Running } from './support.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const cwd = emptyFolder();
const home = join(cwd, '.muster');
/** With a server that is there: starting one takes time and shows nothing. */
const up = (): Running =>
  muster(['up', '--latency', '400'], { cwd, env: { TEMPORAL_ADDRESS: serverAddress(), MUSTER_HOME: home } });
const cli = (...args: string[]): Running => muster(args, { cwd });

const end = async (signal: NodeJS.Signals): Promise<void> => {
  const { supervisor } = readStack(home) ?? { supervisor: 0 };
  process.kill(supervisor, signal);
  await until('the supervisor has ended', () => {
    try {
      process.kill(supervisor, 0);
      return false;
    } catch {
      return true;
    }
  });
};

afterAll(async () => void (await cli('down').ended));

test('a background stack that ends is said where somebody waits for it, and by each command until it is up again', async () => {
  writeFileSync(join(cwd, 'harbour.md'), '# Harbour\n\nThe harbour service listens on port 7070.\n');
  expect(await up().ended).toMatchObject({ code: 0 });
  const waits = cli('run', 'On which port does harbour listen?', '--docs', cwd);
  await until('the task is on its way', () => /plan: s1/.test(waits.sofar.talk));
  await end('SIGKILL');
  await until('it is said', () => /has ended \(it was killed/.test(waits.sofar.talk));
  expect(waits.sofar.talk).toMatch(/has ended \(it was killed.*muster up starts it again.* · ready: Temporal/);
  const list = await cli('list').ended;
  expect(list.talk).toMatch(/^muster: the local stack has ended \(it was killed[^]*^ {2}ready: Temporal/m);
  const again = await up().ended;
  expect(again).toMatchObject({ code: 0 });
  expect(again.talk).toMatch(/the local stack has ended/);
  expect(await waits.ended).toMatchObject({ code: 0 });
  expect((await cli('list').ended).talk).toBe('');

  await end('SIGTERM');
  expect((await cli('list').ended).talk).toMatch(/^muster: the local stack has ended \(stopped by SIGTERM\)/);
  // Who stops it knows.
  await cli('down').ended;
  expect((await cli('list').ended).talk).not.toContain('has ended');
});
