// eta-row.ts: how often the time left that is told at a moment of a task is kept, on histories of six families.

import { etaOf } from '../protocol/eta.ts';
import { drawn, FAMILIES, momentOf, uniform } from './eta-families.ts';
import type { Bench } from './row.ts';
import { median, round } from './statistics.ts';

const HISTORY = 600;
const TASKS = 800;
const MOMENTS_MS = [0, 5_000, 20_000, 45_000, 80_000];
/** What the rule looks at. */
const LAST = 500;
const CLASS = { slo: { p95Seconds: 120, owner: 'bench' } };
/** Not the test's. */
const SEED = 7;

export function etaRows({ print }: Bench): void {
  for (const [family, draw] of Object.entries(FAMILIES)) {
    const random = uniform(SEED);
    const history = Array.from({ length: HISTORY }, (_none, n) => drawn(draw, random, n).row);
    const fresh = Array.from({ length: TASKS }, (_none, n) => drawn(draw, random, n));
    const totals = history.slice(0, LAST).map(({ totalMs }) => totalMs);
    const range = Math.max(...totals) - Math.min(...totals);
    const began = performance.now();
    const told = MOMENTS_MS.map((at) =>
      fresh.flatMap((one) => {
        const moment = momentOf(one, at);
        return moment ? [{ ...etaOf(history, moment.now, CLASS), left: moment.left }] : [];
      }),
    );
    const tellings = told.reduce((sum, { length }) => sum + length, 0);
    const usATelling = round(((performance.now() - began) * 1_000) / tellings, 0);
    print({
      row: 'eta',
      family,
      tasks: TASKS,
      // Percent of tasks that were through by the P90 that was told at so many ms after their start.
      p90Kept: Object.fromEntries(
        told.map((all, at) => [
          MOMENTS_MS[at],
          round((100 * all.filter(({ left, p90Ms }) => left <= p90Ms).length) / all.length, 1),
        ]),
      ),
      p50Kept: round((100 * (told[0] ?? []).filter(({ left, p50Ms }) => left <= p50Ms).length) / TASKS, 1),
      // From P10 to P90, beside the range of the last 500 tasks.
      widthToRange: round(median((told[0] ?? []).map(({ p10Ms, p90Ms }) => p90Ms - p10Ms)) / range, 3),
      usATelling,
    });
  }
}
