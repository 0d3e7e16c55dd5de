// stack-log.ts: what a supervisor in the background says, as lines of the log of its home.

import { logLine } from '../../protocol/log-line.ts';
import { hiding, secretsOf } from '../../protocol/secrets.ts';
import type { Environment } from '../../settings/variables.ts';
import { BoundedFile } from './bounded-file.ts';
import { stackLog } from './stack-end.ts';

/** Without the logger of worker and gateway, which costs a start its loading. */
export function stackSays(home: string, env: Environment): (line: string) => void {
  const file = new BoundedFile(stackLog(home));
  const hide = hiding(secretsOf(env));
  return (message) => file.write(`${logLine('stack', message, hide)}\n`);
}
