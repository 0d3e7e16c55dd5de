// guarded-post.ts: one POST, guarded (guarded-send.ts), whose answer counts by its status alone. Follows nothing.

import { asWebError, sendGuarded } from './guarded-send.ts';
import { judgeUrl } from './url-guard.ts';
import type { WebOptions } from './web-options.ts';

export interface PostOptions {
  /** Hosts that may be posted to although they are not public: `127.0.0.1`, or with `:port` where only that is meant. */
  allowPrivate: readonly string[];
  lookup?: WebOptions['lookup'];
  signal: AbortSignal;
}

export interface Posted {
  status: number;
  /** The header, as it was sent. */
  retryAfter: string | undefined;
}

/** Of an answer's body, before the connection is closed: a receiver may take an early end for a failure. */
const DRAINED_BYTES = 64 * 1024;

/**
 * Posts once to any public address, or to a private one that is named.
 * @throws WebError NotAllowed or Unreachable; the signal's reason when it aborts before the answer's status is there.
 */
export async function guardedPost(
  address: string,
  { headers, body }: { headers: Readonly<Record<string, string>>; body: string },
  { allowPrivate, lookup, signal }: PostOptions,
): Promise<Posted> {
  const judged = judgeUrl(address, { allow: [], allowPrivate: allowPrivate.flatMap((one) => pairOf(one, address)) });
  try {
    const response = await sendGuarded(judged, { method: 'POST', headers, body }, lookup, signal);
    try {
      let drained = 0;
      for await (const chunk of response as AsyncIterable<Buffer>) {
        drained += chunk.length;
        if (drained >= DRAINED_BYTES) break;
      }
    } catch {
      // It has answered: how its body ends does not matter.
    } finally {
      response.destroy();
    }
    return { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] };
  } catch (error) {
    signal.throwIfAborted();
    throw asWebError(error);
  }
}

/** A host without a port stands for each of its ports. */
function pairOf(allowed: string, address: string): string[] {
  if (/:\d{1,5}$/.test(allowed.replace(/^\[.*\]$/, ''))) return [allowed];
  if (!URL.canParse(address)) return [];
  const { port, protocol } = new URL(address);
  return [`${allowed}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`];
}
