// offline-model.ts: the built-in offline model as a child process of a worker that has no other and no stack beside it. Ends
// with the worker.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * Starts it on a free loopback port.
 *
 * @param onEnd called when it ends before the worker does.
 * @returns its address
 * @throws Error when it ended before it was ready.
 */
export function startOfflineModel(onEnd: (reason: string) => void): Promise<string> {
  const entry = fileURLToPath(new URL('../simulator/main.js', import.meta.url));
  // In a group of its own: a terminal's Ctrl-C reaches the worker alone, which still asks it while it stops. Its standard
  // input closes with the worker, however that one ends.
  const child = spawn(process.execPath, [entry, '--exit-with-parent', '--port', '0'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  return new Promise((ready, failed) => {
    let url: string | undefined;
    createInterface({ input: child.stdout }).on('line', (line) => {
      url ??= /^listening on (\S+)/.exec(line)?.[1];
      if (url) ready(url);
    });
    child.on('error', failed);
    child.on('exit', (code, signal) => {
      const reason = `the offline model ended (${signal ?? `exit ${code}`})`;
      if (url) onEnd(reason);
      else failed(new Error(`${reason} before it was ready`));
    });
  });
}
