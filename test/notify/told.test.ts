// A worker process that is killed while it tells somebody, with the config file and the example's notifier: over a real server.

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Webhook } from 'standardwebhooks';
import { backgroundId } from '../../protocol/names.ts';
import { killed, serverAddress, spawnReady, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { mailServer, PASSWORD, type MailServer } from './mail-server.ts';
import { receiver, type Receiver } from './support.ts';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const TOKEN = 'tk_never-to-be-seen-either';
/** In addresses: they are whole in the history alone. */
const IN_ADDRESSES = ['T0KEN-1n-a-path', 'in-a-query', 't0pic-n0body-knows'] as const;
const GATEWAY = resolve(__dirname, '../../dist/gateway/main.js');
const CHAT = resolve(__dirname, '../../examples/notifier/chat.mjs');

let it_: TestDeployment;
let hook: Receiver;
let room: Receiver;
let topic: Receiver;
/** All that workers and gateway wrote. */
let talk = '';
const heard = (text: string): void => void (talk += text);
let mails: MailServer;
let answers = false;
beforeAll(async () => {
  [it_, room, topic, mails] = await Promise.all([testDeployment(), receiver(), receiver(), mailServer()]);
  hook = await receiver((response) => void (answers && response.writeHead(204).end()));
});
afterAll(async () => {
  await it_.stop();
  await Promise.all([hook.close(), room.close(), topic.close(), mails.close()]);
});

test('a receiver whose worker is killed while it is told hears it again under the same id, and no secret is left in history or store', async () => {
  const config = join(it_.home, '../muster.json');
  const email = { host: '127.0.0.1', port: mails.port, from: 'muster@example.com', allow: ['me@example.com'] };
  writeFileSync(
    config,
    JSON.stringify({
      webhooks: { keys: { main: { keyFrom: 'HOOK_KEY' } }, allow: ['127.0.0.1'] },
      email: { ...email, userFrom: 'MAIL_USER', passwordFrom: 'MAIL_PASSWORD' },
      ntfy: { server: topic.origin, tokenFrom: 'NTFY_TOKEN', allow: ['127.0.0.1'] },
      extensions: [CHAT],
      notifiers: { chat: { rooms: { team: `${room.origin}/team` } } },
      gateway: { publicUrl: 'https://muster.example.com' },
    }),
  );
  const env = {
    MUSTER_CONFIG: config,
    HOOK_KEY: SECRET,
    MAIL_USER: 'muster',
    MAIL_PASSWORD: PASSWORD,
    NTFY_TOKEN: TOKEN,
  };
  const first = await it_.spawnWorker(env, heard);
  const task = await it_.client.start({
    goal: 'How often does Lighthouse poll?',
    sources: [it_.docs],
    notify: [
      { kind: 'webhook', to: `${hook.origin}/services/${IN_ADDRESSES[0]}?token=${IN_ADDRESSES[1]}` },
      { kind: 'ntfy', to: `${topic.origin}/${IN_ADDRESSES[2]}` },
      { kind: 'email', to: 'me@example.com' },
      { kind: 'chat', to: 'team' },
    ],
  });
  await task.result();
  await until('all are told', () => hook.told.length + mails.mails.length + room.told.length + topic.told.length === 4);
  await until('three are there', async () => {
    const { background } = await task.status();
    return background?.deliveries.filter(({ state }) => state === 'delivered').length === 3;
  });
  await killed(first, 'SIGKILL');
  answers = true;
  await it_.spawnWorker(env, heard);
  const child = it_.client.temporal.workflow.getHandle(backgroundId(task.taskId));
  await child.result();

  const ids = hook.told.map(({ headers }) => headers['webhook-id']);
  expect(ids.length).toBeGreaterThan(1);
  expect(new Set(ids).size).toBe(1);
  for (const { headers, body } of hook.told)
    expect(new Webhook(SECRET).verify(body, headers)).toMatchObject({
      type: 'task.completed',
      data: { links: { task: `https://muster.example.com/tasks/${task.taskId}` } },
    });
  expect([mails.mails.length, room.told.length, topic.told.length]).toEqual([1, 1, 1]);
  expect(topic.told[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
  expect(JSON.parse(room.told[0]?.body ?? '')).toMatchObject({
    text: expect.stringContaining('*Done: How often does Lighthouse poll?*') as string,
  });

  let url = '';
  const api = await spawnReady(
    GATEWAY,
    ['--port', '0'],
    { MUSTER_HOME: it_.home, TEMPORAL_ADDRESS: serverAddress(), ...env },
    (line) => (url = /url=(\S+)/.exec(line)?.[1] ?? ''),
    heard,
  );
  const over = async (path: string, more: RequestInit = {}) => await (await fetch(`${url}${path}`, more)).text();
  const to = `${hook.origin}/services/${IN_ADDRESSES[0]}`;
  const body = JSON.stringify({ goal: 'g', sources: [it_.docs], webhook: { url: to, key: 'of-nobody' } });
  const shown = [
    await over(`/tasks/${task.taskId}`),
    await over(`/tasks/${task.taskId}/events?background=true`),
    await over('/tasks', { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
    JSON.stringify(await task.status()),
    JSON.stringify(await it_.store.readEvents(backgroundId(task.taskId))),
  ];
  await killed(api, 'SIGTERM');
  expect(shown[1]).toContain('delivery.sent');
  expect(shown[2]).toContain('of-nobody');
  expect(talk).toContain('ready');

  const histories = await Promise.all(
    [task.taskId, backgroundId(task.taskId)].map(async (id) =>
      historyToJSON(await it_.client.temporal.workflow.getHandle(id).fetchHistory()),
    ),
  );
  for (const part of IN_ADDRESSES) expect(talk + shown.join()).not.toContain(part);
  for (const secret of [SECRET.slice(6), PASSWORD, TOKEN]) {
    const encoded = Buffer.from(secret).toString('base64').slice(4, 20);
    for (const text of [secret, encoded]) expect(histories.join() + talk + shown.join()).not.toContain(text);
    expect(execFileSync('sh', ['-c', `grep -rlF "${secret}" "${it_.home}" || true`]).toString()).toBe('');
  }
});
