// commands-to-all.ts: the one list of what all sub-agents of a task are told, watched once a process and task, however many of
// them are at work here. One that begins later hears all of it.

import { TO_ALL, type SubAgentCommand } from '../../protocol/commands.ts';
import type { Store } from '../../store/store.ts';

interface Shared {
  heard: SubAgentCommand[];
  listeners: Set<(command: SubAgentCommand) => void>;
  /** Who listens, or is about to. */
  users: number;
  watch: Promise<{ close(): Promise<void> }>;
}

const watched = new WeakMap<Store, Map<string, Shared>>();

/** Calls back with each command after the first `after` ones, those there are already before it returns. @throws StoreError */
export async function listenToAll(
  store: Store,
  run: string,
  after: number,
  onCommand: (command: SubAgentCommand) => void,
): Promise<{ close(): Promise<void> }> {
  const tasks = watched.get(store) ?? new Map<string, Shared>();
  watched.set(store, tasks);
  const shared = tasks.get(run) ?? startWatching(store, run);
  tasks.set(run, shared);
  shared.users += 1;
  const leave = async (): Promise<void> => {
    shared.listeners.delete(onCommand);
    shared.users -= 1;
    if (shared.users > 0) return;
    if (tasks.get(run) === shared) tasks.delete(run);
    await (await shared.watch).close();
  };
  try {
    await shared.watch;
  } catch (error) {
    // The next one tries again.
    if (tasks.get(run) === shared) tasks.delete(run);
    throw error;
  }
  for (const command of shared.heard.slice(after)) onCommand(command);
  shared.listeners.add(onCommand);
  return { close: leave };
}

function startWatching(store: Store, run: string): Shared {
  const heard: SubAgentCommand[] = [];
  const listeners = new Set<(command: SubAgentCommand) => void>();
  const watch = store.watchCommands({ run, subtask: TO_ALL, generation: 1 }, 0, (command) => {
    heard.push(command as SubAgentCommand);
    for (const listener of listeners) listener(command as SubAgentCommand);
  });
  watch.catch(() => undefined);
  return { heard, listeners, users: 0, watch };
}
