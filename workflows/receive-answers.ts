// receive-answers.ts: the Signal `answer`: what somebody outside says to a tool call that waits for it.
// An answer may come before the master knows that anybody waits; the first one for a handle counts.

import { defineSignal, setHandler } from '@temporalio/workflow';
import type { HandleAnswer } from '../protocol/activities.ts';
import { SIGNALS } from '../protocol/names.ts';
import type { MasterState } from './state.ts';

/** Answers kept: a master waits for a few, and strangers must not fill it. */
const MAX_ANSWERS = 1_000;

export function receiveAnswers(state: MasterState): void {
  setHandler(
    defineSignal<[Partial<HandleAnswer> | null | undefined]>(SIGNALS.answer),
    (answer) => {
      const { answers } = state;
      // Anybody may send a Signal, also from the Web UI: what is no answer must not fail the Workflow Task.
      if (typeof answer?.handle !== 'string' || typeof answer.content !== 'string') return;
      if (Object.hasOwn(answers, answer.handle) || Object.keys(answers).length >= MAX_ANSWERS) return;
      answers[answer.handle] = { handle: answer.handle, ok: answer.ok !== false, content: answer.content };
    },
    { description: 'The answer to a tool call that waits for one: {handle, ok, content}. The first one counts.' },
  );
}
