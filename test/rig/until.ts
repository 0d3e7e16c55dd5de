// until.ts: waiting for something that no event tells of.

/**
 * A little less than Jest gives a test, so that what was waited for is named. No test says how fast a machine is; who runs one that
 * is to fail waits less.
 */
const PATIENCE_MS = Number(process.env.MUSTER_TEST_PATIENCE_MS ?? 270_000);

/** Between two looks: what others compute meanwhile is slower for each of them. */
const MOST_PAUSE_MS = 150;

/** Waits until it holds, which must last: it is looked at now and then. Fails with `what` when it never does. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  let pauseMs = 25;
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, pauseMs));
    pauseMs = Math.min(MOST_PAUSE_MS, pauseMs * 1.2);
  }
  throw new Error(`waited in vain until ${what}`);
}
