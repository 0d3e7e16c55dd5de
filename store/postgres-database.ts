// postgres-database.ts: the connections to the database, and the one way to query it: after the schema was migrated, and
// with a StoreError, whose message holds no password, for whatever fails.

import type pg from 'pg';
import { postgresProblem } from './postgres-errors.ts';
import { migrate } from './postgres-schema.ts';
import { readPostgresUrl, type PostgresAddress } from './postgres-url.ts';
import { BlobMissingError, StoreError } from './store.ts';

const CONNECT_MS = 5_000;
/** No single statement of ours is meant to take longer; one that does waits for a server that is gone. */
const STATEMENT_MS = 30_000;
const CONNECTIONS = 10;

export interface Rows<R> {
  rows: R[];
  /** Rows changed. */
  count: number;
}

/** A statement; the type of its rows is the caller's word, not checked. */
export interface Statement {
  text: string;
  values?: unknown[];
  /** For statements that run often: planned once a connection. */
  name?: string;
}

export type RunQuery = <R = unknown>(statement: Statement) => Promise<Rows<R>>;

export class PostgresDatabase {
  readonly address: PostgresAddress;
  readonly #url: string;
  #pool: Promise<pg.Pool> | undefined;
  #ready: Promise<void> | undefined;

  constructor(url: string) {
    this.address = readPostgresUrl(url);
    this.#url = url;
  }

  /** @throws StoreError. */
  readonly query: RunQuery = (statement) =>
    this.withStoreErrors(async () => {
      return await queryOn(await this.#prepared(), statement);
    });

  /**
   * Runs several statements on one connection, as one transaction unless told otherwise.
   * @throws StoreError; what `work` throws, as it is, when that is one already.
   */
  onOneConnection<T>(work: (query: RunQuery) => Promise<T>, { transaction = true } = {}): Promise<T> {
    return this.withStoreErrors(async () => {
      const client = await (await this.#prepared()).connect();
      try {
        if (transaction) await client.query('begin');
        const result = await work((statement) => queryOn(client, statement));
        if (transaction) await client.query('commit');
        client.release();
        return result;
      } catch (error) {
        // Closed, not reused: open transactions and locks end with the connection.
        client.release(true);
        throw error;
      }
    });
  }

  /** A connection of its own, outside the pool, which its owner must end. */
  async connect(): Promise<pg.Client> {
    return await this.withStoreErrors(async () => {
      await this.#prepared();
      const client = new (await driver()).Client(this.#settings());
      // Without a listener a cut connection would end the process; its owner sees the event `end`.
      client.on('error', () => undefined);
      try {
        await client.connect();
        // A holder whose host is gone must not hold for hours.
        await client.query(
          'set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3',
        );
      } catch (error) {
        void client.end().catch(() => undefined);
        throw error;
      }
      return client;
    });
  }

  async withStoreErrors<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StoreError || error instanceof BlobMissingError) throw error;
      // Without its cause: a driver's error may hold the password.
      throw new StoreError(
        `the store could not be used: ${this.address.shown}: ${this.address.hide(postgresProblem(error))}`,
      );
    }
  }

  async close(): Promise<void> {
    await (await this.#pool)?.end();
  }

  async #open(): Promise<pg.Pool> {
    const pool = new (await driver()).Pool({
      ...this.#settings(),
      max: CONNECTIONS,
      statement_timeout: STATEMENT_MS,
      query_timeout: STATEMENT_MS + 1_000,
      idleTimeoutMillis: 30_000,
      allowExitOnIdle: true,
    });
    // An idle connection that the server cut; the next statement gets another.
    pool.on('error', () => undefined);
    return pool;
  }

  #settings(): pg.ClientConfig {
    return {
      connectionString: this.#url,
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      application_name: 'muster',
    };
  }

  /** The connections, once the schema is there and up to date; tried again until it worked once. */
  async #prepared(): Promise<pg.Pool> {
    const pool = await (this.#pool ??= this.#open());
    this.#ready ??= migrate(pool).catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    await this.#ready;
    return pool;
  }
}

/** Loaded by who has such a store, not by every process that may have one. */
const driver = async (): Promise<typeof pg> => (await import('pg')).default;

async function queryOn<R>(on: pg.Pool | pg.PoolClient, statement: Statement): Promise<Rows<R>> {
  const result = await on.query(statement);
  return { rows: result.rows as R[], count: result.rowCount ?? 0 };
}
