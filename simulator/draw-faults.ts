// draw-faults.ts: what a request draws from a fault plan. A draw depends on the plan's seed, the request's content and how
// often this content was asked, and on nothing else: no clock, no order of arrival (but for bursts of `all`).

import { createHash } from 'node:crypto';
import type { FaultPlan, PlannedFault, PlanLatency } from './fault-plan.ts';
import { applies, matches, type Fault, type FaultSubject } from './faults.ts';

/** What a request got. */
export interface Draw {
  fault: Fault | undefined;
  /** How long the answer takes; the speed is already in it. */
  latencyMs: number;
}

/** A plan being run: counts how often each content was asked. */
export class RunningPlan {
  readonly #plan: FaultPlan;
  readonly #asked = new Map<string, number>();
  readonly #longest: number;
  #storm: { fault: PlannedFault; left: number } | undefined;

  /** @param plan one that `planProblem` finds nothing wrong with */
  constructor(plan: FaultPlan) {
    this.#plan = plan;
    this.#longest = Math.max(
      1,
      ...(plan.faults ?? []).map(({ burst }) => (burst?.of === 'all' ? 1 : (burst?.requests ?? 1))),
    );
  }

  /** Draws for a request with this content, and counts it as asked. */
  draw(contentSha: string, subject: FaultSubject): Draw {
    const nth = (this.#asked.get(contentSha) ?? 0) + 1;
    this.#asked.set(contentSha, nth);
    const { seed, latency, speed = 1 } = this.#plan;
    const seconds = latency ? secondsOf(latency, (what) => uniform(seed, contentSha, nth, what)) : 0;
    const fault = this.#fault(contentSha, nth, subject);
    return { fault: fault && atSpeed(fault, speed), latencyMs: (seconds * 1_000) / speed };
  }

  #fault(contentSha: string, nth: number, subject: FaultSubject): PlannedFault | undefined {
    const storm = this.#storm;
    if (storm && matches(storm.fault.match, subject) && applies(storm.fault, subject)) {
      storm.left -= 1;
      if (storm.left === 0) this.#storm = undefined;
      return storm.fault;
    }
    const open = (this.#plan.faults ?? []).filter((one) => matches(one.match, subject) && applies(one, subject));
    // A burst needs no memory: it is there when one of the draws before this one began it.
    for (let back = 0; back < Math.min(this.#longest, nth); back += 1) {
      const fault = pick(open, uniform(this.#plan.seed, contentSha, nth - back, 'fault'));
      if (!fault) continue;
      const { requests = 1, of } = fault.burst ?? {};
      if (back === 0 && of === 'all' && requests > 1) this.#storm = { fault, left: requests - 1 };
      if (back < (of === 'all' ? 1 : requests)) return fault;
    }
    return undefined;
  }
}

/** One draw for all rates, laid end to end: each fault gets exactly its share, whichever stands first. */
function pick(faults: PlannedFault[], drawn: number): PlannedFault | undefined {
  let end = 0;
  return faults.find(({ rate }) => drawn < (end += rate));
}

/** A number from 0 to below 1: a hash is the generator, so that no draw depends on one before it. */
function uniform(seed: number | string, contentSha: string, nth: number, what: string): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, contentSha, nth, what]))
    .digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

function secondsOf(
  { min, max = min, distribution = 'lognormal' }: PlanLatency,
  drawn: (what: string) => number,
): number {
  if (distribution === 'fixed' || max === min) return min;
  if (distribution === 'uniform') return min + (max - min) * drawn('latency');
  // Box and Muller; four standard deviations between min and max.
  const normal = Math.sqrt(-2 * Math.log(1 - drawn('latency'))) * Math.cos(2 * Math.PI * drawn('latency, angle'));
  const [low, high] = [Math.log(min), Math.log(max)];
  return Math.min(max, Math.max(min, Math.exp((low + high) / 2 + ((high - low) / 4) * normal)));
}

function atSpeed({ rate: _rate, burst: _burst, ...fault }: PlannedFault, speed: number): Fault {
  if (fault.kind === 'delay') return { ...fault, ms: fault.ms / speed };
  if (fault.kind === 'stall' && fault.ms !== undefined) return { ...fault, ms: fault.ms / speed };
  if (fault.kind === 'status' && fault.retryAfterSeconds !== undefined) {
    return { ...fault, retryAfterSeconds: fault.retryAfterSeconds / speed };
  }
  return fault;
}
