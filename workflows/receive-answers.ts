// receive-answers.ts: the Signal `answer`: what somebody outside says to a tool call that waits for it.
// An answer may come before the master knows that anybody waits; the first one for a handle counts.

import { defineSignal, setHandler } from '@temporalio/workflow';
import type { HandleAnswer } from '../protocol/activities.ts';
import { SIGNALS } from '../protocol/names.ts';
import { takeAnswer, type MasterState } from './state.ts';

export function receiveAnswers(state: MasterState): void {
  setHandler(
    defineSignal<[Partial<HandleAnswer> | null | undefined]>(SIGNALS.answer),
    (answer) => {
      // Anybody may send a Signal, also from the Web UI: what is no answer must not fail the Workflow Task.
      if (typeof answer?.handle !== 'string' || typeof answer.content !== 'string') return;
      const { handle, ok, content } = answer;
      takeAnswer(state, { handle, ok: ok !== false, content });
    },
    { description: 'The answer to a tool call that waits for one: {handle, ok, content}. The first one counts.' },
  );
}
