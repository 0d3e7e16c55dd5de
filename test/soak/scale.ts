// scale.ts: how much of a soak is run: all of it by `npm run soak`, a sample by `npm test`.

export const WHOLE = process.env.MUSTER_SOAK !== undefined;

/** A number that follows from a seed and a step, 0 to 1: the same run can be had again. */
export function drawn(seed: number, step: number): number {
  let x = (seed * 0x9e3779b1 + step * 0x85ebca6b) >>> 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d) >>> 0;
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b) >>> 0;
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

/** Printed by a soak, for docs/guarantees/soaks.md. */
export const figure = (what: string, value: unknown): void => {
  if (WHOLE) process.stdout.write(`soak: ${what}: ${JSON.stringify(value)}\n`);
};
