// loaded-modules.ts: which packages a process of the CLI has loaded by its end, told by Node itself.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyFolder } from './support.ts';

/** Variables that let a process of Node write down what it loaded, and the reader of that. */
export function moduleTrace(): {
  env: Record<string, string>;
  temporal: () => string[];
  /** True when it loaded the logger of worker and gateway. */
  logger: () => boolean;
} {
  const folder = emptyFolder();
  const file = join(folder, 'loaded');
  const hook = join(folder, 'trace.cjs');
  writeFileSync(
    hook,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(file)}, Object.keys(require.cache).join('\\n')));`,
  );
  return {
    env: { NODE_OPTIONS: `--require=${hook}` },
    logger: () => readFileSync(file, 'utf8').includes('node_modules/pino/'),
    temporal: () => [
      ...new Set(readFileSync(file, 'utf8').match(/@temporalio\/(?:client|common|proto|worker|workflow|activity)\b/g)),
    ],
  };
}
