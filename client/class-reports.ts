// class-reports.ts: what the closed tasks of a deployment say of its classes: how long they take, whether promises are kept, and how
// they should be answered. Made of the class history alone: no server is asked.

import { advise, type Advice, type Told } from '../protocol/advise.ts';
import { MOST_ROWS, type TaskRow } from '../protocol/class-history.ts';
import type { RequestClass } from '../protocol/classes.ts';
import { attainment, measured, type Measured, type SloReport } from '../protocol/measure.ts';
import type { Path } from '../protocol/path.ts';
import type { PathRows } from '../protocol/route-history.ts';
import type { Store } from '../store/store.ts';
import { noSuchClass } from './classes.ts';

/** Days of a window where nobody says how many. */
export const SLO_DAYS = 28;
const DAY_MS = 86_400_000;
/** Tasks among which those of the worst rows are looked for. */
const HEADS = 5_000;

type Reader = Pick<Store, 'outcomes' | 'tasks'>;

/** Of each class and path that a task has closed of. */
export async function measureClasses(store: Reader, classes: readonly RequestClass[]): Promise<Measured[]> {
  const all = await Promise.all(classes.map(async (row) => ({ row, ...(await bothPaths(store, row.name)) })));
  return all.flatMap(({ row, fast, deep }) =>
    [measured(fast, row), measured(deep, row)].filter((one) => one !== undefined),
  );
}

/**
 * @param options.days of the window, counted back from now. Default: 28.
 * @param options.tenant whose tasks may be named. Default: all.
 */
export async function sloReports(
  store: Reader,
  classes: readonly RequestClass[],
  { days = SLO_DAYS, tenant, now = Date.now() }: { days?: number; tenant?: string; now?: number } = {},
): Promise<SloReport[]> {
  const kept = await Promise.all(
    classes.map(async (row) => attainment(row, await bothPaths(store, row.name), now - days * DAY_MS)),
  );
  const heads = kept.some(({ worst }) => worst.length > 0) ? await store.tasks(HEADS) : [];
  const idOf = (run: string): string | undefined =>
    heads.find((head) => head.run === run && (tenant === undefined || head.tenant === tenant))?.taskId;
  return kept.map(({ worst, ...one }) => ({
    ...one,
    days,
    worst: worst.map(({ run, ...task }) => {
      const taskId = idOf(run);
      return { ...task, ...(taskId === undefined ? {} : { taskId }) };
    }),
  }));
}

export async function adviceFor(store: Reader, classes: readonly RequestClass[], told: Told): Promise<Advice[]> {
  return await Promise.all(
    classes.map(async (row) => {
      const { fast, deep } = await bothPaths(store, row.name);
      return advise(
        row,
        [measured(fast), measured(deep)].filter((one) => one !== undefined),
        told,
      );
    }),
  );
}

/** The one class of this name, or all of them. @throws RequestRefusedError */
export function chosenClasses(classes: readonly RequestClass[], name: string | undefined): readonly RequestClass[] {
  if (name === undefined) return classes;
  const found = classes.filter((one) => one.name === name);
  if (found.length > 0) return found;
  throw noSuchClass(
    name,
    classes.map((one) => one.name),
  );
}

async function bothPaths(store: Reader, name: string): Promise<PathRows> {
  const rows = (path: Path): Promise<TaskRow[]> => store.outcomes({ class: name, path }, MOST_ROWS);
  const [fast, deep] = await Promise.all([rows('fast'), rows('deep')]);
  return { fast, deep };
}
