// eta-row.ts: how often the time left that is told at a moment of a task is kept, on histories of six families. Several histories of
// each: what one of them has in its tail moves its share by some percent.

import { etaOf, type Eta } from '../protocol/eta.ts';
import { drawn, FAMILIES, momentOf, uniform, type Draw } from './eta-families.ts';
import type { Bench } from './row.ts';
import { median, round } from './statistics.ts';

const HISTORY = 600;
const TASKS = 400;
const MOMENTS_MS = [0, 5_000, 20_000, 45_000, 80_000];
/** What the rule looks at. */
const LAST = 500;
const CLASS = { slo: { p95Seconds: 120, owner: 'bench' }, fastBudgetMs: 6_000 };
/** A history each; not the test's. */
const SEEDS = [7, 8, 9, 10, 11];

interface Telling extends Eta {
  /** What was left indeed. */
  left: number;
}

export function etaRows({ print }: Bench): void {
  for (const [family, draw] of Object.entries(FAMILIES)) {
    const began = performance.now();
    const all = SEEDS.map((seed) => tellingsOf(draw, seed));
    const tellings = all.flatMap(({ told }) => told.flat()).length;
    const usATelling = round(((performance.now() - began) * 1_000) / tellings, 0);
    const atStart = all.flatMap(({ told }) => told[0] ?? []);
    const byMoment = MOMENTS_MS.map((ms, at) => ({ ms, told: all.map(({ told }) => told[at] ?? []) }));
    print({
      row: 'eta',
      family,
      histories: SEEDS.length,
      tasks: SEEDS.length * TASKS,
      // Percent of tasks that were through by the P90 that was told at so many ms after their start.
      p90Kept: Object.fromEntries(byMoment.map(({ ms, told }) => [ms, kept(told.flat(), 'p90Ms')])),
      // The history in which they were the fewest, and the one in which they were the most.
      p90KeptFewest: Object.fromEntries(
        byMoment.map(({ ms, told }) => [ms, Math.min(...told.map((of) => kept(of, 'p90Ms')))]),
      ),
      p90KeptMost: Object.fromEntries(
        byMoment.map(({ ms, told }) => [ms, Math.max(...told.map((of) => kept(of, 'p90Ms')))]),
      ),
      p50Kept: kept(atStart, 'p50Ms'),
      // From P10 to P90 as told at the start, beside the range of the last 500 tasks.
      widthToRange: round(median(all.map(({ widthToRange }) => widthToRange)), 3),
      usATelling,
    });
  }
}

function tellingsOf(draw: Draw, seed: number): { told: Telling[][]; widthToRange: number } {
  const random = uniform(seed);
  const history = Array.from({ length: HISTORY }, (_none, n) => drawn(draw, random, n).row);
  const fresh = Array.from({ length: TASKS }, (_none, n) => drawn(draw, random, n));
  const totals = history.slice(0, LAST).map(({ totalMs }) => totalMs);
  const told = MOMENTS_MS.map((at) =>
    fresh.flatMap((one) => {
      const moment = momentOf(one, at);
      return moment ? [{ ...etaOf(history, moment.now, CLASS), left: moment.left }] : [];
    }),
  );
  const width = median((told[0] ?? []).map(({ p10Ms, p90Ms }) => p90Ms - p10Ms));
  return { told, widthToRange: width / (Math.max(...totals) - Math.min(...totals)) };
}

const kept = (told: readonly Telling[], by: 'p50Ms' | 'p90Ms'): number =>
  round((100 * told.filter((one) => one.left <= one[by]).length) / told.length, 1);
