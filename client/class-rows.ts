// class-rows.ts: the last closed tasks of a class and path, read from the store again after a while, however many ask.

import type { TaskRow, TaskRowsOf } from '../protocol/class-history.ts';
import { ROUTE_ROWS, type PathRows } from '../protocol/route-history.ts';
import type { Store } from '../store/store.ts';

/** Old enough to spare the store, young enough that fifty tasks later it is another one. */
const KEPT_MS = 2_000;

type Reader = Pick<Store, 'outcomes'>;

interface Kept {
  readAt: number;
  rows: Promise<TaskRow[]>;
}

const known = new WeakMap<Reader, Map<string, Kept>>();

/** Of both paths, newest first. A store that is away has none: then rules alone decide. */
export async function pathRows(store: Reader, className: string): Promise<PathRows> {
  const [fast, deep] = await Promise.all([
    rowsOf(store, { class: className, path: 'fast' }),
    rowsOf(store, { class: className, path: 'deep' }),
  ]);
  return { fast, deep };
}

async function rowsOf(store: Reader, of: TaskRowsOf): Promise<TaskRow[]> {
  const all = known.get(store) ?? new Map<string, Kept>();
  known.set(store, all);
  const name = `${of.path} ${of.class}`;
  const kept = all.get(name);
  if (kept && Date.now() - kept.readAt < KEPT_MS) return await kept.rows;
  const rows = store.outcomes(of, ROUTE_ROWS).catch(() => []);
  all.set(name, { readAt: Date.now(), rows });
  // Hundreds of files: whoever starts a task waits for the first reading alone.
  return await (kept ?? { rows }).rows;
}
