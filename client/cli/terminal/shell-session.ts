// shell-session.ts: the name that one shell on one terminal has, so that questions typed one after the other in it are of one session.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** The same for whatever this shell runs, also through npx; another one after it has ended. */
export function shellSession(): string {
  const words = `${hostname()} ${leaderOfSession() ?? `parent ${process.ppid}`}`;
  return `shell-${createHash('sha256').update(words).digest('hex').slice(0, 12)}`;
}

/** The process that began the operating system's session, with its time of start; undefined where the system does not say. */
function leaderOfSession(): string | undefined {
  try {
    const fieldsOf = (pid: string): string[] =>
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\)\s/s, '')
        .split(' ');
    const leader = fieldsOf('self')[3] ?? '';
    return `${leader} ${fieldsOf(leader)[19] ?? ''}`;
  } catch {
    return undefined;
  }
}
