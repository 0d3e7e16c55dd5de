// plan.ts: the planner's graph. The full plan (goals in words) lies in the store; the history holds the slim graph.
// Kind, limits, time-outs and queue travel with each subtask, so a new kind changes no Workflow code.

import type { SubtaskLimits } from './classes.ts';

/** How a subtask's failed model calls are tried again; counted in its log. The table is in protocol/retry.ts. */
export interface RetryPolicy {
  maxAttempts: number;
  baseMs: number;
  capMs: number;
}

/** One subtask as the Workflow sees it. */
export interface SubtaskSpec {
  /** `s1`, `s2`, …: given by code, in the planner's order. */
  id: string;
  title: string;
  kind: string;
  /** Ids of subtasks that must be done before this one starts. */
  needs: string[];
  mode: 'blocking' | 'background';
  limits: SubtaskLimits;
  timeouts: { startToCloseSeconds: number; heartbeatSeconds: number };
  queue: string;
  retry: RetryPolicy;
  /** Names of the models to ask, first choice first; a worker's own order where it knows none of them. */
  models?: string[];
  /** Temporal priority, 1 (first) to 5. */
  priority: number;
  /** SHA-256 of what the subtask works from, canonical. */
  inputHash: string;
}

/** One subtask as the store keeps it. */
export interface PlannedSubtask extends SubtaskSpec {
  goal: string;
  /** What its kind's own input schema asks for. */
  input?: unknown;
  /** How many delegations it came through; 0, or absent, for one of the planner's own. */
  depth?: number;
}

/** The whole plan, a blob in the store. */
export interface Plan {
  v: 1;
  goal: string;
  subtasks: PlannedSubtask[];
  /** Version of the prompt that made it. */
  prompt: string;
}

/** Why this graph can't be run (unknown need, a need of itself, a circle), in words; undefined when it can. */
export function graphProblem(subtasks: readonly Pick<SubtaskSpec, 'id' | 'needs'>[]): string | undefined {
  const known = new Map(subtasks.map((subtask) => [subtask.id, subtask]));
  if (known.size !== subtasks.length) return 'two subtasks have the same id';
  const state = new Map<string, 'open' | 'done'>();
  const visit = (id: string): string | undefined => {
    const subtask = known.get(id);
    if (!subtask) return `a subtask needs ${id}, which is not in the plan`;
    if (state.get(id) === 'open') return `subtask ${id} waits for itself`;
    if (state.get(id) === 'done') return undefined;
    state.set(id, 'open');
    for (const need of subtask.needs) {
      const problem = visit(need);
      if (problem) return problem;
    }
    state.set(id, 'done');
    return undefined;
  };
  for (const subtask of subtasks) {
    const problem = visit(subtask.id);
    if (problem) return problem;
  }
  return undefined;
}
