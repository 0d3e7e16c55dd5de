// process.ts: what the process itself says: how late its timers are, its processor time and its memory. Looked at when somebody
// asks; only the event loop's clock runs all the time, in the runtime.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Registry } from './registry.ts';

const RESOLUTION_MS = 20;
/** Two who ask one after the other see the same. */
const WINDOW_MS = 10_000;

/** @returns what ends it. */
export function watchProcess(metrics: Registry): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let since = Date.now();
  const forget = metrics.onScrape(() => {
    // The clock's own pause is part of what it measures.
    const late = (ns: number): number => Math.max(0, ns / 1e9 - RESOLUTION_MS / 1e3);
    if (delay.count > 0) {
      metrics.set('muster_event_loop_delay_seconds', { quantile: '0.5' }, late(delay.percentile(50)));
      metrics.set('muster_event_loop_delay_seconds', { quantile: '0.99' }, late(delay.percentile(99)));
      metrics.set('muster_event_loop_delay_seconds', { quantile: '1' }, late(delay.max));
    }
    const now = Date.now();
    if (now - since > WINDOW_MS) {
      since = now;
      delay.reset();
    }
    const { user, system } = process.cpuUsage();
    metrics.set('process_cpu_seconds_total', {}, (user + system) / 1e6);
    metrics.set('process_resident_memory_bytes', {}, process.memoryUsage.rss());
    metrics.set('process_start_time_seconds', {}, performance.timeOrigin / 1e3);
  });
  return () => {
    forget();
    delay.disable();
  };
}
