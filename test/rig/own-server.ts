// own-server.ts: a Temporal server of a test's own, as `temporal-dev.sh` starts it, which can be killed and come back with all
// that it had.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { until } from './until.ts';
import { freePort } from './free-port.ts';

const SCRIPT = resolve(__dirname, '../../temporal-dev.sh');

export interface OwnServer {
  /** Returns when it is gone: before that it would pass for one that runs. */
  kill(): Promise<void>;
  /** At the same address; returns when it serves. */
  comeBack(): void;
  stop(): void;
}

/** Starts one; deployments that are made until it is stopped are on it. */
export async function ownServer(): Promise<OwnServer> {
  const home = join(mkdtempSync(join(tmpdir(), 'muster-server-')), '.muster');
  const address = `127.0.0.1:${await freePort()}`;
  const shared = process.env.MUSTER_TEST_ADDRESS;
  const script = (...args: string[]): void =>
    void execFileSync('bash', [SCRIPT, ...args], {
      env: { ...process.env, MUSTER_HOME: home, TEMPORAL_ADDRESS: address, MUSTER_TEMPORAL_PATIENCE: '240' },
      // What it says to stderr stands in the failure.
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  script();
  process.env.MUSTER_TEST_ADDRESS = address;
  return {
    async kill() {
      const pid = Number(readFileSync(join(home, 'temporal.pid'), 'utf8').trim());
      process.kill(pid, 'SIGKILL');
      await until('the server is gone', () => !isThere(pid));
    },
    comeBack: () => script(),
    stop() {
      if (shared !== undefined) process.env.MUSTER_TEST_ADDRESS = shared;
      script('--stop');
      rmSync(resolve(home, '..'), { recursive: true, force: true });
    },
  };
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
