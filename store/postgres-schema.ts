// postgres-schema.ts: the tables of a PostgreSQL store, as migrations that are only ever added to. Any number of processes
// may start at once: one of them makes what is missing. Needs the right to create only when there is something to make.

import type pg from 'pg';
import { StoreError } from './store.ts';

/**
 * Each migration takes the schema from its index to the next version. JSON is kept as text: it is given back byte by byte,
 * and `jsonb` refuses characters that models do write.
 */
const MIGRATIONS: readonly string[] = [
  `
  create table muster.meta (name text primary key, value text not null);

  -- One row a log. Its epoch is the number of the newest segment: only that one may be appended to.
  create table muster.logs (
    id bigint generated always as identity primary key,
    run text not null, subtask text not null, generation int not null,
    epoch int not null, claimed_at timestamptz not null default now(),
    unique (run, subtask, generation)
  );
  create table muster.records (
    log bigint not null, segment int not null, n int not null, record text not null,
    primary key (log, segment, n)
  );
  create table muster.commands (
    run text not null, subtask text not null, generation int not null,
    n int not null, id_hash text not null, command text not null,
    primary key (run, subtask, generation, n),
    unique (run, subtask, generation, id_hash)
  );
  -- Not durable, and so costs no write-ahead log.
  create unlogged table muster.partials (
    run text not null, subtask text not null, generation int not null, words bytea not null,
    primary key (run, subtask, generation)
  );

  create table muster.blobs (sha256 text primary key, bytes bytea not null, used_at timestamptz not null default now());
  create table muster.corpora (
    sha256 text primary key, blobs text[] not null, parts int not null, used_at timestamptz not null default now()
  );
  create table muster.corpus_parts (sha256 text not null, part int not null, bytes bytea not null, primary key (sha256, part));
  alter table muster.corpus_parts alter column bytes set storage external;

  -- A task is named by the SHA-256 of its Workflow Id, which may hold any character.
  create table muster.tasks (
    task text primary key, run text not null, accepted_at timestamptz not null, retention_days int not null,
    record text not null
  );
  create table muster.results (
    task text primary key, run text not null, accepted_at timestamptz not null, closed_at timestamptz not null,
    result text not null
  );
  create table muster.events (
    task text not null, run text not null, n int not null, place bigint generated always as identity,
    added_at timestamptz not null default now(), event text not null,
    primary key (task, run, n)
  );
  `,
  `
  -- The highest visit that has claimed the log: a lower one may not.
  alter table muster.logs add column visit bigint not null default 0;
  `,
  `
  -- Small texts, named by the SHA-256 of a key that may be any text.
  create table muster.notes (
    kind text not null, key_hash text not null, put_at timestamptz not null default now(), note text not null,
    primary key (kind, key_hash)
  );
  `,
  `
  -- Small records that several processes change. One that was removed keeps its number, without a value.
  create table muster.small_records (
    kind text not null, key_hash text not null, key text not null, version bigint not null, value text,
    expires_at timestamptz, primary key (kind, key_hash)
  );
  `,
  `
  -- Which text it is that is being written, and where in it the words begin.
  alter table muster.partials
    add column attempt int not null default 0, add column call int not null default 0, add column start int not null default 0;
  `,
  `
  -- What a small record needs of the blobs.
  alter table muster.small_records add column blobs text[];
  `,
  `
  -- The history of classes: rows of a task (no subtask) and of its subtasks, by what they are asked for by.
  create table muster.outcomes (
    of_group text not null, run text not null, subtask text not null, ended_at bigint not null,
    place bigint generated always as identity, facts text not null, primary key (of_group, run, subtask)
  );
  create index outcomes_newest on muster.outcomes (of_group, ended_at, place);
  `,
];

/** 'muster' in ASCII: the advisory lock under which the schema is changed. */
const LOCK = '120282488923506';

export async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    if ((await versionOf(client)) === MIGRATIONS.length) return client.release();
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(${LOCK})`);
    const version = await versionOf(client);
    if (version > MIGRATIONS.length) {
      throw new StoreError(
        `the store was made by a newer Muster (its schema is at ${version}, this one knows ${MIGRATIONS.length}): update this one`,
      );
    }
    await client.query('create schema if not exists muster');
    for (const migration of MIGRATIONS.slice(version)) await client.query(migration);
    await client.query(
      `insert into muster.meta (name, value) values ('schema', '${MIGRATIONS.length}') on conflict (name) do update set value = excluded.value`,
    );
    await client.query('commit');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** How many migrations the schema has had; 0 when there is no schema. */
async function versionOf(client: pg.PoolClient): Promise<number> {
  // From the table, and not by to_regclass: that one may remember an answer from before the lock.
  const there = await client.query(
    `select from pg_catalog.pg_tables where schemaname = 'muster' and tablename = 'meta'`,
  );
  if (there.rowCount === 0) return 0;
  const { rows } = await client.query<{ value: string }>(`select value from muster.meta where name = 'schema'`);
  return Number(rows[0]?.value ?? 0);
}
