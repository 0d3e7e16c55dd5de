// durable-files.ts: reading and writing files so that nobody ever sees half of one and nothing returns before it is on disk.

import { randomBytes } from 'node:crypto';
import fs, { closeSync, constants, existsSync, openSync } from 'node:fs';
import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { makeFolderSync } from './make-folder.ts';
import { jsonOf } from './read-json.ts';

// Of what runs for every sub-agent the plain calls: FileHandle takes several promises for each.
export const openFile = promisify(fs.open);
export const closeFile = promisify(fs.close);
const readFile = promisify(fs.readFile);
const removeFile = promisify(fs.unlink);
const writeAll = promisify(fs.writeFile);
const sync = promisify(fs.fsync);
const syncData = promisify(fs.fdatasync);

/** Where a write can say itself that it is to be on disk when it returns, that saves a trip to the thread pool. */
export const SYNCS_ITSELF = process.platform === 'linux';
/** For a file that nobody has made yet; a write to it is on disk when it returns if `SYNCS_ITSELF`. */
export const NEW_FILE =
  constants.O_WRONLY |
  constants.O_CREAT |
  constants.O_EXCL |
  constants.O_APPEND |
  (SYNCS_ITSELF ? constants.O_DSYNC : 0);

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
  let file: number;
  try {
    // Opened and closed at once: most are small, and each trip to the thread pool costs as much as reading one.
    file = openSync(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return await readFile(file);
  } finally {
    closeSync(file);
  }
}

/** The JSON of a file that may not be there, as a value. */
export async function readJsonIfThere<T>(path: string): Promise<T | undefined> {
  const bytes = await readIfThere(path);
  return bytes && jsonOf<T>(bytes);
}

export async function writeOnce(path: string, bytes: Uint8Array | string): Promise<void> {
  if (!existsSync(path)) await writeAtomically(path, bytes);
}

/** Writes a temporary file and renames it, so that no reader ever sees half of it; durable when it returns. */
export async function writeAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
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

/** Creates the file unless it exists; true when this call created it. A reader sees all of it or nothing; durable when it returns. */
export async function createExclusively(path: string, bytes: string): Promise<boolean> {
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
    // There unless it could not be made, which the caller is told.
    await removeFile(beside).catch(() => undefined);
  }
}

/** As `writeAtomically`, but a crash of the machine may lose it. */
export async function writeAtomicallyUnsynced(path: string, text: string): Promise<void> {
  const beside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    try {
      await writeFile(beside, text);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      await mkdir(dirname(path), { recursive: true });
      await writeFile(beside, text);
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** The folder is there but for the first time: it is made when it turns out to be missing. */
async function writeNew(path: string, bytes: Uint8Array | string): Promise<void> {
  let file: number;
  try {
    file = await openFile(path, NEW_FILE);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    await makeFolder(dirname(path));
    file = await openFile(path, NEW_FILE);
  }
  try {
    await writeAll(file, bytes);
    if (!SYNCS_ITSELF) await syncData(file);
  } finally {
    // Nothing is left to write: it takes a tenth of a trip to the thread pool.
    closeSync(file);
  }
}

/** Makes a new name durable; some systems refuse to sync a folder, and there the name is as safe as it gets. */
export async function syncFolder(path: string): Promise<void> {
  let folder: number | undefined;
  try {
    folder = openSync(path, 'r');
    await sync(folder);
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL', 'EACCES'].includes(codeOf(error) ?? '')) throw error;
  } finally {
    if (folder !== undefined) closeSync(folder);
  }
}

/** Makes a folder and those above it; each new name is durable when it returns. */
export async function makeFolder(path: string): Promise<void> {
  const first = makeFolderSync(path);
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
