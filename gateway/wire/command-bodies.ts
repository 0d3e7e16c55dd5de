// command-bodies.ts: what a running task may be told over HTTP, one schema a kind; `POST /tasks/{id}/<kind>`. The sentences that
// refuse a value are the protocol's: library and command line give the same.

import { z } from '@hono/zod-openapi';
import type { CommandKind } from '../../protocol/task-commands.ts';

const subtask = z.string().min(1).max(64).openapi({ example: 's2' });
const to = subtask.optional().openapi({ description: 'One subtask, by its id. Default: the whole task.' });
const goal = z.string().min(1);
const whole = z.int().optional();

const one = z.strictObject({ to });
const which = z.strictObject({ to: subtask });

export const COMMAND_BODIES = {
  note: z.strictObject({ text: z.string().openapi({ description: 'At most 4,000 characters.' }), to }).openapi('Note'),
  pause: one.openapi('Pause'),
  resume: one.openapi('Resume'),
  extend: z
    .strictObject({ seconds: z.number().optional(), tokens: whole, turns: whole, cost_usd: z.number().optional(), to })
    .openapi('Extend', { description: 'What is added; a negative number takes away.' }),
  swapModel: z.strictObject({ models: z.array(z.string().min(1).max(200)).min(1).max(10), to }).openapi('SwapModel'),
  finish: one.openapi('Finish'),
  stop: which.openapi('Stop'),
  retry: which.openapi('Retry'),
  add: z
    .strictObject({
      goal,
      title: z.string().min(1).max(200).optional(),
      agent: z.string().min(1).max(64).optional().openapi({ description: 'A kind of sub-agent.' }),
    })
    .openapi('Add'),
  approve: z
    .strictObject({
      plan: z.string().openapi({ description: 'Hash of the plan, as it was shown: no other one is approved.' }),
      approved: z.boolean().openapi({ description: 'False refuses it.' }),
      edit: z
        .strictObject({
          drop: z.array(subtask).max(500).optional(),
          change: z
            .record(
              subtask,
              z.strictObject({
                title: z.string().optional(),
                goal: goal.optional(),
                turns: whole,
                tokens: whole,
                seconds: z.number().optional(),
                background: z.boolean().optional().openapi({ description: 'Whether it is done after the answer.' }),
              }),
            )
            .optional(),
          add: z
            .array(
              z.strictObject({
                goal,
                title: z.string().optional(),
                kind: z.string().optional(),
                needs: z.array(subtask).max(500).optional(),
                background: z
                  .boolean()
                  .optional()
                  .openapi({ description: 'It is done after the answer. Default: false.' }),
              }),
            )
            .max(500)
            .optional(),
        })
        .optional(),
    })
    .openapi('Approve'),
  answerNow: z.strictObject({}).openapi('AnswerNow'),
} satisfies Record<CommandKind, z.ZodType>;

/** Kinds that say all by their name. */
export const BODY_IS_OPTIONAL: ReadonlySet<CommandKind> = new Set(['pause', 'resume', 'finish', 'answerNow']);

export const applied = z
  .object({
    task_id: z.string(),
    applied: z.literal(true),
    n: z.int().openapi({ description: 'Number of the event that tells of it.' }),
    effect: z.string().openapi({ description: 'What it changed, in words.' }),
  })
  .openapi('Applied');
