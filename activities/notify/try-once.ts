// try-once.ts: one try of a notifier, within its time and with a receipt whatever it does.

import type { Receipt } from '../../protocol/background.ts';
import { withoutAddress } from '../../protocol/shown-address.ts';
import type { NotifyContext, NotifyMessage, Notifier, Sent } from './notifier.ts';

const TIMEOUT_SECONDS = 15;
/** For one that does not heed its signal. */
const GRACE_MS = 1_000;
const MAX_REASON_CHARS = 300;

/** @throws the signal's reason once it is aborted: that is no ending of the try. */
export async function tryOnce(notifier: Notifier, message: NotifyMessage, context: NotifyContext): Promise<Receipt> {
  const { signal } = context;
  const seconds = notifier.timeoutSeconds ?? TIMEOUT_SECONDS;
  // Held by its timer: a signal of AbortSignal.timeout that nobody holds may be collected, and then never fires.
  const late = new AbortController();
  const timers = [setTimeout(() => late.abort(new Error('too late')), seconds * 1_000)];
  const within = AbortSignal.any([signal, late.signal]);
  try {
    const sent = await Promise.race([
      notifier.deliver(message, { ...context, signal: within }),
      new Promise<never>((_resolve, reject) => {
        within.addEventListener('abort', () => {
          timers.push(setTimeout(() => reject(new Error('it does not stop')), GRACE_MS));
        });
      }),
    ]);
    return receiptOf(sent, notifier.name, context.to);
  } catch (error) {
    signal.throwIfAborted();
    if (late.signal.aborted) return { status: 'retry', reason: `nothing was answered within ${seconds} s` };
    return { status: 'retry', reason: said(error instanceof Error ? error.message : String(error), context.to) };
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

/** Held to the shape: in plain JavaScript nothing else does, and it goes into a history. */
function receiptOf(sent: Sent, name: string, to: string): Receipt {
  const { status, code, reason, afterSeconds } = (sent ?? {}) as Record<string, unknown>;
  if (status === 'delivered') return { status, ...(typeof code === 'number' ? { code } : {}), at: Date.now() };
  const why = said(typeof reason === 'string' && reason !== '' ? reason : 'no reason was given', to);
  if (status === 'refused' || status === 'disabled') return { status, reason: why };
  if (status !== 'retry') return { status: 'refused', reason: `the notifier "${name}" gave no receipt` };
  const isPause = typeof afterSeconds === 'number' && Number.isFinite(afterSeconds) && afterSeconds >= 0;
  return { status, reason: why, ...(isPause ? { afterSeconds } : {}) };
}

/** What a notifier said, without what is not shown of the address: it goes into events, logs and histories. */
function said(reason: string, to: string): string {
  const text = withoutAddress(reason, to);
  return text.length > MAX_REASON_CHARS ? `${text.slice(0, MAX_REASON_CHARS - 1)}…` : text;
}
