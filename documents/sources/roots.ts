// roots.ts: decides which paths this worker may read. Links are resolved first, so a name can't lie about its place.

import { realpath } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { CorpusError, onThisHost } from './corpus-error.ts';

/** Resolved folders. */
export type Roots = readonly string[];

/** The allowed roots with their links resolved; those that are not there allow nothing. */
export async function resolveRoots(roots: readonly string[]): Promise<Roots> {
  const found = await Promise.all(roots.map((root) => realpath(root).catch(() => undefined)));
  return found.filter((root) => root !== undefined);
}

export function isInside(path: string, roots: Roots): boolean {
  return roots.some((root) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep));
}

/**
 * The real path of what a request named.
 * @throws CorpusError SourceNotAllowed outside the roots, SourceNotFound when nothing is there.
 */
export async function resolveAllowed(path: string, roots: readonly string[]): Promise<string> {
  const allowed = await resolveRoots(roots);
  const real = await realpath(path).catch((error: NodeJS.ErrnoException) => error);
  if (typeof real !== 'string') {
    // Outside the roots, "not there" and "not allowed" sound the same: nobody learns what exists.
    if (!isInside(await nearestReal(path), allowed)) throw notAllowed(path, roots);
    if (real.code === 'ENOENT' || real.code === 'ENOTDIR') {
      throw new CorpusError('SourceNotFound', `there is nothing at ${path} ${onThisHost()}, where documents are read`);
    }
    throw new CorpusError('SourceUnreadable', `${path} can't be opened ${onThisHost()}: ${real.code ?? real.message}`);
  }
  if (!isInside(real, allowed)) throw notAllowed(path, roots);
  return real;
}

function notAllowed(path: string, roots: readonly string[]): CorpusError {
  const list = roots.length > 0 ? roots.join(', ') : 'none';
  return new CorpusError(
    'SourceNotAllowed',
    `${path} is outside the folders that may be read ${onThisHost()} (${list}); ` +
      'add it to "roots" in the file that MUSTER_CONFIG names, or name it with --docs when the stack starts',
  );
}

/** The nearest folder upward that is there, with its links resolved. */
async function nearestReal(path: string): Promise<string> {
  const full = resolve(path);
  const parent = dirname(full);
  if (parent === full) return full;
  return await realpath(parent).catch(() => nearestReal(parent));
}
