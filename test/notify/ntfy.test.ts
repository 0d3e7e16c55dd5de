// ntfy to a real socket: short, readable, and its token goes to its own server alone.

import { ntfyNotifier, type NtfyOptions } from '../../activities/notify/ntfy.ts';
import type { NotifyMessage } from '../../activities/notify/notifier.ts';
import { firstOf, message, receiver, type Receiver } from './support.ts';

const TOKEN = 'tk_never-to-be-seen';
let topic: Receiver;
beforeEach(async () => (topic = await receiver()));
afterEach(() => topic.close());

const send = async (
  more: Partial<NotifyMessage> = {},
  options: NtfyOptions | undefined = {},
  tenant = 'acme',
  path = '/my-topic',
) => {
  const given = options && { allow: ['127.0.0.1'], ...options };
  return await ntfyNotifier(given).deliver(
    { ...message(), ...more },
    {
      to: `${topic.origin}${path}`,
      tenant,
      settings: {},
      signal: new AbortController().signal,
    },
  );
};

test('a topic of ntfy gets a title, a text, a priority and where to click', async () => {
  const url = 'https://muster.example.com/tasks/a-task-9f2c';
  expect(await send({ url })).toEqual({ status: 'delivered', code: 204 });
  const { path, headers, body } = firstOf(topic);
  expect(path).toBe('/my-topic');
  expect(headers).toMatchObject({ title: 'Done: Compare them', priority: '3', tags: 'white_check_mark', click: url });
  expect(headers.authorization).toBeUndefined();
  expect(body).toContain('muster result a-task-9f2c');
});

test('a title of any letters is one header, and a long text is cut between two characters', async () => {
  await send({ title: 'Done: Größe\r\nX-Evil: 1 – 中', text: '中'.repeat(5_000) });
  const { headers, body } = firstOf(topic);
  const [, base64 = ''] = /^=\?UTF-8\?B\?(.+)\?=$/.exec(headers.title ?? '') ?? [];
  expect(Buffer.from(base64, 'base64').toString()).toBe('Done: Größe X-Evil: 1 – 中');
  expect(headers['x-evil']).toBeUndefined();
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4_000);
  expect(body).toMatch(/^中+…$/);
});

test('a token of ntfy goes to its own server and for its own tenants, and nowhere else', async () => {
  const other = { token: TOKEN, server: 'https://ntfy.example.com' };
  const own = { token: TOKEN, server: topic.origin, tenants: ['acme'] };
  await send({}, { token: other });
  await send({}, { token: own }, 'globex');
  await send({}, { token: own });
  expect(topic.told.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined, `Bearer ${TOKEN}`]);
});

test('a token of ntfy goes to a topic alone: to no other path, and with no orders in a query', async () => {
  const own = { token: TOKEN, server: topic.origin };
  for (const path of ['/v1/account/password', '/my-topic?email=somebody@example.com', '/my-topic'])
    await send({}, { token: own }, 'acme', path);
  expect(topic.told.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined, `Bearer ${TOKEN}`]);
});

test('nothing is sent to ntfy where the config does not say so, nor to an address that is not public', async () => {
  const off = await ntfyNotifier(undefined).deliver(message(), {
    to: `${topic.origin}/t`,
    settings: {},
    signal: new AbortController().signal,
  });
  expect(off).toMatchObject({
    status: 'refused',
    reason: expect.stringContaining('nothing is sent to ntfy') as string,
  });
  expect(await send({}, { allow: [] })).toMatchObject({ status: 'refused' });
  expect(topic.told).toEqual([]);
});
