// worker-metrics.ts: what a worker's process shows of itself, put together.

import type { NativeConnection } from '@temporalio/worker';
import { backgroundQueue, deepQueue, fastQueue } from '../protocol/names.ts';
import type { Store } from '../store/store.ts';
import { openMetrics } from '../telemetry/metrics/open-metrics.ts';
import { watchQueues } from '../telemetry/metrics/queues.ts';
import { metrics } from '../telemetry/metrics/registry.ts';
import { watchClasses } from '../telemetry/metrics/class-gauges.ts';
import type { MoreText } from '../telemetry/metrics/serve.ts';
import type { OtlpSettings } from '../telemetry/metrics/settings.ts';
import { countColdStart } from './cold-starts.ts';
import type { WorkerConfig } from './config.ts';

interface Shown {
  config: Pick<WorkerConfig, 'metrics' | 'minWarmWorkers' | 'namespace' | 'classes'>;
  connection: NativeConnection;
  store: Store;
  otlp?: OtlpSettings | undefined;
  more?: MoreText | undefined;
  say: (line: string) => void;
}

/** Counts this start. @throws what `listen` throws when the port, and those behind it, can't be had. */
export async function showMetrics({ config, connection, store, otlp, more, say }: Shown): Promise<{
  close(): Promise<void>;
}> {
  const deployment = await store.deploymentId();
  const counting = countColdStart(store);
  const unwatch = watchQueues(metrics, {
    server: connection,
    namespace: config.namespace,
    queues: { deep: deepQueue(deployment), fast: fastQueue(deployment), background: backgroundQueue(deployment) },
    least: config.minWarmWorkers,
  });
  const unwatchClasses = watchClasses(metrics, store, config.classes);
  const opened = await openMetrics(['worker'], { place: config.metrics, otlp, more, say });
  return {
    async close() {
      await opened.close();
      unwatch();
      unwatchClasses();
      await counting.stop();
    },
  };
}
