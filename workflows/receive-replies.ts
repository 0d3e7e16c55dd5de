// receive-replies.ts: the Signal `answer` (a name in histories): a reply from outside to a tool call that waits for it.

import { defineSignal, setHandler } from '@temporalio/workflow';
import type { Reply } from '../protocol/activities.ts';
import { SIGNALS } from '../protocol/names.ts';
import { senderOf } from '../protocol/task-commands.ts';
import { refuseUnfit } from './questions.ts';
import type { Emit } from './state/journal.ts';
import { keepReply, type Mailbox } from './state/mailbox.ts';

export function receiveReplies(mailbox: Mailbox, emit: Emit): void {
  setHandler(
    defineSignal<[Partial<Reply> | null | undefined]>(SIGNALS.answer),
    (reply) => {
      // Anybody may send a Signal, also from the Web UI: what is no reply must not fail the Workflow Task.
      if (typeof reply?.handle !== 'string' || typeof reply.content !== 'string') return;
      const { handle, ok, content } = reply;
      const by = senderOf(reply.by);
      keepReply(mailbox, { handle, ok: ok !== false, content, ...(by ? { by } : {}) });
      refuseUnfit(mailbox, emit, handle);
    },
    {
      description:
        'The reply to a tool call that waits for one: {handle, ok, content}. The first one that fits counts.',
    },
  );
}
