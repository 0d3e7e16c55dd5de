// eta-families.ts: histories of closed tasks drawn from six families of distributions that the rule for the time left was not made
// with, and moments of tasks drawn from the same. Seeded: the same each time.

import type { TaskRow } from '../protocol/class-history.ts';
import type { EtaMoment } from '../protocol/eta.ts';
import type { Stage } from '../protocol/progress.ts';

const STAGES: Stage[] = ['accepted', 'preparing', 'planning', 'researching', 'synthesizing', 'closing'];
const MEANS = {
  accepted: 300,
  preparing: 2_000,
  planning: 4_000,
  researching: 40_000,
  synthesizing: 9_000,
  closing: 100,
};

/** Uniform numbers in (0, 1) from a seed. */
export function uniform(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4_294_967_296;
  };
}
const normal = (u: () => number): number => Math.sqrt(-2 * Math.log(u())) * Math.cos(2 * Math.PI * u());

export type Draw = (u: () => number, mean: number, slow: number) => number;
/** `slow` is the task's own: a factor that all of its stages share. */
export const FAMILIES: Record<string, Draw> = {
  lognormal: (u, mean) => mean * Math.exp(0.5 * normal(u)),
  'weibull, one slow hour for all stages': (u, mean, slow) => mean * slow * (-Math.log(u())) ** 0.7,
  pareto: (u, mean) => mean * 0.5 * u() ** (-1 / 2.2),
  'two humps': (u, mean) => mean * (u() < 0.7 ? 0.6 + 0.1 * normal(u) ** 2 : 2 + 0.3 * normal(u) ** 2),
  uniform: (u, mean) => mean * (0.2 + 1.6 * u()),
  'a sum of waits, slow tasks slow throughout': (u, mean, slow) =>
    (mean * slow * -(Math.log(u()) + Math.log(u()) + Math.log(u()))) / 3,
};

export interface Drawn {
  row: TaskRow;
  /** When each subtask ended, in ms from the stage's start. */
  ends: number[];
}

export function drawn(draw: Draw, u: () => number, n: number): Drawn {
  const slow = Math.exp(0.4 * normal(u));
  const subtasks = 2 + Math.floor(u() * 12);
  const stagesMs = Object.fromEntries(
    STAGES.map((stage) => [stage, Math.max(1, draw(u, MEANS[stage as keyof typeof MEANS], slow))]),
  );
  const whole = stagesMs.researching!;
  // The last one ends the stage; the others anywhere before.
  const ends = [whole, ...Array.from({ length: subtasks - 1 }, () => whole * Math.sqrt(u()))];
  const totalMs = Object.values(stagesMs).reduce((a, b) => a + b, 0);
  const row: TaskRow = {
    run: `r${n}`,
    class: 'standard',
    path: 'deep',
    endedAt: n,
    ending: 'completed',
    totalMs,
    stagesMs,
    retries: u() < 0.2 ? 1 : 0,
    subtasks,
    tokens: 0,
  };
  return { row, ends };
}

/** A task at some moment, and what is left of it. */
export function momentOf({ row, ends }: Drawn, at: number): { now: EtaMoment; left: number } | undefined {
  let before = 0;
  for (const stage of STAGES) {
    const took = row.stagesMs[stage]!;
    if (at < before + took) {
      const inStageMs = at - before;
      const planned = STAGES.indexOf(stage) >= STAGES.indexOf('researching');
      const left = stage === 'researching' ? ends.filter((end) => end > inStageMs).length : 0;
      return {
        now: {
          stage,
          inStageMs,
          elapsedMs: at,
          retries: 0,
          ...(planned ? { subtasks: { total: row.subtasks, left } } : {}),
        },
        left: row.totalMs - at,
      };
    }
    before += took;
  }
  return undefined;
}
