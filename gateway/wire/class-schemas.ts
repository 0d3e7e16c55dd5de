// class-schemas.ts: what the API says of classes: measurements, promises kept, advice. Described once, for answers and their document.

import { z } from '@hono/zod-openapi';
import { time } from './plan-schemas.ts';

const label = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'it may have 1 to 64 letters, digits, dots, underscores and dashes');
const path = z.enum(['fast', 'deep']);
const says = z.enum(['whole', 'streamed', 'async', 'either']);
const from = z.enum(['told', 'measured', 'class', 'nobody']);
const yesOrNo = z.enum(['true', 'false']).transform((value) => value === 'true');

export const measureQuery = z.strictObject({ class: label.optional() });
export const sloQuery = z.strictObject({
  class: label.optional(),
  days: z.coerce.number().int().min(1).max(3_650).optional(),
});
export const adviceQuery = z.strictObject({
  class: label.optional(),
  p95: z.coerce.number().positive().optional(),
  rate: z.coerce.number().positive().optional(),
  traffic: z.enum(['steady', 'bursty', 'batch']).optional(),
  people: z.enum(['wait', 'return']).optional(),
  steps: yesOrNo.optional(),
  costly: yesOrNo.optional(),
  retries: yesOrNo.optional(),
  partial: yesOrNo.optional(),
  person: yesOrNo.optional(),
  audit: yesOrNo.optional(),
  outlive: yesOrNo.optional(),
});

export const measurements = z
  .object({
    measurements: z.array(
      z.object({
        class: z.string(),
        path,
        tasks: z.int().openapi({ description: 'Closed ones, the last 1,000 at most.' }),
        since_at: time,
        failed: z.int(),
        cancelled: z.int(),
        p50_ms: z.number().optional(),
        p95_ms: z.number().optional(),
        p99_ms: z.number().optional(),
        queue_p95_ms: z.number().optional(),
        first_finding_p95_ms: z.number().optional(),
        subtasks: z.number(),
        tokens: z.number(),
        retried: z.number().openapi({ description: 'Share of tasks in which something was tried again.' }),
        time_told: z.object({ tasks: z.int(), within: z.int(), by_class: z.int() }).optional().openapi({
          description:
            'Of the last 100 that completed: how many are told a time, ended within the P90 told at their start, and are told by the class.',
        }),
        per_second: z.object({ mean: z.number(), peak: z.number() }).optional(),
      }),
    ),
  })
  .openapi('Measurements');

export const slos = z
  .object({
    classes: z.array(
      z.object({
        class: z.string(),
        owner: z.string(),
        percentile: z.number().openapi({ description: 'Tasks of 100 that are to keep so many seconds.' }),
        seconds: z.number(),
        days: z.int(),
        tasks: z.int(),
        missed: z.int(),
        attained: z.number().optional().openapi({ description: 'Percent of the tasks that kept it.' }),
        budget_left: z
          .number()
          .optional()
          .openapi({ description: 'Share of the misses that are allowed; below 0: more were missed.' }),
        from_at: time.optional(),
        worst: z.array(
          z.object({
            task_id: z.string().optional(),
            path,
            ending: z.string(),
            total_ms: z.number(),
            ended_at: time,
          }),
        ),
        misroutes: z.object({
          promised: z.int(),
          late: z.int(),
          not_enough: z.int(),
          sent_deep: z.int(),
          would_have_fitted: z.int(),
        }),
      }),
    ),
  })
  .openapi('Slos');

export const advice = z
  .object({
    advice: z.array(
      z.object({
        class: z.string(),
        verdict: z.enum(['whole', 'streamed', 'async']),
        why: z.array(z.string()),
        dimensions: z.array(z.object({ name: z.string(), value: z.string(), says, from })),
        questions: z.array(z.object({ key: z.string(), question: z.string(), answer: z.boolean().optional(), from })),
        open: z.array(z.string()),
        config: z.object({ classes: z.record(z.string(), z.object({})) }),
      }),
    ),
  })
  .openapi('Advice');

const range = z.object({ p10: z.number(), p50: z.number(), p90: z.number() });

export const taskEstimate = z
  .object({
    class: z.string(),
    path,
    basis: z.enum(['history', 'class']).openapi({
      description:
        '`class`: too few tasks have closed; the time is what the class promises, of the rest nothing is known.',
    }),
    tasks: z.int().openapi({ description: 'Completed tasks of this class and path that are known.' }),
    time_ms: range,
    tokens: range.optional(),
    cost_usd: range.optional(),
    subtasks: range.optional(),
    most: z
      .object({
        seconds: z.number(),
        subtasks: z.int(),
        tokens: z.int().optional(),
        cost_usd: z.number().optional(),
        subtask: z.object({ tokens: z.int() }),
      })
      .openapi({ description: 'What the task may take at most: the fan-out ends there.' }),
    within: z
      .int()
      .optional()
      .openapi({ description: 'Of `tasks`, how many took no more tokens and dollars than `most`.' }),
    corpus: z
      .object({ documents: z.int(), passages: z.int() })
      .optional()
      .openapi({ description: 'Where the sources were read before.' }),
  })
  .openapi('Estimate');
