// processor-time.ts: what a process has cost.

import { readFileSync } from 'node:fs';

/** User and system time of a process, counted in hundredths of a second. */
export function cpuMsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return NaN;
  }
}
