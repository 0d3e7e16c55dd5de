// check-store.ts: whether the store can be written, how long a write takes to be safe, and how much room is left.

import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAddress } from '../../store/postgres-url.ts';
import { broken, ok, warn, type Check, type Finding } from './finding.ts';
import { nearest, room } from './room-left.ts';
import { lookAtPostgres } from './store-postgres.ts';

const SYNCS = 7;
/** Each checkpoint waits for one of these; a local disk takes a millisecond. */
const SLOW_SYNC_MS = 20;

export const checkStore: Check = {
  name: 'store',
  about: 'the store can be written, its free space, and how long a write takes to be safe',
  async look({ storePlace }, signal) {
    if (isAddress(storePlace)) return await lookAtPostgres(storePlace, signal);
    return [...(await written(storePlace)), ...(await room(storePlace))];
  },
};

async function written(place: string): Promise<Finding[]> {
  const folder = await nearest(place);
  const path = join(folder, `.doctor-${randomBytes(6).toString('hex')}`);
  const syncs: number[] = [];
  try {
    const file = await open(path, 'wx');
    try {
      for (let n = 0; n < SYNCS; n += 1) {
        const began = performance.now();
        await file.write(Buffer.alloc(1_024, 1));
        await file.datasync();
        syncs.push(performance.now() - began);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    return [broken(`the store can’t be written: ${place} (${reasonOf(error)})`, mendOf(error))];
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
  const middle = [...syncs].sort((a, b) => a - b)[Math.floor(SYNCS / 2)] ?? 0;
  const data = { syncMs: Math.round(middle * 100) / 100 };
  const took = `a write is safe after ${middle < 10 ? middle.toFixed(1) : Math.round(middle)} ms`;
  const where = folder === place ? place : `${place}, which is not there yet`;
  return middle > SLOW_SYNC_MS
    ? [
        warn(
          `${took} in ${place}: each checkpoint waits for that`,
          'put the store onto a local SSD (MUSTER_HOME), or use PostgreSQL (MUSTER_STORE_URL)',
          data,
        ),
      ]
    : [ok(`${took} in ${where}`, data)];
}

const reasonOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

const MENDS: Readonly<Record<string, string>> = {
  ENOSPC: 'make room on this disk',
  EDQUOT: 'make room: the quota of this user is used up',
  EFBIG: 'raise the limit of this process for the size of files (ulimit -f)',
  EROFS: 'it is mounted read-only: mount it for writing, or name another folder in MUSTER_HOME',
  EACCES: 'give the user that runs muster the right to write there, or name another folder in MUSTER_HOME',
  EPERM: 'give the user that runs muster the right to write there, or name another folder in MUSTER_HOME',
  ENOTDIR: 'a file stands where the folder should be: move it away, or name another folder in MUSTER_HOME',
};

const mendOf = (error: unknown): string =>
  MENDS[reasonOf(error)] ?? 'see that it is there and may be written to (MUSTER_HOME, MUSTER_STORE_URL)';
