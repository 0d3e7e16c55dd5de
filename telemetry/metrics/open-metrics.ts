// open-metrics.ts: metrics of a process for whoever is to see them: on a port, by OTLP, both, or nobody, which costs nothing.

import type { Role } from './names.ts';
import { watchProcess } from './process.ts';
import { metrics } from './registry.ts';
import { serveMetrics, type MetricsPlace, type MoreText } from './serve.ts';
import type { OtlpSettings } from './settings.ts';

export interface OpenMetrics {
  /** Sends what was not sent, and closes the port. Never throws. */
  close(): Promise<void>;
}

/** @throws what `listen` throws when the port, and those behind it, can't be had. */
export async function openMetrics(
  roles: readonly Role[],
  {
    place,
    otlp,
    more,
    say,
  }: {
    place?: MetricsPlace | undefined;
    otlp?: OtlpSettings | undefined;
    more?: MoreText | undefined;
    /** Told where they are to be had. */
    say: (line: string) => void;
  },
): Promise<OpenMetrics> {
  if (!place && !otlp) return { close: async () => undefined };
  const served = place && (await serveMetrics(metrics, roles, place, more));
  const sent = otlp && (await import('./otlp.ts')).sendMetrics(metrics, roles, otlp.everyMs);
  const unwatch = watchProcess(metrics);
  if (served) say(`metrics at ${served.url}`);
  if (otlp) say(`metrics go to ${new URL(otlp.url).host} by OTLP`);
  return {
    close: async () => {
      await Promise.all([served?.close(), sent?.close()]);
      unwatch();
    },
  };
}
