// home.ts: finds the home, the `.muster/` folder that holds a local deployment: its id, its store, its stack.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { readStack } from './stack-file.ts';

/**
 * The nearest `.muster/` upward from `from`, else `.muster/` in `from` itself (not yet made).
 * `MUSTER_HOME` overrides.
 */
export function findHome(env: Readonly<Record<string, string | undefined>>, from: string = process.cwd()): string {
  if (env.MUSTER_HOME) return resolve(from, env.MUSTER_HOME);
  let folder = resolve(from);
  for (;;) {
    const candidate = join(folder, '.muster');
    if (existsSync(candidate) && statSync(candidate).isDirectory()) return candidate;
    const parent = dirname(folder);
    if (parent === folder) return join(resolve(from), '.muster');
    folder = parent;
  }
}

/**
 * The folders that a home's workers may read without being told: the one that holds `.muster/`. What lies beside a home of another name,
 * as `MUSTER_HOME` may give it, has nothing to do with it.
 */
export const ownRoots = (home: string): string[] => (basename(home) === '.muster' ? [dirname(home)] : []);

/** Where the file store of a home lies. */
export const storeFolder = (home: string): string => join(home, 'store');

/**
 * What of a deployment a folder is, told by its contents: `MUSTER_HOME` and a store's place may have any name.
 * @returns undefined for any other folder, and for what can't be looked into
 */
export function deploymentPart(folder: string): 'home' | 'store' | undefined {
  if (holdsId(folder)) return 'store';
  return holdsId(storeFolder(folder)) || readStack(folder) ? 'home' : undefined;
}

function holdsId(folder: string): boolean {
  try {
    return /^[0-9a-f]{8}\s*$/.test(readFileSync(join(folder, 'deployment'), 'utf8'));
  } catch {
    return false;
  }
}
