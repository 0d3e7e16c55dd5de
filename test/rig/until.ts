// until.ts: waiting for something that no event tells of.

/** A little less than Jest gives a test, so that what was waited for is named. No test says how fast a machine is. */
const PATIENCE_MS = 270_000;

/** Waits until it holds. Fails with `what` when it never does. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`waited in vain until ${what}`);
}
