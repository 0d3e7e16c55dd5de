// growth.ts: how much more time a thing takes that is four times as long, on a machine of any speed. No test says how many seconds.

/** As many times as long. */
const TIMES = 4;
/** Another process may take the machine's caches, and its speed, in the middle of a try: what is quadratic is so in each. */
const TRIES = 3;

/** More than four and less than sixteen: what does as much again for each part is told from what looks at all others for each. */
export const LINEAR = 8;

/**
 * CPU time of `run(size)` as a multiple of that of `run(size / 4)`: about 4 where it grows with the size, 16 where it grows with its
 * square. The least of three tries, or the first below `LINEAR`.
 */
export async function growth(size: number, run: (size: number) => unknown): Promise<number> {
  const cost = async (of: number): Promise<number> => {
    // Of this process: others that share the machine take none of it.
    const before = process.cpuUsage();
    await run(of);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  // What is compiled while it runs for the first time is no part of either.
  await cost(size / TIMES);
  let least = Infinity;
  for (let tries = 0; tries < TRIES && least >= LINEAR; tries += 1) {
    const small = await cost(size / TIMES);
    least = Math.min(least, (await cost(size)) / small);
  }
  return least;
}
