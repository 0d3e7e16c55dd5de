// A file store that an earlier version wrote, with a task at work in it: it is read, gone on with, and expires.

import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SubtaskLog } from '../../activities/loop/subtask-log.ts';
import { fileStore } from '../../store/file-store.ts';
import { LogTakenOverError, type Store } from '../../store/store.ts';

const KEPT = resolve(__dirname, 'kept-stores/file-a-segment');
const DAY = 86_400_000;
const s1 = { run: 'run-open', subtask: 's1', generation: 1 };
const s2 = { ...s1, subtask: 's2' };
const OF_S1 = ['attempt', 'model', 'begins', 'letGo', 'tool', 'attempt', 'model', 'reads', 'refused', 'command'];

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-kept-'));
  cpSync(KEPT, folder, { recursive: true });
  store = fileStore(folder);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const kinds = (records: readonly { t: string }[]): string[] => records.map(({ t }) => t);

test('a kept store’s records, texts, blobs and tasks are read, and the torn record is dropped', async () => {
  expect(await store.deploymentId()).toBe(readFileSync(join(KEPT, 'deployment'), 'utf8'));
  expect(kinds(await store.readLog(s1))).toEqual(OF_S1);
  expect(kinds(await store.readLog(s2))).toEqual(['attempt']);
  expect((await store.getPartial(s1))?.text).toContain('Orders are kept');
  expect(await store.getTask('open-task')).toMatchObject({ run: 'run-open' });
  expect((await store.readEvents('open-task')).map(({ n }) => n)).toEqual([1, 2]);
  expect((await store.readEvents('closed-task')).map(({ n }) => n)).toEqual([1]);
  const result = await store.getResult('closed-task');
  expect(Buffer.from(await store.getBlob(result?.answerRef ?? '')).toString()).toContain('30 days');
  expect(Buffer.from((await store.getCorpus('ab'.repeat(32))) ?? []).toString()).toBe('a prepared corpus');
  // Reading leaves it as it was.
  expect(existsSync(join(folder, 'logs/run-open/s1/1/000003.ndjson'))).toBe(false);
});

test('a kept store’s subtask goes on from its last record, and every later attempt sees the old records and the new', async () => {
  const log = await SubtaskLog.open(store, s1, { expected: OF_S1.length, worker: 'now', visit: 2 });
  expect(log.reply('turn-2')?.reply.text).toBe('second');
  expect(log.reply('turn-3')).toBeUndefined();
  expect([log.attempts, log.deaths('turn-1', 'c1'), log.commands.length]).toEqual([3, 0, 1]);
  expect(log.wasRefused('turn-2')).toBe(true);
  await log.append({ t: 'threw', message: 'of this version', at: 1 });
  // What an attempt of the earlier version still writes was never acknowledged by it, and belongs to nobody's story.
  appendFileSync(join(folder, 'logs/run-open/s1/1/000002.ndjson'), '\n{"t":"late"}\n');
  const later = await fileStore(folder).claimLog<{ t: string }>(s1, { visit: 2 });
  expect(kinds(later.earlier)).toEqual([...OF_S1, 'attempt', 'threw']);
  await expect(log.append({ t: 'threw', message: 'late', at: 1 })).rejects.toThrow(LogTakenOverError);
  await expect(store.claimLog(s1)).rejects.toThrow(LogTakenOverError);
  expect(kinds(await fileStore(folder).readLog(s1))).toEqual([...OF_S1, 'attempt', 'threw']);
  await Promise.all([log.close(), later.close()]);
});

test('an attempt of the earlier version sees that a kept store’s log was gone on with, and can’t go on itself', async () => {
  const claims = await Promise.all(Array.from({ length: 20 }, () => fileStore(folder).claimLog<{ t: string }>(s1)));
  expect(new Set(claims.map(({ segment }) => segment)).size).toBe(20);
  expect(claims.every(({ earlier }) => kinds(earlier).join() === OF_S1.join())).toBe(true);
  await Promise.all(claims.map((claim) => claim.close()));
  // It looked for the file with the next number after each record, and read all of them before its first.
  const next = join(folder, 'logs/run-open/s1/1/000003.ndjson');
  expect(existsSync(next)).toBe(true);
  expect(() => readFileSync(next)).toThrow(/EISDIR/);
  expect(existsSync(join(folder, 'logs/run-open/s1/1/000004.ndjson'))).toBe(false);
});

test('a kept store’s commands are followed by new ones', async () => {
  await store.sendCommand(s1, { id: 'note-2', kind: 'note', text: 'again' });
  await store.sendCommand(s1, { id: 'note-3', kind: 'note', text: 'new' });
  const seen: string[] = [];
  await (await fileStore(folder).watchCommands(s1, 1, ({ id }) => seen.push(id))).close();
  expect(seen).toEqual(['note-2', 'note-3']);
});

test('a kept store’s tasks expire with their logs, old and new', async () => {
  const log = await store.claimLog<string>({ ...s1, run: 'run-closed' });
  await log.append('after a reset');
  await log.close();
  const late = Math.max(Date.now(), Date.parse('2026-11-26')) + 31 * DAY;
  expect(await store.expire(late)).toMatchObject({ tasks: 1, strayLogs: 0 });
  expect(existsSync(join(folder, 'logs/run-closed'))).toBe(false);
  expect(kinds(await store.readLog(s1))).toEqual(OF_S1);
  expect(await store.expire(late + 200 * DAY)).toMatchObject({ tasks: 1 });
  expect(existsSync(join(folder, 'logs/run-open'))).toBe(false);
});
