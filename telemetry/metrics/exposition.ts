// exposition.ts: metrics as Prometheus reads them: its text format, version 0.0.4.

import type { Family, Series } from './registry.ts';

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export const exposition = (families: readonly Family[]): string => families.map(familyText).join('');

function familyText({ name, metric, series }: Family): string {
  const lines = series.flatMap((one) =>
    metric.type === 'histogram' ? histogram(name, metric.buckets ?? [], one) : [line(name, one.labels, one.value)],
  );
  return `# HELP ${name} ${escaped(metric.help)}\n# TYPE ${name} ${metric.type}\n${lines.join('')}`;
}

function histogram(name: string, bounds: readonly number[], { labels, value, buckets = [] }: Series): string[] {
  return [
    ...buckets.map((count, at) => line(`${name}_bucket`, { ...labels, le: String(bounds[at] ?? '+Inf') }, count)),
    line(`${name}_sum`, labels, value),
    line(`${name}_count`, labels, buckets.at(-1) ?? 0),
  ];
}

function line(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text).replaceAll('"', '\\"')}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`;
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
