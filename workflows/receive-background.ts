// receive-background.ts: the Signals of a background child: its master ended, was demoted or came on, a person wants something once more.

import { defineSignal, setHandler } from '@temporalio/workflow';
import { isTaskEnd, type ProgressTold, type Redeliver, type TaskEnd } from '../protocol/background.ts';
import { BACKGROUND_SIGNALS } from '../protocol/names.ts';

export interface BackgroundInbox {
  ended(end: TaskEnd): void;
  /** @param at when it was, ms since the epoch. */
  demoted(at: number): void;
  progress(told: ProgressTold & { at: number }): void;
  redeliver(asked: Redeliver): void;
}

/** Anybody may send a Signal: what has not its shape must not fail the Workflow Task. */
export function receiveBackground(inbox: BackgroundInbox): void {
  const receive = (name: string, description: string, take: (payload: Record<string, unknown>) => void): void =>
    setHandler(
      defineSignal<[unknown]>(name),
      (payload) => {
        if (payload !== null && typeof payload === 'object') take(payload as Record<string, unknown>);
      },
      { description },
    );

  receive(BACKGROUND_SIGNALS.ended, 'How the task ended; sent by its master.', (payload) => {
    if (isTaskEnd(payload)) inbox.ended(payload);
  });
  receive(
    BACKGROUND_SIGNALS.demoted,
    'The task takes longer than an answer at once: {at}; sent by its master.',
    ({ at }) => {
      if (Number.isFinite(at)) inbox.demoted(at as number);
    },
  );
  receive(
    BACKGROUND_SIGNALS.progress,
    'How far the task is: {percent, done, of, at}; sent by its master.',
    (payload) => {
      const { percent, done, of, at } = payload;
      if ([percent, done, of, at].every(Number.isFinite))
        inbox.progress({ percent, done, of, at } as ProgressTold & { at: number });
    },
  );
  receive(
    BACKGROUND_SIGNALS.redeliver,
    'Sends once more what was given up, and does failed background subtasks again: {ids}; {} for all.',
    ({ ids }) => {
      if (ids === undefined) inbox.redeliver({});
      else if (Array.isArray(ids)) inbox.redeliver({ ids: ids.filter((id): id is string => typeof id === 'string') });
    },
  );
}
