// check-machine.ts: whether this machine has time for a worker: one whose event loop stands still loses its Activities.

import { cpus, loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { ok, warn, type Check } from './finding.ts';

const LOOK_MS = 1_500;
/** Heartbeats are due each second, and the time-out is ten. */
const SLOW_LOOP_MS = 250;
const BUSY_A_CORE = 4;

export const checkMachine: Check = {
  name: 'machine',
  about: 'the event loop of a process here, and the load of this machine',
  async look(_subject, signal) {
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    await sleep(LOOK_MS, undefined, { signal });
    delay.disable();
    // The loop's own period is part of what is measured.
    const lateMs = Math.max(0, Math.round(delay.percentile(95) / 1e6) - 10);
    const cores = cpus().length;
    const load = loadavg()[0] ?? 0;
    const data = { loopLateMs: lateMs, load: Math.round(load * 100) / 100, cores };
    const words = `a process here is ${lateMs} ms late, load ${load.toFixed(1)} on ${cores} cores`;
    return lateMs > SLOW_LOOP_MS || load > cores * BUSY_A_CORE
      ? [warn(words, 'give workers a machine, or cores, of their own, or fewer MUSTER_SLOTS', data)]
      : [ok(words, data)];
  },
};
