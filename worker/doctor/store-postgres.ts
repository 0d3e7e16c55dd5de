// store-postgres.ts: the same of a store in PostgreSQL: through a connection of its own, so that nothing is migrated by looking.

import { statfs } from 'node:fs/promises';
import { readPostgresUrl } from '../../store/postgres-url.ts';
import { judgedClock } from './check-clock.ts';
import { broken, ok, warn, type Finding } from './finding.ts';
import { room } from './room-left.ts';

const CONNECT_MS = 5_000;
const SYNCS = 7;
const SLOW_SYNC_MS = 20;
/** Of these a worker takes up to eleven. */
const FEW_CONNECTIONS = 15;

export async function lookAtPostgres(url: string, signal: AbortSignal): Promise<Finding[]> {
  const { Client } = (await import('pg')).default;
  const { shown, hide } = readPostgresUrl(url);
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: CONNECT_MS,
  });
  client.on('error', () => undefined);
  const end = (): void => void client.end().catch(() => undefined);
  signal.addEventListener('abort', end, { once: true });
  const row = async <R>(text: string): Promise<R> => (await client.query(text)).rows[0] as R;
  try {
    await client.connect();
    const before = Date.now();
    const { now, version, size, used, most, readonly: isReadOnly } = await row<Facts>(FACTS);
    const clock = {
      aheadMs: Math.round(Number(now) - (before + Date.now()) / 2),
      withinMs: Math.ceil((Date.now() - before) / 2),
    };
    if (isReadOnly === 'on')
      return [broken(`${shown} takes no writes: it is a replica, or set so`, 'name the primary in MUSTER_STORE_URL')];
    const syncs: number[] = [];
    for (let n = 0; n < SYNCS; n += 1) {
      const began = performance.now();
      await client.query('begin');
      // Makes the commit write and sync its journal, and leaves nothing.
      await client.query("select pg_logical_emit_message(true, 'muster-doctor', 'x')");
      await client.query('commit');
      syncs.push(performance.now() - began);
    }
    const middle = [...syncs].sort((a, b) => a - b)[Math.floor(SYNCS / 2)] ?? 0;
    const left = Number(most) - Number(used);
    const data = { syncMs: Math.round(middle * 10) / 10, bytes: Number(size), connectionsLeft: left, version };
    const words = `${shown} (${version}): a write is safe after ${middle.toFixed(1)} ms, ${(Number(size) / 1024 ** 2).toFixed(0)} MB are used`;
    return [
      middle > SLOW_SYNC_MS
        ? warn(
            words,
            'run workers nearer to the database, or give it a faster disk: each checkpoint waits for that',
            data,
          )
        : ok(words, data),
      ...(left < FEW_CONNECTIONS
        ? [
            warn(
              `${left} of ${most} connections are left, and a worker takes up to eleven`,
              'raise max_connections, or put a pooler in session mode before it',
              data,
            ),
          ]
        : []),
      judgedClock('the database', clock),
      ...(await freeSpace(row)),
    ];
  } catch (error) {
    const reason = hide(
      error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code) : String(error),
    );
    return [
      broken(`${shown} can’t be used: ${reason}`, 'see that it runs and lets this user in; MUSTER_STORE_URL names it'),
    ];
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

interface Facts {
  now: string;
  version: string;
  size: string;
  used: string;
  most: string;
  readonly: string;
}

const FACTS = `select extract(epoch from clock_timestamp()) * 1000 as now,
  current_setting('server_version') as version,
  pg_database_size(current_database()) as size,
  (select count(*) from pg_stat_activity) as used,
  current_setting('max_connections') as most,
  current_setting('transaction_read_only') as readonly`;

/** Of its disk where that is this machine's and its folder is told to this user; else only the server's own people can say. */
async function freeSpace(row: <R>(text: string) => Promise<R>): Promise<Finding[]> {
  const folder = await row<{ folder: string | null; local: boolean }>(
    `select (select setting from pg_settings where name = 'data_directory') as folder,
      coalesce(inet_server_addr() <<= '127.0.0.0/8' or inet_server_addr() = '::1', true) as local`,
  ).catch(() => undefined);
  const isHere = folder?.local && folder.folder && (await statfs(folder.folder).catch(() => undefined));
  if (folder?.folder && isHere) return await room(folder.folder);
  return [
    {
      state: 'skipped',
      words: 'how much room the database’s disk has can’t be seen from here: watch it at its server',
    },
  ];
}
