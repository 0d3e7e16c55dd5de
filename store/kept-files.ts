// kept-files.ts: corpora and blobs as files whose modification time is when they were last put or opened. What has not
// been used for long is removed in a way that a use at the same moment survives. Knows nothing of tasks.

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf, readIfThere, writeAtomically } from './durable-files.ts';
import { isHash } from './names.ts';

/** Marks a file as used now; false when it is not there. */
export async function touch(path: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(path, now, now);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    // Somebody who may only read.
    if (!['EPERM', 'EACCES', 'EROFS'].includes(codeOf(error) ?? '')) throw error;
  }
  // A sweep moves a file away before it looks at its time: either it sees this use, or this sees that it is gone.
  return existsSync(path);
}

export async function putKept(path: string, bytes: Uint8Array | string): Promise<void> {
  // Most are new, and a look at a name that is not there costs a tenth of a trip to the thread pool.
  if (!existsSync(path) || !(await touch(path))) await writeAtomically(path, bytes);
}

/** The file's bytes. One that a sweep has moved away just now is back in a moment. */
export async function readKept(path: string): Promise<Buffer | undefined> {
  const bytes = await readIfThere(path);
  if (bytes) return bytes;
  await pause(25);
  return await readIfThere(path);
}

/**
 * Removes the files of a folder that were last used before `before`, but not those to keep, and what writers and
 * sweeps that were killed left there.
 * @returns the names of the files removed.
 */
export async function sweepKept(folder: string, before: number, keep: (name: string) => boolean): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await namesIn(folder)) {
    const hash = name.slice(0, 64);
    if (!isHash(hash) || keep(hash)) continue;
    if (name === hash) {
      if (await removeIfUnused(join(folder, name), before)) removed.push(name);
    } else if (/^\.[0-9a-f]+\.unused$/.test(name.slice(64))) {
      await removeOrPutBack(join(folder, name), join(folder, hash), before);
    } else if (/^\.\d+\.[0-9a-f]+$/.test(name.slice(64)) && (await usedAt(join(folder, name))) < before) {
      await rm(join(folder, name), { force: true });
    }
  }
  return removed;
}

/** Removes a file that was last used before `before`; true when it is gone by this. */
export async function removeIfUnused(path: string, before: number): Promise<boolean> {
  if ((await usedAt(path)) >= before) return false;
  const aside = `${path}.${randomBytes(4).toString('hex')}.unused`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
  return await removeOrPutBack(aside, path, before);
}

async function removeOrPutBack(aside: string, path: string, before: number): Promise<boolean> {
  if ((await usedAt(aside)) < before) {
    await rm(aside, { force: true });
    return true;
  }
  try {
    // Whatever is there by now has the same content: its name says so.
    await rename(aside, path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  return false;
}

/** When a file was last used, in ms since the epoch; a file that is gone counts as used just now. */
async function usedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return Infinity;
    throw error;
  }
}

/** What is in a folder; nothing when there is none. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}
