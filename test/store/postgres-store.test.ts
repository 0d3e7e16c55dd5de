// The PostgreSQL store on a real server: the conformance suite, and what is particular to a server.

import { inspect } from 'node:util';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import type { ForgetParts, KeptTask } from '../../store/forget.ts';
import { PostgresDatabase } from '../../store/postgres-database.ts';
import { postgresForgetParts } from '../../store/postgres-forget.ts';
import { postgresStore } from '../../store/postgres-store.ts';
import { LogTakenOverError, StoreError, type Store } from '../../store/store.ts';
import { asked, POSTGRES_PASSWORD, startPostgres, type TestPostgres } from '../rig/postgres.ts';
import { until } from '../rig/until.ts';
import { storeConformance } from './conformance.ts';

let server: TestPostgres;
/** Of the tests that all stores share, one after the other: emptied it is as a new one, which costs ten times as much. */
let shared: string | undefined;
const stores: Pick<Store, 'close'>[] = [];
const open = (url: string): Store => {
  const store = postgresStore(url);
  stores.push(store);
  return store;
};
beforeAll(async () => {
  server = await startPostgres();
});
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
});
afterAll(() => server?.stop());

/** How many wait for a lock of the server. */
async function waiting(url: string): Promise<number> {
  const [row] = await asked(url, `select count(*)::int as n from pg_locks where not granted`);
  return Number(row?.n);
}

storeConformance('the PostgreSQL store', async () => {
  const url = (shared ??= await server.createDatabase());
  await asked(url, 'drop schema if exists muster cascade');
  const age = async (days: number): Promise<void> => {
    for (const table of ['blobs', 'corpora']) {
      await asked(url, `update muster.${table} set used_at = used_at - make_interval(days => $1)`, [days]);
    }
  };
  const forgetParts = (): ForgetParts<KeptTask> => {
    const database = new PostgresDatabase(url);
    stores.push(database);
    return postgresForgetParts(database);
  };
  const inLine = (): Promise<number> => waiting(url);
  const remove = async (): Promise<void> => undefined;
  return { store: open(url), place: url, another: () => open(url), age, remove, forgetParts, inLine };
});

const key = { run: 'run-1', subtask: 's1', generation: 1 };

test('ten workers that start at once on an empty database make its schema once', async () => {
  const url = await server.createDatabase();
  const ids = await Promise.all(Array.from({ length: 10 }, () => open(url).deploymentId()));
  expect(new Set(ids).size).toBe(1);
});

test('a PostgreSQL store that a newer Muster made is refused in words', async () => {
  const url = await server.createDatabase();
  await open(url).deploymentId();
  await asked(url, `update muster.meta set value = '99' where name = 'schema'`);
  await expect(open(url).deploymentId()).rejects.toThrow(/made by a newer Muster/);
});

test('a PostgreSQL server that is killed and comes back has every record that was acknowledged', async () => {
  const url = await server.createDatabase();
  const store = open(url);
  const logs = await Promise.all([1, 2, 3].map((n) => store.claimLog<number>({ ...key, subtask: `s${n}` })));
  const acknowledged: number[][] = [[], [], []];
  const ends = logs.map(async (log, i) => {
    for (let n = 0; ; n += 1) {
      await log.append(n);
      acknowledged[i]?.push(n);
    }
  });
  const outcomes = Promise.allSettled(ends);
  const seen: string[] = [];
  const watching = await store.watchCommands(key, 0, ({ id }) => seen.push(id));
  await store.sendCommand(key, { id: 'before' });
  await until('all have written', () => acknowledged.every((list) => list.length > 20));
  await server.kill();
  for (const outcome of await outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'StoreError' } });
    expect(String(outcome.status === 'rejected' && outcome.reason)).toMatch(/a checkpoint could not be written/);
  }
  await expect(store.putBlob('x')).rejects.toThrow(/the store could not be used: PostgreSQL at 127\.0\.0\.1/);
  await server.start();

  for (const [i, log] of logs.entries()) {
    const kept = await store.readLog<number>({ ...key, subtask: `s${i + 1}` });
    expect(kept.slice(0, acknowledged[i]?.length)).toEqual(acknowledged[i]);
    // What is not known to be there must not be followed by anything.
    await expect(log.append(-1)).rejects.toThrow(StoreError);
    const next = await store.claimLog<number>({ ...key, subtask: `s${i + 1}` });
    expect(next.segment).toBe(2);
    await next.append(-2);
    await next.close();
  }
  await store.sendCommand(key, { id: 'after' });
  await until('the watcher heard of it', () => seen.length === 2);
  expect(seen).toEqual(['before', 'after']);
  await watching.close();
});

test('a lease whose database connection is cut is lost to its holder, and the next one gets it', async () => {
  const url = await server.createDatabase();
  const of = { run: 'run-1', resource: 'r' };
  const never = new AbortController().signal;
  const held = await open(url).takeLease(of, 'holder', never);
  const next = open(url).takeLease(of, 'next', never);
  await until('the next one waits', async () => (await waiting(url)) === 1);
  await asked(
    url,
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`,
  );
  const lease = await next;
  await until('the holder was told', () => held.lost.aborted);
  expect(lease.lost.aborted).toBe(false);
  await held.release();
  await lease.release();
});

test('many free leases of one process take one connection', async () => {
  const url = await server.createDatabase();
  const store = open(url);
  const never = new AbortController().signal;
  const leases = await Promise.all(
    Array.from({ length: 40 }, (_, n) => store.takeLease({ run: 'run-1', resource: `r${n}` }, 'me', never)),
  );
  const [row] = await asked(
    url,
    `select count(distinct pid)::int as sessions from pg_locks where locktype = 'advisory' and granted`,
  );
  expect(row?.sessions).toBe(1);
  await Promise.all(leases.map((lease) => lease.release()));
});

test('many appends that wait at once go out in few statements', async () => {
  const url = await server.createDatabase();
  const store = open(url);
  const logs = await Promise.all(
    Array.from({ length: 20 }, (_, n) => store.claimLog<number>({ ...key, subtask: `s${n}` })),
  );
  const [before] = await asked(
    url,
    `select xact_commit::int as n from pg_stat_database where datname = current_database()`,
  );
  await Promise.all(logs.flatMap((log) => Array.from({ length: 50 }, (_, n) => log.append(n))));
  for (let n = 0; n < 20; n += 1) {
    expect(await store.readLog({ ...key, subtask: `s${n}` })).toEqual(Array.from({ length: 50 }, (_, i) => i));
  }
  await Promise.all(logs.map((log) => log.close()));
  const [statements] = await asked(url, `select count(distinct xmin::text)::int as n from muster.records`);
  expect(statements?.n).toBeLessThan(20);
  expect(before).toBeDefined();
});

test('a PostgreSQL server that nobody answers for is said to be so, without the password', async () => {
  const secret = encodeURIComponent(POSTGRES_PASSWORD);
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const cases: [string, RegExp][] = [
    [`postgres://muster:${secret}@127.0.0.1:1/x`, /PostgreSQL at 127\.0\.0\.1:1\/x: nothing listens there/],
    [`postgres://muster:${secret}@127.0.0.1:${port}/x`, /did not answer in time/],
    [`postgres://nobody:${secret}@127.0.0.1:${server.port}/postgres`, /refused user or password/],
    [`postgres://muster:${secret}@127.0.0.1:${server.port}/none`, /there is no such database/],
  ];
  for (const [url, sentence] of cases) {
    // One that waited for an answer would wait for ever.
    const error: unknown = await open(url)
      .deploymentId()
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreError);
    expect(String(error)).toMatch(sentence);
    const whole = inspect(error, { depth: 9, showHidden: true });
    expect(whole).not.toContain(POSTGRES_PASSWORD);
    expect(whole).not.toContain(secret);
  }
  silent.close();
});

test.each([
  `postgres://muster:${POSTGRES_PASSWORD}@127.0.0.1/x`,
  'postgres://muster:12#34never@host/x',
  'postgres://muster:12/34never@host/x',
  'mysql://muster:12never@host/x',
])('an address of a store that is none is refused without showing it (%#)', (url) => {
  let error: unknown;
  try {
    postgresStore(url);
  } catch (reason) {
    error = reason;
  }
  expect(error).toBeInstanceOf(StoreError);
  expect(String(error)).toMatch(/address can't be used/);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/never/);
});

test('a worker that a network cut off from PostgreSQL hears that its lease is lost before the server passes it on', async () => {
  const url = await server.createDatabase();
  const pairs: Socket[][] = [];
  const proxy = createServer((near) => {
    const far = connect(server.port, '127.0.0.1');
    near.pipe(far);
    far.pipe(near);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    pairs.push([near, far]);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const through = url.replace(`:${server.port}/`, `:${(proxy.address() as AddressInfo).port}/`);
  expect(through).not.toBe(url);
  const of = { run: 'run-1', resource: 'printer' };
  const { signal } = new AbortController();
  const store = postgresStore(through);
  const held = await store.takeLease(of, 'holder', signal);
  // As a cable that is pulled: nothing gets through, and nobody is told.
  for (const [near, far] of pairs) {
    near?.unpipe().pause();
    far?.unpipe().pause();
  }
  // The server gives it on after eleven seconds: a clock of this process, which is as late as all its others.
  const givenOn = new Promise<string>((done) => setTimeout(() => done('the server gave it on'), 10_500).unref());
  const lost = new Promise<string>((done) => held.lost.addEventListener('abort', () => done('it was lost')));
  expect(await Promise.race([lost, givenOn])).toBe('it was lost');
  await held.release();
  for (const [near, far] of pairs.splice(0)) {
    near?.destroy();
    far?.destroy();
  }
  await store.close();
  proxy.close();
});

test('a PostgreSQL store of an earlier version is brought up to date, and its logs go on', async () => {
  const url = await server.createDatabase();
  const before = postgresStore(url);
  const log = await before.claimLog<string>(key);
  await log.append('paid');
  await before.close();
  // As the first version of the schema had it.
  await asked(url, 'alter table muster.logs drop column visit');
  await asked(url, 'alter table muster.partials drop column attempt, drop column call, drop column start');
  await asked(url, 'drop table muster.notes');
  await asked(url, 'drop table muster.small_records');
  await asked(url, 'drop table muster.outcomes');
  await asked(url, `update muster.meta set value = '1' where name = 'schema'`);
  const store = postgresStore(url);
  const visit = await store.claimLog<string>(key, { visit: 1 });
  expect(visit.earlier).toEqual(['paid']);
  await visit.append('now');
  await store.putNote('model', 'm', 'learned');
  expect((await store.getNote('model', 'm'))?.text).toBe('learned');
  await store.putPartial(key, { attempt: 1, call: 2, offset: 3, text: 'words' });
  expect(await store.getPartial(key)).toEqual({ attempt: 1, call: 2, offset: 3, text: 'words' });
  await expect(store.claimLog(key)).rejects.toThrow(LogTakenOverError);
  expect(await store.readLog(key)).toEqual(['paid', 'now']);
  await store.close();
});
