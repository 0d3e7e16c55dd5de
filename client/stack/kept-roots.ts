// kept-roots.ts: the folders that stacks of a home were asked to read, in its `roots.json`: the next stack reads them, too, while a task
// waits that may be about them. Never a folder that nobody of this machine named.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { existingStore } from '../../store/open-store.ts';
import { clientConfig } from '../config.ts';
import { listKept } from '../kept-task.ts';

const pathOf = (home: string): string => join(home, 'roots.json');

/** Those that the last stack read and that `roots` lacks, where a task waits. */
export async function keptRoots(home: string, roots: readonly string[]): Promise<string[]> {
  const others = read(home).filter((root) => !roots.includes(root) && existsSync(root));
  return others.length > 0 && (await anyWaits(home)) ? others : [];
}

export const keepRoots = (home: string, roots: readonly string[]): void =>
  writeFileSync(pathOf(home), JSON.stringify({ v: 1, roots }));

function read(home: string): string[] {
  try {
    const kept = JSON.parse(readFileSync(pathOf(home), 'utf8')) as { v: number; roots: string[] };
    return kept.v === 1 ? kept.roots : [];
  } catch {
    return [];
  }
}

/** What can't be told is taken for yes: the worker says what is wrong with the store. */
async function anyWaits(home: string): Promise<boolean> {
  const store = existingStore(home, clientConfig().environment);
  try {
    if (store) for await (const _task of listKept(store, { state: 'waiting', limit: 1 })) return true;
    return false;
  } catch {
    return true;
  } finally {
    await store?.close();
  }
}
