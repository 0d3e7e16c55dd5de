// segment-files.ts: logs as older versions of the store wrote them: a folder a log, a file a segment. Read only, and sealed
// when a log is gone on with: attempts of an older version that are still alive see the seal as their successor.

import { symlink } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { codeOf, parseLine } from './durable-files.ts';

/** First line of a segment: how many records of each earlier segment belong to its story, by segment number. */
export interface SegmentHead {
  base: Record<string, number>;
}

export interface OldSegments<R> {
  /** Records by segment number. */
  segments: Map<number, R[]>;
  /** How many of them belong to the story. */
  base: Record<string, number>;
}

const NUMBERED = /^\d{6}\.ndjson$/;
const makeLink = promisify(symlink);

/**
 * Number of the seal: the first that is no segment of an older store; 0 when there are no such segments.
 * @param seal make it when it is missing. Without it the number is where it would be.
 */
export async function sealOf(folder: string, seal: boolean): Promise<number> {
  for (;;) {
    const entries = (await entriesOf(folder)).filter(({ name }) => NUMBERED.test(name));
    if (entries.length === 0) return 0;
    const seals = entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => Number.parseInt(name, 10));
    if (seals.length > 0) return Math.min(...seals);
    const next = Math.max(...entries.map(({ name }) => Number.parseInt(name, 10))) + 1;
    if (!seal) return next;
    try {
      // To an older version the folder itself is a segment that is there and can't be read: it ends rather than goes on
      // from less than there is.
      await makeLink('.', join(folder, segmentName(next)));
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

/** The segments below number `before`. */
export async function readOldSegments<R>(folder: string, before: number): Promise<OldSegments<R>> {
  const old: OldSegments<R> = { segments: new Map(), base: {} };
  for (let number = 1; number < before; number += 1) {
    const [headLine, ...lines] = (await readFile(join(folder, segmentName(number)), 'utf8')).split('\n');
    const head = parseLine<SegmentHead>(headLine ?? '');
    // No whole head: that attempt died before its claim was complete and wrote nothing.
    if (!head) continue;
    const records: R[] = [];
    for (const line of lines) {
      const record = parseLine<R>(line);
      if (record === undefined) break;
      records.push(record);
    }
    old.segments.set(number, records);
    old.base = { ...head.base, [number]: records.length };
  }
  return old;
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

const segmentName = (segment: number): string => `${String(segment).padStart(6, '0')}.ndjson`;
