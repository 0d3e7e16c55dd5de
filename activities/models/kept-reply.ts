// kept-reply.ts: the part of a reply that only its provider understands (reasoning, signatures, extra contents): kept as it
// came, and given back to that provider whole. Never to another, never with a key in it, never without an end.

import { createHash } from 'node:crypto';
import type OpenAI from 'openai';
import { isObject } from '../text/json-values.ts';
import type { KeptReply } from './provider.ts';

/** Bytes of what is kept of one reply: it lies in the log and goes out with each request after it. */
const MAX_BYTES = 512 * 1024;

/** Names a provider among all that have ever answered in a log: its address may hold a password, so as a digest. */
export function signature({ baseURL }: OpenAI, api: 'chat' | 'responses', model: string): string {
  return createHash('sha256')
    .update(JSON.stringify([baseURL, api, model]))
    .digest('hex')
    .slice(0, 16);
}

/** What is kept; undefined when there is nothing, when it is too large, or when it holds the key. */
export function keepable(by: string, message: unknown, { apiKey }: OpenAI): KeptReply | undefined {
  if (message === undefined) return undefined;
  const text = JSON.stringify(message);
  const holdsKey = typeof apiKey === 'string' && apiKey.length >= 6 && text.includes(apiKey);
  return holdsKey || Buffer.byteLength(text) > MAX_BYTES ? undefined : { by, message };
}

/** The fields without those that say nothing. */
export const withoutEmptyFields = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) =>
        value !== null &&
        value !== undefined &&
        value !== '' &&
        !(Array.isArray(value) && value.length === 0) &&
        !(isObject(value) && Object.keys(value).length === 0),
    ),
  );

/** Names, kinds and signatures come whole, whatever else of an entry comes in pieces. */
const WHOLE = /^(type|format|id|index|role|name|signature|thought_signature|encrypted_content)$/;

/**
 * A value as it grows over a stream: texts go on, entries of lists go on where their `index` is that of an earlier one, objects
 * field by field, and of anything else the last counts.
 */
export function mergeDelta(before: unknown, more: unknown, name = ''): unknown {
  if (before === undefined || before === null) return more;
  if (more === undefined || more === null) return before;
  if (typeof before === 'string' && typeof more === 'string') return WHOLE.test(name) ? more || before : before + more;
  if (Array.isArray(before) && Array.isArray(more)) return (more as unknown[]).reduce<unknown[]>(withEntry, before);
  if (isObject(before) && isObject(more)) {
    const all = { ...before };
    for (const [key, value] of Object.entries(more)) all[key] = mergeDelta(all[key], value, key);
    return all;
  }
  return more;
}

function withEntry(list: unknown[], entry: unknown): unknown[] {
  const at =
    isObject(entry) && entry.index !== undefined
      ? list.findIndex((one) => isObject(one) && one.index === entry.index && one.type === entry.type)
      : -1;
  return at < 0 ? [...list, entry] : list.with(at, mergeDelta(list[at], entry));
}
