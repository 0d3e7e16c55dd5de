// postgres-log.ts: logs in the database. A log's row holds its newest epoch; a record gets in only under that epoch, and a
// claim waits for the records that are on their way in. Both are single statements, so that a process that stands still
// in between holds nobody up.

import type { PostgresDatabase } from './postgres-database.ts';
import { LogTakenOverError, StoreError, type LogKey, type LogSegment } from './store.ts';

/** Most records, and characters of records, that go out with one statement. */
const BATCH_RECORDS = 1_000;
const BATCH_CHARS = 8_000_000;

/** Claims the next segment. What earlier attempts wrote is read after: by then none of them can write any more. */
export async function claimSegment<R>(
  database: PostgresDatabase,
  appends: Appends,
  key: LogKey,
  visit: number,
): Promise<LogSegment<R>> {
  const { rows } = await database.query<{ id: string; epoch: number }>({
    text: `insert into muster.logs as log (run, subtask, generation, epoch, visit) values ($1, $2, $3, 1, $4)
      on conflict (run, subtask, generation) do update
        set epoch = log.epoch + 1, claimed_at = now(), visit = excluded.visit
        where log.visit <= excluded.visit
      returning id, epoch`,
    values: [key.run, key.subtask, key.generation, visit],
  });
  const [log] = rows;
  if (!log) throw new LogTakenOverError(key, 'visit');
  return new PostgresSegment<R>(log.id, log.epoch, await readRecords<R>(database, key), appends, key);
}

export async function readRecords<R>(database: PostgresDatabase, key: LogKey): Promise<R[]> {
  const { rows } = await database.query<{ record: string }>({
    text: `select record from muster.logs join muster.records on log = id
      where run = $1 and subtask = $2 and generation = $3 order by segment, n`,
    values: [key.run, key.subtask, key.generation],
  });
  return rows.map(({ record }) => JSON.parse(record) as R);
}

class PostgresSegment<R> implements LogSegment<R> {
  readonly segment: number;
  readonly earlier: readonly R[];
  readonly #log: string;
  readonly #appends: Appends;
  readonly #state: SegmentState;
  readonly #under = new Set<Promise<void>>();
  #n = 0;

  constructor(log: string, segment: number, earlier: readonly R[], appends: Appends, key: LogKey) {
    this.#log = log;
    this.segment = segment;
    this.earlier = earlier;
    this.#appends = appends;
    this.#state = { key };
  }

  async append(record: R): Promise<void> {
    this.#n += 1;
    const { segment } = this;
    const text = JSON.stringify(record);
    const written = this.#appends.put({ log: this.#log, segment, n: this.#n, record: text, state: this.#state });
    this.#under.add(written);
    try {
      await written;
    } finally {
      this.#under.delete(written);
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#under);
    this.#state.broken ??= new StoreError(`the log of ${this.#state.key.subtask} was closed`);
  }
}

/** What is known of a segment, shared with the records of it that wait. */
interface SegmentState {
  key: LogKey;
  /** After one record failed none may follow: the next attempt must see no gap. */
  broken?: StoreError;
}

interface Entry {
  log: string;
  segment: number;
  n: number;
  record: string;
  state: SegmentState;
}

interface Waiting extends Entry {
  done: () => void;
  failed: (error: unknown) => void;
}

/** Group commit over all logs of this process: what came in during one statement goes out with the next. */
export class Appends {
  readonly #database: PostgresDatabase;
  #waiting: Waiting[] = [];
  #writing = false;

  constructor(database: PostgresDatabase) {
    this.#database = database;
  }

  /** Returns when the record is committed. */
  put(entry: Entry): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ ...entry, done, failed });
      if (!this.#writing) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      try {
        if (batch.length > 0) settle(batch, await this.#write(batch));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const failure = new StoreError(`a checkpoint could not be written: ${reason}`);
        for (const entry of batch) entry.failed((entry.state.broken ??= failure));
      }
    }
    this.#writing = false;
  }

  #nextBatch(): Waiting[] {
    let chars = 0;
    let count = 0;
    for (const entry of this.#waiting.slice(0, BATCH_RECORDS)) {
      chars += entry.record.length;
      if (count > 0 && chars > BATCH_CHARS) break;
      count += 1;
    }
    const batch = this.#waiting.splice(0, count);
    for (const { state, failed } of batch) if (state.broken) failed(state.broken);
    return batch.filter(({ state }) => !state.broken);
  }

  /** Writes the records whose segment is its log's newest, and tells the newest of each. */
  async #write(batch: readonly Waiting[]): Promise<Map<string, number>> {
    const { rows } = await this.#database.query<{ id: string; epoch: number }>({
      name: 'muster-append',
      // The lock is shared by appends and holds off a claim until this is committed; a claim that was first is seen.
      text: `with held as (
          select id, epoch from muster.logs where id = any($1::bigint[]) order by id for share
        ), put as (
          insert into muster.records (log, segment, n, record)
          select new.log, new.segment, new.n, new.record
          from unnest($2::bigint[], $3::int[], $4::int[], $5::text[]) as new (log, segment, n, record)
          join held on held.id = new.log and held.epoch = new.segment
        ) select id, epoch from held`,
      values: [
        [...new Set(batch.map(({ log }) => log))],
        batch.map(({ log }) => log),
        batch.map(({ segment }) => segment),
        batch.map(({ n }) => n),
        batch.map(({ record }) => record),
      ],
    });
    return new Map(rows.map(({ id, epoch }) => [id, epoch]));
  }
}

function settle(batch: readonly Waiting[], newest: ReadonlyMap<string, number>): void {
  for (const { log, segment, state, done, failed } of batch) {
    if (newest.get(log) === segment) done();
    else failed((state.broken ??= new LogTakenOverError(state.key, 'attempt')));
  }
}
