// sources.ts: judges what --docs names before a task is started: addresses by their writing, paths where the worker runs
// on this machine.

import { existsSync, realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { isAddress, urlProblem } from '../../protocol/task.ts';
import { clientConfig } from '../config.ts';
import { CliError, usageError } from './terminal/cli-error.ts';
import { EXIT } from './terminal/exit-codes.ts';

/**
 * Paths and web addresses apart.
 * @throws CliError (usage) for the first address that can't be a source.
 */
export function splitSources(named: readonly string[]): { paths: string[]; urls: string[] } {
  const urls = named.filter(isAddress);
  for (const url of urls) {
    const problem = urlProblem(url);
    if (problem) throw usageError(problem, 'Give the address as https://host/path.');
  }
  return { paths: named.filter((one) => !isAddress(one)), urls };
}

/** @throws CliError (usage) for the first path that is not there. */
export function checkExists(paths: readonly string[]): void {
  for (const path of paths) {
    if (path === '') throw usageError('--docs is empty', 'Name a file or a folder.');
    if (!existsSync(path)) {
      throw usageError(
        `there is nothing at ${resolve(path)}, so nothing was started`,
        'Check the path given with --docs.',
      );
    }
  }
}

/** What a worker must be allowed to read for these paths: a folder and all below it, or that one file. */
export const rootsOf = (paths: readonly string[]): string[] => [...new Set(paths.map((path) => realpathSync(path)))];

/**
 * The paths, real ones, that lie outside the roots of the running stack. With a config file none: a worker may have more roots
 * than the stack knows, and is the judge.
 */
export function outsideRoots(paths: readonly string[], roots: readonly string[]): string[] {
  if (clientConfig().configPath !== undefined) return [];
  const allowed = existing(roots);
  return paths
    .map((path) => realpathSync(path))
    .filter(
      (path) => !allowed.some((root) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)),
    );
}

/** @throws CliError (not allowed) for the first path outside the roots of the running stack. */
export function checkRoots(paths: readonly string[], roots: readonly string[]): void {
  const [outside] = outsideRoots(paths, roots);
  if (outside === undefined) return;
  throw new CliError(
    EXIT.notAllowed,
    `${outside} is outside the roots that the running stack may read (${existing(roots).join(', ')})`,
    `muster up --restart --docs ${outside} makes it one of them, and so does "roots" in the file that MUSTER_CONFIG names.`,
    'the running stack and its tasks; nothing was started.',
  );
}

const existing = (roots: readonly string[]): string[] =>
  roots.filter((root) => existsSync(root)).map((root) => realpathSync(root));
