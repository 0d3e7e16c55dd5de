// receive-cancel.ts: the Signal `cancelling`: who cancels a task, and why. The cancel itself is Temporal's own and says neither; an
// event tells of both once it is there, and of neither where it never came.

import { defineSignal, setHandler } from '@temporalio/workflow';
import { SIGNALS } from '../protocol/names.ts';
import { senderOf, type Cancelling } from '../protocol/task-commands.ts';
import type { Emit } from './state/journal.ts';
import type { MasterState } from './state/state.ts';

const MOST_CHARS = 500;

/** The first one counts. Anybody may send a Signal: what has not its shape must not fail the Workflow Task. */
export function receiveCancel(state: MasterState): void {
  setHandler(
    defineSignal<[unknown]>(SIGNALS.cancelling),
    (payload) => {
      const { id, by: who, reason } = (payload ?? {}) as { [K in keyof Cancelling]?: unknown };
      const by = senderOf(who);
      if (state.cancelling || !by || typeof id !== 'string' || id.length > 100) return;
      state.cancelling = { id, by, ...(typeof reason === 'string' ? { reason: reason.slice(0, MOST_CHARS) } : {}) };
    },
    { description: 'Who is about to cancel the task, and why: {id, by, reason}. The cancel itself follows.' },
  );
}

/** The task is cancelled: tells who did it, where they said so. */
export function tellCancel({ cancelling }: MasterState, emit: Emit): void {
  if (!cancelling) return;
  const { id, by, reason } = cancelling;
  const why = reason === undefined ? '' : ` (${reason})`;
  emit({ type: 'command.applied', id, kind: 'cancel', by, effect: `the task ends; what it found stays${why}` });
}
