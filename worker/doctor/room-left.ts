// room-left.ts: how much room is left on the disk of a store.

import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describeStore } from '../../store/open-store.ts';
import { broken, ok, warn, type Finding } from './finding.ts';

const GB = 1024 ** 3;
const LITTLE_ROOM = 2 * GB;
/** Of the whole disk: below, file systems get slow, and other programs fail, too. */
const LITTLE_SHARE = 0.1;
const NO_ROOM = 0.1 * GB;

/** @param look how much there is. */
export async function room(place: string, look: typeof statfs = statfs): Promise<Finding[]> {
  const { bavail, blocks, bsize } = await look(await nearest(place));
  const free = Number(bavail) * Number(bsize);
  const whole = Number(blocks) * Number(bsize);
  const data = { freeBytes: free, bytes: whole };
  const words = `${inGb(free)} of ${inGb(whole)} are free for ${describeStore(place)}`;
  const next = 'make room, move the store (MUSTER_HOME), or let tasks go sooner ("retentionDays" of the classes)';
  if (free < NO_ROOM) return [broken(`${words}: soon nothing goes on`, next, data)];
  if (free < LITTLE_ROOM && free < whole * LITTLE_SHARE) return [warn(words, next, data)];
  return [ok(words, data)];
}

const inGb = (bytes: number): string => `${(bytes / GB).toFixed(bytes < 10 * GB ? 1 : 0)} GB`;

/** The folder itself, or the nearest one upward that is there: nothing is made by looking. */
export async function nearest(place: string): Promise<string> {
  for (let folder = place; ; folder = dirname(folder)) {
    const is = await stat(folder).catch(() => undefined);
    if (is || folder === dirname(folder)) return folder;
  }
}
