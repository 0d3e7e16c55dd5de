// lease-holder.ts: a real process that holds a lease until it is killed, and says what becomes of it.

import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { until } from '../rig/until.ts';

const OPEN_STORE = pathToFileURL(resolve(__dirname, '../../dist/store/open-store.js')).href;

export async function leaseHolder(
  place: string,
  of: { run: string; resource: string },
): Promise<{ child: ChildProcess; said: () => string }> {
  const script = `
    const { openStore } = await import(${JSON.stringify(OPEN_STORE)});
    const lease = await openStore(${JSON.stringify(place)}).takeLease(${JSON.stringify(of)}, 'test', new AbortController().signal);
    lease.lost.addEventListener('abort', () => process.stdout.write('lost;'));
    process.stdout.write('held;');
    setInterval(() => undefined, 1_000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  await until('the process holds the lease', () => said.includes('held'));
  return { child, said: () => said };
}
