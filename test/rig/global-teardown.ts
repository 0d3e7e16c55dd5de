// global-teardown.ts: stops the server that global-setup.ts started, if it did.

import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

export default function globalTeardown(): void {
  const home = process.env.MUSTER_TEST_HOME;
  if (home === undefined) return;
  const script = resolve(__dirname, '../../temporal-dev.sh');
  execFileSync('bash', [script, '--stop'], {
    env: { ...process.env, MUSTER_HOME: home, TEMPORAL_ADDRESS: '' },
    stdio: 'ignore',
  });
}
