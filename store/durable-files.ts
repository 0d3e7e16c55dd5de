// durable-files.ts: reading and writing files so that nobody ever sees half of one and nothing returns before it is on disk.

import { randomBytes } from 'node:crypto';
import { access, link, mkdir, open, readFile, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The record of one line; undefined for an empty or torn one. */
export function parseLine<R>(line: string): R | undefined {
  if (line === '') return undefined;
  try {
    return JSON.parse(line) as R;
  } catch {
    return undefined;
  }
}

export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

export async function writeOnce(path: string, bytes: Uint8Array | string): Promise<void> {
  if (await isThere(path)) return;
  await writeWhole(path, bytes);
}

/** Written beside and renamed, so that no reader ever sees half of it; durable when it returns. */
export async function writeWhole(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await writeNew(beside, bytes);
    await rename(beside, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** Writes the file if nobody else has, and says whether; whoever was first, a reader sees all of it or nothing. */
export async function claimWhole(path: string, bytes: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await writeNew(beside, bytes);
    await link(beside, path);
    await syncFolder(dirname(path));
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(beside, { force: true });
  }
}

/** As `writeWhole`, but a crash of the machine may lose it. */
export async function writeQuickly(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(beside, text);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function writeNew(path: string, bytes: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Makes a new name durable; some systems refuse to sync a folder, and there the name is as safe as it gets. */
export async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle | undefined;
  try {
    folder = await open(path, 'r');
    await folder.sync();
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL', 'EACCES'].includes(codeOf(error) ?? '')) throw error;
  } finally {
    await folder?.close();
  }
}

/** Makes a folder and those above it; each new name is durable when it returns. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  const parents = [dirname(path)];
  for (let made = path; made !== first; made = dirname(made)) parents.push(dirname(dirname(made)));
  await Promise.all(parents.map(syncFolder));
}

/** The system's code of an error, e.g. `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown = error !== null && typeof error === 'object' && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
