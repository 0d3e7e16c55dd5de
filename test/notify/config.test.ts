// Who is told of tasks, as the config file says it: secrets by their variables' names, judged at the start, shown nowhere.

import { readConfigFile } from '../../protocol/schemas/config.ts';
import { taskRequest } from '../../client/task-request.ts';
import { gatewayConfig } from '../../gateway/config.ts';
import { receiverProblem, type NotifySettings } from '../../protocol/schemas/notify.ts';
import { describeConfig, workerConfig, type WorkerConfig } from '../../worker/config.ts';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const ENV = { MUSTER_OFFLINE_URL: 'http://127.0.0.1:1', HOOK_KEY: SECRET, HOOK_KEY_NEW: OTHER };

const read = (value: object, env: Record<string, string> = {}) =>
  workerConfig({ env: { ...ENV, ...env }, file: { path: 'muster.json', value }, home: '/home/me/.muster' });
const good = (value: object, env: Record<string, string> = {}): WorkerConfig => {
  const made = read(value, env);
  if ('problems' in made) throw new Error(made.problems.join('; '));
  return made.config;
};
const problems = (value: object, env: Record<string, string> = {}): string[] => {
  const made = read(value, env);
  return 'problems' in made ? made.problems : [];
};

test('a worker takes the secrets of its notifiers from the variables that its config names', () => {
  const config = good(
    {
      webhooks: {
        keys: { main: { keyFrom: 'HOOK_KEY' }, next: { keyFrom: ['HOOK_KEY_NEW', 'HOOK_KEY'], tenants: ['acme'] } },
        allow: ['127.0.0.1', 'hooks.corp:8443'],
      },
      email: {
        host: 'mail.example.com',
        from: 'a@example.com',
        userFrom: 'U',
        passwordFrom: 'P',
        allow: ['@example.com'],
      },
      ntfy: { server: 'https://ntfy.example.com', tokenFrom: 'T' },
      notifiers: { chat: { rooms: {} } },
      gateway: { publicUrl: 'https://muster.example.com/api/' },
    },
    { U: 'user', P: 'pass word"', T: 'tk_1' },
  );
  expect(config.notify).toEqual({
    webhooks: {
      keys: { main: { secrets: [SECRET] }, next: { secrets: [OTHER, SECRET], tenants: ['acme'] } },
      allow: ['127.0.0.1', 'hooks.corp:8443'],
    },
    email: {
      host: 'mail.example.com',
      secure: false,
      from: 'a@example.com',
      auth: { user: 'user', password: 'pass word"' },
      allow: ['@example.com'],
    },
    ntfy: { allow: [], token: { token: 'tk_1', server: 'https://ntfy.example.com' } },
    settings: { chat: { rooms: {} } },
    publicUrl: 'https://muster.example.com/api',
  });
  for (const secret of [SECRET, OTHER, 'pass word', 'tk_1']) expect(describeConfig(config)).not.toContain(secret);
});

test.each<[string, string, RegExp]>([
  ['is none', 'hunter2-secret', /^HOOK_KEY is no webhook secret; it is whsec_ and/],
  [
    'is too short',
    `whsec_${Buffer.alloc(23, 1).toString('base64')}`,
    /^HOOK_KEY is a webhook secret of 23 bytes; it must have 24 to 64$/,
  ],
  ['is too long', `whsec_${Buffer.alloc(65, 1).toString('base64')}`, /^HOOK_KEY is a webhook secret of 65 bytes/],
  ['was cut', SECRET.slice(0, -1), /^HOOK_KEY is a webhook secret that was cut/],
  ['has quotes', `"${SECRET}"`, /^HOOK_KEY has quotes around the key/],
  ['is empty', ' ', /^webhook key "main" is taken from HOOK_KEY, which is not set$/],
])('a worker does not start with a webhook secret that %s, and does not show it', (_what, value, words) => {
  const said = problems({ webhooks: { keys: { main: { keyFrom: 'HOOK_KEY' } } } }, { HOOK_KEY: value });
  expect(said).toEqual([expect.stringMatching(words) as string]);
  if (value.trim() !== '') expect(said.join()).not.toContain(value.slice(0, 12));
});

test.each<[object, RegExp]>([
  [
    { webhooks: { keys: { main: { keyFrom: SECRET } } } },
    /^muster\.json: webhooks\.keys\.main\.keyFrom: .*never the secret itself/,
  ],
  [{ webhooks: { keys: {} } }, /webhooks\.keys: name at least one key/],
  [{ webhooks: { keys: { main: { keyFrom: 'HOOK_KEY' } }, allow: ['http://127.0.0.1'] } }, /allow\.0: is no host/],
  [{ email: { host: 'h', from: 'me', allow: ['@example.com'] } }, /email\.from: is no address/],
  [{ email: { host: 'h', from: 'a@b.c', allow: [] } }, /email\.allow: must have at least 1 entry/],
  [
    { email: { host: 'h', from: 'a@b.c', allow: ['@b.c'], userFrom: 'U' } },
    /userFrom and passwordFrom belong together/,
  ],
  [{ ntfy: { tokenFrom: 'T' } }, /ntfy: a token needs "server"/],
  [{ gateway: { publicUrl: 'https://me:pass@example.com' } }, /publicUrl: it must be an address without query/],
])('what is wrong with how receivers are told is said by its place in the config: %j', (value, words) => {
  const said = problems(value);
  expect(said).toEqual([expect.stringMatching(words) as string]);
  expect(said.join()).not.toContain(SECRET);
});

test('a gateway can tell from the config file alone which receivers would be refused', () => {
  const file = readConfigFile({
    webhooks: { keys: { globex: { keyFrom: 'HOOK_KEY', tenants: ['globex'] } } },
    email: { host: 'h', from: 'a@b.c', allow: ['@example.com'] },
  });
  const settings = 'config' in file ? file.config : {};
  const problem = (kind: string, to: string, key?: string, tenant = 'acme') =>
    receiverProblem({ kind, to, ...(key === undefined ? {} : { key }) }, settings, tenant);
  expect(problem('webhook', 'https://example.com/')).toBe('no webhook key is for tasks of the tenant "acme"');
  expect(problem('webhook', 'https://example.com/', 'globex')).toContain('no webhook key named "globex"');
  expect(problem('webhook', 'https://example.com/', undefined, 'globex')).toBeUndefined();
  expect(problem('webhook', 'gopher://example.com/', undefined, 'globex')).toContain('no http or https address');
  expect(problem('email', 'me@example.com')).toBeUndefined();
  expect(problem('email', 'me@example.org')).toContain('"email.allow"');
  expect(problem('ntfy', 'https://ntfy.sh/x')).toContain('nothing is sent to ntfy here');
  expect(problem('chat', 'anywhere')).toBeUndefined();
});

test('a program that names a receiver at which no notifier can be is refused, and nothing is started', async () => {
  const ask = (kind: string, to: string) =>
    taskRequest({ goal: 'Why?', sources: ['docs'], notify: [{ kind, to }] }, undefined);
  await expect(ask('webhook', 'ftp://x')).rejects.toThrow('the webhook address is no http or https address');
  await expect(ask('ntfy', 'topic')).rejects.toThrow('the ntfy address is no http or https address');
  await expect(ask('email', 'nobody')).rejects.toThrow('"nobody" is no mail address');
  await expect(ask('chat', 'anywhere')).resolves.toMatchObject({ notify: [{ kind: 'chat' }] });
});

test('a gateway of a stack without a config file knows that its workers can tell nobody', () => {
  const env = { MUSTER_HOME: '/home/me/.muster' };
  const notifyOf = (more: Record<string, string>) => {
    const read = gatewayConfig([], { ...env, ...more });
    return 'config' in read ? read.config.notify : read;
  };
  expect(notifyOf({})).toBeUndefined();
  const known = notifyOf({ MUSTER_EXIT_WITH_PARENT: '1' }) as NotifySettings;
  expect(receiverProblem({ kind: 'fax', to: '12' }, known, 'default')).toContain('there is no notifier "fax"');
  expect(receiverProblem({ kind: 'email', to: 'a@b.c' }, known, 'default')).toContain('no mail is sent here');
});

test.each([
  ['http://127.0.0.1:9940/', false],
  ['http://127.0.0.1:9931/', true],
  ['http://hooks.localhost/', false],
  ['http://0x7f.1/', false],
  ['http://10.0.0.7/', false],
  ['https://172.20.0.1/', true],
  ['http://172.20.0.1/', false],
  ['http://[::1]/', false],
  ['http://[fd00::1]:81/', false],
  // Public ones, and names: where these lead to is judged when it is connected to.
  ['http://172.32.0.1/', true],
  ['http://10.example.com/', true],
  ['https://example.com/', true],
])('an address that says itself that it is not public is refused at once unless it is allowed: %s', (to, may) => {
  const allow = ['127.0.0.1:9931', '172.20.0.1:443'];
  const problem = receiverProblem({ kind: 'webhook', to }, { webhooks: { keys: { main: {} }, allow } }, 'acme');
  expect(problem ?? 'allowed').toMatch(
    may ? /^allowed$/ : /^nothing is sent to .+ which is not public: "webhooks\.allow"/,
  );
  const ntfy = receiverProblem({ kind: 'ntfy', to }, { ntfy: { allow } }, 'acme');
  expect(ntfy === undefined).toBe(may);
});
