// registry.ts: the numbers of this process. Always there, costs a map's look-up a count, opens nothing and imports nothing:
// who asks for them (serve.ts, otlp.ts) is another matter. Never holds an id or a word of a task: labels are bounded.

import { METRICS, type LabelsOf, type Metric, type MetricName, type Role } from './names.ts';

/** Of one label, so many different values; the rest are `other`. */
export const MOST_VALUES = 40;
/** Of one metric, so many combinations of values. */
export const MOST_SERIES = 400;
const MOST_CHARS = 64;
const OTHER = 'other';

type Labels = Readonly<Record<string, string>>;

export interface Series {
  labels: Labels;
  /** Of a histogram, the sum of what was observed. */
  value: number;
  /** Of a histogram, how many were at most each bound; the last is of all. */
  buckets?: number[];
  /** Since when it counts, ms since the epoch. */
  since: number;
}

export interface Family {
  name: MetricName;
  metric: Metric;
  series: readonly Series[];
}

/** Brings gauges up to date when somebody asks. **Contract:** must not throw for long; what it throws is left out. */
export type Refresh = () => void | Promise<void>;

export class Registry {
  readonly #series = new Map<MetricName, Map<string, Series>>();
  readonly #values = new Map<string, Set<string>>();
  readonly #refreshes = new Set<Refresh>();

  constructor() {
    this.reset();
  }

  /** Adds to a counter, or to a gauge that is counted up and down. */
  add<Name extends MetricName>(name: Name, labels: LabelsOf<Name>, by = 1): void {
    if (Number.isFinite(by)) this.#of(name, labels).value += by;
  }

  /** Sets a gauge, or a counter that somebody else keeps. */
  set<Name extends MetricName>(name: Name, labels: LabelsOf<Name>, value: number): void {
    if (Number.isFinite(value)) this.#of(name, labels).value = value;
  }

  /** Takes a gauge away: it is not known now. */
  clear(name: MetricName): void {
    this.#series.get(name)?.clear();
  }

  observe<Name extends MetricName>(name: Name, labels: LabelsOf<Name>, value: number): void {
    if (!Number.isFinite(value)) return;
    const one = this.#of(name, labels);
    const bounds = (METRICS[name] as Metric).buckets ?? [];
    const buckets = (one.buckets ??= [...bounds.map(() => 0), 0]);
    one.value += value;
    for (const [at, bound] of [...bounds, Infinity].entries()) if (value <= bound) buckets[at] = (buckets[at] ?? 0) + 1;
  }

  /** @returns what takes it away again. */
  onScrape(refresh: Refresh): () => void {
    this.#refreshes.add(refresh);
    return () => void this.#refreshes.delete(refresh);
  }

  /** All metrics of these roles that there is something of, brought up to date. Never throws. */
  async collect(roles: readonly Role[]): Promise<Family[]> {
    await Promise.allSettled([...this.#refreshes].map(async (refresh) => await refresh()));
    return (Object.entries(METRICS) as [MetricName, Metric][]).flatMap(([name, metric]) => {
      const series = [...(this.#series.get(name)?.values() ?? [])];
      return series.length > 0 && metric.of.some((role) => roles.includes(role)) ? [{ name, metric, series }] : [];
    });
  }

  /** One number as it is now; 0 where there is none. Of a histogram how many were observed. */
  value<Name extends MetricName>(name: Name, labels: LabelsOf<Name>): number {
    const one = this.#series.get(name)?.get(keyOf(name, labels as Labels));
    return one?.buckets?.at(-1) ?? one?.value ?? 0;
  }

  /** Begins anew, for tests. What is counted and whose labels are all known stands at 0, so that its first rise is seen. */
  reset(): void {
    this.#series.clear();
    this.#values.clear();
    for (const [name, metric] of Object.entries(METRICS) as [MetricName, Metric][])
      if (metric.type === 'counter' || metric.isCounted)
        for (const labels of combinations(metric)) this.#of(name, labels as never);
  }

  #of<Name extends MetricName>(name: Name, given: LabelsOf<Name>): Series {
    const labels = given as Labels;
    const known = this.#series.get(name) ?? new Map<string, Series>();
    this.#series.set(name, known);
    const exact = known.get(keyOf(name, labels));
    if (exact) return exact;
    let bounded: Labels = this.#bounded(name, labels);
    if (known.size >= MOST_SERIES && !known.has(keyOf(name, bounded)))
      bounded = Object.fromEntries(LABELS[name].map((label) => [label, OTHER]));
    const key = keyOf(name, bounded);
    const one = known.get(key) ?? { labels: bounded, value: 0, since: Date.now() };
    known.set(key, one);
    return one;
  }

  /** The labels in the table's order, each with a value that is one of not too many. */
  #bounded(name: MetricName, labels: Labels): Record<string, string> {
    return Object.fromEntries(
      Object.entries((METRICS[name] as Metric).labels).map(([label, closed]) => {
        const value = (labels[label] ?? '').slice(0, MOST_CHARS);
        if (closed) return [label, closed.includes(value) ? value : OTHER];
        const place = `${name} ${label}`;
        const seen = this.#values.get(place) ?? new Set();
        this.#values.set(place, seen);
        if (!seen.has(value) && seen.size >= MOST_VALUES) return [label, OTHER];
        seen.add(value);
        return [label, value];
      }),
    );
  }
}

const LABELS = Object.fromEntries(
  Object.entries(METRICS).map(([name, { labels }]) => [name, Object.keys(labels)]),
) as unknown as Readonly<Record<MetricName, readonly string[]>>;

/** In the table's order, whatever order they were given in. */
const keyOf = (name: MetricName, labels: Labels): string => LABELS[name].map((label) => labels[label]).join('\u0000');

/** Every combination of known values; none where a label's values are not known. */
function combinations({ labels }: Metric): Record<string, string>[] {
  let all: Record<string, string>[] = [{}];
  for (const [label, values] of Object.entries(labels))
    all = all.flatMap((one) => (values ?? []).map((value) => ({ ...one, [label]: value })));
  return all;
}

/** What this process counts. */
export const metrics = new Registry();
