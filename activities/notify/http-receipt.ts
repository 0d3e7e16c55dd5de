// http-receipt.ts: one POST to whoever a request names, and what its ending means for the delivery.

import { guardedPost, type PostOptions } from '../../documents/web/guarded-post.ts';
import { WebError } from '../../documents/web/web-error.ts';
import type { Sent } from './notifier.ts';

/** Longer pauses than this are not the receiver's to ask for. */
const MAX_PAUSE_SECONDS = 86_400;

/** Posts once, to no address that is not public unless it is allowed, and follows no redirect. @throws the signal's reason. */
export async function postOnce(
  to: string,
  what: { headers: Readonly<Record<string, string>>; body: string },
  options: PostOptions,
): Promise<Sent> {
  try {
    const { status, retryAfter } = await guardedPost(to, what, options);
    return receiptOf(status, retryAfter, Date.now());
  } catch (error) {
    if (!(error instanceof WebError)) throw error;
    return error.type === 'NotAllowed'
      ? { status: 'refused', reason: `nothing is sent to its address: ${error.message}` }
      : { status: 'retry', reason: error.message };
  }
}

/** What an answer's status means; exported for its test. @public */
export function receiptOf(code: number, retryAfter: string | undefined, now: number): Sent {
  if (code >= 200 && code < 300) return { status: 'delivered', code };
  if (code === 410) return { status: 'disabled', reason: 'it answered 410: it wants nothing more' };
  // Followed, it would lead a signed message past the guard of the address that was named.
  if (code >= 300 && code < 400)
    return {
      status: 'refused',
      reason: `it answered ${code}, and no redirect is followed: name the address that it leads to`,
    };
  const afterSeconds = secondsOf(retryAfter, now);
  return {
    status: 'retry',
    reason: `it answered ${code}`,
    ...(afterSeconds === undefined ? {} : { afterSeconds }),
  };
}

/** Seconds, or a date as HTTP writes it. */
function secondsOf(retryAfter: string | undefined, now: number): number | undefined {
  const text = retryAfter?.trim() ?? '';
  if (!/^\d+$|GMT$/.test(text)) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1_000;
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(0, Math.ceil(seconds)), MAX_PAUSE_SECONDS);
}
