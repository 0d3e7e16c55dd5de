// kept-route.ts: the verdict that chose a task's path, as the store keeps it: in the first event.

import type { Route } from '../protocol/path.ts';
import type { Store } from '../store/store.ts';

export async function keptRoute(store: Store | undefined, taskId: string): Promise<Route | undefined> {
  const first = (await store?.readEvents(taskId))?.find(({ type }) => type === 'task.accepted');
  return first?.type === 'task.accepted' ? first.route : undefined;
}
