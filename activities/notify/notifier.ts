// notifier.ts: what a notifier is: one way to tell somebody of a task. Built-in ones and those of extensions are the same
// kind of value; when to try again, and when to give up, is not theirs to decide.

import { z } from 'zod';
import type { Receipt } from '../../protocol/background.ts';
import type { NotifyEvent } from '../../protocol/notify.ts';
import { aFunction, aName, checkDefinition } from '../../protocol/schemas/definition.ts';

/** What one receiver is told. The same on every try: what it is made of lies in the store. */
export interface NotifyMessage {
  /** `msg_…`, the same on every try: whoever can should use it to know a repeat. */
  readonly id: string;
  readonly event: NotifyEvent;
  readonly taskId: string;
  /** One line for people, at most 120 characters: `Done: Compare the retry policies`. */
  readonly title: string;
  /** For people, Markdown, at most 8,000 characters: answer or failure, and where the rest is. */
  readonly text: string;
  /** Where the task is, when the deployment has an address. */
  readonly url?: string;
  /** For programs: JSON of `{ type, timestamp, data }`, less than 20 kB (docs/notify.md). */
  readonly body: string;
}

export interface NotifyContext {
  /** The receiver's address, as the request names it. Untrusted: whoever may start a task wrote it. */
  to: string;
  /** The key that the request names. */
  key?: string | undefined;
  /** Whose task it is; undefined when the task is no more known. */
  tenant?: string | undefined;
  /** What the config file says under `notifiers` for this name; `{}` when it says nothing. */
  settings: Readonly<Record<string, unknown>>;
  /** For receivers over HTTP: which span of which trace the delivery is. Absent where nobody traces. */
  headers?: Readonly<Record<string, string>>;
  /** Aborts when the time is over, and when the worker stops. */
  signal: AbortSignal;
}

/** A receipt as a notifier gives it: when it was delivered is added. */
export type Sent = Exclude<Receipt, { status: 'delivered' }> | { status: 'delivered'; code?: number };

export interface Notifier {
  /** What a request calls it: the `kind` of a receiver. */
  readonly name: string;
  /** Seconds that one try may take, at most 60. Default: 15. */
  readonly timeoutSeconds?: number;
  /**
   * Tries once to tell the receiver. **Contract:** one try, no waiting for a better time: that is the task's business,
   * which tries again for days after `retry`, never after `refused`, and tells the receiver nothing more after `disabled`.
   * May run again with the same `message.id` after a crash, also when the receiver was told. May throw, which is
   * `retry` with the error's message as its reason. Reasons are kept and shown: no secret in them. Must stop soon after
   * `signal` aborts. Must judge `to` before it sends anything there.
   */
  deliver(message: NotifyMessage, context: NotifyContext): Promise<Sent>;
}

const notifierShape = z.strictObject({
  name: aName(/^[A-Za-z0-9._-]{1,64}$/, 'a notifier: letters, digits, dots, _ and - only, at most 64'),
  timeoutSeconds: z.number().positive().max(60).optional(),
  deliver: aFunction,
});

/**
 * Defines a notifier; a plain value, registered nowhere.
 * @throws DefinitionError with all that is wrong.
 */
export function defineNotifier(notifier: Notifier): Notifier {
  checkDefinition('a notifier', notifier, notifierShape);
  return notifier;
}
