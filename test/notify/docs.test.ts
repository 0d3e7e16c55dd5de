// docs/notify.md: its receivers take real webhooks and nothing else, its commands do what they say, its config is one.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { webhookNotifier } from '../../activities/notify/webhook.ts';
import { readConfigFile } from '../../protocol/schemas/config.ts';
import { until } from '../rig/until.ts';
import { message } from './support.ts';
import { freePort } from '../rig/free-port.ts';

const ROOT = resolve(__dirname, '../..');
const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const docs = readFileSync(join(ROOT, 'docs/notify.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...docs.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(([, block = '']) => block);

const told = (port: number, secret: string) =>
  webhookNotifier({ keys: { main: { secrets: [secret] } }, allow: ['127.0.0.1'] }).deliver(message(), {
    to: `http://127.0.0.1:${port}/`,
    settings: {},
    signal: new AbortController().signal,
  });

const RECEIVERS: [string, string, string[], string][] = [
  [
    'docs/notify.md in Node',
    'node',
    ['--input-type=module', '-e', blocks('js')[0] ?? ''],
    'task.completed a-task-9f2c',
  ],
  ['docs/notify.md in Python', 'python3', ['-c', blocks('python')[0] ?? ''], 'task.completed a-task-9f2c'],
  ['examples/notifier', 'node', ['examples/notifier/receiver.mjs'], 'task.completed a-task-9f2c'],
];

test.each(RECEIVERS)(
  'the receiver of %s takes a webhook of ours, also by curl, and refuses another',
  async (_what, command, args, line) => {
    if (spawnSync(command, ['--version']).error)
      return console.warn(`${command} is not here, its receiver was not tried`);
    const port = await freePort();
    const env = { ...process.env, PORT: String(port), MUSTER_WEBHOOK_KEY: SECRET };
    const child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'ignore'] });
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (one) => lines.push(one));
    try {
      await until('it takes webhooks', async () => (await told(port, SECRET)).status === 'delivered');
      await until('it says so', () => lines.includes(line));
      expect(await told(port, OTHER)).toEqual({ status: 'retry', reason: 'it answered 401' });
      const curl = blocks('sh').at(-1)?.replace(':8790', `:${port}`) ?? '';
      if (['curl', 'openssl'].some((one) => spawnSync(one, ['--version']).error)) return;
      const by = (secret: string) =>
        spawnSync('bash', ['-c', curl], {
          env: { ...env, MUSTER_WEBHOOK_KEY: secret },
          encoding: 'utf8',
        }).stdout.trim();
      expect([by(SECRET), by(OTHER)]).toEqual(['204', '401']);
    } finally {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }
  },
);

test('the config of docs/notify.md and of its example are config files', () => {
  const example = readFileSync(join(ROOT, 'examples/notifier/muster.json'), 'utf8');
  expect(blocks('json').length).toBeGreaterThan(0);
  for (const text of [...blocks('json'), example])
    expect(readConfigFile(JSON.parse(text))).not.toHaveProperty('problems');
});
