// or-late.ts: a promise raced against a time, with no timer left behind. Stops no work: others may wait for it, too.

/** setTimeout fires at once for a longer one. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The value of `work`, or, when it has not come within so many milliseconds (24 days at most), what `late` returns.
 *
 * @throws what `work` throws in time, and what `late` throws. A later failure of `work` is nobody's.
 */
export async function orLate<T, L>(work: Promise<T>, ms: number, late: () => L): Promise<T | L> {
  work.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((done) => (timer = setTimeout(done, Math.min(ms, LONGEST_TIMER_MS))));
  try {
    return await Promise.race([work, over.then(late)]);
  } finally {
    clearTimeout(timer);
  }
}
