// sdk-metrics.ts: the Temporal SDK's own metrics. It serves them on a port of its own, which is any free one of loopback and is
// read through the worker's `/metrics`; where metrics go by OTLP alone, it sends them itself.

import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { MetricsExporterConfig } from '@temporalio/worker';
import { metrics } from '../telemetry/metrics/registry.ts';
import type { MoreText } from '../telemetry/metrics/serve.ts';
import type { OtlpSettings } from '../telemetry/metrics/settings.ts';

const PATIENCE_MS = 1_000;

/** What the SDK is told, and its metrics as text where they can be read. Nothing where nobody asks for metrics. */
export async function sdkMetrics(
  isServed: boolean,
  otlp: OtlpSettings | undefined,
): Promise<{ options?: MetricsExporterConfig; more?: MoreText }> {
  if (isServed) {
    const bindAddress = `127.0.0.1:${await freePort()}`;
    const url = `http://${bindAddress}/metrics`;
    return {
      options: { prometheus: { bindAddress, unitSuffix: true, useSecondsForDurations: true } },
      more: () => textAt(url),
    };
  }
  if (!otlp) return {};
  return {
    options: {
      otel: { url: otlp.url, http: true, metricsExportInterval: otlp.everyMs, useSecondsForDurations: true },
    },
  };
}

async function textAt(url: string): Promise<string | undefined> {
  const text = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })
    .then((response) => (response.ok ? response.text() : undefined))
    .catch(() => undefined);
  metrics.set('muster_sdk_metrics_up', {}, text === undefined ? 0 : 1);
  return text;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
