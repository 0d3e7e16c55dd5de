// time-left.ts: how much longer a task takes, told from what the store remembers of its class. The rows are read again after ten
// seconds, however many ask.

import type { TaskRow } from '../protocol/class-history.ts';
import { BUILT_IN_CLASSES, type RequestClass } from '../protocol/classes.ts';
import { ETA_ROWS, etaOf, isInBudget, type Eta, type EtaMoment } from '../protocol/eta.ts';
import type { Store } from '../store/store.ts';
import type { TaskStatus } from './status.ts';

const KEPT_MS = 10_000;

interface Rows {
  readAt: number;
  rows: Promise<TaskRow[]>;
}

const known = new WeakMap<Pick<Store, 'outcomes'>, Map<string, Rows>>();

/** What a task of this class and path takes that has just been accepted, and still has to wait for a worker. */
export async function timeAtStart(
  store: Pick<Store, 'outcomes'>,
  row: RequestClass,
  path: TaskRow['path'] = 'deep',
): Promise<Eta> {
  return etaOf(await rowsOf(store, row.name, path), { ...AT_START, path }, row);
}

const AT_START: EtaMoment = { stage: 'accepted', inStageMs: 0, elapsedMs: 0 };

/** The same of one that is under way, or was: what it was to take from its start on, as is known by now. */
export async function timeInAll(
  store: Pick<Store, 'outcomes'>,
  status: TaskStatus,
  row: RequestClass,
  now = Date.now(),
): Promise<Eta> {
  const { progress } = status;
  const isLate = progress?.path === 'fast' && !isInBudget(momentOf(status, progress, now), row);
  return isLate ? await timeOnceLate(store, row) : await timeAtStart(store, row, progress?.path);
}

/** The same of an answer at once that is late, or planned: its budget says nothing any more. */
export async function timeOnceLate(store: Pick<Store, 'outcomes'>, row: RequestClass): Promise<Eta> {
  const told = await timeAtStart(store, row, 'fast');
  return told.basis === 'class' ? etaOf([], AT_START, row) : told;
}

/** Undefined where it stands still or has ended, and where neither its class's history nor the class itself can be asked. */
export async function timeLeft(
  store: Pick<Store, 'outcomes'> | undefined,
  status: TaskStatus,
  now = Date.now(),
): Promise<Eta | undefined> {
  const { class: name, progress, state, closedAt } = status;
  if (name === undefined || closedAt || (state !== 'running' && state !== 'queued')) return undefined;
  const row = progress?.promise ?? Object.values(BUILT_IN_CLASSES).find((one) => one.name === name);
  return etaOf(store ? await rowsOf(store, name, progress?.path ?? 'deep') : [], momentOf(status, progress, now), row);
}

function momentOf({ startedAt }: TaskStatus, progress: TaskStatus['progress'], now: number): EtaMoment {
  const elapsedMs = Math.max(0, now - startedAt.getTime() - (progress?.waitedMs ?? 0));
  if (!progress) return { stage: 'accepted', inStageMs: elapsedMs, elapsedMs };
  const { stage, stageSince, promise, waitedMs = 0, subtasks, path } = progress;
  const ended = subtasks.filter(({ state }) => ['done', 'failed', 'skipped', 'stopped'].includes(state)).length;
  return {
    stage,
    inStageMs: stageSince === undefined ? 0 : Math.max(0, now - waitedMs - stageSince),
    elapsedMs,
    ...(promise?.deadlineAt === undefined ? {} : { deadlineMs: promise.deadlineAt - (now - waitedMs) }),
    ...(path === undefined ? {} : { path }),
    retries: subtasks.reduce((sum, { generation }) => sum + Math.max(0, generation - 1), 0),
    ...(subtasks.length === 0 ? {} : { subtasks: { total: subtasks.length, left: subtasks.length - ended } }),
  };
}

/** A store that is away tells nothing; the task goes on all the same. */
async function rowsOf(store: Pick<Store, 'outcomes'>, name: string, path: TaskRow['path']): Promise<TaskRow[]> {
  const groups = known.get(store) ?? new Map<string, Rows>();
  known.set(store, groups);
  const group = `${path} ${name}`;
  const kept = groups.get(group);
  if (kept && Date.now() - kept.readAt < KEPT_MS) return await kept.rows;
  const rows = store.outcomes({ class: name, path }, ETA_ROWS).catch(() => []);
  groups.set(group, { readAt: Date.now(), rows });
  // Hundreds of files: whoever starts a task, or looks at one, waits for the first reading alone.
  return await (kept ?? { rows }).rows;
}
