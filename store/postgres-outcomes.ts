// postgres-outcomes.ts: the class history as rows of a table; beyond the newest of a group the oldest go.

import { MOST_ROWS } from '../protocol/class-history.ts';
import type { PostgresDatabase } from './postgres-database.ts';
import type { OutcomeGroup } from './outcome-groups.ts';

/** @returns false when they were there. */
export async function notePostgresOutcome(
  database: PostgresDatabase,
  { group, run, endedAt, rows }: OutcomeGroup,
): Promise<boolean> {
  const { rows: added } = await database.query({
    text: `insert into muster.outcomes (of_group, run, subtask, ended_at, facts)
      select $1, $2, subtask, $3, facts from unnest($4::text[], $5::text[]) with ordinality as new (subtask, facts, place)
      order by place desc on conflict do nothing returning run`,
    values: [
      group,
      run,
      endedAt,
      rows.map((row) => ('subtask' in row ? row.subtask : '')),
      rows.map((row) => JSON.stringify(row)),
    ],
  });
  await database.query({
    text: `delete from muster.outcomes where of_group = $1 and (ended_at, place) < (
      select ended_at, place from muster.outcomes where of_group = $1 order by ended_at desc, place desc offset $2 limit 1)`,
    values: [group, MOST_ROWS - 1],
  });
  return added.length > 0;
}

/** The newest rows, at most so many. */
export async function postgresOutcomes<Row>(database: PostgresDatabase, group: string, most: number): Promise<Row[]> {
  const { rows } = await database.query<{ facts: string }>({
    text: 'select facts from muster.outcomes where of_group = $1 order by ended_at desc, place desc limit $2',
    values: [group, most],
  });
  return rows.map(({ facts }) => JSON.parse(facts) as Row);
}
