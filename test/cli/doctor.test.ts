// `muster doctor` as a process: what a model's server takes, what it does not, and what is remembered of it; and whether
// receivers can be told.

import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mailServer, PASSWORD } from '../notify/mail-server.ts';
import { answer, formOf, oddServer, refuse, type OddServer } from '../model-misbehaviour/odd-server.ts';

const CLI = resolve(__dirname, '../../dist/client/cli/main.js');

let server: OddServer | undefined;
afterEach(() => server?.close());

function doctor(
  home: string,
  args: string[],
  config: object,
  more: Record<string, string> = {},
): Promise<{ code: number | null; out: string; err: string }> {
  writeFileSync(join(home, 'config.json'), JSON.stringify(config));
  const child = spawn(process.execPath, [CLI, 'doctor', ...args], {
    env: {
      PATH: process.env.PATH,
      MUSTER_HOME: join(home, '.muster'),
      MUSTER_CONFIG: join(home, 'config.json'),
      ...more,
    },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  return new Promise((done) => child.once('close', (code) => done({ code, out, err })));
}

test('a person who asks for the doctor reads what each model can, what it costs, and what its server was learned not to take', async () => {
  server = await oddServer(({ body, response }) => {
    if (formOf(body) !== 'words')
      return refuse(response, 400, { error: { message: 'response_format is not supported' } });
    if (body.tools) return answer('chat', response, { calls: [{ name: 'note_number', arguments: '{"number":7}' }] });
    const isSchema = JSON.stringify(body.messages).includes('schema');
    const usage = { input: 100, output: 10 };
    answer('chat', response, { text: isSchema ? '{"number": 7}' : 'one, two', usage });
  });
  const home = mkdtempSync(join(tmpdir(), 'muster-doctor-'));
  const models = [{ name: 'm', prices: { input: 10, output: 10 } }];
  const config = { providers: [{ name: 'own', baseURL: server.url, models }] };
  const first = await doctor(home, ['--models'], config);
  expect(first).toMatchObject({ code: 0 });
  expect(first.out).toMatch(/ok {2}text\n[^]*ok {2}tool call\n[^]*ok {2}schema\n/);
  expect(first.out).toMatch(/no {2}stream: /);
  expect(first.out).toContain('format: words');
  expect(first.out).toContain('dollars');
  expect(first.err).toContain('does not take a response format');
  // What was learned lies in the store: the next process does not try again.
  const before = server.asked.length;
  const again = await doctor(home, ['--models', '--json'], config);
  expect(server.asked.slice(before).map(formOf)).toEqual(['words', 'words', 'words']);
  expect(JSON.parse(again.out)).toMatchObject({ model: 'm', learned: { features: { format: 'words' } } });
  // What the settings say is above it.
  const pinned = { providers: [{ name: 'own', baseURL: server.url, models, supports: { format: 'json_object' } }] };
  const third = await doctor(home, ['--models'], pinned);
  expect(third.out).toMatch(/no {2}schema: .*response_format is not supported/);
});

test('a person whose model can’t be asked reads why, in the server’s words, and what to do', async () => {
  server = await oddServer(({ response }) => refuse(response, 401, { error: { message: 'No such key' } }));
  const home = mkdtempSync(join(tmpdir(), 'muster-doctor-'));
  const config = { providers: [{ name: 'own', baseURL: server.url, models: [{ name: 'm' }] }] };
  const { code, out } = await doctor(home, ['--models'], config);
  expect(code).toBe(1);
  expect(out).toMatch(/no {2}text: .*No such key.*OPENAI_API_KEY/);
});

test('a person’s models and embeddings are found where they answer, asked as they take it, and remembered so by the next process', async () => {
  const embedded: { at: string; texts: number; as: string }[] = [];
  server = await oddServer(({ path, body, response }) => {
    const at = path.replace(/^\/v1/, '');
    if (at === path) return refuse(response, 404, 'Not Found');
    if (at !== '/embeddings') return answer('chat', response, { text: '{"number": 7}' });
    const { input, encoding_format: as } = body as unknown as { input: string[]; encoding_format: string };
    embedded.push({ at: path, texts: input.length, as });
    if (as === 'base64') return refuse(response, 400, { error: 'encoding_format must be float' });
    if (input.length > 1) return refuse(response, 422, { detail: 'batch size 2 > maximum allowed batch size 1' });
    refuse(response, 200, { data: [{ index: 0, embedding: [1, 2, 3] }], usage: { prompt_tokens: '4' } });
  });
  const home = mkdtempSync(join(tmpdir(), 'muster-doctor-'));
  const baseURL = server.url.replace(/\/v1$/, '');
  const config = {
    providers: [{ name: 'own', baseURL, models: [{ name: 'm' }] }],
    embeddings: { provider: 'own', model: 'e' },
  };
  const first = await doctor(home, ['--models'], config);
  expect(first.out).toMatch(
    /^e\n {2}ok {2}vectors: of 3 numbers\n {2}learned .*: 1 text at once, vectors as numbers, it/m,
  );
  expect(first.out.match(/it answers under \S+\/v1$/gm)).toHaveLength(2);
  expect(first.err).toContain('e at 127.0.0.1');
  const before = [server.paths.length, embedded.length];
  const again = await doctor(home, ['--models', '--json'], config);
  expect(server.paths.slice(before[0]).filter((path) => !path.startsWith('/v1/'))).toEqual([]);
  expect(embedded.slice(before[1])).toEqual([
    { at: '/v1/embeddings', texts: 1, as: 'float' },
    { at: '/v1/embeddings', texts: 1, as: 'float' },
  ]);
  expect(JSON.parse(again.out.split('\n')[1] ?? '')).toMatchObject({
    model: 'e',
    inputTokens: 8,
    learned: { mostTexts: 1, encoding: 'float', baseURL: server.url },
  });
});

test('a person who asks the doctor about notifications reads what can be sent and what can’t, and no secret', async () => {
  const home = mkdtempSync(join(tmpdir(), 'muster-doctor-'));
  const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
  const mails = await mailServer();
  const config = {
    webhooks: { keys: { main: { keyFrom: ['HOOK_2', 'HOOK'] }, acme: { keyFrom: 'HOOK', tenants: ['acme'] } } },
    email: {
      host: '127.0.0.1',
      port: mails.port,
      from: 'a@example.com',
      allow: ['@example.com'],
      userFrom: 'MAIL_USER',
      passwordFrom: 'MAIL_PASSWORD',
    },
    ntfy: {},
  };
  const env = { HOOK: secret, HOOK_2: secret, MAIL_USER: 'muster', MAIL_PASSWORD: PASSWORD };
  expect(await doctor(home, ['--notify'], config, env)).toEqual({
    code: 0,
    err: '',
    out: [
      'ok  webhook key "main": 2 secrets sign, used where a request names none',
      'ok  webhook key "acme": signs, for acme',
      'ok  mail server 127.0.0.1: mails go to @example.com',
      'ok  ntfy: no token',
      '',
    ].join('\n'),
  });
  const wrong = await doctor(
    home,
    ['--notify'],
    { ...config, notifiers: { chat: {} } },
    { ...env, MAIL_PASSWORD: 'wrong-one' },
  );
  expect(wrong.code).toBe(1);
  expect(wrong.out).toContain('no  mail server 127.0.0.1: the mail server does not take the name and password (535)');
  expect(wrong.out).toContain('no  notifier "chat": has settings, and no extension defines it');
  const missing = await doctor(home, ['--notify'], config, { ...env, HOOK: 'hunter2' });
  expect(missing).toMatchObject({ code: 2, out: '' });
  expect(missing.err).toContain('HOOK is no webhook secret');
  expect(missing.err).not.toContain('hunter2');
  expect(mails.mails).toEqual([]);
  await mails.close();
});
