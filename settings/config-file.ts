// config-file.ts: reads the file that MUSTER_CONFIG names, for workers, clients and gateways alike: what one takes the others
// take, and what can't be read is told in the same words. What stands in it is judged elsewhere.

import { readFileSync } from 'node:fs';

/** Its parsed contents; or why there are none, in a sentence that names the setting. */
export function readConfigValue(path: string): { value: unknown } | { problem: string } {
  try {
    // Editors on Windows begin it with a byte order mark.
    return { value: JSON.parse(readFileSync(path, 'utf8').replace(/^\ufeff/, '')) };
  } catch (error) {
    return { problem: `MUSTER_CONFIG names ${path}, ${reasonOf(error)}` };
  }
}

function reasonOf(error: unknown): string {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'and there is no such file';
  const words = error instanceof Error ? error.message : String(error);
  return error instanceof SyntaxError ? `which is no JSON: ${words}` : `which can't be read: ${words}`;
}
