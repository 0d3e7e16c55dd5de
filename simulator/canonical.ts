// canonical.ts: the same request always gets the same fingerprint, whatever the order of its keys.

import { createHash } from 'node:crypto';
import type { ChatRequest } from './wire.ts';

/** JSON with sorted keys. Undefined values are dropped, as in JSON. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}

/** SHA-256 over what the model would be asked: messages, tools, answer format. */
export function messagesSha(request: Partial<ChatRequest>): string {
  const { messages, tools, response_format } = request;
  return createHash('sha256').update(canonicalJson({ messages, tools, response_format })).digest('hex');
}

/** About four characters a token, as a rule of thumb for English. */
export const estimateTokens = (characters: number): number => Math.ceil(characters / 4);
