// run-checks.ts: runs checks side by side, each within its time, and tells what each found as it comes. One that hangs or
// throws is a finding, and holds up no other.

import { NotLookedAt, type Check, type Finding, type Subject } from './finding.ts';

/** Longer than any single call that a check makes. */
const MOST_MS = 20_000;

export interface Told extends Finding {
  check: string;
}

/**
 * @param tell called for each finding, as it comes.
 * @param mostMs a check that takes longer is given up. Default: 20 s.
 * @returns whether nothing is broken.
 */
export async function runChecks(
  checks: readonly Check[],
  subject: Subject,
  tell: (finding: Told) => void,
  mostMs: number = MOST_MS,
): Promise<boolean> {
  let isWell = true;
  await Promise.all(
    checks.map(async (check) => {
      for (const finding of await looked(check, subject, mostMs)) {
        isWell &&= finding.state !== 'broken';
        tell({ check: check.name, ...finding });
      }
    }),
  );
  return isWell;
}

async function looked(check: Check, subject: Subject, mostMs: number): Promise<Finding[]> {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding[]>((done) => {
    timer = setTimeout(() => {
      stop.abort();
      done([
        {
          state: 'broken',
          words: `this could not be looked at within ${mostMs / 1_000} s`,
          next: 'see what hangs: the server, the store, or this machine; then look again',
        },
      ]);
    }, mostMs);
  });
  try {
    return await Promise.race([check.look(subject, stop.signal).catch(asFinding), late]);
  } finally {
    clearTimeout(timer);
  }
}

function asFinding(error: unknown): Finding[] {
  const words = error instanceof Error ? error.message : String(error);
  if (error instanceof NotLookedAt) return [{ state: 'skipped', words: `not looked at: ${words}` }];
  return [
    {
      state: 'broken',
      words: `this could not be looked at: ${words}`,
      next: 'see whether who asks may do this (the key or certificate of TEMPORAL_…), then look again',
    },
  ];
}
