// mailbox.ts: what came from outside: replies to tool calls that wait, and which reports were seen. A reply may come before
// anybody waits for it; the first one for a handle counts.

import type { Reply } from '../../protocol/activities.ts';
import type { SeenReports } from '../../protocol/reports.ts';

export interface Mailbox {
  /** Replies by handle. */
  replies: Record<string, Reply>;
  /** Handles that somebody waits or waited for. */
  awaited: Record<string, true>;
  /** Replies that nobody waits for, yet. */
  early: number;
  seen: SeenReports;
}

export const newMailbox = (): Mailbox => ({ replies: {}, awaited: {}, early: 0, seen: {} });

/** Replies kept that nobody waits for: one may come early, but strangers must not fill a master. */
const MAX_EARLY_REPLIES = 1_000;

/** Keeps a reply. One that is waited for is never turned away. */
export function keepReply(mailbox: Mailbox, reply: Reply): void {
  const { handle } = reply;
  if (hasReply(mailbox, handle)) return;
  if (!Object.hasOwn(mailbox.awaited, handle)) {
    if (mailbox.early >= MAX_EARLY_REPLIES) return;
    mailbox.early += 1;
  }
  mailbox.replies[handle] = reply;
}

export function expectReply(mailbox: Mailbox, handle: string): void {
  if (Object.hasOwn(mailbox.awaited, handle)) return;
  mailbox.awaited[handle] = true;
  if (hasReply(mailbox, handle)) mailbox.early -= 1;
}

export const hasReply = ({ replies }: Mailbox, handle: string): boolean => Object.hasOwn(replies, handle);
