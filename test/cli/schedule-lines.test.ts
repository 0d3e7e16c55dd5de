// schedule-lines.test.ts: a schedule as a person reads it.

import { scheduleLines } from '../../client/cli/render/schedule-lines.ts';
import { scheduleOf, type WireSchedule } from '../../client/http/schedules.ts';

const WIRE: WireSchedule = {
  name: 'weekly',
  cron: '0 8 * * 1',
  timezone: 'Europe/Berlin',
  overlap: 'buffer',
  goal: 'What changed?',
  class: 'standard',
  paused: false,
  next: ['2026-11-30T07:00:00.000Z'],
  runs: [{ task_id: 'weekly-1', at: '2026-11-23T07:00:00.000Z' }],
};

test.each([
  ['of a gateway, which names no tenant', '', ''],
  ['of the usual tenant', 'default', ''],
  ['of another one', 'acme', ', tenant acme'],
])('a schedule %s is shown with whose it is where that says something', (_what, tenant, shown) => {
  expect(scheduleLines(scheduleOf(WIRE, tenant))).toBe(
    `weekly  0 8 * * 1 (Europe/Berlin), next on 2026-11-30 07:00 UTC, overlap buffer${shown}\n` +
      '  What changed?\n' +
      '  last 2026-11-23 07:00 UTC: weekly-1\n',
  );
});
