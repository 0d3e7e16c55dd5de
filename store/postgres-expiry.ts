// postgres-expiry.ts: removes what is over from the database. One sweep at a time; another that comes meanwhile has
// nothing to do. A row that is used at the same moment stays: its time is looked at again under its lock.

import type { TaskResult } from '../protocol/result.ts';
import { sha256 } from '../protocol/schemas/hash.ts';
import type { RunQuery, PostgresDatabase } from './postgres-database.ts';
import { DEFAULT_RETENTION_DAYS, isOver, recordsOverBefore, strayBefore, usedBefore } from './retention.ts';
import type { Expired, TaskRecord } from './store.ts';
import { TOMBSTONE_MS, TOMBSTONES, type Tombstone } from './tombstones.ts';

/** 'sweep' in ASCII: the advisory lock of the one that sweeps. */
const LOCK = '495891539312';
/** Tasks removed by one transaction. */
const BATCH = 50;

interface TaskRow {
  task: string;
  run: string;
  accepted_at: Date;
  closed_at: Date | null;
  claimed_at: Date | null;
  retention_days: number;
  record: string | null;
  /** Of a task without a head. */
  result: string | null;
}

export async function expireRows(database: PostgresDatabase, now: number): Promise<Expired> {
  return await database.onOneConnection(
    async (query) => {
      const expired: Expired = { tasks: 0, strayLogs: 0, corpora: 0, blobs: 0 };
      const { rows } = await query<{ got: boolean }>({ text: `select pg_try_advisory_lock(${LOCK}) as got` });
      if (!rows[0]?.got) return expired;
      const over = await tasksOver(query, now);
      for (let at = 0; at < over.length; at += BATCH) {
        const some = over.slice(at, at + BATCH);
        await leaveTombstones(query, some, now);
        await removeTasks(
          query,
          some.map(({ task }) => task),
          some.map(({ run }) => run),
        );
        expired.tasks += some.length;
      }
      expired.strayLogs = await removeStrayLogs(query, now);
      Object.assign(expired, await removeUnused(query, now));
      await query({
        // One that was removed by an earlier version has no time.
        text: `delete from muster.small_records where coalesce(expires_at, case when value is null then '-infinity'::timestamptz end) < $1`,
        values: [new Date(recordsOverBefore(now))],
      });
      await query({ text: `select pg_advisory_unlock(${LOCK})` });
      return expired;
    },
    { transaction: false },
  );
}

async function tasksOver(query: RunQuery, now: number): Promise<TaskRow[]> {
  const { rows } = await query<TaskRow>({
    text: `select task.*, (select max(claimed_at) from muster.logs where logs.run = task.run) as claimed_at from (
        select task, coalesce(t.run, r.run) as run, coalesce(t.accepted_at, r.accepted_at) as accepted_at, closed_at,
          coalesce(retention_days, $2) as retention_days, record,
          case when record is null then result end as result
        from muster.tasks t full join muster.results r using (task)
      ) task where coalesce(closed_at, accepted_at) + make_interval(days => retention_days) < $1
        or (closed_at < $1 and to_timestamp((record::json ->> 'keptUntil')::float8 / 1000) < $1)`,
    values: [new Date(now), DEFAULT_RETENTION_DAYS],
  });
  return rows.filter((row) =>
    isOver(
      {
        acceptedAt: row.accepted_at.getTime(),
        closedAt: row.closed_at?.getTime(),
        lastActiveAt: row.claimed_at?.getTime() ?? 0,
        retentionDays: row.retention_days,
        keptUntil: keptUntilOf(row),
      },
      now,
    ),
  );
}

const keptUntilOf = ({ record }: TaskRow): number | undefined =>
  record === null ? undefined : (JSON.parse(record) as TaskRecord).keptUntil;

/** Before anything of them goes: who is cut off between the two does both again. */
async function leaveTombstones(query: RunQuery, rows: readonly TaskRow[], now: number): Promise<void> {
  const left = rows.flatMap(({ record, result, closed_at }): Tombstone[] => {
    const head = record === null ? undefined : (JSON.parse(record) as TaskRecord);
    const taskId = head?.taskId ?? (result === null ? undefined : (JSON.parse(result) as TaskResult).taskId);
    if (taskId === undefined) return [];
    return [
      {
        taskId,
        ...(head ? { tenant: head.tenant, className: head.className } : {}),
        ...(closed_at === null ? {} : { closedAt: closed_at.getTime() }),
        removedAt: now,
        why: 'expired',
      },
    ];
  });
  await query({
    text: `insert into muster.small_records as r (kind, key_hash, key, version, value, expires_at)
      select $1, key_hash, key, 1, value, now() + $2::float8 * interval '1 millisecond'
      from unnest($3::text[], $4::text[], $5::text[]) as new (key_hash, key, value)
      on conflict (kind, key_hash) do update
      set version = r.version + 1, value = excluded.value, expires_at = excluded.expires_at`,
    values: [
      TOMBSTONES,
      TOMBSTONE_MS,
      left.map(({ taskId }) => sha256(taskId)),
      left.map(({ taskId }) => JSON.stringify(taskId)),
      left.map((one) => JSON.stringify(one)),
    ],
  });
}

/** With their logs, by one transaction. */
export async function removeTasks(query: RunQuery, tasks: string[], runs: string[]): Promise<void> {
  await inTransaction(query, async () => {
    await removeRuns(query, runs);
    for (const table of ['events', 'results', 'tasks'])
      await query({ text: `delete from muster.${table} where task = any($1)`, values: [tasks] });
  });
}

async function removeRuns(query: RunQuery, runs: string[]): Promise<void> {
  const { rows } = await query<{ id: string }>({
    text: 'delete from muster.logs where run = any($1) returning id',
    values: [runs],
  });
  // Another statement, so that it sees the records that the first one had to wait for.
  await query({ text: 'delete from muster.records where log = any($1::bigint[])', values: [rows.map(({ id }) => id)] });
  for (const table of ['commands', 'partials'])
    await query({ text: `delete from muster.${table} where run = any($1)`, values: [runs] });
}

async function removeStrayLogs(query: RunQuery, now: number): Promise<number> {
  const before = new Date(strayBefore(now));
  const { rows } = await query<{ run: string }>({
    text: `select run from muster.logs
      where not exists (select from muster.tasks where tasks.run = logs.run)
        and not exists (select from muster.results where results.run = logs.run)
      group by run having max(claimed_at) < $1`,
    values: [before],
  });
  const runs = rows.map(({ run }) => run);
  if (runs.length > 0) await inTransaction(query, () => removeRuns(query, runs));
  await query({
    text: `delete from muster.events where added_at < $1
      and task not in (select task from muster.tasks union all select task from muster.results)`,
    values: [before],
  });
  return runs.length;
}

async function removeUnused(query: RunQuery, now: number): Promise<Pick<Expired, 'corpora' | 'blobs'>> {
  const { rows } = await query<{ oldest: Date | null }>({
    text: `select min(accepted_at) as oldest from (
      select accepted_at from muster.tasks union all select accepted_at from muster.results) remaining`,
  });
  const oldest = rows[0]?.oldest;
  const before = new Date(usedBefore(oldest ? [oldest.getTime()] : [], now));
  const corpora = await inTransaction(query, async () => {
    const unused = await query<{ sha256: string }>({
      text: 'delete from muster.corpora where used_at < $1 returning sha256',
      values: [before],
    });
    await query({
      text: 'delete from muster.corpus_parts where sha256 = any($1)',
      values: [unused.rows.map(({ sha256 }) => sha256)],
    });
    return unused.count;
  });
  const blobs = await query({
    text: `delete from muster.blobs where used_at < $1 and sha256 not in (select unnest(blobs) from muster.corpora)
      and sha256 not in (select unnest(blobs) from muster.small_records where expires_at is null or expires_at > $2)`,
    values: [before, new Date(now)],
  });
  return { corpora, blobs: blobs.count };
}

async function inTransaction<T>(query: RunQuery, work: () => Promise<T>): Promise<T> {
  await query({ text: 'begin' });
  const result = await work();
  await query({ text: 'commit' });
  return result;
}
