// command-routes.ts: a route for each kind of command to a running task, made from the kinds that there are.

import { z } from '@hono/zod-openapi';
import { COMMAND_KINDS, type CommandKind } from '../../protocol/task-commands.ts';
import { commandPath } from '../../protocol/wire.ts';
import { applied, BODY_IS_OPTIONAL, COMMAND_BODIES } from '../wire/command-bodies.ts';
import { recorded } from '../wire/schemas.ts';
import { commandTask } from './commands.ts';
import { BODY, type Route } from './route.ts';

/** What each kind of command does, in a few words. */
const TOLD: Readonly<Record<CommandKind, string>> = {
  note: 'Tell its sub-agents something, or one of them',
  pause: 'Pause a task, or one subtask',
  resume: 'Go on with what was paused',
  extend: 'Give more time, tokens or money, or less',
  swapModel: 'Go on with other models',
  finish: 'Have its sub-agents answer with what they have',
  stop: 'End one subtask; what it found stays',
  retry: 'Begin one subtask again',
  add: 'Add a subtask',
  approve: 'Approve or refuse the plan that waits for it',
  answerNow: 'Answer from what is there',
};

export const COMMAND_ROUTES = COMMAND_KINDS.map((kind): Route => ({
  method: 'post',
  path: `/tasks/{id}/${commandPath(kind)}`,
  summary: TOLD[kind],
  scope: 'tasks:write',
  headers: z.object({
    'idempotency-key': z
      .string()
      .optional()
      .openapi({ description: 'The same again changes nothing; of another command it is refused.' }),
  }),
  body: { schema: COMMAND_BODIES[kind], isOptional: BODY_IS_OPTIONAL.has(kind) },
  answers: {
    200: { about: 'It is applied', schema: applied },
    202: { about: 'No worker answered: it is recorded, and applied when one comes', schema: recorded },
  },
  problems: [...BODY, 'header_invalid', 'task_not_found', 'task_closed', 'command_refused', 'key_reused', 'overloaded'],
  handle: commandTask(kind),
}));
