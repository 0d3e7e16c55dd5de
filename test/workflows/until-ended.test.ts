// until-ended.test.ts: how often a background child looks whether its task still runs. No server: what it is told is handed in.

import type { TaskEnd } from '../../protocol/background.ts';
import { untilEnded } from '../../workflows/until-ended.ts';

const END: TaskEnd = { v: 1, run: 'run-1', outcome: 'failed', at: 7, terminated: true };
const MINUTE = 60_000;

/** Pauses until it is found at this look that the task has ended, or the Signal came at this pause. */
async function pausesUntil({ look: at = Infinity, signal = Infinity }: { look?: number; signal?: number }) {
  const pauses: number[] = [];
  const ends: TaskEnd[] = [];
  let looks = 0;
  await untilEnded({
    async isKnown(ms) {
      if (ends.length === 0) pauses.push(ms / MINUTE);
      return ends.length > 0 || pauses.length >= signal;
    },
    look: async () => ((looks += 1) >= at ? END : undefined),
    end: (found) => void ends.push(found),
  });
  return { pauses, looks, ends };
}

test('whether a task still runs is looked at after a minute, then ever more seldom, at last once an hour', async () => {
  expect(await pausesUntil({ look: 9 })).toEqual({
    pauses: [1, 2, 4, 8, 16, 32, 60, 60, 60],
    looks: 9,
    ends: [END],
  });
});

test('who is told of the end looks no more', async () => {
  expect(await pausesUntil({ signal: 3 })).toEqual({ pauses: [1, 2, 4], looks: 2, ends: [] });
});
