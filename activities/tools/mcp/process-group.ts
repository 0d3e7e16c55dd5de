// process-group.ts: a process and all that it starts, as one group that is ended as a whole: a server behind `sh -c`, npx or
// uvx is a grandchild that no signal to its wrapper reaches. A watcher ends the group when this worker is killed itself.

import { spawn, type ChildProcess } from 'node:child_process';

/** After its input was closed, the same when the worker ends and people wait for that, and after SIGTERM. */
const CLOSING_MS = 2_000;
const CLOSING_SOON_MS = 200;
const ENDING_MS = 1_000;
/** Nothing can refuse SIGKILL; what still is in the table of processes is one that nobody asked after. */
const KILLED_MS = 200;
const POLL_MS = 20;
const HAS_GROUPS = process.platform !== 'win32';

/** Options of `spawn` that make the process the leader of a group of its own. */
export const OWN_GROUP = { detached: HAS_GROUPS, windowsHide: true };

/** Waits on its input, which ends with the worker however that dies; the number of the group is its `$0`. */
const WATCH = 'read x; sleep 1; kill -s TERM -- -$0; sleep 1; kill -s KILL -- -$0';

/** @returns a function that ends the watch. Where there is no `sh`, nothing watches. */
export function endWithWorker(leader: number): () => void {
  if (!HAS_GROUPS) return () => undefined;
  const watcher = spawn('sh', ['-c', WATCH, String(leader)], { stdio: ['pipe', 'ignore', 'ignore'], ...OWN_GROUP });
  watcher.on('error', () => undefined);
  watcher.stdin.on('error', () => undefined);
  watcher.unref();
  // It is a pipe, and would keep the worker alive.
  (watcher.stdin as unknown as { unref?(): void }).unref?.();
  return () => void watcher.kill('SIGKILL');
}

/**
 * Ends the group of a process whose input was closed: what is left of it after a while is told to end, then killed.
 * @param soon aborts when that while is to be short, also in the middle of it.
 */
export async function endGroup(leader: ChildProcess, soon: AbortSignal): Promise<void> {
  const { pid } = leader;
  if (pid === undefined || (await isGone(leader, pid, () => (soon.aborted ? CLOSING_SOON_MS : CLOSING_MS)))) return;
  signal(leader, pid, 'SIGTERM');
  if (await isGone(leader, pid, () => ENDING_MS)) return;
  signal(leader, pid, 'SIGKILL');
  await isGone(leader, pid, () => KILLED_MS);
}

async function isGone(leader: ChildProcess, pid: number, withinMs: () => number): Promise<boolean> {
  const since = Date.now();
  while (lives(leader, pid)) {
    if (Date.now() - since >= withinMs()) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}

function lives(leader: ChildProcess, pid: number): boolean {
  if (leader.exitCode === null && leader.signalCode === null) return true;
  return HAS_GROUPS && signal(leader, pid, 0);
}

/** @returns false when there was nobody to take it. */
function signal(leader: ChildProcess, pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return HAS_GROUPS ? process.kill(-pid, name) : leader.kill(name);
  } catch {
    return false;
  }
}
