// plan-schemas.ts: a task's plan, and what it asks a person, as the API shows them.

import { z } from '@hono/zod-openapi';

export const time = z.iso.datetime().openapi({ example: '2026-03-01T12:00:00.000Z' });

export const question = z
  .object({
    subtask: z.string(),
    generation: z.int(),
    handle: z.string(),
    until: time,
    question: z.string(),
    choices: z.array(z.string()).optional(),
    default: z.string().optional(),
  })
  .openapi('Question');

const planEstimate = z
  .object({ subtasks: z.int(), tokens: z.int(), seconds: z.number(), cost_usd: z.number().optional() })
  .openapi('PlanEstimate', { description: 'At most; dollars where prices are known.' });

export const proposal = z
  .object({
    hash: z.string(),
    until: time,
    estimate: planEstimate,
  })
  .openapi('Proposal');

const bounds = { turns: z.int(), tokens: z.int(), seconds: z.number(), cost_usd: z.number().optional() };

export const plan = z
  .object({
    hash: z.string().openapi({ description: 'What an approval names.' }),
    subtasks: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        kind: z.string(),
        goal: z.string(),
        needs: z.array(z.string()),
        background: z
          .literal(true)
          .optional()
          .openapi({ description: 'It is done after the answer; absent where the answer waits for it.' }),
        limits: z.object(bounds),
      }),
    ),
    estimate: planEstimate.optional(),
    until: time.optional().openapi({ description: 'Until when it waits for approval; absent when it does not.' }),
  })
  .openapi('Plan');
