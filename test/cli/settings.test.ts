// Settings that can't work: each is named in a sentence, with what mends it, by the CLI and by the worker, and on the
// terminal where a stack was started. Real processes, real sockets, a real server.

import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer as createHttp2, createSecureServer, type SecureServerOptions } from 'node:http2';
import { createServer as createHttp } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { join, resolve } from 'node:path';
import { connectionProblem } from '../../settings/connection-problem.ts';
import { SettingError } from '../../settings/setting-error.ts';
import { temporalSettings } from '../../settings/temporal-settings.ts';
import { withoutEmptyVariables } from '../../settings/variables.ts';
import { serverAddress, testDeployment, type TestDeployment } from '../rig/deployment.ts';
import { cases } from '../rig/long.ts';
import { selfSigned } from '../rig/certificate.ts';
import { emptyFolder, muster } from './support.ts';

const folder = emptyFolder();
const at = (name: string): string => join(folder, name);
const own = selfSigned();
const stranger = selfSigned();
for (const [name, { cert, key }] of Object.entries({ own, stranger })) {
  writeFileSync(at(`${name}.pem`), cert);
  writeFileSync(at(`${name}.key`), key);
}

const servers: Server[] = [];
async function listening(server: { listen(port: number, host: string): unknown }): Promise<string> {
  servers.push(server as Server);
  server.listen(0, '127.0.0.1');
  await new Promise((done) => (server as Server).once('listening', done));
  return `127.0.0.1:${((server as Server).address() as AddressInfo).port}`;
}
const secure = (more: SecureServerOptions = {}) => createSecureServer({ ...own, ...more });
const wantsCertificate = { requestCert: true, rejectUnauthorized: true, ca: [own.cert] };

let it_: TestDeployment;
const ports: Record<string, string> = {};
beforeAll(async () => {
  it_ = await testDeployment();
  ports.tls = await listening(createTls(own));
  ports.grpcs = await listening(secure());
  ports.mutual = await listening(secure(wantsCertificate));
  ports.mutualOlder = await listening(secure({ ...wantsCertificate, maxVersion: 'TLSv1.2' }));
  ports.plain = await listening(createHttp2());
  ports.web = await listening(createHttp((_request, response) => response.end('hello')));
  ports.notFound = await listening(createHttp2((_request, response) => response.writeHead(404).end()));
  ports.silent = await listening(createTcp());
  ports.temporal = serverAddress();
});
afterAll(async () => {
  for (const server of servers) server.close();
  await it_.stop();
});

/** What is said of these settings, without a process: its port is asked all the same. */
async function problemOf(env: Record<string, string>): Promise<string> {
  try {
    const { message, hint } = await connectionProblem(
      temporalSettings(withoutEmptyVariables(env)),
      new Error('the SDK’s'),
    );
    return `${message}\n  Next: ${hint}`;
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    return `${error.message}\n  Next: ${error.hint}`;
  }
}

const TLS = { TEMPORAL_TLS: 'true' };
const CA = { TEMPORAL_TLS_SERVER_CA_CERT_PATH: at('own.pem') };
const identity = (name: string) => ({
  TEMPORAL_TLS_CLIENT_CERT_PATH: at(`${name}.pem`),
  TEMPORAL_TLS_CLIENT_KEY_PATH: at(`${name}.key`),
});

test.each<[string, string, Record<string, string>, RegExp]>([
  [
    'a key for a server without TLS',
    'temporal',
    { TEMPORAL_API_KEY: 'k' },
    /speaks no TLS, which TEMPORAL_API_KEY asks for[^]*unset TEMPORAL_API_KEY, or set TEMPORAL_TLS=false/,
  ],
  ['TLS for a server without it', 'plain', TLS, /speaks no TLS, which TEMPORAL_TLS asks for/],
  [
    'no TLS for a server with it',
    'grpcs',
    {},
    /speaks TLS, and this connection has none[^]*TEMPORAL_TLS=true[^]*TEMPORAL_TLS_CLIENT_CERT_PATH/,
  ],
  ['no TLS for anything with it', 'tls', {}, /speaks TLS, and this connection has none/],
  ['no TLS for a server that wants a certificate', 'mutual', {}, /speaks TLS, and this connection has none/],
  ['… of an older TLS', 'mutualOlder', {}, /speaks TLS, and this connection has none/],
  [
    'a key for a server whose TLS is switched off',
    'grpcs',
    { TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: 'false' },
    /speaks TLS, and this connection has none/,
  ],
  ['a certificate that nobody vouches for', 'grpcs', TLS, /is not trusted here[^]*TEMPORAL_TLS_SERVER_CA_CERT_PATH/],
  [
    'a certificate for another name',
    'grpcs',
    { ...CA, TEMPORAL_TLS_SERVER_NAME: 'other.example' },
    /is for another name[^]*TEMPORAL_TLS_SERVER_NAME/,
  ],
  [
    'no certificate for a server that wants one',
    'mutual',
    { ...TLS, ...CA },
    /wants a client certificate[^]*TEMPORAL_TLS_CLIENT_CERT_PATH/,
  ],
  [
    '… of an older TLS',
    'mutualOlder',
    { ...TLS, ...CA },
    /wants a client certificate[^]*TEMPORAL_TLS_CLIENT_CERT_PATH/,
  ],
  [
    'a certificate that the server does not know',
    'mutual',
    { ...CA, ...identity('stranger') },
    /refuses this client’s certificate|wants a client certificate/,
  ],
  [
    'half a client certificate',
    'mutual',
    { TEMPORAL_TLS_CLIENT_KEY_PATH: at('own.key') },
    /_KEY_PATH is set without TEMPORAL_TLS_CLIENT_CERT_PATH/,
  ],
  [
    'a certificate file that is not there',
    'mutual',
    identity('none'),
    /TEMPORAL_TLS_CLIENT_\w+_PATH can't be read: .*none\./,
  ],
  [
    'an address where nobody listens',
    'nobody',
    {},
    /no Temporal server answers at 127\.0\.0\.1:1: nothing listens there[^]*muster up/,
  ],
  ['a host that there is not', 'nowhere', {}, /no Temporal server answers at nowhere\.invalid:7233: /],
  ['an address that is a URL', 'url', {}, /TEMPORAL_ADDRESS is "http:\/\/127\.0\.0\.1:7233", which is not HOST:PORT/],
  [
    'a port that there can’t be',
    'beyond',
    {},
    /TEMPORAL_ADDRESS is "127\.0\.0\.1:72330", and there are only ports from 1/,
  ],
  ['a web server', 'web', {}, /does not answer as a Temporal server/],
  ['a port that is silent', 'silent', {}, /does not answer as a Temporal server/],
  [
    'a word that is no switch',
    'temporal',
    { TEMPORAL_TLS: 'yes' },
    /TEMPORAL_TLS is "yes"[^]*TEMPORAL_TLS=true or TEMPORAL_TLS=false/,
  ],
  ['a profile that is not there', 'temporal', { TEMPORAL_PROFILE: 'nope' }, /Profile 'nope' not found/],
  [
    'a config file that is not there',
    'temporal',
    { TEMPORAL_CONFIG_FILE: at('nope.toml') },
    /TEMPORAL_CONFIG_FILE names .*nope\.toml/,
  ],
  ['a key with a line end', 'grpcs', { TEMPORAL_API_KEY: 'k\n' }, /TEMPORAL_API_KEY holds a blank, a line end/],
])('a person with %s (%s) reads what it is and what mends it', async (_what, port, env, expected) => {
  const other: Record<string, string> = {
    nobody: '127.0.0.1:1',
    nowhere: 'nowhere.invalid:7233',
    url: 'http://127.0.0.1:7233',
    beyond: '127.0.0.1:72330',
  };
  const address = ports[port] ?? other[port] ?? '';
  expect(await problemOf({ TEMPORAL_ADDRESS: address, ...env })).toMatch(expected);
});

const SAID_BY_BOTH: [string, string, Record<string, string>, RegExp][] = [
  [
    'a namespace that is not there',
    'temporal',
    { TEMPORAL_NAMESPACE: 'nope' },
    /no namespace "nope"[^]*TEMPORAL_NAMESPACE[^]*namespace create --namespace nope/,
  ],
  ['a key for a server without TLS', 'temporal', { TEMPORAL_API_KEY: 'k' }, /speaks no TLS, which TEMPORAL_API_KEY/],
  ['no TLS for a server with it', 'grpcs', {}, /speaks TLS[^]*Next: Set TEMPORAL_TLS=true/],
  ['half a client certificate', 'mutual', { TEMPORAL_TLS_CLIENT_KEY_PATH: at('own.key') }, /is set without/],
  ['a web server or a proxy that speaks HTTP/2', 'notFound', {}, /does not answer as a Temporal server/],
];

// Of those above, as processes: what the server says, and what its port says.
const SMOKES = new Set(['a namespace that is not there', 'no TLS for a server with it']);
test.each(cases(SAID_BY_BOTH, ([what]) => SMOKES.has(what)))(
  'the CLI and the worker say of %s the same, with an exit code of its own',
  async (_what, port, env, expected) => {
    const all = {
      MUSTER_HOME: it_.home,
      MUSTER_OFFLINE_URL: it_.model.url,
      TEMPORAL_ADDRESS: ports[port] ?? '',
      NODE_NO_WARNINGS: '1',
      ...env,
    };
    for (const command of ['list', 'worker']) {
      const { code, out, talk } = await muster([command], { cwd: folder, env: all }).ended;
      expect({ code, out }).toEqual({ code: 5, out: '' });
      expect(talk).toMatch(expected);
      expect(talk).toMatch(/^muster(?: worker)?: .*\n {2}Next: .*\n$/);
      expect(talk).not.toMatch(/unexpected|report it|Status \{/);
    }
  },
);

test('an address that is none is wrong usage for a command, a worker and a stack, in one sentence', async () => {
  const env = { MUSTER_HOME: it_.home, TEMPORAL_ADDRESS: 'temporal:port', NODE_NO_WARNINGS: '1' };
  for (const command of ['list', 'worker', 'up']) {
    const { code, talk } = await muster([command], { cwd: folder, env }).ended;
    expect({ command, code }).toEqual({ command, code: 2 });
    expect(talk).toContain(
      'TEMPORAL_ADDRESS is "temporal:port", which is not HOST:PORT, the name of a host and the number of a port',
    );
  }
});

test('whoever lists no task at a server that they named reads which was asked', async () => {
  const env = { MUSTER_HOME: it_.home, TEMPORAL_ADDRESS: serverAddress() };
  const { code, talk } = await muster(['list', '--tenant', 'nobody'], { cwd: folder, env }).ended;
  expect(code).toBe(0);
  expect(talk).toContain(`the Temporal server at ${serverAddress()} has no tasks of this deployment yet; muster run`);
});

test('what stops a stack in the background is said on the terminal where it was started', async () => {
  const cwd = emptyFolder();
  const folder = emptyFolder();
  writeFileSync(join(folder, 'muster.json'), '{ "roots": }');
  // What can't be used at all is the caller's to mend, as where a stack runs already.
  for (const [env, words, exit] of [
    [{ TEMPORAL_NAMESPACE: 'nope' }, /has no namespace "nope"/, 5],
    [{ MUSTER_SLOTS: 'many' }, /MUSTER_SLOTS is "many"/, 2],
    [{ MUSTER_CONFIG: join(folder, 'muster.json') }, /MUSTER_CONFIG names \S+, which is no JSON/, 2],
    [{ MUSTER_STORE_URL: 'postgres://127.0.0.1:1/none' }, /PostgreSQL at 127\.0\.0\.1:1\/none/, 5],
  ] as const) {
    const { code, talk } = await muster(['up'], {
      cwd,
      env: { TEMPORAL_ADDRESS: serverAddress(), ...env },
    }).ended;
    expect(code).toBe(exit);
    expect(talk).toMatch(words);
    // Nothing of the start before, which was told then.
    expect(talk).not.toMatch(/has ended/);
  }
});

test('what stops a stack in the foreground is said in the worker’s own lines, as where one is started in the background', async () => {
  const said = async (command: string): Promise<string> => {
    // What only a worker can find: what is wrong with the settings themselves is refused before anything is started.
    const env = { TEMPORAL_ADDRESS: serverAddress(), TEMPORAL_NAMESPACE: 'nope' };
    return (await muster([command], { env }).ended).talk;
  };
  const own =
    /^the worker ended before it was ready \(exit 5\):\nmuster worker: the Temporal server at \S+ has no namespace "nope" [^\n]*\n {2}Next: [^\n]*\nmuster: the local stack did not start[^\n]*\.\n {2}Next: Mend what the lines above name[;.] [^\n]*\n$/m;
  for (const command of ['dev', 'up']) expect(await said(command)).toMatch(own);
});

/** All that Muster reads, Temporal's own among it. */
const NAMES = [
  'MUSTER_CONFIG',
  'MUSTER_DEPLOYMENT',
  'MUSTER_MODEL',
  'MUSTER_ROOTS',
  'MUSTER_SLOTS',
  'MUSTER_STORE_URL',
  'MUSTER_EXIT_WITH_PARENT',
  'MUSTER_DEBUG',
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'TEMPORAL_NAMESPACE',
  'TEMPORAL_API_KEY',
  'TEMPORAL_PROFILE',
  'TEMPORAL_CONFIG_FILE',
  'TEMPORAL_TLS',
  'TEMPORAL_TLS_CLIENT_CERT_PATH',
  'TEMPORAL_TLS_CLIENT_CERT_DATA',
  'TEMPORAL_TLS_CLIENT_KEY_PATH',
  'TEMPORAL_TLS_CLIENT_KEY_DATA',
  'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
  'TEMPORAL_TLS_SERVER_NAME',
  'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION',
  'NO_COLOR',
  'CI',
  'INIT_CWD',
];

test.each(cases(['', '  '], (empty) => empty === ''))(
  'a variable that is set to %j is one that is not set, for CLI and worker',
  async (empty) => {
    const env = {
      ...Object.fromEntries(NAMES.map((name) => [name, empty])),
      TEMPORAL_ADDRESS: serverAddress(),
      MUSTER_HOME: it_.home,
      MUSTER_OFFLINE_URL: it_.model.url,
    };
    expect(await muster(['list'], { env }).ended).toMatchObject({ code: 0 });
    const worker = await it_.spawnWorker(env);
    const handle = await it_.client.start({ goal: 'How often does lighthouse poll?', sources: [it_.docs] });
    expect((await handle.result()).outcome).toBe('completed');
    worker.kill('SIGTERM');
    // A model without a key: one that needs none.
    await it_.spawnWorker({ ...env, MUSTER_MODEL: 'muster-offline', OPENAI_BASE_URL: it_.model.url });
  },
);

test('an empty MUSTER_HOME, TEMPORAL_ADDRESS or setting of the server leaves temporal-dev.sh at its defaults', () => {
  const script = resolve(__dirname, '../../temporal-dev.sh');
  const settings = (env: Record<string, string>) =>
    execFileSync(script, ['--settings'], { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH, ...env } });
  const names = readNames(script);
  expect(names).toEqual(expect.arrayContaining(['TEMPORAL_ADDRESS', 'MUSTER_HOME', 'MUSTER_TEMPORAL_RETENTION']));
  for (const empty of ['', ' '])
    expect(settings(Object.fromEntries(names.map((name) => [name, empty])))).toBe(settings({}));
  expect(existsSync(at('.muster'))).toBe(false);
});

function readNames(script: string): string[] {
  const help = execFileSync(script, ['--help'], { encoding: 'utf8', env: { PATH: process.env.PATH } });
  return [...new Set(help.match(/\b(?:MUSTER|TEMPORAL)_[A-Z_]+/g))];
}
