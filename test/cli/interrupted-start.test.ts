// interrupted-start.test.ts: Ctrl-C typed into a real terminal while the local stack is started, and while a task is handed over: what
// a person reads, and what is there afterwards.

import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { until } from '../rig/deployment.ts';
import { readStack } from '../../store/stack-file.ts';
import { emptyFolder, MAIN, muster } from './support.ts';
import { inTerminal, screensOf, terminalCommand } from './terminal.ts';

const home = join(emptyFolder(), '.muster');
const env = { MUSTER_HOME: home };
afterAll(async () => void (await muster(['down'], { env }).ended));

(terminalCommand ? test : test.skip)(
  'Ctrl-C while a task is handed over says that it may have been accepted, and where that is seen',
  async () => {
    let asked = 0;
    const gateway = createServer(() => void (asked += 1)).listen(0, '127.0.0.1');
    await once(gateway, 'listening');
    const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
    const { written, type, ended } = inTerminal(MAIN, ['run', 'Who?', '--docs', 'handbook'], {
      ...env,
      MUSTER_URL: url,
    });
    await until('it is asked', () => asked > 0);
    type('\u0003');
    expect(await ended).toBe(130);
    gateway.closeAllConnections();
    gateway.close();
    const lines = (screensOf(written()).at(-1) ?? '').split('\n').filter((line) => line !== '');
    expect(lines.slice(lines.findIndex((line) => line.startsWith('muster: interrupted'))).join(' ')).toBe(
      'muster: interrupted while the task was handed over: it may have been accepted. muster list shows it.',
    );
  },
);

(terminalCommand ? test : test.skip)(
  'Ctrl-C while run starts the stack says, on a line of its own, that no task was begun and what becomes of the stack',
  async () => {
    const docs = emptyFolder();
    // For a folder in which there is nothing to read no stack is started.
    writeFileSync(join(docs, 'harbour.md'), '# Harbour\n\nThe harbour service listens on port 7070.\n');
    const { written, type, ended } = inTerminal(MAIN, ['run', 'Who?', '--docs', docs], env);
    await until('the stack starts', () => /starts the Temporal server/.test(written()));
    type('\u0003');
    expect(await ended).toBe(130);
    const lines = (screensOf(written()).at(-1) ?? '').split('\n').filter((line) => line !== '');
    const said = lines.slice(lines.findIndex((line) => line.startsWith('muster: interrupted')));
    expect(said.join(' ')).toBe(
      'muster: interrupted. No task was begun; the local stack goes on starting in the background (muster down stops it).',
    );
    // As it says: it comes to its end by itself. A command that comes meanwhile says so, shows how far it is, and may read the same.
    const up = await muster(['up', '--docs', docs], { env }).ended;
    expect(up).toMatchObject({ code: 0 });
    expect(up.talk).toMatch(/^the local stack is being started, by another command: waits for it\n[^]*ready: /);
    expect(readStack(home)?.isWhole).toBe(true);
    // No task is in it.
    const list = await muster(['list', '--json'], { env }).ended;
    expect(list).toMatchObject({ code: 0, out: '' });
  },
);
