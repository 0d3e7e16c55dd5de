// keeps-a-served-database.test.ts: what temporal-dev.sh makes of a database whose first start was killed, and of one that
// was served. Real starts, killed by pid; each home stops its own server.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { endOf, well } from './script.ts';

const script = resolve(__dirname, '../../temporal-dev.sh');
const root = mkdtempSync(join(tmpdir(), 'temporal-dev-database-'));
const homes: string[] = [];

interface Ended {
  code: number | null;
  talk: string;
}

function launch(home: string, args: string[] = []): { child: ChildProcess; end: Promise<Ended> } {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(TEMPORAL_|MUSTER_)/.test(name));
  const env = { ...Object.fromEntries(inherited), MUSTER_HOME: home };
  const child = spawn('bash', [script, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended: Ended = { code: null, talk: '' };
  child.stderr.on('data', (chunk) => (ended.talk += chunk));
  // `exit`, not `close`: a server that outlives its killed script holds the pipe open.
  return { child, end: new Promise((done) => child.on('exit', (code) => done(Object.assign(ended, { code })))) };
}
const run = (home: string, ...args: string[]): Promise<Ended> => launch(home, args).end;

function newHome(): string {
  const home = mkdtempSync(join(root, 'home-'));
  homes.push(home);
  return home;
}

const pidOf = (home: string): number => Number(readFileSync(join(home, 'temporal.pid'), 'utf8'));
const asideIn = (home: string): string[] => readdirSync(home).filter((name) => /incomplete-\d+$/.test(name));

/** Starts a home for the first time and kills the script at the moment its server has made the database file. */
async function killFirstStart(home: string): Promise<number> {
  const { child, end } = launch(home);
  while (!existsSync(join(home, 'temporal.db'))) await new Promise((next) => setImmediate(next));
  child.kill('SIGKILL');
  await end;
  return pidOf(home);
}

/** A home whose very first start was killed, and its server, in the middle of making the database: one may come to its end before. */
async function halfMadeHome(): Promise<string> {
  for (let tries = 0; tries < 10; tries += 1) {
    const home = newHome();
    process.kill(await killFirstStart(home), 'SIGKILL');
    const made = ['temporal.db', 'temporal.db-wal'].map((name) => join(home, name)).filter((file) => existsSync(file));
    if (!made.some((file) => readFileSync(file).includes('executions_visibility'))) return home;
  }
  throw new Error('each first start had made its database before it was killed');
}

function temporal(home: string, ...words: string[]): string {
  const { binary, address } = JSON.parse(readFileSync(join(home, 'temporal.json'), 'utf8')) as Record<string, string>;
  const asked = spawnSync(binary ?? '', [...words, '--address', address ?? ''], { timeout: 120_000 });
  return `${asked.stdout.toString()}${asked.stderr.toString()}`;
}
const startWorkflow = (home: string, id: string): string =>
  temporal(home, 'workflow', 'start', '--type', 'Nothing', '--task-queue', 'nobody', '--workflow-id', id);

afterEach(() => Promise.all(homes.splice(0).map((home) => run(home, '--stop'))));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a person whose very first start was killed while it made the database gets a new one, and reads where the old one is', async () => {
  const home = await halfMadeHome();
  const again = await run(home);
  expect(endOf(again)).toEqual(well);
  expect(again.talk).toMatch(/left .*temporal\.db half-made: it is moved to temporal\.db\.incomplete-1, and a new one/);
  expect(asideIn(home)).toEqual(['temporal.db.incomplete-1']);
  expect(existsSync(join(home, 'temporal.db.making'))).toBe(false);
  startWorkflow(home, 'seen');
  expect(temporal(home, 'workflow', 'list')).not.toMatch(/no such table/);
});

test('a database that was served is kept, however its server and its files ended', async () => {
  const home = newHome();
  await run(home);
  startWorkflow(home, 'kept');
  process.kill(pidOf(home), 'SIGKILL');
  for (const name of ['temporal.json', 'temporal.pid', 'temporal.log']) rmSync(join(home, name));
  const again = await run(home);
  expect(again).toMatchObject({ code: 0, talk: expect.not.stringContaining('half-made') as string });
  expect(asideIn(home)).toEqual([]);
  expect(temporal(home, 'workflow', 'describe', '--workflow-id', 'kept')).toMatch(/WorkflowId\s+kept/);
});

test('a database whose server served, but whose start was killed before it could note that, is kept', async () => {
  const home = newHome();
  await run(home);
  startWorkflow(home, 'kept');
  process.kill(pidOf(home), 'SIGKILL');
  writeFileSync(join(home, 'temporal.db.making'), '');
  expect(endOf(await run(home))).toEqual(well);
  expect(asideIn(home)).toEqual([]);
  expect(temporal(home, 'workflow', 'describe', '--workflow-id', 'kept')).toMatch(/WorkflowId\s+kept/);
});

test('a server that outlived its killed first start is taken over, with or without its pid file', async () => {
  const home = newHome();
  const pid = await killFirstStart(home);
  rmSync(join(home, 'temporal.pid'));
  const again = await run(home);
  expect(again).toMatchObject({ code: 0, talk: expect.stringContaining(`already running`) as string });
  expect(pidOf(home)).toBe(pid);
  expect(asideIn(home)).toEqual([]);
  expect(existsSync(join(home, 'temporal.db.making'))).toBe(false);
});

test('an empty database is moved aside beside those moved before', async () => {
  const home = newHome();
  writeFileSync(join(home, 'temporal.db.incomplete-1'), 'from an earlier time');
  writeFileSync(join(home, 'temporal.db'), '');
  const ended = await run(home);
  expect(ended).toMatchObject({ code: 0, talk: expect.stringContaining('incomplete-2') as string });
  expect(readFileSync(join(home, 'temporal.db.incomplete-1'), 'utf8')).toBe('from an earlier time');
});
