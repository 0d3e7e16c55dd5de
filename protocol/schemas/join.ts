// join.ts: how a join is written in config files, in classes made in code and, in snake case, over HTTP. Whether its numbers fit a
// class is for protocol/join.ts to say.

import { z } from 'zod';

const count = z.int().min(1);

/** When a slow subtask gets a second life. */
export const hedgeShape = z.strictObject({ afterMs: count.optional() });

/** When a fan-out is enough. */
export const joinShape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bestEffort'), min: count, deadlineSeconds: z.number().positive().optional() }),
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('quorum'), k: count }),
  z.strictObject({ kind: z.literal('first') }),
]);
