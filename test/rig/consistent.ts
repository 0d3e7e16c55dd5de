// consistent.ts: what `muster doctor --consistency` finds of a deployment's closed tasks: for soaks, when all is over.

import { temporalSettings } from '../../settings/temporal-settings.ts';
import type { Store } from '../../store/store.ts';
import { lookAtTasks } from '../../worker/doctor/consistency/look-at-tasks.ts';
import { openServer } from '../../worker/doctor/server.ts';
import { serverAddress } from './deployment.ts';

/** What does not agree, in sentences; empty when all does. @param last how many tasks. */
export async function differencesIn(store: Store, last = 1_000): Promise<string[]> {
  const found: string[] = [];
  const server = await openServer(temporalSettings({ TEMPORAL_ADDRESS: serverAddress() }));
  try {
    const { looked } = await lookAtTasks({ server, store }, last, ({ task, what, words }) => {
      found.push(`${task}: ${what}: ${words}`);
    });
    return looked === 0 ? ['no closed task was found'] : found;
  } finally {
    await server.connection.close();
  }
}
