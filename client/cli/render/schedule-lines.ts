// schedule-lines.ts: a schedule as a person reads it.

import type { Schedule } from '../../../protocol/schedules.ts';
import { oneLine } from '../terminal/text.ts';

/** `0 8 * * 1 (Europe/Berlin), next on 2026-11-30 07:00 UTC`. */
export function when({ cron, timezone, next: [next], paused }: Schedule): string {
  const at = next === undefined ? 'never' : `on ${time(next)}`;
  return oneLine(`${cron} (${timezone}), ${paused ? 'paused' : `next ${at}`}`);
}

export function scheduleLines(schedule: Schedule): string {
  const { name, goal, runs, overlap, tenant } = schedule;
  const [last] = runs;
  return [
    `${oneLine(name)}  ${when(schedule)}${overlap === 'skip' ? '' : `, overlap ${overlap}`}${isUsual(tenant) ? '' : `, tenant ${oneLine(tenant)}`}`,
    `  ${oneLine(goal)}`,
    ...(last ? [`  last ${time(last.at)}: ${oneLine(last.taskId)}`] : []),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** A gateway shows a key its own tenant's schedules alone, and no name. */
const isUsual = (tenant: string): boolean => tenant === 'default' || tenant === '';

const time = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
