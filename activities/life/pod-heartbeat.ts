// pod-heartbeat.ts: what a pod tells Temporal a second: a cursor and a phase for each seat, never more than the bytes that
// heartbeat details may have. What does not fit is left out, the longest unchanged first.

import { MAX_HEARTBEAT_BYTES } from '../../protocol/limits.ts';
import type { PodHeartbeat, SubtaskPhase } from '../../protocol/progress.ts';

export type SeatLine = SubtaskPhase;

/** Bytes of the details around the lines. */
const AROUND_BYTES = 100;

/**
 * The details for these lines.
 * @param changedAt when each line last changed, ms since the epoch.
 */
export function podHeartbeat(lines: readonly SeatLine[], changedAt: readonly number[], reports: number): PodHeartbeat {
  let room = MAX_HEARTBEAT_BYTES - AROUND_BYTES;
  const share = room / lines.length;
  const shown = new Map<SeatLine, SeatLine>();
  const newest = lines.map((line, at) => ({ line, at: changedAt[at] ?? 0 })).sort((a, b) => b.at - a.at);
  for (const { line } of newest) {
    // Of many seats the cursor is worth more than the words.
    const told = bytesOf(line) <= share ? line : { ...line, phase: '' };
    room -= bytesOf(told);
    if (room < 0) break;
    shown.set(line, told);
  }
  return { v: 1, reports, subtasks: lines.flatMap((line) => shown.get(line) ?? []) };
}

const bytesOf = (line: SeatLine): number => Buffer.byteLength(JSON.stringify(line)) + 1;

/** What an earlier attempt of the Activity told; undefined when it told nothing. */
export function readHeartbeat(details: unknown): PodHeartbeat | undefined {
  const told = details as Partial<PodHeartbeat> | null | undefined;
  return Array.isArray(told?.subtasks) ? (told as PodHeartbeat) : undefined;
}
