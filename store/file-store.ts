// file-store.ts: the default store, a folder. Logs lie together in a file a task and worker, blobs are named by their SHA-256,
// and everything else is written whole and renamed into place. Never rewrites a record.

import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import {
  MOST_ROWS,
  type ClosedRows,
  type SubtaskRow,
  type SubtaskRowsOf,
  type TaskRow,
  type TaskRowsOf,
} from '../protocol/class-history.ts';
import type { TaskEvent } from '../protocol/events.ts';
import type { TaskResult } from '../protocol/result.ts';
import { checkDefinition } from '../protocol/schemas/definition.ts';
import { sha256 } from '../protocol/schemas/hash.ts';
import {
  createExclusively,
  parseLine,
  readIfThere,
  readJsonIfThere,
  writeOnce,
  writeAtomicallyUnsynced,
  writeAtomically,
} from './durable-files.ts';
import { FileCommands } from './file-commands.ts';
import { withStoreErrors } from './file-errors.ts';
import { CLOSED_FILE, expireFiles, type Closed } from './file-expiry.ts';
import { fileForgetParts } from './file-forget.ts';
import { FileLogs } from './file-log.ts';
import { finishForgetting, forgetTask } from './forget.ts';
import { getFileRecord, listFileRecords, setFileRecord, type OverRecords } from './file-records.ts';
import { LEASES_FOLDER, takeFileLease } from './file-leases.ts';
import { noteInFile, outcomesInFiles } from './file-outcomes.ts';
import { namesIn, putKept, readKept, touch } from './kept-files.ts';
import { checkedHash, checkedName, logNames } from './names.ts';
import { groupOf, groupsOf } from './outcome-groups.ts';
import { PartialTexts } from './partial-texts.ts';
import { RecentBlobs } from './recent-blobs.ts';
import {
  BlobMissingError,
  type Command,
  type Expired,
  type ForgetOptions,
  type Forgotten,
  type LogKey,
  type LogSegment,
  type Store,
  type TaskRecord,
  type Lease,
  type Note,
  type SetRecord,
  type SmallRecord,
  type PartialText,
} from './store.ts';

/** Opens the store in `folder`, which is made on first write. @throws DefinitionError for what names no folder. */
export function fileStore(folder: string): Store {
  checkDefinition('a store in a folder', { folder }, z.object({ folder: z.string().min(1) }));
  return new FileStore(folder);
}

class FileStore implements Store {
  readonly #folder: string;
  readonly #logs: FileLogs;
  readonly #commands: FileCommands;
  readonly #partials = new PartialTexts<string>((path, partial) =>
    withStoreErrors(() => writeAtomicallyUnsynced(path, JSON.stringify(partial))),
  );
  readonly #recent = new RecentBlobs();
  readonly #over: OverRecords = new Map();
  #deployment: Promise<string> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.#logs = new FileLogs(join(folder, 'logs'));
    this.#commands = new FileCommands(folder);
  }

  deploymentId(): Promise<string> {
    this.#deployment ??= withStoreErrors(() => this.#claimDeployment()).catch((error: unknown) => {
      this.#deployment = undefined;
      throw error;
    });
    return this.#deployment;
  }

  async #claimDeployment(): Promise<string> {
    const path = join(this.#folder, 'deployment');
    const known = await readIfThere(path);
    if (known) return known.toString('utf8').trim();
    // Another process may make it between the look and the write: then theirs counts.
    await createExclusively(path, randomBytes(4).toString('hex'));
    return (await readFile(path, 'utf8')).trim();
  }

  claimLog<R>(
    key: LogKey,
    { visit = 0, isRetry = false }: { visit?: number; isRetry?: boolean } = {},
  ): Promise<LogSegment<R>> {
    return withStoreErrors(() => this.#logs.claim<R>(key, visit, isRetry));
  }

  readLog<R>(key: LogKey): Promise<R[]> {
    return withStoreErrors(() => this.#logs.read<R>(key));
  }

  sendCommand(key: LogKey, command: Command): Promise<void> {
    return withStoreErrors(() => this.#commands.send(key, command));
  }

  watchCommands(
    key: LogKey,
    after: number,
    onCommand: (command: Command) => void,
  ): Promise<{ close(): Promise<void> }> {
    return withStoreErrors(() => this.#commands.watch(key, after, onCommand));
  }

  putPartial(key: LogKey, partial: PartialText): Promise<void> {
    return withStoreErrors(() => {
      const path = this.#partialPath(key);
      return this.#partials.put(path, path, partial);
    });
  }

  getPartial(key: LogKey): Promise<PartialText | undefined> {
    return withStoreErrors(async () => {
      const path = this.#partialPath(key);
      const kept = await readIfThere(path);
      if (kept) return JSON.parse(kept.toString('utf8')) as PartialText;
      // Of earlier versions: the text alone.
      const text = (await readIfThere(join(dirname(path), 'partial.txt')))?.toString('utf8');
      return text === undefined ? undefined : { attempt: 0, call: 0, offset: 0, text };
    });
  }

  #partialPath(key: LogKey): string {
    return join(this.#logFolder(key), 'partial.json');
  }

  takeLease({ run, resource }: { run: string; resource: string }, owner: string, signal: AbortSignal): Promise<Lease> {
    return withStoreErrors(
      () => takeFileLease(join(this.#folder, LEASES_FOLDER, checkedName(run), sha256(resource)), owner, signal),
      signal,
    );
  }

  #logFolder(key: LogKey): string {
    return join(this.#folder, 'logs', ...logNames(key));
  }

  async putBlob(bytes: Uint8Array | string): Promise<string> {
    const hash = sha256(bytes);
    await withStoreErrors(() => putKept(this.#blobPath(hash), bytes));
    this.#recent.add(hash, bytes);
    return hash;
  }

  async getBlob(hash: string): Promise<Uint8Array> {
    const bytes = this.#recent.get(hash) ?? (await withStoreErrors(() => readKept(this.#blobPath(hash))));
    if (!bytes) throw new BlobMissingError(hash);
    return bytes;
  }

  #blobPath(hash: string): string {
    return join(this.#folder, 'blobs', checkedHash(hash).slice(0, 2), hash);
  }

  async putCorpus(hash: string, bytes: Uint8Array, blobs: readonly string[] = []): Promise<void> {
    await withStoreErrors(async () => {
      // First, so that a sweep never finds the corpus without them.
      if (blobs.length > 0) await writeOnce(`${this.#corpusPath(hash)}.blobs`, JSON.stringify(blobs.map(checkedHash)));
      await putKept(this.#corpusPath(hash), bytes);
    });
  }

  getCorpus(hash: string): Promise<Uint8Array | undefined> {
    return withStoreErrors(async () => {
      await touch(this.#corpusPath(hash));
      return await readKept(this.#corpusPath(hash));
    });
  }

  hasCorpus(hash: string): Promise<boolean> {
    return withStoreErrors(() => touch(this.#corpusPath(hash)));
  }

  #corpusPath(hash: string): string {
    return join(this.#folder, 'corpora', checkedHash(hash));
  }

  async putNote(kind: string, key: string, text: string): Promise<void> {
    const note: Note = { text, at: Date.now() };
    await withStoreErrors(() => writeAtomically(this.#notePath(kind, key), JSON.stringify(note)));
  }

  getNote(kind: string, key: string): Promise<Note | undefined> {
    return withStoreErrors(() => readJsonIfThere<Note>(this.#notePath(kind, key)));
  }

  #notePath(kind: string, key: string): string {
    return join(this.#folder, 'notes', checkedName(kind), `${sha256(key)}.json`);
  }

  getRecord(kind: string, key: string): Promise<SmallRecord | undefined> {
    return withStoreErrors(() => getFileRecord(this.#folder, kind, key));
  }

  setRecord(kind: string, key: string, value: string | undefined, options: SetRecord): Promise<boolean> {
    return withStoreErrors(() => setFileRecord(this.#folder, kind, key, value, options));
  }

  listRecords(kind: string): Promise<(SmallRecord & { key: string })[]> {
    return withStoreErrors(() => listFileRecords(this.#folder, kind, this.#over));
  }

  async putTask(record: TaskRecord): Promise<void> {
    await withStoreErrors(() => writeOnce(this.#taskPath(record.taskId, 'task.json'), JSON.stringify(record)));
  }

  getTask(taskId: string): Promise<TaskRecord | undefined> {
    return withStoreErrors(() => readJsonIfThere<TaskRecord>(this.#taskPath(taskId, 'task.json')));
  }

  tasks(most: number): Promise<TaskRecord[]> {
    const folder = join(this.#folder, 'tasks');
    return withStoreErrors(async () => {
      const read: TaskRecord[] = [];
      // One after the other: thousands of open files at once are more than a process may have.
      for (const name of await namesIn(folder)) {
        const record = await readJsonIfThere<TaskRecord>(join(folder, name, 'task.json'));
        if (record) read.push(record);
      }
      return read.sort((a, b) => b.acceptedAt - a.acceptedAt).slice(0, most);
    });
  }

  async appendEvents(taskId: string, events: readonly TaskEvent[]): Promise<TaskEvent[]> {
    if (events.length === 0) return [];
    return await withStoreErrors(async () => {
      const known = new Set((await this.readEvents(taskId)).map(eventKey));
      const fresh = events.filter((event) => !known.has(eventKey(event)));
      if (fresh.length === 0) return [];
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
      return fresh;
    });
  }

  readEvents(taskId: string): Promise<TaskEvent[]> {
    return withStoreErrors(async () => {
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
    await withStoreErrors(async () => {
      // Whoever waits for the answer waits for this; neither file means anything of the other.
      await Promise.all([
        writeAtomically(this.#taskPath(taskId, 'result.json'), JSON.stringify(result)),
        writeAtomically(this.#taskPath(taskId, CLOSED_FILE), JSON.stringify({ closedAt: Date.now() } satisfies Closed)),
      ]);
    });
  }

  getResult(taskId: string): Promise<TaskResult | undefined> {
    return withStoreErrors(() => readJsonIfThere<TaskResult>(this.#taskPath(taskId, 'result.json')));
  }

  async noteOutcome(rows: ClosedRows): Promise<boolean> {
    const noted = await withStoreErrors(() =>
      Promise.all(groupsOf(rows).map((group) => noteInFile(this.#folder, group))),
    );
    return noted[0] ?? false;
  }

  outcomes(of: TaskRowsOf, most: number): Promise<TaskRow[]>;
  outcomes(of: SubtaskRowsOf, most: number): Promise<SubtaskRow[]>;
  outcomes<Row>(of: TaskRowsOf | SubtaskRowsOf, most: number): Promise<Row[]> {
    return withStoreErrors(() => outcomesInFiles<Row>(this.#folder, groupOf(of), Math.min(most, MOST_ROWS)));
  }

  /** A Workflow Id may hold any character, so its hash names the folder. */
  #taskPath(taskId: string, file: string): string {
    return join(this.#folder, 'tasks', sha256(taskId), file);
  }

  expire(now: number): Promise<Expired> {
    // What is removed from the disk is not to be found in memory either.
    this.#recent.clear();
    this.#over.clear();
    return withStoreErrors(async () => {
      const expired = await expireFiles(this.#folder, now);
      const { corpora, blobs } = await finishForgetting(fileForgetParts(this.#folder), this);
      return { ...expired, corpora: expired.corpora + corpora, blobs: expired.blobs + blobs };
    });
  }

  forget(taskId: string, options: ForgetOptions = {}): Promise<Forgotten> {
    this.#recent.clear();
    return withStoreErrors(() => forgetTask(fileForgetParts(this.#folder), this, taskId, options));
  }

  async close(): Promise<void> {
    await Promise.all([this.#logs.close(), this.#commands.close()]);
  }
}

const eventKey = (event: TaskEvent): string => `${event.run}/${event.n}`;
