// file-forget.ts: what forgetting a task asks of a store of files. Decides nothing about what may go: that is forget.ts.

import { createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskEvent } from '../protocol/events.ts';
import { sha256 } from '../protocol/schemas/hash.ts';
import { codeOf, parseLine, readIfThere, readJsonIfThere, writeOnce } from './durable-files.ts';
import { changedAt, readTaskTimes, removeRun, removeTask } from './file-expiry.ts';
import { blobsOfFileRecords } from './file-records.ts';
import type { ForgetParts, KeptTask } from './forget.ts';
import { namesIn, removeIfUnused } from './kept-files.ts';
import { isHash } from './names.ts';
import type { TaskRecord } from './store.ts';

interface FileTask extends KeptTask {
  folder: string;
}

export function fileForgetParts(store: string): ForgetParts<FileTask> {
  const place = (of: 'blobs' | 'corpora', hash: string): string =>
    of === 'blobs' ? join(store, 'blobs', hash.slice(0, 2), hash) : join(store, 'corpora', hash);
  const listOf = (corpus: string): string => `${place('corpora', corpus)}.blobs`;
  const blobsOf = async (corpus: string): Promise<string[]> => (await readJsonIfThere<string[]>(listOf(corpus))) ?? [];
  return {
    find: (taskId) => readTask(join(store, 'tasks', sha256(taskId))),
    async tasks() {
      const found: FileTask[] = [];
      for (const name of await namesIn(join(store, 'tasks'))) {
        const task = isHash(name) ? await readTask(join(store, 'tasks', name)) : undefined;
        if (task) found.push(task);
      }
      return found;
    },
    async *texts({ folder, runs }) {
      for (const one of [folder, ...runs.map((run) => join(store, 'logs', run))])
        for (const path of await filesIn(one)) yield* textOf(path);
    },
    async corpora() {
      const names = (await namesIn(join(store, 'corpora'))).filter(isHash);
      return new Map(await Promise.all(names.map(async (name) => [name, await blobsOf(name)] as const)));
    },
    blobsOfRecords: () => blobsOfFileRecords(store),
    async usedAt(of, hashes) {
      const times = new Map<string, number>();
      for (const hash of hashes) {
        const at = await changedAt(place(of, hash));
        if (at > 0) times.set(hash, at);
      }
      return times;
    },
    async readBlob(hash, most) {
      const path = place('blobs', hash);
      const size = await stat(path).then(
        (found) => found.size,
        () => Infinity,
      );
      return size > most ? undefined : (await readIfThere(path))?.toString('latin1');
    },
    async removeTask({ folder, runs }) {
      const removed = { logs: 0, events: (await eventsOf(folder)).length };
      for (const run of runs) {
        removed.logs += await logsOf(join(store, 'logs', run));
        await removeRun(store, run);
      }
      await removeTask(folder);
      return removed;
    },
    async removeUnused(of, hash, usedAt) {
      const list = of === 'corpora' ? await blobsOf(hash) : [];
      // What was used at this very moment, and no later, is what was looked at.
      if (!(await removeIfUnused(place(of, hash), usedAt + 0.001))) return false;
      if (of === 'blobs') return true;
      await rm(listOf(hash), { force: true });
      // Put again meanwhile, by somebody who had found its list there.
      if ((await changedAt(place('corpora', hash))) > 0) await writeOnce(listOf(hash), JSON.stringify(list));
      return true;
    },
  };
}

async function readTask(folder: string): Promise<FileTask | undefined> {
  if ((await namesIn(folder)).length === 0) return undefined;
  const { run, acceptedAt, closedAt } = await readTaskTimes(folder);
  const head = await readJsonIfThere<TaskRecord>(join(folder, 'task.json'));
  // Work behind the answer has a run of its own.
  const runs = new Set([...(run === undefined ? [] : [run]), ...(await eventsOf(folder)).map((event) => event.run)]);
  return { folder, runs: [...runs], acceptedAt, closedAt, tenant: head?.tenant, className: head?.className };
}

async function eventsOf(folder: string): Promise<TaskEvent[]> {
  const text = (await readIfThere(join(folder, 'events.ndjson')))?.toString('utf8') ?? '';
  return text.split('\n').flatMap((line) => parseLine<TaskEvent>(line) ?? []);
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    const all = await readdir(folder, { recursive: true, withFileTypes: true });
    return all.filter((one) => one.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** A log's claims name it: `<subtask>.<generation>.<segment>.claim`; those of older stores have a folder. */
async function logsOf(run: string): Promise<number> {
  const names = await namesIn(run);
  const claimed = names.filter((name) => name.endsWith('.claim')).map((name) => name.split('.').slice(0, 2).join('.'));
  const folders = names.filter((name) => !name.includes('.'));
  return new Set([...claimed, ...folders.map((name) => `${name}.1`)]).size;
}

/** A piece begins with the end of the one before it, so that nothing looked for is cut. */
async function* textOf(path: string): AsyncGenerator<string> {
  let end = '';
  try {
    for await (const piece of createReadStream(path, { encoding: 'latin1', highWaterMark: PIECE_BYTES })) {
      const text = end + String(piece);
      yield text;
      end = text.slice(-HASH_CHARS);
    }
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

const PIECE_BYTES = 1_048_576;
const HASH_CHARS = 64;
