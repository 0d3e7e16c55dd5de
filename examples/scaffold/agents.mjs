// agents.mjs: what this deployment adds to Muster: a tool, and a kind of sub-agent that has it. Named in muster.json.

import { block, defineSubAgent, defineTool, researcher } from 'muster-agents/activities';
import { z } from 'zod';

/** The days from one date to another. */
export const daysBetween = defineTool({
  name: 'days_between',
  description: 'How many days lie between two dates.',
  input: z.object({ from: z.iso.date(), to: z.iso.date() }),
  sideEffects: 'none', // 'idempotent': may run again; 'at-most-once': after a crash its outcome is reported as unknown
  execute: async ({ from, to }) => ({ days: Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) }),
});

/** Works on a part of a task when the plan gives it one; the description tells the planner when to. */
export const scheduler = defineSubAgent({
  name: 'scheduler',
  description: 'Finds out when something is due, from dates and intervals in the documents.',
  // All that it has: the researcher's tools, which search and read the documents, and its own.
  tools: [...researcher.tools, daysBetween],
  prompt: 'scheduler/1', // change it with the words below: it stands in every record
  open: ({ subtask, documents }) => [
    {
      role: 'system',
      content:
        'You find out when things are due. Search the documents for dates and intervals, use days_between for what lies between two dates, and quote each sentence that you rest on word for word.',
    },
    { role: 'user', content: `${block('documents', documents.join('\n'))}\n\n${block('subtask', subtask)}` },
  ],
});

export const kinds = [scheduler];
export const tools = [daysBetween]; // the built-in researcher has it, too
