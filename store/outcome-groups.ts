// outcome-groups.ts: under which names the rows of the class history stand, whatever the store is made of: tasks by class and
// path, subtasks by class and kind.

import {
  MOST_ROWS,
  type ClosedRows,
  type SubtaskRow,
  type SubtaskRowsOf,
  type TaskRow,
  type TaskRowsOf,
} from '../protocol/class-history.ts';
import { sha256 } from '../protocol/schemas/hash.ts';

/** Rows of one task that belong together. */
export interface OutcomeGroup {
  group: string;
  run: string;
  endedAt: number;
  rows: (TaskRow | SubtaskRow)[];
}

/** A name for any class, path and kind. */
export const groupOf = (of: TaskRowsOf | SubtaskRowsOf): string =>
  sha256(JSON.stringify('path' in of ? ['path', of.class, of.path] : ['kind', of.class, of.kind]));

/** That of the task is the first. */
export function groupsOf({ task, subtasks }: ClosedRows): OutcomeGroup[] {
  const groups = new Map<string, OutcomeGroup>();
  const endedAt = task?.endedAt ?? Math.max(0, ...subtasks.map((row) => row.endedAt));
  for (const row of [...(task ? [task] : []), ...subtasks]) {
    const group = groupOf(row);
    const known = groups.get(group) ?? { group, run: row.run, endedAt, rows: [] };
    groups.set(group, known);
    if (known.rows.length < MOST_ROWS) known.rows.push(row);
  }
  return [...groups.values()];
}
