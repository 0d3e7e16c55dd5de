// router.ts: what judges a question where the path of a task is to be chosen: a classifier by a model or by code, in place of the
// rules. It says what the question needs; whether that fits is not its to decide.

import { z } from 'zod';
import type { Path } from '../path.ts';
import type { Needs } from '../route-needs.ts';
import type { RouteSources } from '../route.ts';
import { aFunction, aName, checkDefinition, problemsOf } from './definition.ts';

/** What a classifier is shown. */
export interface RouterQuestion {
  readonly goal: string;
  /** Name of the class. */
  readonly class: string;
  readonly sources: Readonly<RouteSources>;
  /** What the rules make of it. */
  readonly needs: Readonly<Needs>;
}

export interface RouterJudgement {
  /** `fast`: one call over passages answers it; `deep`: it is planned. Default: as `steps` and `tools` say. */
  path?: Path;
  /** Looks that one after the other would take. Default: as the rules say. */
  steps?: number;
  /** What it asks to be done that passages don't hold. Default: as the rules say. */
  tools?: string[];
  /** One sentence for people. */
  why: string;
}

export interface Router {
  /** Stands in the verdict. */
  readonly name: string;
  /** Ms that one judgement may take, 1 to 5,000: whoever asks waits for it. Default: 300. */
  readonly timeoutMs?: number;
  /**
   * Judges a question. **Contract:** may throw, take too long, or return undefined: the rules judge then. Must change nothing: it may
   * run for a task that is never started, and again for one that was. Must stop soon after `signal` aborts. Its judgement is plain
   * JSON; `why` is kept and shown, so no secret stands in it. What it calls `fast` goes deep all the same where documents have to be
   * read first, nobody could answer, or such answers take too long.
   */
  judge(
    question: RouterQuestion,
    context: { signal: AbortSignal },
  ): RouterJudgement | undefined | Promise<RouterJudgement | undefined>;
}

const MOST_WHY_CHARS = 300;

const routerShape = z.strictObject({
  name: aName(/^[A-Za-z0-9._-]{1,64}$/, 'a router: letters, digits, dots, _ and - only, at most 64'),
  timeoutMs: z.int().min(1).max(5_000).optional(),
  judge: aFunction,
});

const judgementShape = z.strictObject({
  path: z.enum(['fast', 'deep']).optional(),
  steps: z.number().min(0).max(1_000).optional(),
  tools: z.array(z.string().min(1).max(100)).max(20).optional(),
  why: z.string().trim().min(1).max(MOST_WHY_CHARS),
});

/**
 * Defines a router; a plain value, registered nowhere.
 * @throws DefinitionError with all that is wrong.
 */
export function defineRouter(router: Router): Router {
  checkDefinition('a router', router, routerShape);
  return router;
}

/** Why this is no judgement; undefined when it is one. */
export function judgementProblem(value: unknown): string | undefined {
  const problems = problemsOf(judgementShape, value);
  return problems.length > 0 ? problems.join('; ') : undefined;
}
