// check-clock.ts: whether this machine, the Temporal server and the store agree about the time: deadlines, keys and signatures
// count on it.

import { broken, ok, warn, type Check, type Finding } from './finding.ts';
import type { Measured } from './probe.ts';

const WARN_MS = 2_000;
/** A signed webhook is refused beyond five minutes, and a deadline of a minute is none with this. */
const BROKEN_MS = 60_000;
const NEXT = 'let every machine take its time from the same server (NTP): timedatectl shows whether this one does';

export const checkClock: Check = {
  name: 'clock',
  about: 'the clocks of this machine and of the Temporal server',
  async look(subject) {
    const { clock } = await subject.measured();
    return [judgedClock('the Temporal server', clock)];
  },
};

/** @param clock.withinMs how well it is known: what lies within is no difference. */
export function judgedClock(whose: string, { aheadMs, withinMs }: Measured['clock']): Finding {
  const apart = Math.max(0, Math.abs(aheadMs) - withinMs);
  const data = { aheadMs, withinMs };
  const words = `the clock of ${whose} is ${(apart / 1_000).toFixed(1)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine’s`;
  if (apart >= BROKEN_MS) return broken(words, NEXT, data);
  if (apart >= WARN_MS) return warn(words, NEXT, data);
  return ok(`the clock of ${whose} and this machine’s agree (within ${withinMs} ms)`, data);
}
