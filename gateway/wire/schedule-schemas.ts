// schedule-schemas.ts: questions that are asked again and again, as the API tells of them.

import { z } from '@hono/zod-openapi';
import { OVERLAPS, type Overlap } from '../../protocol/schedules.ts';
import { time } from './plan-schemas.ts';

export const schedule = z
  .object({
    name: z.string(),
    cron: z.string(),
    timezone: z.string(),
    overlap: z.enum(OVERLAPS as [Overlap, ...Overlap[]]),
    goal: z.string(),
    class: z.string(),
    paused: z.boolean(),
    next: z.array(time),
    runs: z.array(z.object({ task_id: z.string(), at: time })).openapi({ description: 'The last ones, newest first.' }),
  })
  .openapi('Schedule');

export const scheduleList = z.object({ schedules: z.array(schedule) }).openapi('ScheduleList');

export const startedRun = z
  .object({ task_id: z.string().nullable().openapi({ description: 'Null where the server has not said it yet.' }) })
  .openapi('StartedRun');
