// usage-schemas.ts: what a task spent, by model and sub-agent, and how its budget stands.

import { z } from '@hono/zod-openapi';

const modelUsage = z.object({
  calls: z.int(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cost_usd: z.number().optional(),
});

export const usage = z
  .object({
    model_calls: z.int(),
    tool_calls: z.int(),
    input_tokens: z.int(),
    output_tokens: z.int(),
    wasted_tokens: z.int(),
    estimated_tokens: z.int().optional(),
    cost_usd: z.number().optional(),
    by_model: z.record(z.string(), modelUsage).optional(),
    by_subtask: z
      .record(z.string(), modelUsage)
      .optional()
      .openapi({ description: 'Of a result alone: what each sub-agent used, over all its lives.' }),
  })
  .openapi('Usage');

const amounts = z.object({ tokens: z.int().optional(), cost_usd: z.number().optional() });

export const money = z.object({ spent: amounts, reserved: amounts, left: amounts }).openapi('Money', {
  description:
    'What was spent, what sub-agents at work may still spend, and what of the budget is neither; without a limit nothing is left to tell.',
});
