// room-process.ts: runs a command that belongs to another room as a process of its own: its arguments, its streams,
// its signals and its exit code are passed through.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { CliError } from './terminal/cli-error.ts';
import { EXIT } from './terminal/exit-codes.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @param file which of the room's entries. Default: its main. */
export async function runRoom(
  room: 'worker' | 'simulator' | 'gateway',
  args: string[],
  file = 'main',
): Promise<number> {
  const entry = fileURLToPath(new URL(`../../${room}/${file}.js`, import.meta.url));
  if (!existsSync(entry)) throw new CliError(EXIT.failed, `${entry} is not there`, 'Build first: npm run build.');
  const child = spawn(process.execPath, [entry, ...args], { stdio: 'inherit' });
  const pass = SIGNALS.map((signal) => {
    // The terminal gives Ctrl-C to the child itself; passing it on would be a second one.
    const handler = (): void => void (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal));
    process.on(signal, handler);
    return () => process.off(signal, handler);
  });
  try {
    return await new Promise<number>((done, fail) => {
      child.once('error', fail);
      child.once('exit', (code, signal) => done(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  } finally {
    for (const off of pass) off();
  }
}
