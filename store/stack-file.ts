// stack-file.ts: where the parts of a home's local stack are, in `stack.json`: written by its supervisor, read by all.

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface StackFile {
  v: 1;
  /** Process id of the supervisor. */
  supervisor: number;
  temporal: { address: string; uiUrl: string; started: boolean; pid?: number };
  /** The offline model; absent when a real one is configured. */
  model?: { url: string; pid?: number };
  worker?: { pid?: number };
  /** Process ids of the other workers, where "minWarmWorkers" asks for more than one. */
  moreWorkers?: number[];
  /** The HTTP API; absent while it is not up. */
  gateway?: { url: string; pid?: number };
  /** False until all parts are started, or found not to start. Absent where an earlier version starts them. */
  isWhole?: boolean;
  /** What the worker may read: folders, and single files. */
  roots: string[];
  /** True when its supervisor has no terminal: what it says stands in its log. */
  isInBackground?: boolean;
  /** Absent where an earlier version started it. */
  startedWith?: StartedWith;
}

/** The settings of a stack's start: what whoever uses it later may have set otherwise. */
export interface StartedWith {
  /** Folders that it was asked to read, besides the one of the home. */
  roots: string[];
  latencyMs: number;
  /** Absent in files of older versions. */
  tokenMs?: number;
  salt: string;
  /** Variables with their values. */
  shown: Record<string, string>;
  /** Variables, each with a mark of its value. */
  secret: Record<string, string>;
  /** The config file and its modules, each with a mark of its contents. */
  files: Record<string, string>;
}

const pathOf = (home: string): string => join(home, 'stack.json');

/** The home's stack as last written; undefined when there is none or it can't be read. */
export function readStack(home: string): StackFile | undefined {
  try {
    const stack = JSON.parse(readFileSync(pathOf(home), 'utf8')) as StackFile;
    return stack.v === 1 ? stack : undefined;
  } catch {
    return undefined;
  }
}

export const writeStack = (home: string, stack: StackFile): void =>
  replaceFile(pathOf(home), `${JSON.stringify(stack, null, 2)}\n`);

/** Writes a file of the home so that whoever reads it meanwhile reads all of the one before. */
export function replaceFile(path: string, text: string): void {
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, text);
  renameSync(beside, path);
}

export function removeStack(home: string): void {
  rmSync(pathOf(home), { force: true });
}

/** Where its Temporal server is; undefined where its supervisor died: by now that port may be another project's. */
export function addressOf(stack: StackFile | undefined): string | undefined {
  return stack && isAlive(stack.supervisor) ? stack.temporal.address || undefined : undefined;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Of another user: it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
