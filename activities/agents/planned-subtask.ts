// planned-subtask.ts: what code makes of a subtask that a model or a person proposes: limits, time-outs and queue come from the
// class and from here, never from whoever proposes it. And what a plan of such subtasks may cost.

import { least, share } from '../../protocol/budget.ts';
import type { RequestClass, SubtaskLimits } from '../../protocol/classes.ts';
import type { PlanEstimate, PlannedSubtask } from '../../protocol/plan.ts';
import { MODEL_RETRY } from '../../protocol/retry.ts';
import { canonicalJson, sha256 } from '../../protocol/schemas/hash.ts';
import { mayAskPerson, wantsBoard, type TaskRequest } from '../../protocol/task.ts';
import type { ModelPrices } from '../models/provider.ts';
import { questionKey } from '../text/same-question.ts';

const HEARTBEAT_SECONDS = 10;
/** Room for waiting on the store and for the last records, above a subtask's own limit. */
const MARGIN_SECONDS = 120;

/** What is proposed. */
export type ProposedSubtask = Pick<PlannedSubtask, 'id' | 'title' | 'kind' | 'goal' | 'needs'> &
  Partial<Pick<PlannedSubtask, 'mode'>>;

/** What code adds to it. */
export interface PlanTerms {
  request: TaskRequest;
  queue: string;
  /** Names of the models to ask, first choice first. */
  models: readonly string[];
  /** How many subtasks share the budget. Absent: what each may spend of it is granted when it begins (`ledgerTerms`). */
  count?: number;
  /** Whether others work beside it: one alone has nobody to share with. Default: no. */
  isBesideOthers?: boolean;
}

export function plannedSubtask(
  { id, title, kind, goal, needs, mode = 'blocking' }: ProposedSubtask,
  { request, queue, models, count, isBesideOthers = false }: PlanTerms,
): PlannedSubtask {
  const { class: taskClass } = request;
  return {
    id,
    title,
    kind,
    goal,
    needs,
    mode,
    limits: limitsOf(taskClass, count),
    timeouts: {
      startToCloseSeconds: taskClass.subtask.seconds + MARGIN_SECONDS,
      heartbeatSeconds: HEARTBEAT_SECONDS,
    },
    queue,
    retry: MODEL_RETRY,
    priority: taskClass.priority,
    ...(models.length > 0 ? { models: [...models] } : {}),
    // In the background there is nobody to reply: the task that a person could be asked through has closed.
    ...(mode === 'blocking' && mayAskPerson(request) ? { mayAskPerson: true } : {}),
    ...(mode === 'blocking' && isBesideOthers && wantsBoard(request) ? { board: true } : {}),
    inputHash: sha256(canonicalJson({ kind, goal, needs, task: request.goal, sources: request.sources })),
    // What others found decides what it finds, and its goal does not tell of that.
    ...(needs.length === 0 ? { dedupeKey: dedupeKeyOf(kind, goal) } : {}),
  };
}

/** The same for subtasks of a task that ask for the same, and need no other. */
export const dedupeKeyOf = (kind: string, goal: string): string => sha256(`${kind}\n${questionKey(goal)}`);

/** Of the task's budget for its subtasks together where nothing is granted; the rest is for plan and answer. */
const RESEARCH_SHARE = 0.8;

/** What each of so many subtasks may use: all of them at once must not spend more than the task has. */
function limitsOf({ subtask, budget = {} }: RequestClass, count: number | undefined): SubtaskLimits {
  if (count === undefined) return { ...subtask };
  return { ...subtask, ...least(subtask, share(budget, RESEARCH_SHARE, count)) };
}

/** @param prices of the models that may be asked; dollars are told where all of them are known. */
export function estimateOf(
  subtasks: readonly Pick<PlannedSubtask, 'limits'>[],
  { budget = {}, deadlineSeconds }: RequestClass,
  prices: readonly (ModelPrices | undefined)[],
): PlanEstimate {
  const sum = (amount: (limits: SubtaskLimits) => number): number =>
    subtasks.reduce((all, { limits }) => all + amount(limits), 0);
  const tokens = Math.min(
    budget.tokens ?? Infinity,
    sum((limits) => limits.tokens),
  );
  const dearest = Math.max(...prices.map((one) => (one ? Math.max(one.input, one.output) : Infinity)));
  const costUsd = Math.min(
    budget.costUsd ?? Infinity,
    sum((limits) => limits.costUsd ?? Infinity),
    (tokens * dearest) / 1e6,
  );
  const isKnown = prices.length > 0 && Number.isFinite(costUsd) && Number.isFinite(dearest);
  return { subtasks: subtasks.length, tokens, seconds: deadlineSeconds, ...(isKnown ? { costUsd } : {}) };
}
