// postgres-store.ts: the store of a fleet, a schema `muster` in a PostgreSQL database that it makes and updates by itself.

import { randomBytes } from 'node:crypto';
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
import { sha256 } from '../protocol/schemas/hash.ts';
import { finishForgetting, forgetTask } from './forget.ts';
import { checkedHash, checkedName, logNames } from './names.ts';
import { groupOf, groupsOf } from './outcome-groups.ts';
import { PartialTexts } from './partial-texts.ts';
import { PostgresCommands } from './postgres-commands.ts';
import { PostgresDatabase } from './postgres-database.ts';
import { expireRows } from './postgres-expiry.ts';
import { postgresForgetParts } from './postgres-forget.ts';
import { Appends, claimSegment, readRecords } from './postgres-log.ts';
import { notePostgresOutcome, postgresOutcomes } from './postgres-outcomes.ts';
import { PostgresLeases } from './postgres-leases.ts';
import {
  BlobMissingError,
  StoreError,
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

/** A corpus travels in pieces of this size: the driver reads bytes as one string of hex digits, twice as long. */
const PART_BYTES = 4_194_304;

/**
 * Opens the store in a database. Nothing is asked of the server before the first use, which makes the schema.
 * @param url `postgres://user:password@host:5432/database`; PostgreSQL 12 or later.
 * @throws StoreError when it is no such address; its message shows no password, here and from every method.
 */
export function postgresStore(url: string): Store {
  return new PostgresStore(new PostgresDatabase(url));
}

class PostgresStore implements Store {
  readonly #database: PostgresDatabase;
  readonly #appends: Appends;
  readonly #commands: PostgresCommands;
  readonly #leases: PostgresLeases;
  readonly #partials = new PartialTexts<LogKey>((key, partial) => this.#writePartial(key, partial));
  #deployment: Promise<string> | undefined;
  #closed: Promise<void> | undefined;

  constructor(database: PostgresDatabase) {
    this.#database = database;
    this.#appends = new Appends(database);
    this.#commands = new PostgresCommands(database);
    this.#leases = new PostgresLeases(database);
  }

  deploymentId(): Promise<string> {
    this.#deployment ??= this.#claimDeployment().catch((error: unknown) => {
      this.#deployment = undefined;
      throw error;
    });
    return this.#deployment;
  }

  async #claimDeployment(): Promise<string> {
    await this.#database.query({
      text: `insert into muster.meta (name, value) values ('deployment', $1) on conflict do nothing`,
      values: [randomBytes(4).toString('hex')],
    });
    const id = await this.#one<{ value: string }>(`select value from muster.meta where name = 'deployment'`, []);
    if (!id) throw new StoreError('the deployment has no id');
    return id.value;
  }

  async claimLog<R>(key: LogKey, { visit = 0 }: { visit?: number } = {}): Promise<LogSegment<R>> {
    logNames(key);
    return await claimSegment<R>(this.#database, this.#appends, key, visit);
  }

  async readLog<R>(key: LogKey): Promise<R[]> {
    logNames(key);
    return await readRecords<R>(this.#database, key);
  }

  sendCommand(key: LogKey, command: Command): Promise<void> {
    return this.#commands.send(key, command);
  }

  watchCommands(
    key: LogKey,
    after: number,
    onCommand: (command: Command) => void,
  ): Promise<{ close(): Promise<void> }> {
    return this.#commands.watch(key, after, onCommand);
  }

  async putPartial(key: LogKey, partial: PartialText): Promise<void> {
    await this.#partials.put(logNames(key).join('/'), key, partial);
  }

  async #writePartial(
    { run, subtask, generation }: LogKey,
    { attempt, call, offset, text }: PartialText,
  ): Promise<void> {
    await this.#database.query({
      name: 'muster-partial-2',
      text: `insert into muster.partials (run, subtask, generation, attempt, call, start, words)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (run, subtask, generation) do update
        set attempt = excluded.attempt, call = excluded.call, start = excluded.start, words = excluded.words`,
      values: [run, subtask, generation, attempt, call, offset, Buffer.from(text, 'utf8')],
    });
  }

  async getPartial({ run, subtask, generation }: LogKey): Promise<PartialText | undefined> {
    const row = await this.#one<{ attempt: number; call: number; start: number; words: Buffer }>(
      `select attempt, call, start, words from muster.partials
        where run = $1 and subtask = $2 and generation = $3`,
      [run, subtask, generation],
    );
    return row && { attempt: row.attempt, call: row.call, offset: row.start, text: row.words.toString('utf8') };
  }

  async takeLease(of: { run: string; resource: string }, _owner: string, signal: AbortSignal): Promise<Lease> {
    checkedName(of.run);
    return await this.#leases.take(of, signal);
  }

  async putBlob(bytes: Uint8Array | string): Promise<string> {
    const hash = sha256(bytes);
    if (await this.#use('blobs', hash)) return hash;
    await this.#database.query({
      text: `insert into muster.blobs (sha256, bytes) values ($1, $2)
        on conflict (sha256) do update set used_at = now()`,
      values: [hash, Buffer.from(bytes)],
    });
    return hash;
  }

  async getBlob(hash: string): Promise<Uint8Array> {
    const bytes = await this.#bytes('select bytes from muster.blobs where sha256 = $1', [checkedHash(hash)]);
    if (!bytes) throw new BlobMissingError(hash);
    return bytes;
  }

  async putCorpus(hash: string, bytes: Uint8Array, blobs: readonly string[] = []): Promise<void> {
    blobs.forEach(checkedHash);
    if (await this.#use('corpora', checkedHash(hash))) return;
    const parts = Math.ceil(bytes.length / PART_BYTES);
    await this.#database.onOneConnection(async (query) => {
      // Its row comes first: of two that put the same corpus, the second waits here and finds it there.
      const { count } = await query({
        text: 'insert into muster.corpora (sha256, blobs, parts) values ($1, $2, $3) on conflict do nothing',
        values: [hash, blobs, parts],
      });
      for (let part = 0; count > 0 && part < parts; part += 1) {
        await query({
          text: 'insert into muster.corpus_parts (sha256, part, bytes) values ($1, $2, $3)',
          values: [hash, part, Buffer.from(bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES))],
        });
      }
    });
  }

  async getCorpus(hash: string): Promise<Uint8Array | undefined> {
    if (!(await this.#use('corpora', checkedHash(hash)))) return undefined;
    const row = await this.#one<{ parts: number }>('select parts from muster.corpora where sha256 = $1', [hash]);
    const pieces: Buffer[] = [];
    for (let part = 0; part < (row?.parts ?? 0); part += 1) {
      const text = 'select bytes from muster.corpus_parts where sha256 = $1 and part = $2';
      const piece = await this.#bytes(text, [hash, part]);
      if (!piece) return undefined;
      pieces.push(piece);
    }
    return row && Buffer.concat(pieces);
  }

  hasCorpus(hash: string): Promise<boolean> {
    return this.#use('corpora', checkedHash(hash));
  }

  /** Whether it is there; it counts as used now. */
  async #use(table: 'blobs' | 'corpora', hash: string): Promise<boolean> {
    const text = `update muster.${table} set used_at = now() where sha256 = $1`;
    return (await this.#database.query({ text, values: [hash] })).count > 0;
  }

  async putNote(kind: string, key: string, text: string): Promise<void> {
    await this.#database.query({
      text: `insert into muster.notes (kind, key_hash, note) values ($1, $2, $3)
        on conflict (kind, key_hash) do update set note = excluded.note, put_at = now()`,
      values: [checkedName(kind), sha256(key), text],
    });
  }

  async getNote(kind: string, key: string): Promise<Note | undefined> {
    const row = await this.#one<{ note: string; put_at: Date }>(
      'select note, put_at from muster.notes where kind = $1 and key_hash = $2',
      [checkedName(kind), sha256(key)],
    );
    return row && { text: row.note, at: row.put_at.getTime() };
  }

  async getRecord(kind: string, key: string): Promise<SmallRecord | undefined> {
    return await this.#one<SmallRecord>(
      `select version::int, value from muster.small_records
        where kind = $1 and key_hash = $2 and value is not null and (expires_at is null or expires_at > now())`,
      [checkedName(kind), sha256(key)],
    );
  }

  async setRecord(
    kind: string,
    key: string,
    value: string | undefined,
    { version, isFirst = false, ttlMs, blobs }: SetRecord,
  ): Promise<boolean> {
    // One that is not there to be seen, removed or over, is as version 0; its number goes on all the same.
    const { count } = await this.#database.query({
      text: `insert into muster.small_records as r (kind, key_hash, key, version, value, expires_at, blobs)
        select $1, $2, $3, 1, $4::text, now() + $6::float8 * interval '1 millisecond', $7::text[] where $5::bigint = 0 or exists (
          select from muster.small_records where kind = $1 and key_hash = $2)
        on conflict (kind, key_hash) do update set version = r.version + 1, value = $4, expires_at = excluded.expires_at,
          blobs = excluded.blobs
        where not $8 and $5 = case when r.value is null or r.expires_at <= now() then 0 else r.version end`,
      values: [
        checkedName(kind),
        sha256(key),
        // As JSON: a text of PostgreSQL can't hold every character.
        JSON.stringify(key),
        value ?? null,
        version,
        value === undefined ? 0 : (ttlMs ?? null),
        blobs ?? null,
        isFirst,
      ],
    });
    return count > 0;
  }

  async listRecords(kind: string): Promise<(SmallRecord & { key: string })[]> {
    const { rows } = await this.#database.query<SmallRecord & { key: string }>({
      text: `select key, version::int, value from muster.small_records
        where kind = $1 and value is not null and (expires_at is null or expires_at > now())`,
      values: [checkedName(kind)],
    });
    return rows.map((row) => ({ ...row, key: JSON.parse(row.key) as string }));
  }

  async putTask(record: TaskRecord): Promise<void> {
    await this.#database.query({
      text: `insert into muster.tasks (task, run, accepted_at, retention_days, record) values ($1, $2, $3, $4, $5)
        on conflict do nothing`,
      values: [
        sha256(record.taskId),
        checkedName(record.run),
        new Date(record.acceptedAt),
        record.retentionDays,
        JSON.stringify(record),
      ],
    });
  }

  getTask(taskId: string): Promise<TaskRecord | undefined> {
    return this.#json<TaskRecord>('select record as json from muster.tasks where task = $1', taskId);
  }

  async tasks(most: number): Promise<TaskRecord[]> {
    const { rows } = await this.#database.query<{ record: string }>({
      text: 'select record from muster.tasks order by accepted_at desc limit $1',
      values: [most],
    });
    return rows.map(({ record }) => JSON.parse(record) as TaskRecord);
  }

  async appendEvents(taskId: string, events: readonly TaskEvent[]): Promise<TaskEvent[]> {
    if (events.length === 0) return [];
    const { rows } = await this.#database.query<{ run: string; n: number }>({
      text: `insert into muster.events (task, run, n, event)
        select $1, run, n, event from unnest($2::text[], $3::int[], $4::text[]) with ordinality as new (run, n, event, place)
        order by place on conflict do nothing returning run, n`,
      values: [
        sha256(taskId),
        events.map(({ run }) => run),
        events.map(({ n }) => n),
        events.map((event) => JSON.stringify(event)),
      ],
    });
    const fresh = new Set(rows.map(({ run, n }) => `${run}/${n}`));
    return events.filter(({ run, n }) => fresh.has(`${run}/${n}`));
  }

  async readEvents(taskId: string): Promise<TaskEvent[]> {
    const { rows } = await this.#database.query<{ event: string }>({
      text: 'select event from muster.events where task = $1 order by place',
      values: [sha256(taskId)],
    });
    return rows.map(({ event }) => JSON.parse(event) as TaskEvent);
  }

  async putResult(taskId: string, result: TaskResult): Promise<void> {
    await this.#database.query({
      text: `insert into muster.results (task, run, accepted_at, closed_at, result) values ($1, $2, $3, now(), $4)
        on conflict (task) do update set closed_at = now(), result = excluded.result`,
      values: [sha256(taskId), result.run, new Date(result.timings.acceptedAt), JSON.stringify(result)],
    });
  }

  getResult(taskId: string): Promise<TaskResult | undefined> {
    return this.#json<TaskResult>('select result as json from muster.results where task = $1', taskId);
  }

  async noteOutcome(rows: ClosedRows): Promise<boolean> {
    const noted: boolean[] = [];
    for (const one of groupsOf(rows)) noted.push(await notePostgresOutcome(this.#database, one));
    return noted[0] ?? false;
  }

  outcomes(of: TaskRowsOf, most: number): Promise<TaskRow[]>;
  outcomes(of: SubtaskRowsOf, most: number): Promise<SubtaskRow[]>;
  outcomes<Row>(of: TaskRowsOf | SubtaskRowsOf, most: number): Promise<Row[]> {
    return postgresOutcomes<Row>(this.#database, groupOf(of), Math.min(most, MOST_ROWS));
  }

  async expire(now: number): Promise<Expired> {
    const expired = await expireRows(this.#database, now);
    const { corpora, blobs } = await finishForgetting(postgresForgetParts(this.#database), this);
    return { ...expired, corpora: expired.corpora + corpora, blobs: expired.blobs + blobs };
  }

  forget(taskId: string, options: ForgetOptions = {}): Promise<Forgotten> {
    return forgetTask(postgresForgetParts(this.#database), this, taskId, options);
  }

  close(): Promise<void> {
    this.#closed ??= (async () => {
      await Promise.all([this.#commands.close(), this.#leases.close()]);
      await this.#database.close();
    })();
    return this.#closed;
  }

  async #one<R>(text: string, values: unknown[]): Promise<R | undefined> {
    return (await this.#database.query<R>({ text, values })).rows[0];
  }

  async #bytes(text: string, values: unknown[]): Promise<Buffer | undefined> {
    return (await this.#database.query<{ bytes: Buffer }>({ text, values })).rows[0]?.bytes;
  }

  async #json<T>(text: string, taskId: string): Promise<T | undefined> {
    const row = await this.#one<{ json: string }>(text, [sha256(taskId)]);
    return row && (JSON.parse(row.json) as T);
  }
}
