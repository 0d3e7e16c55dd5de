// mailbox.ts: what came from outside: replies to tool calls that wait, which of these are questions to a person, and which
// reports were seen. A reply may come before anybody waits for it; the first one for a handle counts.

import type { Reply } from '../../protocol/activities.ts';
import { replyProblem, replyTo, type OpenQuestion } from '../../protocol/ask.ts';
import type { FindingDigest } from '../../protocol/findings.ts';
import type { SeenReports } from '../../protocol/reports.ts';

export interface Mailbox {
  /** Replies by handle. */
  replies: Record<string, Reply>;
  /** Handles that somebody waits or waited for. */
  awaited: Record<string, true>;
  /** Replies that nobody waits for, yet. */
  early: number;
  /** Questions that wait for a person, by handle. */
  questions: Record<string, OpenQuestion>;
  /** Replies that were none of their question's choices. */
  unfit: number;
  seen: SeenReports;
  /** What sub-agents have shared; absent before the first. */
  board?: FindingDigest[];
}

export const newMailbox = (): Mailbox => ({ replies: {}, awaited: {}, early: 0, questions: {}, unfit: 0, seen: {} });

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

export function openQuestion(mailbox: Mailbox, question: OpenQuestion): void {
  mailbox.questions[question.handle] = question;
}

export function closeQuestion(mailbox: Mailbox, handle: string): void {
  if (Object.hasOwn(mailbox.questions, handle)) delete mailbox.questions[handle];
}

/** Replies told of that fit no question: whoever sends one after the other must not fill the journal. */
const MAX_UNFIT_TOLD = 20;

/**
 * Takes a reply back that is none of its question's choices, and brings the others into the choice's own words.
 * @returns what to say of it; undefined when it fits, or enough was said.
 */
export function unfitReply(
  mailbox: Mailbox,
  handle: string,
): (Pick<OpenQuestion, 'subtask' | 'generation'> & { reason: string; by?: Reply['by'] }) | undefined {
  const reply = hasReply(mailbox, handle) ? mailbox.replies[handle] : undefined;
  const question = Object.hasOwn(mailbox.questions, handle) ? mailbox.questions[handle] : undefined;
  // That a person can't say is an answer to any question.
  if (!reply || !question || !reply.ok) return undefined;
  const content = replyTo(question, reply.content);
  if (content !== undefined) {
    mailbox.replies[handle] = { ...reply, content };
    return undefined;
  }
  delete mailbox.replies[handle];
  mailbox.unfit += 1;
  if (mailbox.unfit > MAX_UNFIT_TOLD) return undefined;
  const { subtask, generation } = question;
  const reason = replyProblem(question, reply.content) ?? '';
  return { subtask, generation, reason, ...(reply.by ? { by: reply.by } : {}) };
}
