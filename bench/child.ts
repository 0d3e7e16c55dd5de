// child.ts: a compiled entry as a child process: started until it says `ready`, stopped by its id.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Cleanup } from './cleanup.ts';

export interface Child {
  pid: number;
  /** What it said when it was ready, without that word. */
  said: string;
  stop(): Promise<void>;
  /** As a crash would end it. */
  kill(): Promise<void>;
}

const STOP_PATIENCE_MS = 15_000;
const MAX_LAST_WORDS = 4_000;

/** Starts it and waits for its line `ready …`. @throws Error with its last output when it ended before that */
export async function startChild(
  entry: URL,
  { args = [], env = {}, cleanup }: { args?: string[]; env?: Record<string, string>; cleanup: Cleanup },
): Promise<Child> {
  // In a group of its own, so that Ctrl-C reaches the bench alone, which stops its children in order; its standard
  // input closes with the bench, which tells it that it was orphaned.
  const child = spawn(process.execPath, [fileURLToPath(entry), ...args], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  const stop = cleanup.add(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
    await gone;
    clearTimeout(hard);
  });
  let lastWords = '';
  child.stderr.on(
    'data',
    (text: Buffer) => (lastWords = `${lastWords}${text.toString('utf8')}`.slice(-MAX_LAST_WORDS)),
  );
  const said = await new Promise<string>((ready, failed) => {
    createInterface({ input: child.stdout }).on('line', (line) => line.startsWith('ready ') && ready(line.slice(6)));
    child.once('error', failed);
    void gone.then(() => failed(new Error(`${entry.pathname} ended before it was ready:\n${lastWords}`)));
  });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  return { pid: child.pid ?? 0, said, stop, kill };
}
