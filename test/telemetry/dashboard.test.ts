// The dashboard and the alert rules use metrics that there are, by labels that these have. What a real Prometheus makes of them:
// test/outside/prometheus.ts.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { METRICS, type Metric } from '../../telemetry/metrics/names.ts';

const read = (name: string): string => readFileSync(resolve(__dirname, '../../docs/metrics', name), 'utf8');

/** The metrics of the SDK are held to a real run outside. */
const OF_SDK = /^temporal_/;
/** Labels that Prometheus and its alerts add. */
const ADDED = ['le', 'instance', 'job'];
const table = METRICS as Readonly<Record<string, Metric>>;

interface Panel {
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string }[];
}

const dashboard = JSON.parse(read('dashboard.json')) as { panels: Panel[] };
const queries = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
const alerts = [...read('alerts.yml').matchAll(/expr: (?:\|\n((?: {10}.*\n)+)|(.*))/g)].map(([, many, one]) => ({
  title: 'an alert',
  expr: many ?? one ?? '',
}));

/** The metric that a word of a query means, and whether it asks for what that type has. */
function metricOf(word: string): Metric | undefined {
  const plain = table[word];
  if (plain) return plain.type === 'histogram' ? undefined : plain;
  const of = table[word.replace(/_(bucket|sum|count)$/, '')];
  return of?.type === 'histogram' ? of : undefined;
}

const wordsOf = (expr: string): string[] => expr.match(/\b(?:muster|process|temporal)_[a-z_]+/g) ?? [];

test('the dashboard and the rules ask for something', () => {
  expect(queries.length).toBeGreaterThan(30);
  expect(alerts.length).toBeGreaterThan(12);
});

test.each([...queries, ...alerts])('$title uses metrics and labels that there are: $expr', ({ expr }) => {
  const words = wordsOf(expr);
  expect(words.length).toBeGreaterThan(0);
  const ours = words.filter((word) => !OF_SDK.test(word));
  for (const word of ours) expect([word, metricOf(word)]).toEqual([word, expect.anything()]);
  if (ours.length < words.length) return;
  const known = new Set([...ADDED, ...ours.flatMap((word) => Object.keys(metricOf(word)?.labels ?? {}))]);
  const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(',').map((one) => one.trim()),
  );
  const matched = [...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/(\w+)\s*=/g)].map(([, label = '']) => label),
  );
  for (const label of [...grouped, ...matched]) expect(known).toContain(label);
  for (const [, name = '', list = ''] of expr.matchAll(/(\w+)\{([^}]*)\}/g)) {
    for (const [, label = '', values = ''] of list.matchAll(/(\w+)\s*=~?"([^"]*)"/g)) {
      const closed = metricOf(name)?.labels[label];
      if (closed) for (const value of values.split('|')) expect(closed).toContain(value);
    }
  }
});

test('no panel of the dashboard lies on another', () => {
  const places = dashboard.panels.map(({ title, gridPos }) => ({ title, ...gridPos }));
  const covers = (a: Panel['gridPos'], b: Panel['gridPos']): boolean =>
    a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
  const covered = places.flatMap((one, at) =>
    places.slice(at + 1).flatMap((other) => (covers(one, other) ? [`${one.title}, ${other.title}`] : [])),
  );
  expect(covered).toEqual([]);
});

test('how many workers are wanted is asked of the queue of answers at once, too', () => {
  const [wanted] = alerts;
  for (const name of ['activities_running', 'activity_slots', 'queue_backlog'])
    expect(wanted?.expr).toMatch(new RegExp(`muster_${name}{queue=~"deep\\|fast"`));
});

test('a task that waits while no worker is about wants one, and is told of: it waits as a Workflow', () => {
  const [wanted] = alerts;
  expect(wanted?.expr).toContain('clamp_max(max(muster_queue_backlog), 1)');
  const late = alerts.filter(({ expr }) => expr.includes('muster_queue_oldest_seconds'));
  expect(late.length).toBeGreaterThan(0);
  for (const { expr } of late) expect(expr).not.toContain('type=');
});

test('every metric is shown or asked for somewhere', () => {
  const used = [...queries, ...alerts].flatMap(({ expr }) => wordsOf(expr));
  const unused = Object.keys(METRICS).filter(
    (name) => !used.some((word) => word.replace(/_(bucket|sum|count)$/, '') === name),
  );
  // It is what Prometheus tells restarts by.
  expect(unused).toEqual(['process_start_time_seconds']);
});
