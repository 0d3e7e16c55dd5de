// usual-times.ts: how long subtasks of a class take, by kind, from the class history: for hedges that name no time of their own.

import { joinOf, LEAST_HEDGE_SAMPLES } from '../../protocol/join.ts';
import type { PlannedSubtask } from '../../protocol/plan.ts';
import type { TaskRequest } from '../../protocol/task.ts';
import type { Store } from '../../store/store.ts';

/** The newest rows that are looked at. */
const ROWS = 500;
const SHARE = 0.95;

/** When 95 of 100 subtasks of each kind were done, where so many are known; nothing where no hedge asks for it. */
export async function usualTimes(
  store: Pick<Store, 'outcomes'>,
  request: TaskRequest,
  planned: readonly Pick<PlannedSubtask, 'kind'>[],
): Promise<{ usualMs?: Record<string, number> }> {
  const { hedge } = joinOf(request);
  if (!hedge || hedge.afterMs !== undefined) return {};
  const usualMs: Record<string, number> = {};
  for (const kind of new Set(planned.map((one) => one.kind))) {
    const rows = await store.outcomes({ class: request.class.name, kind }, ROWS);
    const times = rows.filter(({ ending }) => ending === 'done').map(({ totalMs }) => totalMs);
    if (times.length < LEAST_HEDGE_SAMPLES) continue;
    times.sort((a, b) => a - b);
    usualMs[kind] = Math.max(1, times[Math.ceil(times.length * SHARE) - 1] ?? 0);
  }
  return { usualMs };
}
