// ask-person.ts: the tool by which a sub-agent asks the person whose task it is. Which sub-agents have it is said by their kind
// and by the request's class; who waits for the reply, and takes the default when none comes, is the Workflow.

import { z } from 'zod';
import {
  ASK_SECONDS,
  askOf,
  askProblem,
  MAX_CHOICE_CHARS,
  MAX_CHOICES,
  MAX_QUESTION_CHARS,
} from '../../protocol/ask.ts';
import { defineTool, Later } from './tool.ts';

export const askPerson = defineTool({
  name: 'ask_person',
  description:
    'Asks the person whose task this is, and returns the reply, for which you may wait a day. Only for what no document ' +
    'can say and your result depends on, such as which of two things is meant. One question at a time.',
  input: z.object({
    question: z.string().min(1).max(MAX_QUESTION_CHARS).describe('The question, understood alone'),
    choices: z
      .array(z.string().min(1).max(MAX_CHOICE_CHARS))
      .max(MAX_CHOICES)
      .optional()
      .describe('What may be replied, two or more; anything when left out'),
    default: z
      .string()
      .max(MAX_QUESTION_CHARS)
      .optional()
      .describe('What you go on with when nobody replies in time; one of the choices where there are any'),
    until: z
      .int()
      .min(1)
      .max(ASK_SECONDS.most)
      .optional()
      .describe(`Seconds to wait at most; ${ASK_SECONDS.usual} when left out`),
  }),
  sideEffects: 'none',
  isContained: true,
  execute: ({ until = ASK_SECONDS.usual, ...asked }) => {
    const ask = askOf(asked);
    if (!ask) throw new Error('there is nothing in the question that can be read');
    const problem = askProblem(ask);
    if (problem !== undefined) throw new Error(problem);
    return Promise.resolve(new Later(until, ask));
  },
});
