// statistics.ts: what many measurements come to.

/** The middle value; of an even number, the mean of the two in the middle. @throws Error when there are none */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length / 2)];
  const low = sorted[Math.ceil(sorted.length / 2) - 1];
  if (high === undefined || low === undefined) throw new Error('there is no median of nothing');
  return (low + high) / 2;
}

/**
 * Between which values the median lies with 95 % (by order alone: nothing is assumed of how the values are spread).
 * @throws Error for fewer than six values, of which nothing can be said
 */
export function medianInterval(values: readonly number[]): [low: number, high: number] {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.floor(sorted.length / 2 - 0.98 * Math.sqrt(sorted.length));
  const [low, high] = [sorted[rank], sorted[sorted.length - 1 - rank]];
  if (rank < 0 || low === undefined || high === undefined) throw new Error('too few values for an interval');
  return [low, high];
}

/** The value that so many percent of all are not above. @throws Error when there are none */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)];
  if (value === undefined) throw new Error('there is no percentile of nothing');
  return value;
}

export const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Milliseconds that `work` takes, and its result. */
export async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const began = performance.now();
  const value = await work();
  return { ms: round(performance.now() - began, 1), value };
}

/** A row of single measurements in ms. */
export function summary(samples: readonly number[]): Record<string, unknown> {
  return { samples, median: round(median(samples), 1), min: Math.min(...samples), max: Math.max(...samples) };
}

/** Lets what the last run left behind come to rest, so that it does not count for the next. */
export const rest = (): Promise<void> => new Promise((done) => setTimeout(done, 300));
