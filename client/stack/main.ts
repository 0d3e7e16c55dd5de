// main.ts: the supervisor as a process of its own, started by control.ts.

import { clientConfig } from '../config.ts';
import { SettingsRefusedError } from './settings-refused.ts';
import { stackSays } from './stack-log.ts';
import type { StackOptions } from './start-all.ts';
import { USAGE } from './supervised.ts';
import { runStack } from './supervisor.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as Omit<StackOptions, 'say' | 'isInBackground'>;
const say = stackSays(options.home, clientConfig().environment);

process.exitCode = await runStack({ ...options, isInBackground: true, say }).catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  return error instanceof SettingsRefusedError ? USAGE : 1;
});
process.exit();
