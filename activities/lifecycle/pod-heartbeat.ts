// pod-heartbeat.ts: the heartbeat details of a pod: a cursor and a phase for each seat, never more than the bytes that
// they may have. What does not fit is left out, the longest unchanged first.

import { MAX_HEARTBEAT_BYTES } from '../../protocol/limits.ts';
import type { PodHeartbeat, SubtaskPhase } from '../../protocol/progress.ts';

/** Bytes of the details around the lines. */
const AROUND_BYTES = 100;

/**
 * The details for these lines.
 * @param changedAt when each line last changed, ms since the epoch.
 */
export function podHeartbeat(
  lines: readonly SubtaskPhase[],
  changedAt: readonly number[],
  reports: number,
): PodHeartbeat {
  let room = MAX_HEARTBEAT_BYTES - AROUND_BYTES;
  const share = room / lines.length;
  const shown = new Map<SubtaskPhase, SubtaskPhase>();
  const newest = lines.map((line, at) => ({ line, at: changedAt[at] ?? 0 })).sort((a, b) => b.at - a.at);
  for (const { line } of newest) {
    // With many seats the phases are left out and the cursors stay: a resume needs the cursors.
    const reported = bytesOf(line) <= share ? line : { ...line, phase: '' };
    room -= bytesOf(reported);
    if (room < 0) break;
    shown.set(line, reported);
  }
  return { v: 1, reports, subtasks: lines.flatMap((line) => shown.get(line) ?? []) };
}

const bytesOf = (line: SubtaskPhase): number => Buffer.byteLength(JSON.stringify(line)) + 1;

/** The last heartbeat of an earlier attempt of the Activity; undefined when there was none. */
export function readHeartbeat(details: unknown): PodHeartbeat | undefined {
  const told = details as Partial<PodHeartbeat> | null | undefined;
  return Array.isArray(told?.subtasks) ? (told as PodHeartbeat) : undefined;
}
