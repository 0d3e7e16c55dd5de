// renewals.ts: whether files are still renewed, judged by this process's own clock: other hosts' clocks may be wrong.

import { stat } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { codeOf } from './durable-files.ts';

/** Without a renewal for this long a holder counts as dead. */
const SILENCE_MS = 10_000;

export class Renewals {
  readonly #last = new Map<string, { stamp: number; at: number }>();

  /** Whether the file exists and was renewed lately, as far as this process has seen. */
  async isRecent(path: string): Promise<boolean> {
    let stamp: number;
    try {
      stamp = (await stat(path)).mtimeMs;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
    const now = performance.now();
    const known = this.#last.get(path);
    if (known?.stamp !== stamp) this.#last.set(path, { stamp, at: now });
    return known?.stamp !== stamp || now - known.at < SILENCE_MS;
  }
}
