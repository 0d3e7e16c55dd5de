// sweep.ts: removes from the store what is over, and notes in it which tasks were terminated, at the start of a worker and then
// once an hour. Any number of workers may do so at once. Decides nothing about what is over: that is the store.

import type { Expired, Store } from '../store/store.ts';
import { countedStore } from './counted-store.ts';
import { noteTerminated, type Temporal } from './terminated-tasks.ts';

const HOUR_MS = 3_600_000;

/**
 * Sweeps the store now and once an hour, until stopped. Call it when the worker is ready; it keeps no process alive.
 *
 * @param say told in one line what was removed, or why nothing could be. Silent when there was nothing to remove.
 * @param temporal where tasks may have been terminated, which the history of their class notes. Default: none are looked for.
 */
export function startSweeping(
  store: Store,
  say: (line: string) => void,
  temporal?: Temporal,
): { stop(): Promise<void> } {
  let sweeping = Promise.resolve();
  let since = 0;
  const note = async (to: Temporal): Promise<void> => {
    const began = Date.now();
    await noteTerminated(to, countedStore(store), since);
    // Temporal lists what closed a moment late.
    since = began - HOUR_MS;
  };
  const sweep = (): void => {
    // One after the other, should one ever take longer than an hour.
    sweeping = sweeping.then(async () => {
      try {
        const line = removedLine(await store.expire(Date.now()));
        if (line !== undefined) say(line);
      } catch (error) {
        say(`the store could not be swept, which is tried again in an hour: ${messageOf(error)}`);
      }
      // Only figures hang on it, and the next hour tries again.
      if (temporal) await note(temporal).catch(() => undefined);
    });
  };
  const timer = setInterval(sweep, HOUR_MS).unref();
  sweep();
  return {
    stop: async () => {
      clearInterval(timer);
      await sweeping;
    },
  };
}

function removedLine({ tasks, strayLogs, corpora, blobs }: Expired): string | undefined {
  const counts = [
    [tasks, 'task', 'tasks'],
    [strayLogs, 'stray log', 'stray logs'],
    [corpora, 'corpus', 'corpora'],
    [blobs, 'blob', 'blobs'],
  ] as const;
  const named = counts.flatMap(([count, one, many]) => (count > 0 ? [`${count} ${count === 1 ? one : many}`] : []));
  return named.length > 0 ? `removed from the store what is over: ${named.join(', ')}` : undefined;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
