// postgres-forget.ts: what forgetting a task asks of a database. Decides nothing about what may go: that is forget.ts.

import { sha256 } from '../protocol/schemas/hash.ts';
import type { ForgetParts, KeptTask } from './forget.ts';
import { removeTasks } from './postgres-expiry.ts';
import type { PostgresDatabase } from './postgres-database.ts';
import type { TaskRecord } from './store.ts';

interface RowTask extends KeptTask {
  task: string;
}

const TASKS = `select task, array_remove(array_agg(distinct run), null) as runs, min(accepted_at) as accepted_at,
    max(closed_at) as closed_at, max(record) as record
  from (
    select task, run, accepted_at, null as closed_at, record from muster.tasks
    union all select task, run, accepted_at, closed_at, null from muster.results
    union all select task, run, null, null, null from muster.events
  ) kept`;

export function postgresForgetParts(database: PostgresDatabase): ForgetParts<RowTask> {
  const { query } = database;
  const tasks = async (where: string, values: unknown[]): Promise<RowTask[]> => {
    const { rows } = await query<{
      task: string;
      runs: string[];
      accepted_at: Date | null;
      closed_at: Date | null;
      record: string | null;
    }>({ text: `${TASKS} ${where} group by task`, values });
    return rows.map(({ task, runs, accepted_at, closed_at, record }) => {
      const head = record === null ? undefined : (JSON.parse(record) as TaskRecord);
      return {
        task,
        runs,
        acceptedAt: accepted_at?.getTime() ?? 0,
        closedAt: closed_at?.getTime(),
        tenant: head?.tenant,
        className: head?.className,
      };
    });
  };
  const texts = async (text: string, values: unknown[]): Promise<string[]> =>
    (await query<{ text: string }>({ text, values })).rows.map((row) => row.text);
  return {
    find: async (taskId) => (await tasks('where task = $1', [sha256(taskId)]))[0],
    tasks: () => tasks('', []),
    async *texts({ task, runs }) {
      for (const [table, column] of [
        ['results', 'result'],
        ['events', 'event'],
      ] as const)
        yield* await texts(`select ${column} as text from muster.${table} where task = $1`, [task]);
      yield* await texts('select command as text from muster.commands where run = any($1)', [runs]);
      const { rows } = await query<{ id: string }>({
        text: 'select id from muster.logs where run = any($1)',
        values: [runs],
      });
      for (const { id } of rows) yield* await texts('select record as text from muster.records where log = $1', [id]);
    },
    async corpora() {
      const { rows } = await query<{ sha256: string; blobs: string[] }>({
        text: 'select sha256, blobs from muster.corpora',
      });
      return new Map(rows.map(({ sha256: hash, blobs }) => [hash, blobs]));
    },
    blobsOfRecords: () =>
      texts(
        'select distinct unnest(blobs) as text from muster.small_records where expires_at is null or expires_at > now()',
        [],
      ),
    async usedAt(of, hashes) {
      const { rows } = await query<{ sha256: string; ms: number }>({
        text: `select sha256, ${MS} as ms from muster.${of} where sha256 = any($1)`,
        values: [hashes],
      });
      return new Map(rows.map(({ sha256: hash, ms }) => [hash, ms]));
    },
    async readBlob(hash, most) {
      const { rows } = await query<{ bytes: Buffer }>({
        text: 'select bytes from muster.blobs where sha256 = $1 and length(bytes) <= $2',
        values: [hash, most],
      });
      return rows[0]?.bytes.toString('latin1');
    },
    async removeTask({ task, runs }) {
      const { rows } = await query<{ logs: number; events: number }>({
        text: `select (select count(*)::int from muster.logs where run = any($2)) as logs,
          (select count(*)::int from muster.events where task = $1) as events`,
        values: [task, runs],
      });
      await database.onOneConnection((one) => removeTasks(one, [task], runs), { transaction: false });
      return rows[0] ?? { logs: 0, events: 0 };
    },
    async removeUnused(of, hash, usedAt) {
      return await database.onOneConnection(async (one) => {
        const { count } = await one({
          text: `delete from muster.${of} where sha256 = $1 and ${MS} <= $2::float8 + 0.0005`,
          values: [hash, usedAt],
        });
        if (count > 0 && of === 'corpora')
          await one({ text: 'delete from muster.corpus_parts where sha256 = $1', values: [hash] });
        return count > 0;
      });
    },
  };
}

/** With its fractions: what was used a microsecond later was used later. */
const MS = '(extract(epoch from used_at) * 1000)::float8';
