// notes.ts: what a user says behind the task, while it is worked on: it is searched for next, and counts with the question.

import { textOf, type ChatMessage } from '../../wire.ts';
import { isBoard } from './shared.ts';

export interface Note {
  text: string;
  /** Nothing was answered since. */
  isNew: boolean;
}

/** In the order in which they were said. What stands right behind an answer is about that answer, and no note. */
export function notesIn(after: readonly ChatMessage[]): Note[] {
  const lastAnswer = after.findLastIndex(({ role }) => role === 'assistant');
  return after.flatMap((message, at) => {
    const text = textOf(message).replace(/\s+/g, ' ').trim();
    if (message.role !== 'user' || text === '' || isBoard(message) || after[at - 1]?.role === 'assistant') return [];
    return [{ text, isNew: at > lastAnswer }];
  });
}
