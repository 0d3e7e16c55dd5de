// meets-races-and-older-programs.test.ts: temporal-dev.sh when somebody else is faster, or a program of another age lies about.
// Real processes, as in starts-and-finds-a-server.test.ts; each home stops its own server.

import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { endOf, well } from './script.ts';
import { freePort } from '../rig/free-port.ts';

const script = resolve(__dirname, '../../temporal-dev.sh');
const root = mkdtempSync(join(tmpdir(), 'temporal-dev-races-'));
const homes: string[] = [];

interface Ended {
  code: number | null;
  out: string;
  talk: string;
}

function run(home: string, args: string[], extra: Record<string, string> = {}): Promise<Ended> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(TEMPORAL_|MUSTER_)/.test(name));
  const env = { ...Object.fromEntries(inherited), MUSTER_HOME: home, ...extra };
  const child = spawn('bash', [script, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended: Ended = { code: null, out: '', talk: '' };
  child.stdout.on('data', (chunk) => (ended.out += chunk));
  child.stderr.on('data', (chunk) => (ended.talk += chunk));
  return new Promise((done) => child.on('close', (code) => done(Object.assign(ended, { code }))));
}

function newHome(): string {
  const home = mkdtempSync(join(root, 'home-'));
  homes.push(home);
  return home;
}

const binaryOf = (home: string): string => JSON.parse(readFileSync(join(home, 'temporal.json'), 'utf8')).binary;

afterEach(() => Promise.all(homes.splice(0).map((home) => run(home, ['--stop']))));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('three people who name the same free TEMPORAL_ADDRESS at once share the server of whoever was first', async () => {
  const address = `127.0.0.1:${await freePort()}`;
  const people = [newHome(), newHome(), newHome()];
  const all = await Promise.all(people.map((home) => run(home, [], { TEMPORAL_ADDRESS: address })));
  expect(all.map((ended) => ended.code)).toEqual([0, 0, 0]);
  for (const ended of all) expect(ended.out).toContain(`address=${address}\n`);
  expect(all.filter((ended) => ended.talk.includes('started Temporal server'))).toHaveLength(1);
  expect(all.filter((ended) => ended.talk.includes('reusing the Temporal server'))).toHaveLength(2);
});

test('beside another program at 7233 a home has the same ports at each start', async () => {
  const other = createServer();
  // Where it is taken already that will do.
  await new Promise<void>((told) => void other.once('error', () => told()).listen(7233, '127.0.0.1', told));
  const home = newHome();
  const placesOf = async (): Promise<string[]> =>
    (await run(home, [])).out.split('\n').filter((line) => /^(?:address|ui)\w*=/i.test(line));
  const before = await placesOf();
  await run(home, ['--stop']);
  expect(before.length).toBeGreaterThan(1);
  expect(await placesOf()).toEqual(before);
  await new Promise((done) => other.close(done));
});

test('a start whose predecessor was killed while it held the lock does not wait for it', async () => {
  const home = newHome();
  const dead = spawn('true');
  await new Promise((gone) => dead.on('close', gone));
  symlinkSync(`pid:${dead.pid}`, join(home, 'temporal.lock'));
  const ended = await run(home, []);
  expect(endOf(ended)).toEqual(well);
  expect(ended.talk).not.toContain('waiting for');
});

test('a temporal on PATH that is too old is passed over aloud', async () => {
  const home = newHome();
  const bin = mkdtempSync(join(root, 'bin-'));
  writeFileSync(join(bin, 'temporal'), '#!/bin/sh\necho "temporal version 1.0.0 (Server 1.24.2, UI 2.28.0)"\n');
  chmodSync(join(bin, 'temporal'), 0o755);
  const ended = await run(home, [], { PATH: [bin, process.env['PATH'] ?? ''].join(delimiter) });
  expect(endOf(ended)).toEqual(well);
  expect(ended.talk).toContain(`passing over ${bin}/temporal: server 1.24.2`);
  expect(binaryOf(home).startsWith(bin)).toBe(false);
});

test('a person whose database is no database reads what the server said and where its log is', async () => {
  const home = newHome();
  writeFileSync(join(home, 'temporal.db'), 'shopping list');
  const ended = await run(home, []);
  expect(ended).toMatchObject({ code: 5, out: '' });
  expect(ended.talk).toContain('file is not a database');
  expect(ended.talk).toContain(join(home, 'temporal.log'));
});

test('a reused server keeps a retention that is longer than ours', async () => {
  const [theirs, ours] = [newHome(), newHome()];
  const address = `127.0.0.1:${await freePort()}`;
  await run(theirs, ['--retention', '60d'], { TEMPORAL_ADDRESS: address });
  expect(endOf(await run(ours, [], { TEMPORAL_ADDRESS: address }))).toEqual(well);
  const asked = spawn(binaryOf(ours), [
    'operator',
    'namespace',
    'describe',
    '-n',
    'default',
    '-o',
    'json',
    '--address',
    address,
  ]);
  let answer = '';
  asked.stdout.on('data', (chunk) => (answer += chunk));
  await new Promise((done) => asked.on('close', done));
  expect(answer).toContain(`"${60 * 24 * 3600}s"`);
});

describe('a server that takes its time to start', () => {
  /** A program whose server does this first. */
  function slow(first: string): string {
    const path = join(mkdtempSync(join(root, 'slow-')), 'temporal');
    writeFileSync(path, `#!/bin/sh\nif [ "$1" = server ]; then ${first}; fi\nexec '${binary}' "$@"\n`, { mode: 0o755 });
    return path;
  }
  let binary: string;
  beforeAll(async () => {
    const home = newHome();
    await run(home, []);
    binary = binaryOf(home);
  });

  test('is waited for as long as it does something', async () => {
    const MUSTER_TEMPORAL_CLI = slow('for n in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 1; echo "making table $n"; done');
    const ended = await run(newHome(), [], { MUSTER_TEMPORAL_CLI, MUSTER_TEMPORAL_PATIENCE: '10' });
    expect(endOf(ended)).toEqual(well);
    expect(ended.talk).toContain('started Temporal server');
  });

  test('is started once more when it dies while it makes its database, which is set aside', async () => {
    const home = newHome();
    const MUSTER_TEMPORAL_CLI = slow(`if [ ! -e '${home}/died' ]; then
      echo 'context deadline exceeded'; touch '${home}/died'; echo 'one table' > '${home}/temporal.db'; exit 1; fi`);
    const ended = await run(home, [], { MUSTER_TEMPORAL_CLI });
    expect(endOf(ended)).toEqual(well);
    expect(ended.talk).toMatch(/ended before it served; trying once more[^]*half-made/);
  });

  test('is waited for also while it becomes another program, and for that moment has no command line', async () => {
    const home = newHome();
    const bin = mkdtempSync(join(root, 'bin-'));
    // Command lines are read by `tr`: the first three are empty, as the system gives them in that moment.
    const shim = `if [ "$1" = '\\0' ] && [ "$(wc -c <'${home}/seen' 2>/dev/null || echo 0)" -lt 3 ]; then printf x >>'${home}/seen'; exit; fi`;
    writeFileSync(join(bin, 'tr'), `#!/bin/sh\n${shim}\nPATH=\${PATH#*:} exec tr "$@"\n`, { mode: 0o755 });
    const ended = await run(home, [], { PATH: `${bin}:${process.env.PATH}` });
    expect(endOf(ended)).toEqual(well);
    expect(readFileSync(join(home, 'seen'), 'utf8')).toBe('xxx');
    expect(ended.talk).not.toContain('trying');
  });

  test('is given up, in words, when it does nothing', async () => {
    const MUSTER_TEMPORAL_CLI = slow('while :; do sleep 1; done');
    const ended = await run(newHome(), [], { MUSTER_TEMPORAL_CLI, MUSTER_TEMPORAL_PATIENCE: '2' });
    expect(ended).toMatchObject({ code: 5, out: '' });
    expect(ended.talk).toContain('did not get healthy');
  });
});
