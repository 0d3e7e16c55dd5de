// task-input.ts: what a caller asks for, and whether it is of the sorts that it must be, also where no compiler looks. What its
// values mean is judged by task-request.ts.

import { z } from 'zod';
import type { RequestClass, TaskLimits } from '../protocol/classes.ts';
import type { Hedge, JoinPolicy } from '../protocol/join.ts';
import type { Notify } from '../protocol/notify.ts';
import type { PathWord } from '../protocol/path.ts';
import { problemsOf, type ShapesOf } from '../protocol/schemas/definition.ts';
import type { BackgroundWork, Source } from '../protocol/task.ts';
import { RequestRefusedError } from './errors.ts';

/** What a caller asks for; the rest has defaults. */
export interface TaskInput {
  goal: string;
  /** Files and folders, read on the worker; relative paths are taken from the caller's working directory. */
  sources: (string | Source)[];
  /** A class, by name or as `defineClass` made it. Default: `standard`. */
  class?: string | RequestClass;
  /** Less than the class allows, for this task. Default: what the class allows. */
  limits?: TaskLimits;
  /** JSON Schema of an object to hand the answer back as, in `result.data`, beside the cited answer itself. */
  outputSchema?: Record<string, unknown>;
  sessionId?: string;
  /**
   * `fast`: answered at once by one model call over what is indexed, and planned only where that is not enough. `auto`: the router
   * chooses, and `status().route` says why. Default: as the class says, else `deep`.
   */
  path?: PathWord;
  /** When the fan-out is enough. Default: as the class says. */
  join?: JoinPolicy;
  /** Slow subtasks get a second life beside their first. Default: as `join` or the class says. */
  hedge?: Hedge;
  /** The plan waits until a person approves it. Default: as the class says. */
  approve?: boolean;
  /** Sub-agents may ask a person, and wait for the reply. Default: as the class says. */
  askPerson?: boolean;
  /** Sub-agents may show each other findings while they work. Default: as the class says. */
  board?: boolean;
  /** Further rounds at most, where what the plan's subtasks brought is not enough: 0, 1 or 2. Default: as the class says. */
  rounds?: number;
  /** Default: `default`. */
  tenant?: string;
  /** Who is told of it when it ends, or comes on; at most 10. Default: nobody. */
  notify?: Notify[];
  /** Work that the answer does not wait for; at most 20. Default: none. */
  background?: BackgroundWork[];
}

const anObject = z.looseObject({});

const shapes: ShapesOf<TaskInput> = {
  goal: z.string(),
  sources: z.array(z.union([z.string(), z.looseObject({ kind: z.enum(['path', 'url', 'blob']) })])),
  class: z.union([z.string(), anObject]).optional(),
  limits: anObject.optional(),
  outputSchema: anObject.optional(),
  sessionId: z.string().optional(),
  path: z.string().optional(),
  join: z.unknown().optional(),
  hedge: z.unknown().optional(),
  approve: z.boolean().optional(),
  askPerson: z.boolean().optional(),
  board: z.boolean().optional(),
  rounds: z.number().optional(),
  tenant: z.string().optional(),
  notify: z.array(anObject).optional(),
  background: z.array(anObject).optional(),
};
const taskInput = z.strictObject(shapes);

/** @throws RequestRefusedError with all that is of the wrong sort, and each field that there is none of. */
export function refuseOddInput(input: unknown): void {
  const problems = problemsOf(taskInput, input);
  if (problems.length > 0) throw new RequestRefusedError(problems.join('; '));
}
