// make-folder.ts: makes a folder and those above it that are missing. Node's own way of that tries without end where a file
// system says of a place that nothing can be made there because it is not there, as /proc does.

import { mkdirSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * @returns the topmost folder that was made; undefined when it was there
 * @throws Error of the file system, with the path that can't be made
 */
export function makeFolderSync(path: string): string | undefined {
  if (isFolder(path)) return undefined;
  const above = dirname(path) === path ? undefined : makeFolderSync(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Somebody else was first.
    if (!isFolder(path)) throw error;
    return above;
  }
  return above ?? path;
}

/**
 * Tries whether a folder can be made, and leaves nothing.
 * @throws Error as `makeFolderSync` does
 */
export function tryFolderSync(path: string): void {
  let above = path;
  while (statSync(above, { throwIfNoEntry: false }) === undefined && dirname(above) !== above) above = dirname(above);
  if (above === path && isFolder(path)) return;
  try {
    rmdirSync(mkdtempSync(join(above, '.muster-')));
  } catch {
    makeFolderSync(path);
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
