// kept-roots.ts: the folders that stacks of a home were asked to read, in its `roots.json`: the next stack reads them, too, while a task
// is at work that may need them. Never a folder that nobody of this machine named.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../../store/stack-file.ts';

const pathOf = (home: string): string => join(home, 'roots.json');

/**
 * Those that the last stack read and that `roots` lacks, where a task is at work. Keeps both for the next stack.
 * @param address of the stack's Temporal server, which alone knows a task that no worker has seen yet.
 */
export async function keptRoots(home: string, roots: readonly string[], address: string): Promise<string[]> {
  const others = read(home).filter((root) => !roots.includes(root) && existsSync(root));
  const kept = others.length > 0 && (await isAtWork(home, address)) ? others : [];
  replaceFile(pathOf(home), JSON.stringify({ v: 1, roots: [...roots, ...kept] }));
  return kept;
}

function read(home: string): string[] {
  try {
    const kept = JSON.parse(readFileSync(pathOf(home), 'utf8')) as { v: number; roots: string[] };
    return kept.v === 1 ? kept.roots : [];
  } catch {
    return [];
  }
}

/** What can't be told is taken for yes: the worker says what is wrong with server and store. */
async function isAtWork(home: string, address: string): Promise<boolean> {
  const { connect } = await import('../connect.ts');
  try {
    const client = await connect({ home, address });
    return await client.anyRuns().finally(() => client.close());
  } catch {
    return true;
  }
}
