// file-expiry.ts: removes what is over from a store of files. Every step may be cut off, repeated, or done beside
// another sweep; a task's folder goes last, so that what was begun is found again.

import { randomBytes } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskResult } from '../protocol/result.ts';
import { codeOf, readJsonIfThere } from './durable-files.ts';
import { getFileRecord, setFileRecord, sweepFileRecords } from './file-records.ts';
import { LEASES_FOLDER } from './file-leases.ts';
import { namesIn, sweepKept } from './kept-files.ts';
import { isHash } from './names.ts';
import { DEFAULT_RETENTION_DAYS, isOver, strayBefore, usedBefore, type TaskTimes } from './retention.ts';
import type { Expired, SetRecord, TaskRecord } from './store.ts';
import { putTombstone } from './tombstones.ts';

/** When a task was closed, beside its result: its own small file, so that a sweep reads no results. */
export const CLOSED_FILE = 'closed.json';
export interface Closed {
  closedAt: number;
}

interface KeptTask extends TaskTimes {
  folder: string;
  run?: string | undefined;
  head?: TaskRecord | undefined;
  taskId?: string | undefined;
}

export async function expireFiles(store: string, now: number): Promise<Expired> {
  const remaining: KeptTask[] = [];
  const expired: Expired = { tasks: 0, strayLogs: 0, corpora: 0, blobs: 0 };
  const tasks = join(store, 'tasks');
  for (const name of await namesIn(tasks)) {
    const folder = join(tasks, name);
    // A sweep was killed between setting it aside and removing it.
    if (name.endsWith('.over')) await remove(folder);
    if (!isHash(name)) continue;
    const task = await readTaskTimes(folder);
    if (!isOver(task, now) || !isOver({ ...task, lastActiveAt: await lastWrite(store, task) }, now)) {
      remaining.push(task);
      continue;
    }
    await leaveTombstone(store, task, now);
    if (task.run !== undefined) await removeRun(store, task.run);
    if (await removeTask(folder)) expired.tasks += 1;
  }
  expired.strayLogs = await removeStrayLogs(store, remaining, now);
  const before = usedBefore(
    remaining.map(({ acceptedAt }) => acceptedAt),
    now,
  );
  const corpora = join(store, 'corpora');
  const unused = await sweepKept(corpora, before, () => false);
  for (const corpus of unused) await rm(join(corpora, `${corpus}.blobs`), { force: true });
  const needed = new Set([...(await blobsOfCorpora(corpora)), ...(await sweepFileRecords(store, now))]);
  expired.corpora = unused.length;
  const blobs = join(store, 'blobs');
  for (const part of await namesIn(blobs)) {
    expired.blobs += (await sweepKept(join(blobs, part), before, (blob) => needed.has(blob))).length;
  }
  return expired;
}

export async function readTaskTimes(folder: string): Promise<KeptTask> {
  const head = await readJsonIfThere<TaskRecord>(join(folder, 'task.json'));
  let closedAt = (await readJsonIfThere<Closed>(join(folder, CLOSED_FILE)))?.closedAt;
  let result: TaskResult | undefined;
  if (closedAt === undefined || !head) {
    result = await readJsonIfThere<TaskResult>(join(folder, 'result.json'));
    closedAt ??= result?.timings.closedAt;
  }
  const acceptedAt = head?.acceptedAt ?? result?.timings.acceptedAt;
  return {
    folder,
    head,
    taskId: head?.taskId ?? result?.taskId,
    run: head?.run ?? result?.run,
    acceptedAt: acceptedAt ?? (await newest([folder])),
    closedAt,
    lastActiveAt: 0,
    retentionDays: head?.retentionDays ?? DEFAULT_RETENTION_DAYS,
    keptUntil: head?.keptUntil,
  };
}

/** Before anything of it goes: whoever is cut off between the two does both again. */
async function leaveTombstone(store: string, { taskId, head, closedAt }: KeptTask, now: number): Promise<void> {
  if (taskId === undefined) return;
  const records = {
    getRecord: (kind: string, key: string) => getFileRecord(store, kind, key),
    setRecord: (kind: string, key: string, value: string | undefined, options: SetRecord) =>
      setFileRecord(store, kind, key, value, options),
  };
  await putTombstone(records, {
    taskId,
    ...(head ? { tenant: head.tenant, className: head.className } : {}),
    ...(closedAt === undefined ? {} : { closedAt }),
    removedAt: now,
    why: 'expired',
  });
}

async function lastWrite(store: string, { run }: KeptTask): Promise<number> {
  return run === undefined ? 0 : await newestOfRun(store, run);
}

/** When a run's logs were last written to; 0 when there are none. */
async function newestOfRun(store: string, run: string): Promise<number> {
  const folders = [join(store, 'logs', run)];
  for (const depth of [0, 1]) {
    const inner = await Promise.all(
      folders.map(async (folder) => (await namesIn(folder)).map((name) => join(folder, name))),
    );
    if (depth === 0) folders.splice(0, folders.length, ...inner.flat());
    else return await newest([...folders, ...inner.flat()]);
  }
  return 0;
}

/** The latest time in these folders and their files. */
async function newest(folders: readonly string[]): Promise<number> {
  let latest = 0;
  for (const folder of folders) {
    for (const path of [folder, ...(await namesIn(folder)).map((name) => join(folder, name))]) {
      latest = Math.max(latest, await changedAt(path));
    }
  }
  return latest;
}

/** When a file was last written to or used; 0 for none. */
export async function changedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

export async function removeRun(store: string, run: string): Promise<void> {
  await remove(join(store, 'logs', run));
  await remove(join(store, LEASES_FOLDER, run));
}

/** True when this call, and no other one, removed it. */
export async function removeTask(folder: string): Promise<boolean> {
  const aside = `${folder}.${randomBytes(4).toString('hex')}.over`;
  try {
    await rename(folder, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
  await remove(aside);
  return true;
}

async function removeStrayLogs(store: string, remaining: readonly KeptTask[], now: number): Promise<number> {
  const known = new Set(remaining.map(({ run }) => run));
  let removed = 0;
  for (const run of await namesIn(join(store, 'logs'))) {
    if (known.has(run) || (await newestOfRun(store, run)) >= strayBefore(now)) continue;
    await removeRun(store, run);
    removed += 1;
  }
  return removed;
}

async function blobsOfCorpora(corpora: string): Promise<Set<string>> {
  const needed = new Set<string>();
  for (const name of await namesIn(corpora)) {
    if (!name.endsWith('.blobs')) continue;
    for (const blob of (await readJsonIfThere<string[]>(join(corpora, name))) ?? []) needed.add(blob);
  }
  return needed;
}

const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 3 });
