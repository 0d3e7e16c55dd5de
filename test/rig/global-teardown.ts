// global-teardown.ts: stops the server that global-setup.ts started.

import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

export default function globalTeardown(): void {
  const script = resolve(__dirname, '../../temporal-dev.sh');
  execFileSync('bash', [script, '--stop'], {
    env: { ...process.env, MUSTER_HOME: process.env.MUSTER_TEST_HOME, TEMPORAL_ADDRESS: '' },
    stdio: 'ignore',
  });
}
