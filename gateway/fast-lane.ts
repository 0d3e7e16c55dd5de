// fast-lane.ts: the Worker for answers at once of a gateway's process: loaded and started behind it, so that the API is up before;
// until then, and where it can't start, other workers answer.

import type { Environment } from '../settings/variables.ts';
import type { Store } from '../store/store.ts';
import type { ProcessLog } from '../telemetry/process-log.ts';
import type { FastLane } from '../worker/fast-lane.ts';

/** @param begin what the lane waits for before it costs anything. */
export function laneBehind(
  { env, store, log }: { env: Environment; store: Store; log: ProcessLog },
  begin: Promise<void>,
): FastLane {
  let lane: FastLane | undefined;
  let closing = false;
  const listeners = new Set<Parameters<FastLane['hear']>[0]>();
  const opening = begin.then(async () => {
    if (closing) return;
    try {
      // Models, tools and the SDK's Worker are of no use to a gateway without a lane.
      const { configuredLane } = await import('../worker/configured-lane.ts');
      lane = await configuredLane({ env, store, log });
      lane.hear((taskId, text) => listeners.forEach((hear) => hear(taskId, text)));
      log.info('answers at once are made here');
    } catch (error) {
      log.info(
        `no answer is made at once here, other workers do: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  });
  return {
    load: () => lane?.load(),
    take: () => lane?.take(),
    hear(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    textOf: (taskId) => lane?.textOf(taskId),
    async close() {
      closing = true;
      await opening;
      await lane?.close();
    },
  };
}
