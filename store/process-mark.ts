// process-mark.ts: names a process so that others can tell whether it still lives: its place (host and, in containers,
// its process namespace), its id, and when it started, because ids are given again.

import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessMark {
  place: string;
  pid: number;
  /** Absent where the system does not tell cheaply. */
  started?: string;
}

let own: ProcessMark | undefined;

export function ownMark(): ProcessMark {
  own ??= markOf(process.pid);
  return own;
}

/** False only when that process is certainly gone: on another host nobody here can tell. */
export function mayLive(mark: ProcessMark): boolean {
  if (mark.place !== ownMark().place) return true;
  try {
    process.kill(mark.pid, 0);
  } catch (error) {
    // EPERM: it lives, as another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const started = startOf(mark.pid);
  return started === undefined || mark.started === undefined || started === mark.started;
}

function markOf(pid: number): ProcessMark {
  const started = startOf(pid);
  return { place: placeOf(), pid, ...(started === undefined ? {} : { started }) };
}

function placeOf(): string {
  const known = [
    hostname(),
    quietly(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    quietly(() => readlinkSync('/proc/self/ns/pid')),
  ];
  return known.filter((part) => part !== undefined).join(' ');
}

/** Start time in clock ticks since boot: the 22nd field, counted after the name, which may hold anything. */
function startOf(pid: number): string | undefined {
  const line = quietly(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return line?.slice(line.lastIndexOf(')') + 2).split(' ')[19];
}

function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
