// classes.ts: the request classes. A class sets a task's deadline, limits, priority and retention.
// The client resolves a name to its row and sends the row along, so that a later change of the class changes no task that was started.

import type { JoinPolicy } from './join.ts';
import type { PathWord } from './path.ts';
import type { SessionWindow } from './session.ts';

/** Limits of one subtask. The worker stops at the first that is reached. */
export interface SubtaskLimits {
  /** Model calls, re-asks included. */
  turns: number;
  /** Input plus output tokens over all calls. */
  tokens: number;
  /** Seconds of work (model and tool time; waiting for a retry and downtime do not count). */
  seconds: number;
  /** Seconds without one byte after which a model call counts as hung. */
  callIdleSeconds: number;
  /** Dollars, where the models' prices are known. Default: no limit. */
  costUsd?: number;
}

export interface RequestClass {
  name: string;
  /** What is promised of its tasks (`sloOf`), and who answers for it. */
  slo: {
    /** Seconds that 95 of 100 tasks keep; where another share is promised, its seconds. */
    p95Seconds: number;
    /** Tasks of 100 that keep them. Default: 95. */
    percentile?: number;
    owner: string;
  };
  /** Which path its tasks take where the caller names none, or says `auto`. Default: `deep`, and of `auto` what the router says. */
  path?: PathWord;
  /** How long the fast path may take before it is demoted to an id, in milliseconds: of 1,000 to 10,000. */
  fastBudgetMs: number;
  /**
   * Seconds from the first Activity's start until the fan-out is closed and the answer is written from what is there. The
   * fan-out has a quarter of them at least, however long reading and planning took.
   */
  deadlineSeconds: number;
  /** Most subtasks a plan may have. */
  maxSubtasks: number;
  subtask: SubtaskLimits;
  /**
   * What the whole task may spend: its subtasks share four fifths of it, and the fan-out is closed when it is spent. The
   * answer is written all the same. Default: no more than its subtasks may.
   */
  budget?: { tokens?: number; costUsd?: number };
  /** Temporal priority, 1 (first) to 5. */
  priority: number;
  join: JoinPolicy;
  /** Days that logs and results of a closed task are kept. */
  retentionDays: number;
  /** Whether each claim of the answer is held against its quotes once more. Default: no. */
  verify?: boolean;
  /** Whether each plan waits until a person approves it. Default: no. */
  approve?: boolean;
  /** How long it waits; then it counts as refused. Default: a day. */
  approveSeconds?: number;
  /** Whether sub-agents may ask a person, and wait for the reply. Default: no, so that a task that nobody watches goes on. */
  askPerson?: boolean;
  /** Whether sub-agents may show each other findings while they work. Default: no, since its tool is paid for with each call. */
  board?: boolean;
  /** Further rounds at most, where what a plan's subtasks brought is not enough: 0, 1 or 2. Default: none. */
  rounds?: number;
  /** Whether a question is answered at once without documents, each sentence marked as without a source. Default: yes. */
  uncited?: boolean;
  /** How much of its session a question sees. Absent, as in requests of older clients: nothing, and its session is a label alone. */
  session?: SessionWindow;
  /** How far people may extend a task that runs. Default: twice what the class allows by itself. */
  ceiling?: ClassCeiling;
}

/** The most that a running task may be extended to. What is absent here is twice what the class allows by itself. */
export interface ClassCeiling {
  deadlineSeconds?: number;
  maxSubtasks?: number;
  /** Of the whole task. Counts only where the class has that limit at all. */
  tokens?: number;
  costUsd?: number;
  /** Of one subtask. */
  subtask?: Pick<Partial<SubtaskLimits>, 'turns' | 'tokens' | 'seconds' | 'costUsd'>;
}

const ROOM = 2;

/** How far a task of this class may be extended, each number said. */
export function extensionCeiling({
  ceiling = {},
  ...row
}: RequestClass): Required<Pick<ClassCeiling, 'deadlineSeconds' | 'maxSubtasks' | 'subtask'>> & ClassCeiling {
  const { turns, tokens, seconds, costUsd } = row.subtask;
  const twice = <K extends string>(key: K, limit: number | undefined): Partial<Record<K, number>> =>
    limit === undefined ? {} : ({ [key]: limit * ROOM } as Record<K, number>);
  return {
    ...twice('tokens', row.budget?.tokens),
    ...twice('costUsd', row.budget?.costUsd),
    deadlineSeconds: row.deadlineSeconds * ROOM,
    maxSubtasks: row.maxSubtasks * ROOM,
    ...ceiling,
    subtask: {
      turns: turns * ROOM,
      tokens: tokens * ROOM,
      seconds: seconds * ROOM,
      ...twice('costUsd', costUsd),
      ...ceiling.subtask,
    },
  };
}

/** What is promised of a class's tasks. */
export interface Slo {
  /** Tasks of 100 that keep it. */
  percentile: number;
  seconds: number;
  owner: string;
}

export const sloOf = ({ slo }: Pick<RequestClass, 'slo'>): Slo => ({
  percentile: slo.percentile ?? 95,
  seconds: slo.p95Seconds,
  owner: slo.owner,
});

export const BUILT_IN_CLASSES: Readonly<Record<'quick' | 'standard' | 'thorough', RequestClass>> = {
  quick: {
    name: 'quick',
    slo: { p95Seconds: 30, owner: 'whoever runs the worker' },
    fastBudgetMs: 5_000,
    deadlineSeconds: 60,
    maxSubtasks: 3,
    subtask: { turns: 5, tokens: 60_000, seconds: 45, callIdleSeconds: 20 },
    priority: 1,
    join: { kind: 'bestEffort', min: 1 },
    retentionDays: 7,
    session: { turns: 4, chars: 4_000 },
  },
  standard: {
    name: 'standard',
    slo: { p95Seconds: 300, owner: 'whoever runs the worker' },
    fastBudgetMs: 6_000,
    deadlineSeconds: 900,
    maxSubtasks: 8,
    subtask: { turns: 8, tokens: 200_000, seconds: 600, callIdleSeconds: 60 },
    priority: 3,
    join: { kind: 'bestEffort', min: 1 },
    retentionDays: 14,
    session: { turns: 8, chars: 12_000 },
  },
  thorough: {
    name: 'thorough',
    slo: { p95Seconds: 3_600, owner: 'whoever runs the worker' },
    fastBudgetMs: 8_000,
    deadlineSeconds: 7_200,
    maxSubtasks: 24,
    subtask: { turns: 16, tokens: 600_000, seconds: 3_600, callIdleSeconds: 120 },
    priority: 4,
    join: { kind: 'bestEffort', min: 1 },
    retentionDays: 30,
    session: { turns: 12, chars: 24_000 },
    verify: true,
    rounds: 1,
  },
};

/** The class a request gets that names none. */
export const DEFAULT_CLASS = 'standard';

/** What a caller may lower for one task; more than its class allows is refused. */
export interface TaskLimits {
  deadlineSeconds?: number;
  maxSubtasks?: number;
  /** Of the whole task, input plus output. */
  tokens?: number;
  costUsd?: number;
}

/** The class's row with these limits in it. */
export function withinLimits(row: RequestClass, limits: TaskLimits): RequestClass {
  const { deadlineSeconds = row.deadlineSeconds, maxSubtasks = row.maxSubtasks, tokens, costUsd } = limits;
  const budget = {
    ...row.budget,
    ...(tokens === undefined ? {} : { tokens }),
    ...(costUsd === undefined ? {} : { costUsd }),
  };
  return {
    ...row,
    deadlineSeconds,
    maxSubtasks,
    ...(Object.keys(budget).length > 0 ? { budget } : {}),
    // Who asked for less may still be given what the class itself may be given.
    ceiling: extensionCeiling(row),
  };
}

/**
 * Limits of a step that writes from what was found: a slow model may take the class's time for it, since all that was paid
 * for waits for it.
 */
export const writingLimits = ({ subtask, deadlineSeconds }: RequestClass): SubtaskLimits => ({
  ...subtask,
  seconds: Math.max(subtask.seconds, deadlineSeconds),
});

/** How long the steps of an answer at once may take: together its class's budget. */
export function fastStepsMs({ fastBudgetMs }: Pick<RequestClass, 'fastBudgetMs'>): { passages: number; model: number } {
  const passages = Math.floor(fastBudgetMs / 3);
  return { passages, model: fastBudgetMs - passages };
}

/** Fewer are no plan and a sub-agent's turn after it: a task with less fails for certain. */
const LEAST_TOKENS = 1_000;

/** Which limit is none, above its class, or too small for any task, in words; undefined when all can be kept. */
export function limitsProblem(row: RequestClass, limits: TaskLimits): string | undefined {
  const highest: Record<keyof TaskLimits, number> = {
    deadlineSeconds: row.deadlineSeconds,
    maxSubtasks: row.maxSubtasks,
    tokens: row.budget?.tokens ?? Infinity,
    costUsd: row.budget?.costUsd ?? Infinity,
  };
  for (const name of Object.keys(highest) as (keyof TaskLimits)[]) {
    const value = limits[name];
    if (value === undefined) continue;
    const isWhole = name === 'costUsd' || Number.isInteger(value);
    if (!(value > 0) || !Number.isFinite(value) || !isWhole)
      return `the limit ${name} is ${value}; it must be a ${name === 'costUsd' ? '' : 'whole '}number above 0`;
    if (value > highest[name]) return `the limit ${name} is ${value}; class ${row.name} allows ${highest[name]}`;
    if (name === 'tokens' && value < LEAST_TOKENS)
      return `the limit tokens is ${value}, which is too little for a plan and one turn of a sub-agent: a task takes ${LEAST_TOKENS} and more`;
  }
  return undefined;
}

/** The most that any of these classes asks for. How urgent a task is has no ceiling: 1 to 5 are for everybody. */
export function ceilingOf(classes: readonly RequestClass[]): RequestClass {
  const [first] = classes;
  if (!first) throw new Error('there are no classes');
  const most = (pick: (one: RequestClass) => number): number => Math.max(...classes.map(pick));
  // Where one class has no limit, neither has the ceiling.
  const limit = <K extends string>(key: K, pick: (one: RequestClass) => number | undefined) => {
    const highest = most((one) => pick(one) ?? Infinity);
    return (highest === Infinity ? {} : { [key]: highest }) as Partial<Record<K, number>>;
  };
  return {
    ...first,
    name: 'ceiling',
    deadlineSeconds: most((one) => one.deadlineSeconds),
    maxSubtasks: most((one) => one.maxSubtasks),
    subtask: {
      turns: most((one) => one.subtask.turns),
      tokens: most((one) => one.subtask.tokens),
      seconds: most((one) => one.subtask.seconds),
      callIdleSeconds: most((one) => one.subtask.callIdleSeconds),
      ...limit('costUsd', (one) => one.subtask.costUsd),
    },
    budget: {
      ...limit('tokens', (one) => one.budget?.tokens),
      ...limit('costUsd', (one) => one.budget?.costUsd),
    },
    retentionDays: most((one) => one.retentionDays),
  };
}

/** Which ceiling `asked` is above, in words for the person who asked; undefined when it fits under `ceiling`. */
export function ceilingProblem(asked: RequestClass, ceiling: RequestClass): string | undefined {
  const over = (what: string, a: number, c: number): string | undefined =>
    a > c
      ? `class ${asked.name} asks for ${what} ${a === Infinity ? 'without a limit' : a}, this worker allows ${c}`
      : undefined;
  return (
    over('deadlineSeconds', asked.deadlineSeconds, ceiling.deadlineSeconds) ??
    over('maxSubtasks', asked.maxSubtasks, ceiling.maxSubtasks) ??
    over('turns a subtask', asked.subtask.turns, ceiling.subtask.turns) ??
    over('tokens a subtask', asked.subtask.tokens, ceiling.subtask.tokens) ??
    over('seconds a subtask', asked.subtask.seconds, ceiling.subtask.seconds) ??
    over('seconds of silence a call', asked.subtask.callIdleSeconds, ceiling.subtask.callIdleSeconds) ??
    over('dollars a subtask', asked.subtask.costUsd ?? Infinity, ceiling.subtask.costUsd ?? Infinity) ??
    over('tokens a task', asked.budget?.tokens ?? Infinity, ceiling.budget?.tokens ?? Infinity) ??
    over('dollars a task', asked.budget?.costUsd ?? Infinity, ceiling.budget?.costUsd ?? Infinity) ??
    over('retentionDays', asked.retentionDays, ceiling.retentionDays)
  );
}
