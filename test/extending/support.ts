// support.ts: the package as an author of extensions has it.

import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

/** Puts it into a folder as npm would, by links. */
export function installed(folder: string): void {
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules/muster-agents'));
  for (const name of ['zod', '@temporalio'])
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
}
