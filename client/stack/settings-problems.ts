// settings-problems.ts: asks, in a process of its own, whether a worker would start with these settings: before one that runs is
// stopped for them.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { clientConfig } from '../config.ts';

const CHECK = fileURLToPath(new URL('../../worker/settings-check.js', import.meta.url));

/** What is wrong with the settings of this process, its config file and modules among them; empty where a worker would start. */
export function settingsProblems(home: string, roots: readonly string[]): Promise<string[]> {
  const env = { ...clientConfig().environment, MUSTER_HOME: home, MUSTER_ROOTS: roots.join('\n') };
  return new Promise((done) => {
    execFile(process.execPath, [CHECK], { env }, (error, stdout, stderr) => {
      const problems = error ? undefined : problemsIn(stdout.trim().split('\n').at(-1) ?? '');
      // A module of theirs may end the process that loads it.
      done(problems ?? [`they can't be read: ${stderr.trim().split('\n').at(-1) || 'what reads them ended at once'}`]);
    });
  });
}

function problemsIn(line: string): string[] | undefined {
  try {
    const read: unknown = JSON.parse(line);
    return Array.isArray(read) ? read.map(String) : undefined;
  } catch {
    return undefined;
  }
}
