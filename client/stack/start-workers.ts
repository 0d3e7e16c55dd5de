// start-workers.ts: as many workers of a home as the config file asks to be about, each a child of its own that is started again
// when it dies.

import type { Environment } from '../../settings/variables.ts';
import type { StackFile } from '../../store/stack-file.ts';
import { readConfig } from '../config-file.ts';
import { Supervised, type ChildSpec } from './supervised.ts';

interface WorkersSpec {
  count: number;
  args: string[];
  env: Environment;
  stack: StackFile;
  /** What children have in common, by the name of their log. */
  shared: (name: string) => Pick<ChildSpec, 'logFile' | 'onRestart'>;
  add: (child: Supervised) => Promise<void>;
  save: () => void;
  say: (line: string) => void;
}

/** "minWarmWorkers" of the config file, and at least one. A file that is none is the workers' to complain of. */
export function leastWorkers(configPath: string | undefined): number {
  try {
    return Math.max(1, readConfig(configPath).minWarmWorkers);
  } catch {
    return 1;
  }
}

/** Returns when all are ready. @throws MusterError when one ended before it was. */
export async function startWorkers({ count, args, env, stack, shared, add, save, say }: WorkersSpec): Promise<void> {
  const worker = (name: string, log: string, onReady: (pid: number, line: string) => void): Supervised =>
    new Supervised({
      ...shared(log),
      name,
      command: process.execPath,
      args,
      env,
      isReady: (line) => line.startsWith('ready '),
      onLine: (line) => {
        // All say the same.
        if (line.startsWith('loaded ') && log === 'worker') say(line);
        const pid = /^ready pid=(\d+)/.exec(line)?.[1];
        if (pid === undefined) return;
        onReady(Number(pid), line);
        save();
      },
    });
  say(count === 1 ? 'starts the worker' : `starts ${count} workers`);
  save();
  await add(
    worker('the worker', 'worker', (pid, line) => {
      stack.worker = { pid };
      // As the worker says: its config file may name more than this process knows.
      stack.roots = JSON.parse(/roots=(\[.*\])/.exec(line)?.[1] ?? '[]') as string[];
    }),
  );
  for (let n = 2; n <= count; n += 1) {
    await add(
      worker(`worker ${n}`, `worker-${n}`, (pid) => {
        stack.moreWorkers = Object.assign([...(stack.moreWorkers ?? [])], { [n - 2]: pid });
      }),
    );
  }
}
