// file-leases.ts: leases on a resource as a folder of numbered files. The highest number holds; the next one may be made,
// by exclusive create, once it was released or its holder is dead. So whoever is first to replace a dead holder is the
// only one. Tickets beside them keep about the order of asking; they decide nothing.

import { randomBytes } from 'node:crypto';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createExclusively, codeOf, parseLine, readIfThere } from './durable-files.ts';
import { watchPath } from './file-commands.ts';
import { Renewals } from './renewals.ts';
import { namesIn } from './kept-files.ts';
import { mayLive, ownMark, type ProcessMark } from './process-mark.ts';
import type { Lease } from './store.ts';

/** In the store. The name is permanent: processes of all versions must contend for one lease. */
export const LEASES_FOLDER = 'turns';

const RENEW_MS = 2_000;
/** A file system may not report a change in a folder, and nothing reports that a holder died. */
const LOOK_MS = 250;

interface Holder {
  owner: string;
  process: ProcessMark;
}

/** Waits for the lease on the resource whose leases are in `folder`. */
export async function takeFileLease(folder: string, owner: string, signal: AbortSignal): Promise<Lease> {
  signal.throwIfAborted();
  await mkdir(folder, { recursive: true });
  const holder = JSON.stringify({ owner, process: ownMark() } satisfies Holder);
  const ticket = join(folder, `${String(Date.now()).padStart(15, '0')}-${randomBytes(4).toString('hex')}.waits`);
  await createExclusively(ticket, holder);
  const renewing = keepRenewed(ticket, () => undefined);
  const renewals = new Renewals();
  try {
    for (;;) {
      const next = changeIn(folder, signal);
      try {
        const lease = await tryLease(folder, ticket, holder, renewals);
        if (lease !== undefined) return heldLease(lease);
        await next.happened;
      } finally {
        next.stop();
      }
      signal.throwIfAborted();
    }
  } finally {
    clearInterval(renewing);
    await rm(ticket, { force: true });
  }
}

/** The file of the lease, if nobody has it and this ticket is the next. */
async function tryLease(
  folder: string,
  ticket: string,
  holder: string,
  renewals: Renewals,
): Promise<string | undefined> {
  const names = (await namesIn(folder)).sort();
  const last = Math.max(0, ...numbersIn(names));
  if (last > 0 && !names.includes(freeName(last)) && (await isAlive(join(folder, leaseName(last)), renewals)))
    return undefined;
  for (const name of names) {
    if (!name.endsWith('.waits')) continue;
    const other = join(folder, name);
    if (other >= ticket) break;
    if (await isAlive(other, renewals)) return undefined;
    await rm(other, { force: true });
  }
  const number = last + 1;
  const lease = join(folder, leaseName(number));
  if (!(await createExclusively(lease, holder))) return undefined;
  const now = numbersIn(await namesIn(folder));
  // Made after a look that was long ago: others have gone on meanwhile, and this number was cleared away.
  if (now.some((other) => other > number)) {
    await rm(lease, { force: true });
    return undefined;
  }
  for (const before of now.filter((other) => other < number)) {
    await rm(join(folder, leaseName(before)), { force: true });
    await rm(join(folder, freeName(before)), { force: true });
  }
  return lease;
}

async function isAlive(path: string, renewals: Renewals): Promise<boolean> {
  const bytes = await readIfThere(path);
  const holder = bytes && parseLine<Holder>(bytes.toString('utf8'));
  if (!holder || !mayLive(holder.process)) return false;
  return await renewals.isRecent(path);
}

function heldLease(lease: string): Lease {
  const lost = new AbortController();
  let released = false;
  const renewing = keepRenewed(lease, () => lost.abort(new Error('another holder has this lease by now')));
  return {
    lost: lost.signal,
    release: async () => {
      if (released) return;
      released = true;
      clearInterval(renewing);
      await release(lease);
    },
  };
}

/** Releases a lease, whose file stays: its number must not be made twice. */
async function release(lease: string): Promise<void> {
  // A lease that can't be released now is passed on when it was not renewed for long enough.
  await writeFile(lease.replace(/lease$/, 'free'), '').catch(() => undefined);
}

function keepRenewed(path: string, onGone: () => void): NodeJS.Timeout {
  return setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') onGone();
    });
  }, RENEW_MS).unref();
}

/** Settles at the next change in the folder, after LOOK_MS, or on abort. Watches from the start, so that no change is missed. */
function changeIn(folder: string, signal: AbortSignal): { happened: Promise<void>; stop(): void } {
  let stop = (): void => undefined;
  const happened = new Promise<void>((done) => {
    const wake = (): void => done();
    const timer = setTimeout(wake, LOOK_MS);
    const watch = watchPath(folder, wake);
    signal.addEventListener('abort', wake, { once: true });
    stop = () => {
      clearTimeout(timer);
      watch?.close();
      signal.removeEventListener('abort', wake);
    };
  });
  return { happened, stop };
}

const leaseName = (number: number): string => `${String(number).padStart(9, '0')}.lease`;
const freeName = (number: number): string => `${String(number).padStart(9, '0')}.free`;

const numbersIn = (names: readonly string[]): number[] =>
  names.filter((name) => name.endsWith('.lease')).map((name) => Number.parseInt(name, 10));
