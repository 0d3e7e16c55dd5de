// Webhooks to real receivers: signed so that others' code takes them, and sent nowhere where they must not go.

import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Webhook } from 'standardwebhooks';
import { receiptOf } from '../../activities/notify/http-receipt.ts';
import type { NotifyContext, Sent } from '../../activities/notify/notifier.ts';
import { tryOnce } from '../../activities/notify/try-once.ts';
import { webhookNotifier, type WebhookOptions } from '../../activities/notify/webhook.ts';
import { until } from '../rig/until.ts';
import { firstOf, leadsTo, message, receiver, type Receiver } from './support.ts';

const secret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const OLD = secret();
const NEW = secret();
const options = (more: Partial<WebhookOptions> = {}): WebhookOptions => ({
  keys: { main: { secrets: [OLD] } },
  allow: ['127.0.0.1'],
  ...more,
});

const context = (to: string, more: Partial<NotifyContext> = {}): NotifyContext => ({
  to,
  tenant: 'acme',
  settings: {},
  signal: new AbortController().signal,
  ...more,
});

const send = (to: string, given = options(), more: Partial<NotifyContext> = {}, id?: string): Promise<Sent> =>
  webhookNotifier(given).deliver(message(id === undefined ? {} : { id }), context(to, more));

describe('a receiver', () => {
  let hook: Receiver;
  beforeEach(async () => (hook = await receiver()));
  afterEach(() => hook.close());

  test('of a webhook can check it with the standardwebhooks library and by a raw HMAC', async () => {
    expect(await send(`${hook.origin}/hook?of=me`)).toEqual({ status: 'delivered', code: 204 });
    const { path, headers, body } = firstOf(hook);
    expect([path, headers['content-type']]).toEqual(['/hook?of=me', 'application/json']);
    const checked = new Webhook(OLD).verify(body, headers);
    expect(checked).toMatchObject({ type: 'task.completed', data: { task_id: 'a-task-9f2c', status: 'completed' } });
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const hmac = createHmac('sha256', Buffer.from(OLD.slice(6), 'base64'))
      .update(signed)
      .digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${hmac}`);
    expect(() => new Webhook(NEW).verify(body, headers)).toThrow('No matching signature');
    const bent = body.replace('completed', 'failed');
    expect(() => new Webhook(OLD).verify(bent, headers)).toThrow('No matching signature');
  });

  test('takes either secret while a webhook key changes over', async () => {
    await send(hook.origin, options({ keys: { main: { secrets: [NEW, OLD] } } }));
    const { headers, body } = firstOf(hook);
    for (const one of [NEW, OLD]) new Webhook(one).verify(body, headers);
    expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
  });

  test('sees one id on both tries of one delivery, and the same body', async () => {
    await send(hook.origin, options(), {}, 'msg_same');
    await send(hook.origin, options(), {}, 'msg_same');
    await send(hook.origin, options(), {}, 'msg_other');
    expect(hook.told.map(({ headers }) => headers['webhook-id'])).toEqual(['msg_same', 'msg_same', 'msg_other']);
    expect(hook.told[1]?.body).toBe(hook.told[0]?.body);
  });

  test('is told with the first key that its tenant may use, or the one that is named, and with no other', async () => {
    const keys = { globex: { secrets: [NEW], tenants: ['globex'] }, all: { secrets: [OLD] } };
    const signers = () =>
      hook.told.map(({ headers, body }) =>
        [NEW, OLD].findIndex((one) => {
          try {
            return new Webhook(one).verify(body, headers) !== undefined;
          } catch {
            return false;
          }
        }),
      );
    await send(hook.origin, options({ keys }));
    await send(hook.origin, options({ keys }), { tenant: 'globex' });
    await send(hook.origin, options({ keys }), { tenant: 'globex', key: 'all' });
    expect(signers()).toEqual([1, 0, 1]);
    const stolen = await send(hook.origin, options({ keys }), { key: 'globex' });
    const unknown = await send(hook.origin, options({ keys }), { key: 'nobody' });
    expect(stolen).toEqual({
      status: 'refused',
      reason: 'there is no webhook key named "globex" for tasks of the tenant "acme"',
    });
    expect(JSON.stringify(unknown)).toBe(JSON.stringify(stolen).replace('globex', 'nobody'));
    expect((await send(hook.origin, options({ keys }), { tenant: undefined, key: 'globex' })).status).toBe('refused');
    expect(hook.told).toHaveLength(3);
  });

  test('is told nothing where no webhook key is configured', async () => {
    const sent = await webhookNotifier(undefined).deliver(message(), context(hook.origin));
    expect(sent).toMatchObject({ status: 'refused', reason: expect.stringContaining('without a key') as string });
    expect(hook.told).toEqual([]);
  });
});

describe('a webhook', () => {
  let hook: Receiver;
  beforeAll(async () => (hook = await receiver()));
  afterAll(() => hook.close());
  afterEach(() => expect(hook.told).toEqual([]));
  const port = (): string => hook.pair.split(':').at(-1) ?? '';

  test.each(['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0'])(
    'is sent to no address that is not public: %s',
    async (host) => {
      expect(await send(`http://${host}:${port()}/`, options({ allow: [] }))).toEqual({
        status: 'refused',
        reason: 'nothing is sent to its address: it leads to an address that is not public',
      });
    },
  );

  test('is not sent where a resolver leads its name to loopback', async () => {
    const given = options({ allow: ['127.0.0.1'], lookup: leadsTo('127.0.0.1') });
    expect((await send(`http://rebind.example:${port()}/`, given)).status).toBe('refused');
  });

  test('is not sent to another port than the one that is allowed', async () => {
    expect((await send(hook.origin, options({ allow: ['127.0.0.1:1'] }))).status).toBe('refused');
  });

  test.each(['ftp://example.com/', 'example.com/hook', 'http://user:pass@example.com/', 'https://example.com:25/'])(
    'is not sent to what is no address for one: %s',
    async (to) => {
      const sent = await send(to);
      expect(sent.status).toBe('refused');
      expect(JSON.stringify(sent)).not.toContain('pass@');
    },
  );
});

describe('what a webhook receiver answers decides whether it is tried again:', () => {
  const now = Date.UTC(2026, 0, 1);
  test.each<[number, string | undefined, object]>([
    [200, undefined, { status: 'delivered', code: 200 }],
    [204, undefined, { status: 'delivered', code: 204 }],
    [410, undefined, { status: 'disabled', reason: 'it answered 410: it wants nothing more' }],
    [400, undefined, { status: 'retry', reason: 'it answered 400' }],
    [404, undefined, { status: 'retry', reason: 'it answered 404' }],
    [500, undefined, { status: 'retry', reason: 'it answered 500' }],
    [429, '120', { status: 'retry', reason: 'it answered 429', afterSeconds: 120 }],
    [503, 'Thu, 01 Jan 2026 00:10:00 GMT', { status: 'retry', reason: 'it answered 503', afterSeconds: 600 }],
    [503, '999999999', { status: 'retry', reason: 'it answered 503', afterSeconds: 86_400 }],
    [503, 'soon', { status: 'retry', reason: 'it answered 503' }],
    [429, '-5', { status: 'retry', reason: 'it answered 429' }],
    [503, 'Wed, 31 Dec 2025 00:00:00 GMT', { status: 'retry', reason: 'it answered 503', afterSeconds: 0 }],
  ])('%i, Retry-After %s', (code, retryAfter, receipt) => {
    expect(receiptOf(code, retryAfter, now)).toEqual(receipt);
  });

  test('a redirect is not followed', async () => {
    const other = await receiver();
    const hook = await receiver((response) => response.writeHead(307, { location: other.origin }).end());
    expect(await send(hook.origin)).toEqual({
      status: 'refused',
      reason: 'it answered 307, and no redirect is followed: name the address that it leads to',
    });
    expect([hook.told.length, other.told.length]).toEqual([1, 0]);
    await hook.close();
    await other.close();
  });

  test('an answer without end counts by its status, and no more than 64 KiB of it are read', async () => {
    let written = 0;
    let isClosed = false;
    const hook = await receiver((response) => {
      response.on('close', () => (isClosed = true));
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed) {
          written += 16_384;
          if (!response.write(Buffer.alloc(16_384))) return;
        }
      };
      response.on('drain', more);
      more();
    });
    expect(await send(hook.origin)).toEqual({ status: 'delivered', code: 200 });
    await until('the connection is closed', () => isClosed);
    // The rest is what sockets hold between the two.
    expect(written).toBeLessThan(16_000_000);
    await hook.close();
  });

  test('one that does not answer in time is left, and tried again', async () => {
    let isClosed = false;
    const hook = await receiver((response) => response.on('close', () => (isClosed = true)));
    const patient = { ...webhookNotifier(options()), timeoutSeconds: 0.2 };
    expect(await tryOnce(patient, message(), context(hook.origin))).toEqual({
      status: 'retry',
      reason: 'nothing was answered within 0.2 s',
    });
    await until('the connection is closed', () => isClosed);
    await hook.close();
  });
});

/** Takes requests as a process of its own: says the id of each, and answers if it is to. */
async function receiverProcess(
  port: number,
  answers: boolean,
): Promise<{ child: ChildProcess; port: number; lines: string[] }> {
  const script = `
    const server = require('node:http').createServer((request, response) => {
      request.resume().on('end', () => {
        console.log(request.headers['webhook-id']);
        if (${answers}) response.writeHead(204).end();
      });
    });
    server.listen(${port}, '127.0.0.1', () => console.log('port ' + server.address().port));
    process.stdin.resume().on('end', () => process.exit());`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  await until('the receiver listens', () => lines.length > 0);
  return { child, port: Number(lines.shift()?.split(' ')[1]), lines };
}

async function killed(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

test('a receiver that is killed in the middle of a webhook is told again under the same id once it is back', async () => {
  const first = await receiverProcess(0, false);
  const to = `http://127.0.0.1:${first.port}/`;
  const sending = send(to, options(), {}, 'msg_again');
  await until('it has the request', () => first.lines.length > 0);
  await killed(first.child);
  expect(await sending).toMatchObject({
    status: 'retry',
    reason: expect.stringContaining("can't be reached") as string,
  });
  expect(await send(to, options(), {}, 'msg_again')).toMatchObject({ status: 'retry' });
  const second = await receiverProcess(first.port, true);
  expect(await send(to, options(), {}, 'msg_again')).toEqual({ status: 'delivered', code: 204 });
  await until('it said so', () => second.lines.length > 0);
  expect([...first.lines, ...second.lines]).toEqual(['msg_again', 'msg_again']);
  await killed(second.child);
});

test('a webhook secret stands in no receipt, whatever the receiver answers', async () => {
  const hook = await receiver((response, { headers }) =>
    response.writeHead(500, { 'retry-after': headers['webhook-signature'] }).end(OLD),
  );
  const said = JSON.stringify([await send(hook.origin), await send('http://127.0.0.1:1/'), await send('no address')]);
  for (const part of [OLD, OLD.slice(6), 'v1,']) expect(said).not.toContain(part);
  await hook.close();
});
