// postgres-listener.ts: hears what the database tells of (NOTIFY), on a connection of its own that is made again when it
// breaks. A hint only: who listens also looks from time to time.

import type pg from 'pg';
import type { PostgresDatabase } from './postgres-database.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

export class PostgresListener {
  readonly #database: PostgresDatabase;
  readonly #channel: string;
  readonly #onNotice: (payload: string | undefined) => void;
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pause = FIRST_PAUSE_MS;
  #state: 'idle' | 'listening' | 'closed' = 'idle';

  /** @param onNotice gets what was sent; undefined after a connection was made: something may have been missed. */
  constructor(database: PostgresDatabase, channel: string, onNotice: (payload: string | undefined) => void) {
    this.#database = database;
    this.#channel = channel;
    this.#onNotice = onNotice;
  }

  /** Begins to listen, if it does not yet. */
  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'listening';
    void this.#connect();
  }

  async #connect(): Promise<void> {
    try {
      const client = await this.#database.connect();
      this.#client = client;
      client.on('end', () => this.#again());
      client.on('notification', ({ payload }) => this.#onNotice(payload ?? ''));
      if (this.#state === 'closed') return await client.end();
      await client.query(`listen ${this.#channel}`);
      this.#pause = FIRST_PAUSE_MS;
      this.#onNotice(undefined);
    } catch {
      if (this.#client) void this.#client.end().catch(() => undefined);
      else this.#again();
    }
  }

  #again(): void {
    this.#client = undefined;
    if (this.#state === 'closed') return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#connect(), this.#pause).unref();
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    clearTimeout(this.#timer);
    await this.#client?.end().catch(() => undefined);
  }
}
