// Mails through a real SMTP server: one receiver, one header each, one Message-Id on every try.

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { emailNotifier, mailServerProblem, type EmailOptions } from '../../activities/notify/email.ts';
import type { NotifyMessage, Sent } from '../../activities/notify/notifier.ts';
import { tryOnce } from '../../activities/notify/try-once.ts';
import { mailServer, PASSWORD, type MailServer } from './mail-server.ts';
import { message } from './support.ts';

const options = ({ port }: Pick<MailServer, 'port'>, more: Partial<EmailOptions> = {}): EmailOptions => ({
  host: '127.0.0.1',
  port,
  from: 'muster@example.com',
  allow: ['@example.com', 'ann@example.org'],
  ...more,
});

const send = (
  given: EmailOptions | undefined,
  to = 'me@example.com',
  more: Partial<NotifyMessage> = {},
): Promise<Sent> =>
  emailNotifier(given).deliver(
    { ...message(), ...more },
    {
      to,
      tenant: 'acme',
      settings: {},
      signal: new AbortController().signal,
    },
  );

describe('a mail', () => {
  let server: MailServer;
  beforeEach(async () => (server = await mailServer()));
  afterEach(() => server.close());

  test('says the answer in plain text and in HTML, and has one Message-Id on every try', async () => {
    const url = 'https://muster.example.com/tasks/a-task-9f2c';
    const text = `## Größe\n\n- <b>Both</b> wait. [1]\n- Or “not”.\n\nAll of it: ${url}`;
    for (let n = 0; n < 2; n += 1)
      expect(await send(options(server), 'me@example.com', { text, url, title: 'Done: Größe' })).toEqual({
        status: 'delivered',
      });
    const [first, second] = server.mails;
    expect(first?.email).toMatchObject({
      subject: 'Done: Größe',
      from: { name: 'Muster', address: 'muster@example.com' },
      to: [{ address: 'me@example.com' }],
      messageId: '<msg_2KWPBgLlAfxdpx2AI54pPJ85f4W@example.com>',
    });
    expect(second?.email.messageId).toBe(first?.email.messageId);
    expect(first?.email.text?.trim()).toBe(text);
    expect(first?.email.html).toContain('<h2>Größe</h2>\n<ul>\n<li>&lt;b&gt;Both&lt;/b&gt; wait. [1]</li>');
    expect(first?.email.html).toContain(`<a href="${url}">`);
    expect(first?.email.headers).toContainEqual(
      expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }),
    );
  });

  test('goes to whom the config allows and to nobody else, and no text in it adds a header or a receiver', async () => {
    const title = 'Done: hello\r\nBcc: eve@example.com\r\n\r\nBody: of her own\u2028X-Evil: 1';
    expect((await send(options(server), 'ME@Example.com', { title })).status).toBe('delivered');
    expect((await send(options(server), 'ann@example.org', { title })).status).toBe('delivered');
    expect(server.mails.map(({ to }) => to)).toEqual([['ME@example.com'], ['ann@example.org']]);
    for (const { email, raw } of server.mails) {
      expect(email.subject).toBe('Done: hello Bcc: eve@example.com Body: of her own X-Evil: 1');
      expect(email.bcc).toBeUndefined();
      expect(raw).not.toMatch(/^(?:Bcc|X-Evil|Body):/m);
    }
    for (const to of [
      'bob@example.org',
      'me@evil.example.com',
      'me@example.com, eve@evil.net',
      'me@example.com\r\nRCPT TO:<eve@evil.net>',
      'Eve <me@example.com>',
      '"eve@evil.net,"@example.com',
      'eve@evil.net\u0000@example.com',
      '@example.com',
      '',
    ])
      expect([to, (await send(options(server), to)).status]).toEqual([to, 'refused']);
    expect(server.mails).toHaveLength(2);
  });

  test('is sent with the name and password of the config, which stand in no receipt', async () => {
    const auth = { user: 'muster', password: PASSWORD };
    expect(await send(options(server, { auth }))).toEqual({ status: 'delivered' });
    expect(server.mails[0]?.user).toBe('muster');
    const wrong = await send(options(server, { auth: { user: 'muster', password: 'wrong-secret' } }));
    expect(wrong).toEqual({
      status: 'retry',
      reason: 'the mail server does not take the name and password (535)',
    });
    const { signal } = new AbortController();
    expect(await mailServerProblem(options(server, { auth }), signal)).toBeUndefined();
    expect(await mailServerProblem(options(server, { auth: { user: 'muster', password: 'x' } }), signal)).toContain(
      '535',
    );
    expect(server.mails).toHaveLength(1);
  });
});

test('no password of a mail server is sent without TLS to another machine', async () => {
  let wasAsked = false;
  const server = await mailServer({
    onAuth: (_auth, _session, done) => {
      wasAsked = true;
      done(null, { user: 'x' });
    },
  });
  // A name for this machine that does not look like one.
  const host = '0.0.0.0';
  const sent = await send(options(server, { host, auth: { user: 'muster', password: PASSWORD } }));
  expect(sent).toEqual({ status: 'retry', reason: 'the mail server offers no TLS, without which no password is sent' });
  expect(wasAsked).toBe(false);
  await server.close();
});

test.each([
  [
    'that does not know the receiver, the mail is not tried again',
    550,
    'refused',
    'the mail server takes no such mail (550)',
  ],
  ['that asks to come back, the mail is tried again', 451, 'retry', 'the mail server does not take it now (451)'],
])('of a mail server %s', async (_what, responseCode, status, reason) => {
  const server = await mailServer({
    onRcptTo: (_address, _session, done) => done(Object.assign(new Error('secret words'), { responseCode })),
  });
  expect(await send(options(server))).toEqual({ status, reason });
  await server.close();
});

test('a mail server that is not there, or says nothing, is tried again', async () => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const patient = { ...emailNotifier(options({ port })), timeoutSeconds: 0.3 };
  const context = { to: 'me@example.com', settings: {}, signal: new AbortController().signal };
  expect(await tryOnce(patient, message(), context)).toEqual({
    status: 'retry',
    reason: 'nothing was answered within 0.3 s',
  });
  await new Promise((resolve) => silent.close(resolve));
  expect(await send(options({ port }))).toEqual({
    status: 'retry',
    reason: "the mail server can't be reached (ESOCKET)",
  });
});

test('no mail is sent where no mail server is configured', async () => {
  expect(await send(undefined)).toMatchObject({
    status: 'refused',
    reason: expect.stringContaining('no mail is sent here') as string,
  });
});
