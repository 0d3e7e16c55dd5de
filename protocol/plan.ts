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
  /** The answer waits for `blocking` ones alone; `background` ones are done by the task's background child. */
  mode: 'blocking' | 'background';
  limits: SubtaskLimits;
  timeouts: { startToCloseSeconds: number; heartbeatSeconds: number };
  queue: string;
  retry: RetryPolicy;
  /** Names of the models to ask, first choice first; a worker's own order where it knows none of them. */
  models?: string[];
  /** Temporal priority, 1 (first) to 5. */
  priority: number;
  /** It may ask a person, where its kind does. */
  mayAskPerson?: true;
  /** It has its task's board, where its kind shares findings. */
  board?: true;
  /** SHA-256 of what the subtask works from, canonical. */
  inputHash: string;
  /** The same for those that ask for the same, of those that need no other; absent where it does, and in older histories. */
  dedupeKey?: string;
}

/** One subtask as the store keeps it. */
export interface PlannedSubtask extends SubtaskSpec {
  goal: string;
  /** What its kind's own input schema asks for. */
  input?: unknown;
  /** How many delegations it came through; 0, or absent, for one of the planner's own. */
  depth?: number;
}

/** Whether a payload can be run as a subtask: what comes by Signal may come from anybody. */
export function isSubtaskSpec(payload: unknown): payload is SubtaskSpec {
  const one = (payload ?? {}) as { [K in keyof SubtaskSpec]?: unknown };
  const numbers = (value: unknown, ...names: string[]): boolean =>
    value !== null &&
    typeof value === 'object' &&
    names.every((name) => Number.isFinite((value as Record<string, unknown>)[name]));
  return (
    [one.id, one.title, one.kind, one.queue, one.inputHash].every((text) => typeof text === 'string') &&
    Array.isArray(one.needs) &&
    one.needs.every((need) => typeof need === 'string') &&
    numbers(one.limits, 'turns', 'tokens', 'seconds', 'callIdleSeconds') &&
    numbers(one.timeouts, 'startToCloseSeconds', 'heartbeatSeconds') &&
    numbers(one.retry, 'maxAttempts', 'baseMs', 'capMs') &&
    (one.dedupeKey === undefined || typeof one.dedupeKey === 'string') &&
    (one.models === undefined || (Array.isArray(one.models) && one.models.every((name) => typeof name === 'string'))) &&
    Number.isFinite(one.priority)
  );
}

/**
 * How a task's budget is given out: parts of the whole, and the least that is of use to a subtask. What is in no part is for plan
 * and answer.
 */
export interface LedgerTerms {
  /** For the planned subtasks. */
  first: number;
  /** For every life and subtask after those: hedges, re-asks, rounds. 0 where neither a hedge nor a round can be. */
  further: number;
  /** A subtask begins with no less, where there is so much at all. Dollars are absent where prices are not known. */
  least: { tokens: number; costUsd?: number };
}

/** The whole plan, a blob in the store. */
export interface Plan {
  v: 1;
  goal: string;
  subtasks: PlannedSubtask[];
  /** Version of the prompt that made it. */
  prompt: string;
  /** What it may cost; absent in plans of older workers, and in what a sub-agent delegated. */
  estimate?: PlanEstimate;
  /** Absent in plans of older workers: their subtasks share four fifths of the budget from the start. */
  ledger?: LedgerTerms;
}

/** A plan as a person reads it, in full words. */
export interface TaskPlan {
  /** What an approval names. */
  hash: string;
  subtasks: (Pick<PlannedSubtask, 'id' | 'title' | 'kind' | 'goal' | 'needs'> & {
    /** The answer does not wait for it; absent where it does. */
    background?: true;
    /** Of this subtask alone. */
    limits: { turns: number; tokens: number; seconds: number; costUsd?: number };
  })[];
  /** What it may cost at most; absent in plans of older workers. */
  estimate?: PlanEstimate;
  /** Until when it waits for approval; absent when it does not. */
  until?: Date;
}

/** What a plan may cost at most. */
export interface PlanEstimate {
  subtasks: number;
  /** Of its subtasks together, input plus output. */
  tokens: number;
  /** Until the answer is begun, as its class allows. */
  seconds: number;
  /** Absent where prices are not known. */
  costUsd?: number;
}

/**
 * Why this graph can't be run (unknown need, a need of itself, a circle, an answer that would wait for what runs in the
 * background), in words; undefined when it can.
 */
export function graphProblem(
  subtasks: readonly (Pick<SubtaskSpec, 'id' | 'needs'> & Partial<Pick<SubtaskSpec, 'mode'>>)[],
): string | undefined {
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
      if (subtask.mode !== 'background' && known.get(need)?.mode === 'background')
        return `the answer waits for subtask ${id}, which needs ${need}: but that one runs in the background, and no answer waits for it`;
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

/** The same of a task's whole plan, which must have something to answer from, too. */
export const planProblem = (subtasks: Parameters<typeof graphProblem>[0]): string | undefined =>
  graphProblem(subtasks) ??
  (subtasks.length > 0 && subtasks.every(({ mode }) => mode === 'background')
    ? 'every subtask runs in the background, so there is nothing to write the answer from'
    : undefined);
