// fault-plan.ts: a fault plan as written: a seed, a latency, and faults at rates. What it may hold, and what is wrong with one.
// How requests draw from it is draw-faults.ts.

import { isObject } from './check-request.ts';
import { faultWithProblem, numberFrom, oneOf, optionsProblem, wholeNumber, type OptionRule } from './fault-problem.ts';
import type { FaultKind, FaultMatch } from './faults.ts';

/** How long answers take, in seconds. */
export interface PlanLatency {
  /** Seconds; from 0. */
  min: number;
  /** Seconds. Default: `min`. */
  max?: number;
  /**
   * `fixed` is always `min`; `uniform` anything between; `lognormal` (default) has its median at the geometric mean, 95 %
   * within `min` and `max`, and nothing outside. Lognormal needs a `min` above 0.
   */
  distribution?: 'fixed' | 'uniform' | 'lognormal';
}

/** How many requests a fault lasts, once it is drawn. */
export interface Burst {
  /** The one that drew it counts. */
  requests: number;
  /**
   * `content` (default): the next requests with the same content, so that a plan stays independent of the order of
   * arrival. `all`: whatever comes next, as a real provider's limit does; then the order of arrival decides which requests get it.
   */
  of?: 'content' | 'all';
}

export type PlannedFault = FaultKind & {
  /** Which share of the requests that match, and in which it can show, draw it: above 0, at most 1. */
  rate: number;
  match?: Omit<FaultMatch, 'nth'>;
  burst?: Burst;
};

export interface FaultPlan {
  /** Any whole number or text: another seed draws other faults. */
  seed: number | string;
  latency?: PlanLatency;
  /** Divides all waiting of the plan (latency, `ms`, `retryAfterSeconds`), so that tests run fast. Default 1. */
  speed?: number;
  faults?: PlannedFault[];
}

const text: OptionRule = { words: 'a text', holds: (value) => typeof value === 'string' };
const above0 = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value > 0;
const seconds = numberFrom(0, 'a number of seconds');
const PLAN: Record<string, OptionRule> = {
  seed: {
    words: 'a whole number or a text',
    holds: (value) => Number.isSafeInteger(value) || (typeof value === 'string' && value !== ''),
    required: true,
  },
  speed: { words: 'a number above 0', holds: above0 },
  latency: { words: 'an object', holds: isObject },
  faults: { words: 'an array of faults', holds: Array.isArray },
};
const LATENCY: Record<string, OptionRule> = {
  min: { ...seconds, required: true },
  max: seconds,
  distribution: oneOf('fixed', 'uniform', 'lognormal'),
};
const FAULT: Record<string, OptionRule> = {
  rate: {
    words: 'a number above 0 and at most 1',
    holds: (value) => above0(value) && Number(value) <= 1,
    required: true,
  },
  burst: { words: 'an object', holds: isObject },
};
const BURST: Record<string, OptionRule> = {
  requests: { ...wholeNumber(1, 1_000), required: true },
  of: oneOf('content', 'all'),
};

/** Why this is no plan that can be run, in words for the person who wrote it; undefined when it is one. */
export function planProblem(value: unknown): string | undefined {
  if (!isObject(value)) return 'A fault plan must be a JSON object.';
  const problem = optionsProblem('A fault plan', value, PLAN) ?? latencyProblem(value.latency);
  if (problem) return problem;
  const faults = (value.faults ?? []) as unknown[];
  for (const [index, fault] of faults.entries()) {
    const found = plannedProblem(fault);
    if (found) return `faults[${index}]: ${found}`;
  }
  return ratesProblem(faults as PlannedFault[]);
}

function latencyProblem(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const problem = optionsProblem("A plan's latency", value as Record<string, unknown>, LATENCY);
  if (problem) return problem;
  const { min, max = min, distribution = 'lognormal' } = value as PlanLatency;
  if (max < min) return `A plan's latency needs max (${max} s) to be at least min (${min} s).`;
  if (distribution === 'fixed' && max !== min) return "A plan's fixed latency takes min alone.";
  if (distribution === 'lognormal' && min === 0 && max > 0) return "A plan's lognormal latency needs a min above 0.";
  return undefined;
}

function plannedProblem(value: unknown): string | undefined {
  const problem = faultWithProblem(value, FAULT, { step: text, contains: text });
  if (problem) return problem;
  const { kind, burst } = value as PlannedFault;
  return burst && optionsProblem(`A '${kind}' fault's burst`, { ...burst }, BURST);
}

/** Rates share one draw, so those that one request could draw from may not exceed it. */
function ratesProblem(faults: PlannedFault[]): string | undefined {
  const steps = new Set(faults.map((fault) => fault.match?.step));
  for (const step of steps) {
    const sum = faults
      .filter(({ match }) => match?.step === undefined || match.step === step)
      .filter(({ match }) => match?.contains === undefined)
      .reduce((total, { rate }) => total + rate, 0);
    if (sum > 1 + 1e-9) {
      const of = step === undefined ? 'all requests' : `the requests of step ${JSON.stringify(step)}`;
      return `The rates of the faults for ${of} add up to ${Number(sum.toFixed(4))}: they share one draw, so at most 1.`;
    }
  }
  return undefined;
}
