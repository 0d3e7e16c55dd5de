// first-word-row.ts: how long a command takes to its first word, beside a Node process that says one and nothing else.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { benchDeployment } from './deployment.ts';
import type { Bench } from './row.ts';
import { median, rest, round } from './statistics.ts';

const MAIN = fileURLToPath(new URL('../client/cli/main.js', import.meta.url));
const NODE = ['-e', 'process.stdout.write("x")'];

export async function firstWordRows({ cleanup, pairs: count, print }: Bench): Promise<void> {
  const { home, address } = await benchDeployment(cleanup);
  const inHome = { MUSTER_HOME: home };
  const commands: Record<string, [string[], Record<string, string>]> = {
    help: [['--help'], {}],
    'list without a server': [['list'], inHome],
    'list with a server': [['list'], { ...inHome, TEMPORAL_ADDRESS: address }],
  };
  for (const [command, [args, env]] of Object.entries(commands)) {
    const pairs: [number, number][] = [];
    for (let i = 0; i <= count; i += 1) {
      await rest();
      const pair: [number, number] = [await firstWord([MAIN, ...args], env), await firstWord(NODE, env)];
      // The first is the warm-up: it reads the packages from the disk, and fills Node's compile cache.
      if (i > 0) pairs.push(pair);
    }
    const of = (at: 0 | 1): number => round(median(pairs.map((pair) => pair[at])), 1);
    print({ row: 'first-word', command, pairs, median: of(0), node: of(1), ratio: round(of(0) / of(1), 2) });
  }
}

/** Milliseconds from the start of the process to the first byte that it writes. @throws Error when it writes none */
function firstWord(args: readonly string[], env: Record<string, string>): Promise<number> {
  return new Promise((done, failed) => {
    const began = performance.now();
    const child = spawn(process.execPath, args, { env: { ...process.env, ...env } });
    let ms: number | undefined;
    const said = (): number => (ms ??= round(performance.now() - began, 1));
    child.stdout.once('data', said);
    child.stderr.once('data', said);
    child.once('error', failed);
    child.once('close', () => (ms === undefined ? failed(new Error(`${args.join(' ')} said nothing`)) : done(ms)));
  });
}
