// steering-page.test.ts: what docs/steering.md has a person type is what the command line takes, and its receiver tells a
// webhook that we signed from one that nobody did.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { until } from '../rig/until.ts';
import { emptyFolder, muster } from './support.ts';
import { freePort } from '../rig/free-port.ts';

const PAGE = readFileSync(resolve(__dirname, '../../docs/steering.md'), 'utf8');

test('every command of the page is one that there is, with the options that it has there', async () => {
  const typed = [...PAGE.matchAll(/npx muster ([a-z-]+)([^\n|;)]*)/g)];
  const byName = new Map<string, Set<string>>();
  for (const [, name = '', rest = ''] of typed)
    byName.set(
      name,
      new Set([...(byName.get(name) ?? []), ...(rest.replaceAll(/"[^"]*"/g, '').match(/--[a-z-]+/g) ?? [])]),
    );
  expect([...byName.keys()]).toEqual(
    expect.arrayContaining([
      'start',
      'pause',
      'resume',
      'tell',
      'approve',
      'answer',
      'status',
      'watch',
      'result',
      'up',
    ]),
  );
  const helps = await Promise.all([...byName.keys()].map((name) => muster([name, '--help']).ended));
  for (const [i, [name, options]] of [...byName].entries()) {
    expect([name, helps[i]?.code]).toEqual([name, 0]);
    for (const option of options) expect([name, helps[i]?.out]).toEqual([name, expect.stringContaining(`${option} `)]);
  }
});

test('the receiver of the page takes what is signed as Standard Webhooks has it, and nothing else', async () => {
  const port = await freePort();
  const [, script = ''] = /```js\n([^]*?)```/.exec(PAGE) ?? [];
  const file = join(emptyFolder(), 'receiver.mjs');
  writeFileSync(file, script.replace('9911', String(port)));
  const key = `whsec_${randomBytes(24).toString('base64')}`;
  const receiver = spawn(process.execPath, [file], { env: { ...process.env, MUSTER_WEBHOOK_KEY: key } });
  let said = '';
  receiver.stdout.on('data', (data: Buffer) => (said += data.toString()));
  const body = JSON.stringify({ type: 'task.completed' });
  const post = async (signature: string, at: Date): Promise<number> => {
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': signature,
    };
    return (await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body })).status;
  };
  try {
    const at = new Date();
    const signature = new Webhook(key).sign('msg_1', at, body);
    let status = 0;
    await until('it listens', async () => {
      status = await post(`v1,older ${signature}`, at).catch(() => 0);
      return status !== 0 || receiver.exitCode !== null;
    });
    expect(status).toBe(204);
    expect(await post(new Webhook(`whsec_${randomBytes(24).toString('base64')}`).sign('msg_1', at, body), at)).toBe(
      400,
    );
    await until('it has said both', () => said.split('\n').length > 2);
    expect(said).toBe('signed msg_1 task.completed\nFORGED msg_1 task.completed\n');
  } finally {
    receiver.kill();
    await once(receiver, 'close');
  }
});
