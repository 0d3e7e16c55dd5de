// global-setup.ts: one real Temporal server for the whole run, in a home of its own, on free ports; or the one at
// MUSTER_TEST_ADDRESS, which is left running (`none`: no test of this run needs one). Refuses to test a stale build.

import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { builtProblem } from './built.ts';

const ROOT = resolve(__dirname, '../..');

export default function globalSetup(): void {
  const problem = builtProblem(ROOT);
  if (problem) throw new Error(problem);
  if (process.env.MUSTER_TEST_ADDRESS) {
    // Inherited from a run around this one, whose server it is.
    delete process.env.MUSTER_TEST_HOME;
    return;
  }
  const home = join(mkdtempSync(join(tmpdir(), 'muster-test-')), '.muster');
  const script = join(ROOT, 'temporal-dev.sh');
  // On a busy machine a server may get no time at all for a minute.
  const ports = { MUSTER_HOME: home, TEMPORAL_ADDRESS: '', MUSTER_TEMPORAL_PATIENCE: '240' };
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
