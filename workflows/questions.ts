// questions.ts: what a life waits for from outside: replies to its tool calls, of which some are questions to a person. A
// question is open until its reply or its time, when its default is taken; that is an event. Waiting holds no worker.

import { condition } from '@temporalio/workflow';
import { askOf } from '../protocol/ask.ts';
import type { Handle } from '../protocol/outcome.ts';
import type { Emit } from './state/journal.ts';
import {
  closeQuestion,
  expectReply,
  hasReply,
  keepReply,
  openQuestion,
  unfitReply,
  type Mailbox,
} from './state/mailbox.ts';
import type { Life } from './state/tree.ts';

/** Characters of a reply in an event: whoever replied knows it, and the sub-agent has it whole. */
const MAX_SHOWN_CHARS = 200;

/** Whether all that is waited for is questions. */
export const areQuestions = (handles: readonly Handle[]): boolean => handles.every(({ ask }) => askOf(ask));

/** Until each handle has its reply or its time is over; the replies are there for the life's next visit. */
export async function waitForReplies(
  mailbox: Mailbox,
  emit: Emit,
  subtask: string,
  life: Life,
  handles: readonly Handle[],
): Promise<void> {
  const { generation } = life;
  for (const { handle, until, ask } of handles) {
    expectReply(mailbox, handle);
    const asked = askOf(ask);
    if (!asked) continue;
    openQuestion(mailbox, { subtask, generation, handle, until, ...asked });
    refuseUnfit(mailbox, emit, handle);
  }
  try {
    await Promise.all(
      handles.map(({ handle, until, ask }) =>
        condition(() => hasReply(mailbox, handle), Math.max(1, until - Date.now()), {
          summary: `${subtask} waits for ${ask ? 'a person' : 'a reply from outside'}`,
        }),
      ),
    );
    for (const { handle } of handles) settle(mailbox, emit, handle);
  } finally {
    for (const { handle } of handles) closeQuestion(mailbox, handle);
  }
  const replies = handles.flatMap(({ handle }) => mailbox.replies[handle] ?? []);
  life.replies = [...(life.replies ?? []), ...replies];
}

/** A reply that is none of the question's choices, also one that came before the question was known. */
export function refuseUnfit(mailbox: Mailbox, emit: Emit, handle: string): void {
  const unfit = unfitReply(mailbox, handle);
  if (!unfit) return;
  const { subtask, generation, reason, by } = unfit;
  emit({ type: 'reply.refused', subtask, generation, handle, reason, ...(by ? { by } : {}) });
}

/** Takes the default of a question that nobody replied to, and says what it is settled with. */
function settle(mailbox: Mailbox, emit: Emit, handle: string): void {
  const question = mailbox.questions[handle];
  if (!question) return;
  const { subtask, generation, default: otherwise } = question;
  const named = { subtask, generation, handle };
  const reply = mailbox.replies[handle];
  if (reply) {
    const { content, by } = reply;
    const shown = content.slice(0, MAX_SHOWN_CHARS);
    emit({ type: 'subtask.replied', ...named, from: 'person', reply: shown, ...(by ? { by } : {}) });
    return;
  }
  // A reply that comes after this counts no more: the first one does, and this is it.
  keepReply(mailbox, {
    handle,
    ok: otherwise !== undefined,
    content: otherwise ?? 'nobody replied in time',
    isDefault: true,
  });
  const shown = otherwise?.slice(0, MAX_SHOWN_CHARS);
  emit({
    type: 'subtask.replied',
    ...named,
    ...(shown === undefined ? { from: 'nobody' } : { from: 'default', reply: shown }),
  });
}
