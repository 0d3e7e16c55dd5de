// schedules.ts: questions that are asked again and again, at a gateway. Each run is a task like any other.

import type { Overlap, Schedule } from '../../protocol/schedules.ts';
import type { GatewayConnection } from './ask-gateway.ts';

/** Beside the task: when it is asked. */
export interface HttpScheduleTimes {
  /** Five fields of cron, or `@daily` and the like. Where both days are named, both must fit. */
  cron: string;
  /** Of the IANA database. Default: UTC. */
  timezone?: string;
  /** When its time comes while an earlier run is at work. Default: `skip`. */
  overlap?: Overlap;
  /** Default: the first words of the goal. */
  name?: string;
}

/** As a gateway shows it. */
export interface WireSchedule extends Omit<Schedule, 'tenant' | 'next' | 'runs'> {
  next: string[];
  runs: { task_id: string; at: string }[];
}

/** As the library has it; of the tenant nothing is known here but its name, where it was given. */
export const scheduleOf = ({ next, runs, ...rest }: WireSchedule, tenant = ''): Schedule => ({
  ...rest,
  tenant,
  next: next.map((at) => Date.parse(at)),
  runs: runs.map(({ task_id, at }) => ({ taskId: task_id, at: Date.parse(at) })),
});

/** One schedule, by its name. Each method throws ScheduleNotFoundError, UnreachableError, GatewayRefusedError. */
export class HttpSchedule {
  readonly name: string;
  readonly #gateway: GatewayConnection;

  constructor(name: string, gateway: GatewayConnection) {
    this.name = name;
    this.#gateway = gateway;
  }

  async describe(): Promise<Schedule> {
    return scheduleOf(await this.#gateway.json<WireSchedule>(this.#path(), { taskId: this.name }));
  }

  /** Nothing is started from now on; runs at work go on. */
  async pause(): Promise<void> {
    await this.#ask('POST', '/pause');
  }

  async resume(): Promise<void> {
    await this.#ask('POST', '/resume');
  }

  /** Starts a run, beside whatever is at work; the id of its task, where the server has said it. */
  async now(): Promise<string | undefined> {
    const asked = { method: 'POST', taskId: this.name, once: true } as const;
    const { task_id } = await this.#gateway.json<{ task_id: string | null }>(this.#path('/now'), asked);
    return task_id ?? undefined;
  }

  /** Runs at work go on, and all runs stay tasks. */
  async remove(): Promise<void> {
    await this.#ask('DELETE');
  }

  async #ask(method: 'POST' | 'DELETE', what?: string): Promise<void> {
    await this.#gateway.ask(this.#path(what), { method, taskId: this.name });
  }

  #path(what = ''): string {
    return `/schedules/${encodeURIComponent(this.name)}${what}`;
  }
}
