// roots.ts: decides which paths this worker may read. Links are resolved first, so a name can't lie about its place.
// What begins with a dot, and what Muster itself keeps, is nobody's source, whoever asks and whatever it is called.

import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { deploymentPart } from '../../store/home.ts';
import { CorpusError, hostPhrase } from './corpus-error.ts';

/** A place that may be read, with its links resolved: a folder and all below it, or one file. */
export interface Root {
  path: string;
  isFile: boolean;
}

export type Roots = readonly Root[];

const ANYWHERE: Root = { path: sep, isFile: false };
/** Never a source, even where a root lies in them: credentials of remotes, and everybody's tasks. */
const NEVER = new Set(['.git', '.muster']);

/** The allowed roots with their links resolved; those that are not there allow nothing. */
export async function resolveRoots(roots: readonly string[]): Promise<Roots> {
  const found = roots.map(async (root): Promise<Root[]> => {
    const path = await realpath(root).catch(() => undefined);
    const place = path === undefined ? undefined : await stat(path).catch(() => undefined);
    return path === undefined || !place ? [] : [{ path, isFile: !place.isDirectory() }];
  });
  return (await Promise.all(found)).flat();
}

export function isInside(path: string, roots: Roots): boolean {
  return roots.some(({ path: root }) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep));
}

/**
 * The real path of what a request named.
 * @throws CorpusError SourceNotAllowed outside the roots, SourceNotFound when nothing is there.
 */
export async function resolveAllowed(path: string, roots: readonly string[]): Promise<string> {
  const allowed = await resolveRoots(roots);
  const real = await realpath(path).catch((error: NodeJS.ErrnoException) => error);
  const place = typeof real === 'string' ? real : await nearestReal(path);
  // Where nothing may be read, "not there" and "not allowed" sound the same: nobody learns what exists.
  if (!isInside(place, allowed)) throw notAllowed(path, roots);
  const problem = privateProblem(place, allowed);
  if (problem) throw new CorpusError('SourceNotAllowed', `${path} may not be read ${hostPhrase()}: ${problem}`);
  if (typeof real !== 'string') {
    if (real.code === 'ENOENT' || real.code === 'ENOTDIR') {
      throw new CorpusError('SourceNotFound', `there is nothing at ${path} ${hostPhrase()}, where documents are read`);
    }
    throw new CorpusError('SourceUnreadable', `${path} can't be opened ${hostPhrase()}: ${real.code ?? real.message}`);
  }
  return real;
}

/**
 * Why a place under the roots may not be read all the same; undefined when it may. A folder whose name begins with a dot
 * is readable where somebody allowed that very folder, or one below it; to name a file in it allows nothing.
 * @param place with its links resolved
 */
export function privateProblem(place: string, roots: Roots): string | undefined {
  const never = place.split(sep).find((part) => NEVER.has(part));
  if (never) return `nothing in ${never} is ever read`;
  const holding = roots.filter((root) => isInside(place, [root])).sort((a, b) => b.path.length - a.path.length);
  const root = (holding.find(({ isFile }) => !isFile) ?? ANYWHERE).path;
  const hidden = relative(root, place)
    .split(sep)
    // `.pnpm` is where that package manager keeps what node_modules links to.
    .find((part) => part.startsWith('.') && part !== '.pnpm');
  if (hidden)
    return `${hidden} begins with a dot, and such files and folders are read only where the folder is allowed by name`;
  for (let at = place; ; at = dirname(at)) {
    const part = deploymentPart(at);
    if (part === 'store' || (part === 'home' && isInside(at, [{ path: root, isFile: false }])))
      return `${at} is where Muster keeps its tasks`;
    if (at === dirname(at)) return undefined;
  }
}

function notAllowed(path: string, roots: readonly string[]): CorpusError {
  const list = roots.length > 0 ? roots.join(', ') : 'none';
  return new CorpusError(
    'SourceNotAllowed',
    `${path} is outside the folders that may be read ${hostPhrase()} (${list}); ` +
      'add it to "roots" in the file that MUSTER_CONFIG names, or name it with --docs when the stack starts',
  );
}

/** Where it would be: the nearest folder upward that is there, with its links resolved, and the rest of the way. */
async function nearestReal(path: string): Promise<string> {
  const full = resolve(path);
  const parent = dirname(full);
  if (parent === full) return full;
  return join(await realpath(parent).catch(() => nearestReal(parent)), basename(full));
}
