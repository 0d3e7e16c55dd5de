// postgres-leases.ts: leases on a resource as advisory locks, which end with their session: a dead holder holds nothing.
// Free ones are taken on one shared session; who must wait does so on a connection of its own, in the server's queue: of
// each process one caller, so that none waits for all callers of another process.

import { createHash } from 'node:crypto';
import type pg from 'pg';
import { orAborted } from '../protocol/or-aborted.ts';
import type { PostgresDatabase } from './postgres-database.ts';
import type { Lease } from './store.ts';

const CUT = new Error('the database connection that held this lease was cut');

export class PostgresLeases {
  readonly #database: PostgresDatabase;
  /** By lock: the last caller of this process. */
  readonly #queues = new Map<string, Place>();
  #shared: Promise<Session> | undefined;

  constructor(database: PostgresDatabase) {
    this.#database = database;
  }

  async take({ run, resource }: { run: string; resource: string }, signal: AbortSignal): Promise<Lease> {
    signal.throwIfAborted();
    const lock = lockOf(run, resource);
    const before = this.#queues.get(lock);
    const mine = new Place(before);
    this.#queues.set(lock, mine);
    void mine.isThrough.then(() => this.#queues.get(lock) === mine && this.#queues.delete(lock));
    try {
      if (before) await orAborted(before.isServed, signal);
      signal.throwIfAborted();
      // A session may take its own lock twice.
      const isHeldHere = before !== undefined && !before.isEmpty;
      const free = isHeldHere ? undefined : await this.#takeFree(lock);
      const lease = free ?? (await this.#takeWaiting(lock, signal));
      mine.serve();
      return {
        lost: lease.lost,
        release: async () => {
          await lease.release();
          mine.leave();
        },
      };
    } catch (error) {
      mine.leave();
      throw error;
    }
  }

  async close(): Promise<void> {
    const shared = await this.#shared?.catch(() => undefined);
    await shared?.end();
  }

  /** The lease, if nobody has it or waits for it. */
  async #takeFree(lock: string): Promise<Lease | undefined> {
    this.#shared ??= this.#open();
    const session = await this.#shared;
    return await this.#database.withStoreErrors(() => session.tryLock(lock));
  }

  async #open(): Promise<Session> {
    try {
      return new Session(await this.#database.connect(), () => (this.#shared = undefined));
    } catch (error) {
      this.#shared = undefined;
      throw error;
    }
  }

  async #takeWaiting(lock: string, signal: AbortSignal): Promise<Lease> {
    const session = new Session(await this.#database.connect());
    // The server would keep a place in its queue for a connection that is gone; its statement is cancelled, too.
    const stop = (): void => void session.cancel(this.#database);
    signal.addEventListener('abort', stop, { once: true });
    try {
      if (signal.aborted) stop();
      return await this.#database.withStoreErrors(() => session.lock(lock));
    } catch (error) {
      await session.end();
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

/** A connection that answers nothing for this long is as good as cut: the server passes its locks on after about 11 s. */
const SILENT_MS = 6_000;
/** While it holds a lease a connection is asked for a sign of life this often. */
const PROBE_MS = 2_000;

/** One connection and the locks that it holds. */
class Session {
  readonly #client: pg.Client;
  /** Those to tell when the connection is gone, and their leases with it. */
  readonly #holders = new Set<AbortController>();
  readonly #gone = new AbortController();
  readonly #onGone: () => void;
  #last: Promise<unknown> = Promise.resolve();
  #probe: NodeJS.Timeout | undefined;

  constructor(client: pg.Client, onGone: () => void = () => undefined) {
    this.#client = client;
    this.#onGone = onGone;
    client.on('end', () => this.#die());
  }

  async tryLock(lock: string): Promise<Lease | undefined> {
    const { rows } = await this.#query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [lock]);
    return rows[0]?.got ? this.#lease(() => this.#query('select pg_advisory_unlock($1)', [lock])) : undefined;
  }

  /** Waits for the lock; the session ends with the lease. */
  async lock(lock: string): Promise<Lease> {
    await this.#query('select pg_advisory_lock($1)', [lock], Infinity);
    return this.#lease(() => this.end());
  }

  async cancel(database: PostgresDatabase): Promise<void> {
    const { processID } = this.#client as unknown as { processID: number };
    setTimeout(() => this.#die(), SILENT_MS).unref();
    await database.query({ text: 'select pg_cancel_backend($1)', values: [processID] }).catch(() => this.end());
  }

  async end(): Promise<void> {
    await this.#orGone(
      this.#client.end().catch(() => undefined),
      SILENT_MS,
    ).catch(() => undefined);
    this.#die();
  }

  #lease(unlock: () => Promise<unknown>): Lease {
    let released: Promise<unknown> | undefined;
    const lost = new AbortController();
    this.#holders.add(lost);
    if (this.#gone.signal.aborted) lost.abort(CUT);
    this.#probe ??= setInterval(() => void this.#query('select 1', []).catch(() => undefined), PROBE_MS).unref();
    return {
      lost: lost.signal,
      release: async () => {
        this.#holders.delete(lost);
        if (this.#holders.size === 0) this.#rest();
        // A cut connection holds nothing any more.
        released ??= unlock().catch(() => undefined);
        await released;
      },
    };
  }

  /** One statement at a time. One without an end in time says that the server is not to be reached. */
  #query<R extends pg.QueryResultRow>(text: string, values: string[], limitMs = SILENT_MS): Promise<pg.QueryResult<R>> {
    const asked = this.#last.then(() => this.#orGone(this.#client.query<R>(text, values), limitMs));
    this.#last = asked.catch(() => undefined);
    return asked;
  }

  async #orGone<T>(work: Promise<T>, limitMs: number): Promise<T> {
    const timer = limitMs === Infinity ? undefined : setTimeout(() => this.#die(), limitMs);
    try {
      return await orAborted(work, this.#gone.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  #die(): void {
    if (this.#gone.signal.aborted) return;
    this.#rest();
    for (const lost of this.#holders) lost.abort(CUT);
    this.#gone.abort(CUT);
    this.#onGone();
    // Not waited for: the server may never receive it.
    const { connection } = this.#client as unknown as { connection?: { stream?: { destroy(): void } } };
    connection?.stream?.destroy();
  }

  #rest(): void {
    clearInterval(this.#probe);
    this.#probe = undefined;
  }
}

/** A lock's number: the database knows no names. The words in it are permanent: all versions must mean one lock. */
function lockOf(run: string, resource: string): string {
  const hash = createHash('sha256').update(`muster turn\n${run}\n${resource}`).digest();
  return hash.readBigInt64BE(0).toString();
}

/** Of a caller among those of its process that ask for one lock. */
class Place {
  serve = (): void => undefined;
  #left = (): void => undefined;
  /** Settles when it and all before it have the lease, had it or gave up: the next one may ask for it. */
  readonly isServed: Promise<unknown>;
  /** Settles when it and all before it hold nothing any more. */
  readonly isThrough: Promise<unknown>;
  /** Whether that is so. */
  isEmpty = false;

  constructor(before: Place | undefined) {
    this.isServed = Promise.all([before?.isServed, new Promise<void>((done) => (this.serve = done))]);
    this.isThrough = Promise.all([before?.isThrough, new Promise<void>((done) => (this.#left = done))]).then(
      () => (this.isEmpty = true),
    );
  }

  leave(): void {
    this.serve();
    this.#left();
  }
}
