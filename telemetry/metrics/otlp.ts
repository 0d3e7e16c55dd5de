// otlp.ts: the same metrics sent by OTLP over HTTP, where OTEL_ variables ask for it. The only file that imports the SDK for
// metrics, and so loaded only then; how often, where to and with which headers, the SDK reads from the variables itself.

import { ValueType, type HrTime } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  InstrumentType,
  MeterProvider,
  PeriodicExportingMetricReader,
  type DataPoint,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import type { Role } from './names.ts';
import type { Family, Registry, Series } from './registry.ts';

/**
 * Sends what these roles have, every so often until it is closed. A receiver that is away costs nothing but the sends.
 * @param everyMs OTEL_METRIC_EXPORT_INTERVAL.
 */
export function sendMetrics(
  metrics: Registry,
  roles: readonly Role[],
  everyMs: number,
): { flush(): Promise<void>; close(): Promise<void> } {
  const resource = resourceFromAttributes({ 'service.name': `muster-${roles.join('-')}` }).merge(
    detectResources({ detectors: [envDetector] }),
  );
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(),
    exportIntervalMillis: everyMs,
    exportTimeoutMillis: Math.min(everyMs, 10_000),
    metricProducers: [
      {
        collect: async () => ({
          resourceMetrics: {
            resource,
            scopeMetrics: [{ scope: { name: 'muster' }, metrics: (await metrics.collect(roles)).map(dataOf) }],
          },
          errors: [],
        }),
      },
    ],
  });
  const provider = new MeterProvider({ resource, readers: [reader] });
  return { flush: () => provider.forceFlush(), close: () => provider.shutdown().catch(() => undefined) };
}

function dataOf({ name, metric, series }: Family): MetricData {
  const { type, unit, help, buckets: bounds = [] } = metric;
  const base = {
    descriptor: {
      name,
      description: help,
      unit: UNITS[unit],
      valueType: ValueType.DOUBLE,
      type: InstrumentType.COUNTER,
    },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const points = <T>(value: (one: Series) => T): DataPoint<T>[] =>
    series.map((one) => ({
      startTime: timeOf(one.since),
      endTime: timeOf(Date.now()),
      attributes: one.labels,
      value: value(one),
    }));
  const value = (one: Series): number => one.value;
  switch (type) {
    case 'counter':
      return { ...base, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: points(value) };
    case 'gauge':
      return { ...base, dataPointType: DataPointType.GAUGE, dataPoints: points(value) };
    case 'histogram':
      return {
        ...base,
        dataPointType: DataPointType.HISTOGRAM,
        dataPoints: points(({ value: sum, buckets = [] }) => ({
          buckets: {
            boundaries: [...bounds],
            // Ours say how many were at most that much, theirs how many lay between.
            counts: buckets.map((count, at) => count - (buckets[at - 1] ?? 0)),
          },
          sum,
          count: buckets.at(-1) ?? 0,
        })),
      };
    default:
      throw new Error(`there is no type ${String(type satisfies never)}`);
  }
}

/** As OpenTelemetry writes them. */
const UNITS = { seconds: 's', tokens: '{token}', dollars: '{usd}', bytes: 'By', '1': '1' } as const;

const timeOf = (ms: number): HrTime => [Math.floor(ms / 1e3), Math.floor((ms % 1e3) * 1e6)];
