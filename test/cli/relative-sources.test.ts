// relative-sources.test.ts: what a relative path in a request over HTTP means, with the home here and elsewhere: the lines of the README
// as they stand there. A real stack, whose gateway is asked by fetch.

import { cpSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { emptyFolder, muster, type Ended } from './support.ts';

test.each([
  ['in its own folder', (cwd: string) => ({ home: join(cwd, '.muster'), from: cwd })],
  ['above it', (cwd: string) => ({ home: join(cwd, '.muster'), from: join(cwd, 'deeper') })],
  ['elsewhere', (cwd: string) => ({ home: join(emptyFolder(), 'kept'), from: cwd })],
])('a relative path over HTTP is found by the lines of the README with the home %s', async (where, placed) => {
  const cwd = emptyFolder();
  cpSync(resolve(__dirname, '../fixtures/docs'), join(cwd, 'docs'), { recursive: true });
  mkdirSync(join(cwd, 'deeper'));
  const { home, from } = placed(cwd);
  mkdirSync(home);
  const env: Record<string, string> = where === 'elsewhere' ? { MUSTER_HOME: home } : {};
  const cli = (...args: string[]): Promise<Ended> => muster(args, { cwd: from, env }).ended;
  try {
    const up = await cli('up', '--json', '--docs', join(cwd, 'docs'));
    const { url } = (JSON.parse(up.out) as { gateway: { url: string } }).gateway;
    const asked = { goal: 'How often does lighthouse poll?', sources: ['docs'], class: 'quick' };
    const response = await fetch(`${url}/tasks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'wait=30' },
      body: JSON.stringify(asked),
    });
    const { task_id: id } = (await response.json()) as { task_id: string };
    const result = await fetch(`${url}/tasks/${id}/result`, { headers: { accept: 'text/markdown' } });
    expect(await result.text()).toContain('every 15 seconds');
  } finally {
    await cli('down');
  }
});
