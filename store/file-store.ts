// file-store.ts: the default store, a folder. Logs are one file a segment, blobs are named by their SHA-256,
// and everything else is written whole and renamed into place. Never rewrites a record.

import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TaskEvent } from '../protocol/events.ts';
import type { TaskResult } from '../protocol/result.ts';
import { sha256 } from '../protocol/schemas/hash.ts';
import { claimWhole, codeOf, isThere, parseLine, readIfThere, writeOnce, writeWhole } from './durable-files.ts';
import { claimSegment, readSegments } from './file-log.ts';
import { BlobMissingError, StoreError, type LogKey, type LogSegment, type Store, type TaskRecord } from './store.ts';

const NAME = /^[A-Za-z0-9_-]{1,128}$/;
const HEX = /^[0-9a-f]{64}$/;

/** Opens the store in `folder`, which is made on first write. */
export function fileStore(folder: string): Store {
  return new FileStore(folder);
}

class FileStore implements Store {
  readonly #folder: string;
  #deployment: Promise<string> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  deploymentId(): Promise<string> {
    this.#deployment ??= this.#claimDeployment();
    return this.#deployment;
  }

  async #claimDeployment(): Promise<string> {
    const path = join(this.#folder, 'deployment');
    const known = await readIfThere(path);
    if (known) return known.toString('utf8').trim();
    // Another process may make it between the look and the write: then theirs counts.
    await guarded(() => claimWhole(path, randomBytes(4).toString('hex')));
    return (await readFile(path, 'utf8')).trim();
  }

  claimLog<R>(key: LogKey): Promise<LogSegment<R>> {
    return guarded(() => claimSegment<R>(this.#logFolder(key)));
  }

  readLog<R>(key: LogKey): Promise<R[]> {
    return guarded(async () => (await readSegments<R>(this.#logFolder(key))).records);
  }

  #logFolder(key: LogKey): string {
    return join(this.#folder, 'logs', checked(key.run, NAME), checked(key.subtask, NAME), String(key.generation));
  }

  async putBlob(bytes: Uint8Array | string): Promise<string> {
    const hash = sha256(bytes);
    await guarded(() => writeOnce(this.#blobPath(hash), bytes));
    return hash;
  }

  async getBlob(hash: string): Promise<Uint8Array> {
    const bytes = await guarded(() => readIfThere(this.#blobPath(hash)));
    if (!bytes) throw new BlobMissingError(hash);
    return bytes;
  }

  #blobPath(hash: string): string {
    return join(this.#folder, 'blobs', checked(hash, HEX).slice(0, 2), hash);
  }

  async putCorpus(hash: string, bytes: Uint8Array): Promise<void> {
    await guarded(() => writeOnce(join(this.#folder, 'corpora', checked(hash, HEX)), bytes));
  }

  getCorpus(hash: string): Promise<Uint8Array | undefined> {
    return guarded(() => readIfThere(join(this.#folder, 'corpora', checked(hash, HEX))));
  }

  hasCorpus(hash: string): Promise<boolean> {
    return guarded(() => isThere(join(this.#folder, 'corpora', checked(hash, HEX))));
  }

  async putTask(record: TaskRecord): Promise<void> {
    await guarded(() => writeOnce(this.#taskPath(record.taskId, 'task.json'), JSON.stringify(record)));
  }

  getTask(taskId: string): Promise<TaskRecord | undefined> {
    return guarded(() => readJson<TaskRecord>(this.#taskPath(taskId, 'task.json')));
  }

  async appendEvents(taskId: string, events: readonly TaskEvent[]): Promise<void> {
    if (events.length === 0) return;
    await guarded(async () => {
      const known = new Set((await this.readEvents(taskId)).map(eventKey));
      const fresh = events.filter((event) => !known.has(eventKey(event)));
      if (fresh.length === 0) return;
      const path = this.#taskPath(taskId, 'events.ndjson');
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, 'a');
      try {
        // The first newline ends a record that a crash tore.
        await file.write(`\n${fresh.map((event) => JSON.stringify(event)).join('\n')}\n`);
        await file.datasync();
      } finally {
        await file.close();
      }
    });
  }

  readEvents(taskId: string): Promise<TaskEvent[]> {
    return guarded(async () => {
      const text = (await readIfThere(this.#taskPath(taskId, 'events.ndjson')))?.toString('utf8') ?? '';
      const seen = new Map<string, TaskEvent>();
      for (const line of text.split('\n')) {
        const event = parseLine<TaskEvent>(line);
        if (event && !seen.has(eventKey(event))) seen.set(eventKey(event), event);
      }
      return [...seen.values()];
    });
  }

  async putResult(taskId: string, result: TaskResult): Promise<void> {
    await guarded(() => writeWhole(this.#taskPath(taskId, 'result.json'), JSON.stringify(result)));
  }

  getResult(taskId: string): Promise<TaskResult | undefined> {
    return guarded(() => readJson<TaskResult>(this.#taskPath(taskId, 'result.json')));
  }

  /** A Workflow Id may hold any character, so its hash names the folder. */
  #taskPath(taskId: string, file: string): string {
    return join(this.#folder, 'tasks', sha256(taskId), file);
  }

  async close(): Promise<void> {}
}

const eventKey = (event: TaskEvent): string => `${event.run}/${event.n}`;

function checked(name: string, shape: RegExp): string {
  if (!shape.test(name)) throw new StoreError(`"${name.slice(0, 80)}" can't name something in the store`);
  return name;
}

async function readJson<T>(path: string): Promise<T | undefined> {
  const bytes = await readIfThere(path);
  return bytes ? (JSON.parse(bytes.toString('utf8')) as T) : undefined;
}

function asStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const reason =
    codeOf(error) === 'ENOSPC' ? 'the disk is full' : String(error instanceof Error ? error.message : error);
  return new StoreError(`the store could not be used: ${reason}`, { cause: error });
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asStoreError(error);
  }
}
