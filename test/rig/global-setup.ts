// global-setup.ts: one real Temporal server for the whole run, in a home of its own, on free ports.

import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export default function globalSetup(): void {
  const home = join(mkdtempSync(join(tmpdir(), 'muster-test-')), '.muster');
  const script = resolve(__dirname, '../../temporal-dev.sh');
  const ports = { MUSTER_HOME: home, TEMPORAL_ADDRESS: '' };
  const out = execFileSync('bash', [script], {
    env: { ...process.env, ...ports },
    stdio: ['ignore', 'pipe', 'inherit'],
  }).toString();
  process.env.MUSTER_TEST_HOME = home;
  process.env.MUSTER_TEST_ADDRESS = /^address=(.*)$/m.exec(out)?.[1] ?? '';
  if (process.env.MUSTER_TEMPORAL_UNTUNED) {
    const settings = execFileSync('bash', [script, '--settings'], { env: { ...process.env, ...ports } }).toString();
    process.stderr.write(`the server's effective settings:\n${settings === '' ? '(its own defaults)\n' : settings}`);
  }
}
