// coverage-schema.ts: what an answer rests on, as it goes out of the API.

import { z } from '@hono/zod-openapi';

export const failure = z.object({ type: z.string(), message: z.string() }).openapi('Failure');

/** A subtask that was not begun, since `into` asks for the same. */
const merged = z.object({ title: z.string(), into: z.string(), delegated_by: z.string().optional() });

/** A further round: why there was one, and what it added. The round of the plan is 1. */
const round = z.object({
  round: z.int(),
  why: z.array(z.string()),
  subtasks: z.array(z.string()),
  findings: z.int(),
  filled: z.array(z.string()).openapi({ description: 'Earlier subtasks whose lack it made up for.' }),
});

export const coverage = z
  .object({
    done: z.int(),
    failed: z.int(),
    skipped: z.int(),
    subtasks: z.array(
      z.object({
        subtask: z.string(),
        title: z.string(),
        state: z.string(),
        findings: z.int(),
        findings_ref: z.string().optional(),
        failure: failure.optional(),
        data_ref: z.string().optional(),
      }),
    ),
    gaps: z.array(z.string()),
    merged: z.array(merged).optional(),
    rounds: z.array(round).optional(),
  })
  .openapi('Coverage');
