// The file store: the conformance suite, and what is particular to files.

import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStore } from '../../store/file-store.ts';
import { storeConformance } from './conformance.ts';

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-store-'));
  folders.push(folder);
  return folder;
};
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

storeConformance('the file store', async () => {
  const folder = newFolder();
  const age = async (days: number): Promise<void> => {
    const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    for (const path of paths.filter((name) => /^(blobs|corpora)\b/.test(name)).map((name) => join(folder, name))) {
      const then = new Date(statSync(path).mtimeMs - days * 86_400_000);
      utimesSync(path, then, then);
    }
  };
  return { store: fileStore(folder), another: () => fileStore(folder), age, remove: async () => undefined };
});

const key = { run: 'run-1', subtask: 's1', generation: 1 };
const segmentsOf = (folder: string): string => join(folder, 'logs/run-1/s1/1');

test('the file store drops a torn last record and keeps those before it', async () => {
  const folder = newFolder();
  const log = await fileStore(folder).claimLog<string>(key);
  await log.append('whole');
  await log.append('torn');
  await log.close();
  const path = join(segmentsOf(folder), '000001.ndjson');
  truncateSync(path, statSync(path).size - 3);
  expect(await fileStore(folder).readLog(key)).toEqual(['whole']);
});

test('the file store ignores a segment whose claim was never completed', async () => {
  const folder = newFolder();
  const log = await fileStore(folder).claimLog<string>(key);
  await log.append('kept');
  await log.close();
  appendFileSync(join(segmentsOf(folder), '000002.ndjson'), '{"ba');
  const next = await fileStore(folder).claimLog<string>(key);
  expect(next.segment).toBe(3);
  expect(next.earlier).toEqual(['kept']);
  await next.close();
});

test('the file store says so when records that a later attempt built on are gone', async () => {
  const folder = newFolder();
  const store = fileStore(folder);
  const first = await store.claimLog<string>(key);
  await first.append('paid');
  await first.close();
  await (await store.claimLog<string>(key)).close();
  rmSync(join(segmentsOf(folder), '000001.ndjson'));
  await expect(store.claimLog(key)).rejects.toThrow(/lost records/);
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
