// The file store: the conformance suite, and what is particular to files.

import { spawnSync } from 'node:child_process';
import fs, {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileForgetParts } from '../../store/file-forget.ts';
import { fileStore } from '../../store/file-store.ts';
import { LogLostError, LogTakenOverError, type Store } from '../../store/store.ts';
import { until } from '../rig/until.ts';
import { storeConformance } from './conformance.ts';
import { leaseHolder } from './lease-holder.ts';

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-store-'));
  folders.push(folder);
  return folder;
};
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const age = async (folder: string, days: number): Promise<void> => {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const path of paths.filter((name) => /^(blobs|corpora)\b/.test(name)).map((name) => join(folder, name))) {
    const then = new Date(statSync(path).mtimeMs - days * 86_400_000);
    utimesSync(path, then, then);
  }
};

storeConformance('the file store', async () => {
  const folder = newFolder();
  return {
    store: fileStore(folder),
    place: folder,
    another: () => fileStore(folder),
    age: (days) => age(folder, days),
    remove: async () => undefined,
    forgetParts: () => fileForgetParts(folder),
  };
});

const key = { run: 'run-1', subtask: 's1', generation: 1 };
const runFilesIn = (folder: string): string[] =>
  readdirSync(join(folder, 'logs/run-1')).filter((name) => name.endsWith('.ndjson'));

/** The file with the records of this attempt. */
const runFileOf = (folder: string, segment: number): string => {
  const run = join(folder, 'logs/run-1');
  return join(run, readlinkSync(join(run, `s1.1.${segment}.claim`)).split(':')[0] ?? '');
};

test('the file store drops a torn last record and keeps those before it', async () => {
  const folder = newFolder();
  const log = await fileStore(folder).claimLog<string>(key);
  await log.append('whole');
  await log.append('torn');
  await log.close();
  const path = runFileOf(folder, 1);
  truncateSync(path, statSync(path).size - 3);
  expect(await fileStore(folder).readLog(key)).toEqual(['whole']);
});

test('the file store ignores a segment whose claim was never completed', async () => {
  const folder = newFolder();
  const log = await fileStore(folder).claimLog<string>(key);
  await log.append('kept');
  await log.close();
  symlinkSync('0badcafe.ndjson:0', join(folder, 'logs/run-1/s1.1.2.claim'));
  appendFileSync(join(folder, 'logs/run-1/0badcafe.ndjson'), '["s1/1/2",0,{"ba');
  const next = await fileStore(folder).claimLog<string>(key);
  expect(next.segment).toBe(3);
  expect(next.earlier).toEqual(['kept']);
  await next.close();
});

test('a log whose claim is gone is not begun anew by whoever tries again', async () => {
  const folder = newFolder();
  const log = await fileStore(folder).claimLog<string>(key);
  await log.append('paid');
  await log.close();
  rmSync(join(folder, 'logs/run-1/s1.1.1.claim'));
  await expect(fileStore(folder).claimLog(key, { isRetry: true })).rejects.toThrow(LogLostError);
  // Its neighbour never was.
  const other = await fileStore(folder).claimLog({ ...key, subtask: 's11' }, { isRetry: true });
  expect(other.earlier).toEqual([]);
  await other.close();
});

test('a hundred logs of one process are one file, and another process has another', async () => {
  const folder = newFolder();
  const work = async (store: Store, n: number): Promise<void> => {
    const log = await store.claimLog<string>({ ...key, subtask: `s${n}` });
    await log.append(`by ${n}`);
    await log.close();
  };
  const [one, other] = [fileStore(folder), fileStore(folder)];
  await Promise.all(Array.from({ length: 100 }, (_, n) => work(one, n)));
  expect(runFilesIn(folder)).toHaveLength(1);
  await Promise.all([1, 2, 3].map((n) => work(other, n)));
  expect(runFilesIn(folder)).toHaveLength(2);
  expect(await one.readLog({ ...key, subtask: 's2' })).toEqual(['by 2', 'by 2']);
  expect(await one.readLog({ ...key, subtask: 's99' })).toEqual(['by 99']);
});

test('a log on file whose run was removed begins anew where every process sees it', async () => {
  const folder = newFolder();
  const store = fileStore(folder);
  const before = await store.claimLog<string>(key);
  await before.append('before');
  await before.close();
  rmSync(join(folder, 'logs/run-1'), { recursive: true });
  const after = await store.claimLog<string>(key);
  expect(after.earlier).toEqual([]);
  await after.append('after');
  expect(await fileStore(folder).readLog(key)).toEqual(['after']);
  await after.close();
});

test('fifty watchers of one process listen at one place, also where the file system tells of no change', async () => {
  const folder = newFolder();
  const told = jest.spyOn(fs, 'watch').mockImplementation(() => {
    throw new Error('too many watches');
  });
  const store = fileStore(folder);
  const seen: string[] = [];
  const watches = await Promise.all(
    Array.from({ length: 50 }, (_, n) => {
      const mine = { ...key, subtask: `s${n}` };
      return store.watchCommands(mine, 0, ({ id }) => seen.push(`${id} to s${n}`));
    }),
  );
  expect(told).toHaveBeenCalledTimes(1);
  told.mockRestore();
  await fileStore(folder).sendCommand({ ...key, subtask: 's7' }, { id: 'note' });
  await until('it came', () => seen.length > 0);
  expect(seen).toEqual(['note to s7']);
  await Promise.all(watches.map((watch) => watch.close()));
});

test('a command whose sender died before it told anybody is seen when it is sent again, once', async () => {
  const folder = newFolder();
  const store = fileStore(folder);
  const seen: string[] = [];
  const watch = await store.watchCommands(key, 0, ({ id }) => seen.push(id));
  const list = join(folder, 'logs/run-1/s1/1/commands');
  mkdirSync(list, { recursive: true });
  writeFileSync(join(list, '000001.json'), '{"id":"note"}');
  await fileStore(folder).sendCommand(key, { id: 'note' });
  await until('it came', () => seen.length > 0);
  await fileStore(folder).sendCommand(key, { id: 'next' });
  await until('the next one came', () => seen.length > 1);
  expect(seen).toEqual(['note', 'next']);
  await watch.close();
});

test('a lower visit whose claim on a file came in the same moment takes nothing from the higher one', async () => {
  const folder = newFolder();
  const third = await fileStore(folder).claimLog<string>(key, { visit: 3 });
  // It looked for claims before there was one, and gives up only after its own.
  symlinkSync(`${basename(runFileOf(folder, 1))}:2`, join(folder, 'logs/run-1/s1.1.2.claim'));
  await third.append('of visit 3');
  const retried = await fileStore(folder).claimLog<string>(key, { visit: 3 });
  await expect(third.append('late')).rejects.toThrow(LogTakenOverError);
  await retried.append('of visit 3 again');
  expect(await fileStore(folder).readLog(key)).toEqual(['of visit 3', 'of visit 3 again']);
  await Promise.all([third.close(), retried.close()]);
});

test('a small record of the file store that was removed costs no listing anything, and is listed when it is set again', async () => {
  const folder = newFolder();
  const store = fileStore(folder);
  await store.setRecord('due', 'some', 'x', { version: 0 });
  await store.setRecord('due', 'some', undefined, { version: 1 });
  const [hash = ''] = readdirSync(join(folder, 'records/due'));
  const place = join(folder, 'records/due', hash);
  const then = new Date(Date.now() - 60_000);
  utimesSync(place, then, then);
  expect(await store.listRecords('due')).toEqual([]);
  // Written over, which the folder does not show: whoever reads it sees it.
  writeFileSync(join(place, '2.json'), JSON.stringify({ key: 'some', value: 'seen' }));
  expect(await fileStore(folder).listRecords('due')).toHaveLength(1);
  expect(await store.listRecords('due')).toEqual([]);
  await fileStore(folder).setRecord('due', 'some', 'again', { version: 2 });
  expect(await store.listRecords('due')).toEqual([{ key: 'some', value: 'again', version: 3 }]);
  await store.close();
});

test('the file store says so when records that a later attempt built on are gone', async () => {
  const folder = newFolder();
  const first = await fileStore(folder).claimLog<string>(key);
  await first.append('paid');
  await first.close();
  await (await fileStore(folder).claimLog<string>(key)).close();
  const path = runFileOf(folder, 1);
  truncateSync(path, statSync(path).size - 3);
  await expect(fileStore(folder).claimLog(key)).rejects.toThrow(/lost records/);
  rmSync(path);
  await expect(fileStore(folder).claimLog(key)).rejects.toThrow(/records are lost/);
});

test('the file store leaves no half-written file beside what it wrote whole', async () => {
  const folder = newFolder();
  const store = fileStore(folder);
  const hash = await store.putBlob('x'.repeat(10_000));
  expect(readdirSync(join(folder, 'blobs', hash.slice(0, 2)))).toEqual([hash]);
});

// Root writes through any permission, so there the refusal can't be made.
const asUser = process.getuid?.() === 0 ? test.skip : test;
asUser('the file store turns a folder it may not write into a clear error', async () => {
  const folder = newFolder();
  chmodSync(folder, 0o500);
  await expect(fileStore(folder).putBlob('x')).rejects.toThrow(/the store could not be used/);
});

test('the file store turns a path that is no folder into a clear error', async () => {
  const folder = newFolder();
  appendFileSync(join(folder, 'blobs'), 'a file where a folder must be');
  await expect(fileStore(folder).putBlob('x')).rejects.toThrow(/the store could not be used/);
});

test('a process that stands still loses its lease on files after ten seconds, and is told so when it wakes', async () => {
  const folder = newFolder();
  const of = { run: 'run-1', resource: 'r' };
  const { child, said } = await leaseHolder(folder, of);
  child.kill('SIGSTOP');
  const began = Date.now();
  const lease = await fileStore(folder).takeLease(of, 'next', new AbortController().signal);
  expect(Date.now() - began).toBeGreaterThan(9_000);
  child.kill('SIGCONT');
  await until('the sleeper was told', () => said().includes('lost'));
  expect(lease.lost.aborted).toBe(false);
  await lease.release();
  child.kill('SIGKILL');
});

test('a file that can grow no further fails the append, and nothing may follow it', async () => {
  const folder = newFolder();
  const script = `
    const { fileStore } = await import(${JSON.stringify(pathToFileURL(resolve(__dirname, '../../dist/store/file-store.js')).href)});
    const store = fileStore(${JSON.stringify(folder)});
    const log = await store.claimLog(${JSON.stringify(key)});
    const told = [];
    for (const size of [100, 100_000, 100]) {
      await log.append('x'.repeat(size)).then(() => told.push('kept'), (error) => told.push(error.name + ': ' + error.message));
    }
    const other = await store.claimLog(${JSON.stringify({ ...key, subtask: 's2' })});
    await other.append('goes on').then(() => told.push('kept'), (error) => told.push(String(error)));
    process.stdout.write(JSON.stringify(told));
  `;
  // What a full disk does, without filling one: this process may write no file beyond 16 KiB.
  const limited = `ulimit -f 16; exec "$0" --input-type=module -e "$1"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', limited, process.execPath, script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const [first, second, third, afterwards] = JSON.parse(stdout) as string[];
  expect(first).toBe('kept');
  expect(second).toMatch(/^StoreError: a checkpoint could not be written: the disk is full/);
  expect(third).toBe(second);
  expect(await fileStore(folder).readLog(key)).toEqual(['x'.repeat(100)]);
  // Another log of the same process has another file, with an end that is known.
  expect(afterwards).toBe('kept');
  expect(await fileStore(folder).readLog({ ...key, subtask: 's2' })).toEqual(['goes on']);
});

test('a sweep of files finishes what a killed one left, and leaves what writers are at', async () => {
  const folder = newFolder();
  const store = fileStore(folder);
  const [kept, gone] = [await store.putBlob('kept'), await store.putBlob('gone')];
  const path = (hash: string, more = ''): string => join(folder, 'blobs', hash.slice(0, 2), `${hash}${more}`);
  renameSync(path(kept), path(kept, '.0badcafe.unused'));
  renameSync(path(gone), path(gone, '.0badcafe.unused'));
  appendFileSync(path(gone, '.123.0badcafe'), 'half a blo');
  appendFileSync(path(kept, '.124.0badcafe'), 'ke');
  const long = new Date(Date.now() - 9 * 86_400_000);
  for (const old of [path(gone, '.0badcafe.unused'), path(gone, '.123.0badcafe')]) utimesSync(old, long, long);
  mkdirSync(join(folder, 'tasks', `${'0'.repeat(64)}.0badcafe.over`), { recursive: true });
  await store.expire(Date.now());
  expect(Buffer.from(await store.getBlob(kept)).toString()).toBe('kept');
  const left = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.split(/[\\/]/).at(-1));
  expect(left.filter((name) => /unused|over|\.12/.test(name ?? ''))).toEqual([`${kept}.124.0badcafe`]);
});

test('a blob on file that is put again in the moment in which a sweep removes it is there after', async () => {
  const folder = newFolder();
  const store = fileStore(folder);
  const texts = Array.from({ length: 100 }, (_, n) => `text ${n}`);
  for (let round = 0; round < 20; round += 1) {
    const hashes = await Promise.all(texts.map((text) => store.putBlob(text)));
    await age(folder, 5);
    // One after the other, at about the pace of the sweep.
    const putAgain = async (): Promise<void> => {
      for (const hash of [...hashes].sort()) await store.putBlob(texts[hashes.indexOf(hash)] ?? '');
    };
    await Promise.all([store.expire(Date.now()), putAgain(), store.expire(Date.now())]);
    for (const hash of hashes) await store.getBlob(hash);
  }
});
