// until.ts: waiting for something that no event tells of.

/** Waits for something that no event tells of. Fails with `what` after ten seconds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end;) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`waited in vain until ${what}`);
}
