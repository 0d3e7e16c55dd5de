// postgres-commands.ts: the commands to sub-agents, in the database. Watchers wake on NOTIFY; one query for all watchers of
// the process every 250 ms finds what no NOTIFY told of.

import { sha256 } from '../protocol/schemas/hash.ts';
import { logNames } from './names.ts';
import type { PostgresDatabase } from './postgres-database.ts';
import { PostgresListener } from './postgres-listener.ts';
import type { Command, LogKey } from './store.ts';

const CHANNEL = 'muster_commands';
const LOOK_MS = 250;

interface Watch {
  key: LogKey;
  seen: number;
  onCommand: (command: Command) => void;
}

export class PostgresCommands {
  readonly #database: PostgresDatabase;
  readonly #listener: PostgresListener;
  readonly #watches = new Set<Watch>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;

  constructor(database: PostgresDatabase) {
    this.#database = database;
    this.#listener = new PostgresListener(database, CHANNEL, (payload) => {
      if (payload === undefined || [...this.#watches].some(({ key }) => nameOf(key) === payload)) this.#lookSoon();
    });
  }

  async send(key: LogKey, command: Command): Promise<void> {
    const name = nameOf(key);
    const id = sha256(command.id);
    const values = [key.run, key.subtask, key.generation, id];
    for (;;) {
      // The next number is made of those that are committed, and is there once: so nobody sees one before those below it.
      const added = await this.#database.query({
        text: `with added as (
            insert into muster.commands (run, subtask, generation, id_hash, n, command)
            select $1, $2, $3::int, $4, coalesce(max(n), 0) + 1, $5
            from muster.commands where run = $1 and subtask = $2 and generation = $3
            on conflict do nothing returning n
          ) select pg_notify('${CHANNEL}', $6) from added`,
        values: [...values, JSON.stringify(command), name],
      });
      if (added.count > 0) return;
      const known = await this.#database.query({
        text: 'select from muster.commands where run = $1 and subtask = $2 and generation = $3 and id_hash = $4',
        values,
      });
      if (known.count > 0) return;
    }
  }

  async watch(key: LogKey, after: number, onCommand: (command: Command) => void): Promise<{ close(): Promise<void> }> {
    nameOf(key);
    const watch: Watch = { key, seen: after, onCommand };
    this.#watches.add(watch);
    this.#listener.start();
    this.#timer ??= setInterval(() => this.#lookSoon(), LOOK_MS).unref();
    const close = async (): Promise<void> => {
      this.#watches.delete(watch);
      if (this.#watches.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
    try {
      await this.#look();
    } catch (error) {
      await close();
      throw error;
    }
    return { close };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#watches.clear();
    await this.#listener.close();
  }

  #lookSoon(): void {
    // What can't be read now is seen with a later look.
    if (this.#watches.size > 0) this.#look().catch(() => undefined);
  }

  /** Looks once more after the look that is under way: it may have missed what this one is about. */
  #look(): Promise<void> {
    this.#again = true;
    this.#looking ??= this.#lookOn().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #lookOn(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      const watches = [...this.#watches];
      const { rows } = await this.#database.query<{ which: number; command: string }>({
        name: 'muster-commands',
        text: `select watch.which::int, command
          from unnest($1::text[], $2::text[], $3::int[], $4::int[]) with ordinality
            as watch (run, subtask, generation, seen, which)
          join muster.commands using (run, subtask, generation) where n > seen order by which, n`,
        values: [
          watches.map(({ key }) => key.run),
          watches.map(({ key }) => key.subtask),
          watches.map(({ key }) => key.generation),
          watches.map(({ seen }) => seen),
        ],
      });
      for (const { which, command } of rows) {
        const watch = watches[which - 1];
        // Closed meanwhile.
        if (!watch || !this.#watches.has(watch)) continue;
        watch.seen += 1;
        watch.onCommand(JSON.parse(command) as Command);
      }
    }
  }
}

const nameOf = (key: LogKey): string => logNames(key).join('/');
