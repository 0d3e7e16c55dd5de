// bootstrap.ts: how sure a mean difference is: resampled with a fixed seed, so that the same data give the same bound.

const RESAMPLES = 10_000;

/** The mean of paired differences, and the bound that 95 % of the resampled means lie above (the 2.5th percentile). */
export function pairedBootstrap(differences: readonly number[], seed = 20_261_121): { mean: number; lower: number } {
  const random = generator(seed);
  const means: number[] = [];
  for (let round = 0; round < RESAMPLES; round += 1) {
    let sum = 0;
    for (let i = 0; i < differences.length; i += 1) sum += differences[Math.floor(random() * differences.length)] ?? 0;
    means.push(sum / differences.length);
  }
  means.sort((a, b) => a - b);
  const mean = differences.reduce((sum, one) => sum + one, 0) / Math.max(1, differences.length);
  return { mean, lower: means[Math.floor(RESAMPLES * 0.025)] ?? 0 };
}

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
