// interrupts.ts: what Ctrl-C means while a task is followed: the first leaves after 2 s, a second within them cancels; and what it
// means where nothing is followed yet.

import { EXIT } from './terminal/exit-codes.ts';
import type { Io } from './terminal/io.ts';

const LEAVE_AFTER_MS = 2_000;
/** npm hands on the Ctrl-C that the terminal already gave: two within this time are one. */
const SAME_PRESS_MS = 250;

export interface InterruptHandlers {
  /** Says how to come back. */
  first(): void;
  /** Asks for cancellation; the caller goes on following. */
  second(): void;
  /** Ends the following now. */
  leave(): void;
}

export function onInterrupt(handlers: InterruptHandlers): { off(): void } {
  let presses = 0;
  let last = -Infinity;
  let leaving: NodeJS.Timeout | undefined;
  const press = (): void => {
    const now = performance.now();
    if (now - last < SAME_PRESS_MS) return;
    last = now;
    presses += 1;
    clearTimeout(leaving);
    if (presses === 1) {
      handlers.first();
      leaving = setTimeout(() => handlers.leave(), LEAVE_AFTER_MS);
    } else if (presses === 2) {
      handlers.second();
    } else {
      handlers.leave();
    }
  };
  const leave = (): void => handlers.leave();
  process.on('SIGINT', press);
  process.on('SIGTERM', leave);
  process.on('SIGHUP', leave);
  return {
    off() {
      clearTimeout(leaving);
      process.off('SIGINT', press);
      process.off('SIGTERM', leave);
      process.off('SIGHUP', leave);
    },
  };
}

/** Does what nobody follows; who interrupts it is told what becomes of it, and the command ends. */
export async function tellingOfInterrupts<T>(io: Io, told: () => string, work: () => Promise<T>): Promise<T> {
  const interrupted = (): void => {
    io.freshLine();
    io.say(`muster: interrupted${told()}`);
    process.exit(EXIT.interrupted);
  };
  process.on('SIGINT', interrupted);
  try {
    return await work();
  } finally {
    process.off('SIGINT', interrupted);
  }
}
