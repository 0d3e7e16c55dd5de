// every-kind-plan.ts: a fault plan with every kind of trouble that the simulator knows, for soaks and wide tests.

import type { FaultPlan, PlannedFault } from './fault-plan.ts';
import type { FaultKind } from './faults.ts';

/** Long enough to be noticed, short enough that a client which only waits gets its answer. */
const STALL_MS = 20_000;

const TROUBLES: (FaultKind & Pick<PlannedFault, 'burst'>)[] = [
  { kind: 'status', status: 429, retryAfterSeconds: 5, burst: { requests: 2 } },
  { kind: 'status', status: 429, burst: { requests: 2 } },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'stall', ms: STALL_MS },
  { kind: 'stall', afterChunks: 2, ms: STALL_MS },
  { kind: 'cut' },
  { kind: 'garbage' },
  { kind: 'garbage', text: '{"id":"chatcmpl-1","choices":[{"mess' },
  { kind: 'bad-output', output: 'broken-json' },
  { kind: 'bad-output', output: 'wrong-schema' },
  { kind: 'bad-output', output: 'empty' },
  { kind: 'bad-output', output: 'fenced' },
  { kind: 'bad-output', output: 'prose' },
  { kind: 'bad-output', output: 'cut-short' },
  { kind: 'bad-output', output: 'refusal' },
  { kind: 'bad-tool-call', call: 'duplicated' },
  { kind: 'bad-tool-call', call: 'same-ids' },
  { kind: 'bad-tool-call', call: 'unknown' },
  { kind: 'bad-tool-call', call: 'broken-arguments' },
  { kind: 'bad-tool-call', call: 'object-arguments' },
  { kind: 'no-usage' },
  { kind: 'no-finish-reason' },
  { kind: 'endless' },
  { kind: 'delay', ms: STALL_MS },
];

/**
 * A plan with every kind of trouble, all as likely as each other.
 *
 * @param options.share of the requests that draw one, 0 to 1. Default 0.3. A request gets less where some kinds can't show
 *   (no tool calls to double), and more in a burst.
 * @param options.speed divides all waiting. Default 1: stalls and delays of 20 s, latencies of 0.3 to 45 s.
 */
export function everyKindPlan(options: { seed: number | string; share?: number; speed?: number }): FaultPlan {
  const { seed, share = 0.3, speed = 1 } = options;
  const rate = share / TROUBLES.length;
  return { seed, speed, latency: { min: 0.3, max: 45 }, faults: TROUBLES.map((fault) => ({ ...fault, rate })) };
}
