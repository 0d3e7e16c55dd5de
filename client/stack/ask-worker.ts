// ask-worker.ts: asks a program of the worker's room that ends by itself, and says in words why there is no answer: before a stack is
// started, or one that runs is stopped, for what no worker could use.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../settings/variables.ts';

/** Longer than a module may take to load, which is told by its name. */
const WITHIN_MS = 60_000;

export interface Question {
  /** Of the room, without its ending. */
  program: 'settings-check' | 'sources-check';
  args?: readonly string[];
  env: Environment;
  /** How long it may take. Default: a minute. */
  withinMs?: number;
}

/** What it says in the last line of its stdout, as JSON; or why it says nothing. */
export function askWorker({
  program,
  args = [],
  env,
  withinMs = WITHIN_MS,
}: Question): Promise<{ answer: unknown } | { problem: string }> {
  const file = fileURLToPath(new URL(`../../worker/${program}.js`, import.meta.url));
  return new Promise((done) => {
    // What keeps it busy listens to no signal.
    const how = { env: env as NodeJS.ProcessEnv, timeout: withinMs, killSignal: 'SIGKILL' as const };
    execFile(process.execPath, [file, ...args], how, (error, stdout, stderr) => {
      const answer = error ? undefined : jsonIn(stdout.trim().split('\n').at(-1) ?? '');
      if (answer) done(answer);
      else if (error?.killed) done({ problem: `what reads them was not done within ${withinMs / 1_000} seconds` });
      else done({ problem: stderr.trim().split('\n').at(-1) || 'what reads them ended at once' });
    });
  });
}

function jsonIn(line: string): { answer: unknown } | undefined {
  try {
    return { answer: JSON.parse(line) as unknown };
  } catch {
    return undefined;
  }
}
