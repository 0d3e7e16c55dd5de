// so-far-schemas.ts: what asking for an answer so far takes and gives over HTTP.

import { z } from '@hono/zod-openapi';
import { coverage } from './coverage-schema.ts';
import { answer, result } from './schemas.ts';
import { usage } from './usage-schemas.ts';

export const askSoFar = z
  .strictObject({
    stop: z
      .boolean()
      .optional()
      .openapi({ description: 'The task ends there, with its own answer from what is there. Default: it goes on.' }),
  })
  .openapi('AskSoFar');

export const askedSoFar = z
  .object({
    task_id: z.string(),
    is_final: z.boolean().openapi({ description: 'True: the task has its own answer, or ended; `result` has it.' }),
    result: result.optional(),
    goal: z.string().optional(),
    stage: z.string().optional(),
    answer: answer
      .optional()
      .openapi({ description: 'From what is there; without a section where nothing is found yet.' }),
    coverage: coverage.optional().openapi({ description: 'Of the subtasks that have ended.' }),
    open: z
      .array(z.object({ subtask: z.string(), title: z.string(), state: z.string(), findings: z.int() }))
      .optional()
      .openapi({ description: 'Subtasks that may still add to it.' }),
    round: z
      .int()
      .optional()
      .openapi({ description: 'Which of the task’s answers so far it is; 0: nothing is found yet.' }),
    is_new: z.boolean().optional().openapi({ description: 'False: it was written before, and cost nothing.' }),
    usage: usage.optional().openapi({ description: 'What it cost; absent where it cost nothing.' }),
    text: z.string().optional().openapi({ description: 'Of an answer at once: its words so far, unchecked.' }),
  })
  .openapi('AskedSoFar');
