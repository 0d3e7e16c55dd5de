// tell-notify.ts: `muster doctor --notify`: whether receivers of notifications can be told, a line each. Sends none.

import { checkNotify } from '../check-notify.ts';
import type { WorkerConfig } from '../config.ts';
import type { Telling } from './tell-models.ts';

/** True when each of them can. */
export async function tellNotify(
  { notify, extensions }: WorkerConfig,
  { isJson, signal, say }: Telling,
): Promise<boolean> {
  const own = extensions.flatMap(({ notifiers = [] }) => notifiers.map(({ name }) => name));
  const checks = await checkNotify(notify, own, signal);
  for (const one of checks) {
    const { what, works, words } = one;
    process.stdout.write(isJson ? `${JSON.stringify(one)}\n` : `${works ? 'ok' : 'no'}  ${what}: ${words}\n`);
  }
  if (checks.length === 0) say('nobody can be told of tasks: docs/notify.md says what to put into the config file');
  return checks.every(({ works }) => works);
}
