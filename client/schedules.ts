// schedules.ts: questions that are asked again and again, as Schedules of the Temporal server: made, listed, paused, run now,
// removed. Each run is a task like any other.

import { randomBytes } from 'node:crypto';
import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError as NoSchedule,
  ScheduleOverlapPolicy,
  type ScheduleHandle as TemporalSchedule,
  type ScheduleOptions,
  type ScheduleSummary,
} from '@temporalio/client';
import { labelProblem } from '../protocol/label.ts';
import { MEMO, WORKFLOWS } from '../protocol/names.ts';
import { nearName } from '../protocol/near-name.ts';
import {
  cronProblem,
  OVERLAPS,
  scheduleId,
  scheduleStart,
  type Overlap,
  type Schedule,
} from '../protocol/schedules.ts';
import { translatingConnectionErrors } from './connection-errors.ts';
import { RequestRefusedError, ScheduleNotFoundError } from './errors.ts';
import { refuseStranger } from './guessed-server.ts';
import type { HandleParts } from './handle-parts.ts';
import { refuseUntold, type WorkersFile } from './receivers.ts';
import type { TaskInput } from './task-input.ts';
import { slugOf, startOf, taskRequest, withSearchAttributes } from './task-request.ts';

/** What is asked, and when. */
export interface ScheduleInput extends TaskInput {
  /** Five fields of cron, or `@daily` and the like. Where both days are named, both must fit. */
  cron: string;
  /** Of the IANA database, e.g. `Europe/Berlin`. Default: UTC. */
  timezone?: string;
  /** When its time comes while an earlier run is at work. Default: `skip`. */
  overlap?: Overlap;
  /** 1 to 64 letters, digits, dots, underscores and dashes. Default: the first words of the goal. */
  name?: string;
}

type Parts = Omit<HandleParts, 'taskId'> & {
  configPath: () => string | undefined;
  workersFile?: () => WorkersFile | undefined;
  warn?: (message: string) => void;
};

const POLICIES = {
  skip: ScheduleOverlapPolicy.SKIP,
  buffer: ScheduleOverlapPolicy.BUFFER_ONE,
  all: ScheduleOverlapPolicy.ALLOW_ALL,
} as const;

/** How late a run may begin whose time came while the server was away: not each of a night's, where all may run at once. */
const CATCH_UP = { skip: '1 day', buffer: '1 day', all: '1 hour' } as const;
const RUNS_SHOWN = 10;
/** For the server to say which task it started. */
const STARTED_WITHIN_MS = 10_000;
const LOOK_MS = 100;

/** @throws as MusterClient.schedule. */
export async function makeSchedule(parts: Parts, input: ScheduleInput): Promise<Schedule> {
  const { cron, timezone = 'UTC', overlap = 'skip', name = slugOf(input.goal), ...task } = input;
  const problem =
    labelProblem('name of the schedule', name) ??
    cronProblem(cron) ??
    timezoneProblem(timezone) ??
    (OVERLAPS.includes(overlap)
      ? undefined
      : `the overlap is "${String(overlap)}"; it is one of ${OVERLAPS.join(', ')}`);
  if (problem) throw new RequestRefusedError(problem);
  const request = await taskRequest(task, parts.configPath());
  const { tenant } = request;
  await refuseUntold(request.notify, tenant, parts.workersFile?.());
  await refuseStranger(parts, 'the schedule');
  const { memo, ...start } = startOf(request, parts.deployment);
  const about = {
    cron: cron.trim(),
    timezone,
    overlap,
    class: request.class.name,
    [MEMO.goal]: memo[MEMO.goal],
    [MEMO.tenant]: tenant,
  };
  const create = (typedSearchAttributes: ScheduleOptions['action']['typedSearchAttributes']) =>
    translatingConnectionErrors(() =>
      parts.client.schedule.create({
        scheduleId: scheduleId(parts.deployment, tenant, name),
        spec: { cronExpressions: [cron.trim()], timezone },
        action: {
          type: 'startWorkflow',
          workflowType: WORKFLOWS.masterAgent,
          // The server adds the time of the run.
          workflowId: `${name}-${randomBytes(6).toString('hex')}`,
          ...start,
          memo: { ...memo, [MEMO.schedule]: name },
          ...(typedSearchAttributes ? { typedSearchAttributes } : {}),
        },
        policies: { overlap: POLICIES[overlap], catchupWindow: CATCH_UP[overlap] },
        memo: about,
      }),
    );
  try {
    await withSearchAttributes(request, create, parts.warn);
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning)
      throw new RequestRefusedError(`there is a schedule "${name}" already; remove it first, or give another name`);
    throw error;
  }
  return await new ScheduleHandle(parts, tenant, name).describe();
}

/** @throws as MusterClient.schedules. */
export async function* listSchedules(parts: Parts, tenant: string | undefined): AsyncGenerator<Schedule> {
  const problem = tenant === undefined ? undefined : labelProblem('tenant', tenant);
  if (problem) throw new RequestRefusedError(problem);
  const start = scheduleStart(parts.deployment);
  // The server looks no further than it must: others may have many.
  const query = `ScheduleId STARTS_WITH "${start}${tenant === undefined ? '' : `${tenant}/`}"`;
  const listed = parts.client.schedule.list({ pageSize: 100, query })[Symbol.asyncIterator]();
  for (;;) {
    const next = await translatingConnectionErrors(() => listed.next());
    if (next.done) return;
    const one = next.value as ScheduleSummary;
    const about = one.memo;
    if (!one.scheduleId.startsWith(start) || !about) continue;
    const [whose = '', name = ''] = one.scheduleId.slice(start.length).split('/');
    if (tenant !== undefined && whose !== tenant) continue;
    yield scheduleOf(name, whose, about, {
      paused: one.state.paused,
      next: one.info.nextActionTimes,
      runs: one.info.recentActions,
    });
  }
}

/** One schedule of a tenant. */
export class ScheduleHandle {
  readonly name: string;
  readonly tenant: string;
  readonly #schedule: TemporalSchedule;

  constructor({ client, deployment }: Parts, tenant: string, name: string) {
    this.name = name;
    this.tenant = tenant;
    this.#schedule = client.schedule.getHandle(scheduleId(deployment, tenant, name));
  }

  /** As it stands now. @throws ScheduleNotFoundError, UnreachableError. */
  async describe(): Promise<Schedule> {
    const { memo = {}, state, info } = await this.#asked(() => this.#schedule.describe());
    return scheduleOf(this.name, this.tenant, memo, {
      paused: state.paused,
      next: info.nextActionTimes,
      runs: info.recentActions,
    });
  }

  /** Nothing is started from now on; runs at work go on. @throws ScheduleNotFoundError, UnreachableError. */
  async pause(note = 'paused by a person'): Promise<void> {
    await this.#asked(() => this.#schedule.pause(note));
  }

  /** @throws ScheduleNotFoundError, UnreachableError. */
  async resume(note = 'resumed by a person'): Promise<void> {
    await this.#asked(() => this.#schedule.unpause(note));
  }

  /**
   * Starts a run beside whatever is at work, also while it is paused.
   * @returns the id of its task; undefined where the server did not say it within ten seconds.
   * @throws ScheduleNotFoundError, UnreachableError.
   */
  async now(): Promise<string | undefined> {
    return await (
      await this.trigger()
    )();
  }

  /** As `now`, and returns as soon as the server has it. @returns what waits for the id of its task, and never throws. */
  async trigger(): Promise<() => Promise<string | undefined>> {
    const { info } = await this.#asked(() => this.#schedule.describe());
    const known = new Set(info.recentActions.map(({ action }) => action.workflow.workflowId));
    await this.#asked(() => this.#schedule.trigger(ScheduleOverlapPolicy.ALLOW_ALL));
    return () => this.#startedAfter(known);
  }

  async #startedAfter(known: ReadonlySet<string>): Promise<string | undefined> {
    for (const until = Date.now() + STARTED_WITHIN_MS; Date.now() < until;) {
      // It runs, whoever can say which task it is.
      const { runs } = await this.describe().catch(() => ({ runs: [] as Schedule['runs'] }));
      const fresh = runs.find(({ taskId }) => !known.has(taskId));
      if (fresh) return fresh.taskId;
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
    return undefined;
  }

  /** Runs at work go on, and all runs stay tasks. @throws ScheduleNotFoundError, UnreachableError. */
  async remove(): Promise<void> {
    await this.#asked(() => this.#schedule.delete());
  }

  async #asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await translatingConnectionErrors(ask);
    } catch (error) {
      throw error instanceof NoSchedule ? new ScheduleNotFoundError(this.name) : error;
    }
  }
}

interface Taken {
  takenAt: Date;
  action: { workflow: { workflowId: string } };
}

function scheduleOf(
  name: string,
  tenant: string,
  memo: Record<string, unknown>,
  { paused, next, runs }: { paused: boolean; next: readonly Date[]; runs: readonly Taken[] },
): Schedule {
  const text = (key: string): string => (typeof memo[key] === 'string' ? memo[key] : '');
  return {
    name,
    tenant,
    cron: text('cron'),
    timezone: text('timezone'),
    overlap: OVERLAPS.find((one) => one === memo.overlap) ?? 'skip',
    goal: text(MEMO.goal),
    class: text('class'),
    paused,
    // The server goes on to reckon them.
    next: paused ? [] : next.slice(0, RUNS_SHOWN).map((at) => at.getTime()),
    runs: runs
      .map(({ takenAt, action }) => ({ taskId: action.workflow.workflowId, at: takenAt.getTime() }))
      .sort((a, b) => b.at - a.at)
      .slice(0, RUNS_SHOWN),
  };
}

/** The server takes no offsets, and says nothing that a person could go by. */
function timezoneProblem(timezone: string): string | undefined {
  const shown = JSON.stringify(timezone.slice(0, 80));
  try {
    if (/^[A-Za-z_]/.test(timezone) && new Intl.DateTimeFormat('en', { timeZone: timezone })) return undefined;
  } catch {
    // Said below.
  }
  const near = nearName(timezone, Intl.supportedValuesOf('timeZone'));
  return `there is no time zone ${shown}${near === undefined ? '; give one as Europe/Berlin' : `; did you mean ${near}?`}`;
}
