// gateway-metrics.ts: what a gateway's process shows of itself, put together: on a port of its own, not among the API's routes.

import type { MusterClient } from '../client/muster-client.ts';
import { backgroundQueue, deepQueue, fastQueue } from '../protocol/names.ts';
import type { Store } from '../store/store.ts';
import { openMetrics } from '../telemetry/metrics/open-metrics.ts';
import { watchQueues } from '../telemetry/metrics/queues.ts';
import { metrics } from '../telemetry/metrics/registry.ts';
import type { GatewayConfig } from './config.ts';

/**
 * With a Worker for answers at once in the process, what that counts is among it.
 *
 * @throws what `listen` throws when the port, and those behind it, can't be had.
 */
export async function showMetrics(
  { metrics: place, otlp, minWarmWorkers, fast }: Pick<GatewayConfig, 'metrics' | 'otlp' | 'minWarmWorkers' | 'fast'>,
  { temporal }: MusterClient,
  store: Store,
  say: (line: string) => void,
): Promise<{ close(): Promise<void> }> {
  if (!place && !otlp) return { close: async () => undefined };
  const deployment = await store.deploymentId();
  const unwatch = watchQueues(metrics, {
    server: {
      withDeadline: (deadline, ask) => temporal.connection.withDeadline(deadline, ask),
      workflowService: temporal.workflowService,
    },
    namespace: temporal.options.namespace,
    queues: { deep: deepQueue(deployment), fast: fastQueue(deployment), background: backgroundQueue(deployment) },
    least: minWarmWorkers,
  });
  const opened = await openMetrics(fast ? ['gateway', 'worker'] : ['gateway'], { place, otlp, say });
  return {
    async close() {
      await opened.close();
      unwatch();
    },
  };
}
