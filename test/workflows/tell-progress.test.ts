// How often receivers are told how far a task is. No server: the clock is handed in.

import { newState } from '../../workflows/state/state.ts';
import { tellProgress } from '../../workflows/tell-progress.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';

const MINUTE = 60_000;

/** Times at which a task that comes further with each minute, and ends after so many, is told of. */
async function toldDuring(minutes: number, percentAt: (minute: number) => number): Promise<number[]> {
  const request = { v: 1 as const, goal: 'g', sources: [], class: BUILT_IN_CLASSES.quick, tenant: 'default' };
  const state = newState('t', 'run', 'run', request, 0);
  const told: number[] = [];
  let now = 0;
  const over = new Error('the task has ended');
  const telling = tellProgress(state, {
    async sleep(ms) {
      now += ms;
      if (now > minutes * MINUTE) throw over;
      state.percent = percentAt(Math.floor(now / MINUTE));
    },
    now: () => now,
    tell: async ({ at }) => void told.push(at),
  });
  await expect(telling).rejects.toBe(over);
  return told;
}

test('progress is told once a minute at most, and ever more seldom the longer a task takes', async () => {
  expect(await toldDuring(0.9, () => 50)).toEqual([]);
  const quick = await toldDuring(10, (minute) => minute);
  expect(quick.map((at) => at / MINUTE)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const long = await toldDuring(30 * 24 * 60, (minute) => minute);
  expect(long.length).toBeLessThan(200);
  const pauses = long.slice(1).map((at, i) => at - long[i]!);
  expect(pauses).toEqual([...pauses].sort((one, other) => one - other));
});

test('who has come no further is not told of again', async () => {
  expect(await toldDuring(10, (minute) => (minute < 5 ? 10 : 20))).toEqual([1 * MINUTE, 5 * MINUTE]);
});
