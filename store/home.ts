// home.ts: finds the home, the `.muster/` folder that holds a local deployment: its id, its store, its stack.

import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * The nearest `.muster/` upward from `from`, else `.muster/` in `from` itself (not yet made).
 * `MUSTER_HOME` overrides.
 */
export function findHome(env: NodeJS.ProcessEnv = process.env, from: string = process.cwd()): string {
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

/** Where the file store of a home lies. */
export const storeFolder = (home: string): string => join(home, 'store');
