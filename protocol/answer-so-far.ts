// answer-so-far.ts: the best answer from what a task has by now, for who can't wait: what is asked, and what comes back. It is
// never the task's own answer.

import type { Answer } from './answer.ts';
import type { Coverage } from './coverage.ts';
import type { Stage, SubtaskProgress } from './progress.ts';
import type { TaskResult } from './result.ts';
import { senderOf, type Sender } from './task-commands.ts';
import { textMark } from './text-mark.ts';
import type { Usage } from './usage.ts';

/** Argument of the Update `answerSoFar`. */
export interface AnswerSoFarAsk {
  v: 1;
  /** The same id twice is asking once; of a command, or of an ask that differs in `stop`, it is refused. */
  id: string;
  at: number;
  by: Sender;
  /** The task ends there: its own answer is written from what is there, as the command `answerNow` has it. */
  stop?: true;
}

/** A subtask that has not ended. */
export interface OpenSubtask {
  subtask: string;
  title: string;
  state: SubtaskProgress['state'];
  /** Of these the answer has all that were reported. */
  findings: number;
}

/** What a running task has to say by now. */
export interface AnswerSoFar {
  taskId: string;
  goal: string;
  stage: Stage;
  /** Not verified and in no schema. Without a section where nothing is found yet: then no model was asked. */
  answer: Answer;
  /** Of what has ended alone. */
  coverage: Coverage;
  /** What may still add to it, in the order of the plan. */
  open: OpenSubtask[];
  /** Which of the task's answers so far this is, from 1; 0 where nothing is found yet. The same findings have the same one. */
  round: number;
  /** False when it was written for somebody before: it cost nothing. */
  isNew: boolean;
  /** What it cost; absent where it cost nothing. */
  usage?: Usage;
  /** What a model has written of an answer at once: its marks are numbers of passages, and nothing in it is checked. */
  text?: string;
}

/** What asking brings: the answer of a task that goes on, or the result of one that has its own, or ends now. */
export type AskedSoFar = ({ isFinal: false } & AnswerSoFar) | { isFinal: true; result: TaskResult };

/**
 * Result of the Update. `isFinal`: the task's own answer is there, is written just now, or nothing is written any more: its result
 * says more. An answer too large to travel is only in the store.
 */
export type AnswerSoFarReply =
  | { isFinal: true; effect?: string }
  | ({ isFinal: false; run: string; answerRef?: string } & Omit<AnswerSoFar, 'answer'> &
      Partial<Pick<AnswerSoFar, 'answer'>>);

/** Tells an ask from a command of the same id. */
export const SO_FAR_MARK = textMark('answerSoFar');

/** Whether a payload has the shape of an ask: anybody may send one, and it must not fail the Workflow Task. */
export function isAnswerSoFarAsk(payload: unknown): payload is AnswerSoFarAsk {
  const one = (payload ?? {}) as { [K in keyof AnswerSoFarAsk]?: unknown };
  return (
    one.v === 1 &&
    typeof one.id === 'string' &&
    one.id.length > 0 &&
    one.id.length <= 100 &&
    Number.isFinite(one.at) &&
    (one.stop === undefined || one.stop === true) &&
    senderOf(one.by) !== undefined
  );
}
