// Sweeping and the choice of a store, as a worker does it.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStore } from '../../store/file-store.ts';
import { openStore, storePlace } from '../../store/open-store.ts';
import { StoreError, type Store } from '../../store/store.ts';
import { describeConfig, workerConfig } from '../../worker/config.ts';
import { startSweeping } from '../../worker/sweep.ts';

const home = join(mkdtempSync(join(tmpdir(), 'muster-sweep-')), '.muster');
const env = { MUSTER_OFFLINE_URL: 'http://127.0.0.1:1/v1' };

test('a worker sweeps when it starts, says in one line what it removed, and nothing when that is nothing', async () => {
  const store = fileStore(join(home, 'store'));
  const long = Date.now() - 400 * 86_400_000;
  for (const taskId of ['one', 'two']) {
    await store.putTask({
      taskId,
      run: taskId,
      goal: '',
      className: 'c',
      tenant: 't',
      acceptedAt: long,
      retentionDays: 7,
    });
  }
  const said: string[] = [];
  await startSweeping(store, (line) => said.push(line)).stop();
  expect(said).toEqual(['removed from the store what is over: 2 tasks']);
  await startSweeping(store, (line) => said.push(line)).stop();
  expect(said).toHaveLength(1);
});

test('a sweep that fails is said in one line and ends no worker', async () => {
  const broken = { expire: () => Promise.reject(new StoreError('the store is away')) } as unknown as Store;
  const said: string[] = [];
  await startSweeping(broken, (line) => said.push(line)).stop();
  expect(said).toEqual(['the store could not be swept, which is tried again in an hour: the store is away']);
});

test('a worker with MUSTER_STORE_URL describes its store without the password', () => {
  const url = 'postgres://muster:s3cr%23t-word@db.example:5433/fleet?sslmode=require&password=0ther-word';
  const read = workerConfig({ env: { ...env, MUSTER_STORE_URL: url }, home });
  if ('problems' in read) throw new Error(read.problems.join());
  const described = describeConfig(read.config);
  expect(described).toContain('store PostgreSQL at db.example:5433/fleet;');
  expect(described).not.toMatch(/s3cr|0ther|word/);
});

test('a worker whose MUSTER_STORE_URL is no address of PostgreSQL does not start, and shows nothing of it', () => {
  for (const url of ['redis://me:s3cret@host/0', 'postgres://me:s3#cret@host/x', './s3cret']) {
    const read = workerConfig({ env: { ...env, MUSTER_STORE_URL: url }, home });
    const problems = 'problems' in read ? read.problems.join() : '';
    expect(problems).toMatch(/MUSTER_STORE_URL can't be used/);
    expect(problems).not.toMatch(/s3/);
  }
});

test('worker and client have the folder of the home for their store unless MUSTER_STORE_URL names another', async () => {
  expect(storePlace(home, {})).toBe(join(home, 'store'));
  expect(storePlace(home, { MUSTER_STORE_URL: 'postgres://h/d' })).toBe('postgres://h/d');
  expect(() => openStore('redis://host')).toThrow(StoreError);
  expect(await openStore(join(home, 'store')).deploymentId()).toBe(await fileStore(join(home, 'store')).deploymentId());
});
