// until-ended.ts: how a background child learns that its task has ended: by a Signal, or, where its master was terminated and
// could send none, by looking, ever more seldom. The SDK's pieces are ports, so it is tested without a server.

import type { TaskEnd } from '../protocol/background.ts';

export interface EndPorts {
  /** Waits so long for the end to be known; true once it is, or was before. */
  isKnown(withinMs: number): Promise<boolean>;
  /** How the task ended; undefined while it runs. */
  look(): Promise<TaskEnd | undefined>;
  /** Makes it known. */
  end(found: TaskEnd): void;
}

const FIRST_MS = 60_000;
const MOST_MS = 60 * FIRST_MS;

/** Returns once the end is known. */
export async function untilEnded(ports: EndPorts): Promise<void> {
  for (let pause = FIRST_MS; ; pause = Math.min(MOST_MS, pause * 2)) {
    // Asked also when it was found: it counts as a timer, and histories are replayed by the numbers of these.
    if (await ports.isKnown(pause)) return;
    const found = await ports.look();
    if (found) ports.end(found);
  }
}
