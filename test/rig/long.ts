// long.ts: what of a matrix `npm test` runs: one case of each sort. `npm run test:long` runs the whole matrices of each file that
// imports this one.

/** Whether whole matrices run. */
export const LONG = process.env.MUSTER_LONG !== undefined;

/** All cases in a long run, else those that `isSmoke`: the first of each sort, and each that a promise rests on. */
export const cases = <T>(all: readonly T[], isSmoke: (one: T, at: number) => boolean): T[] =>
  LONG ? [...all] : all.filter(isSmoke);
