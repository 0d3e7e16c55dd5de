// ntfy.ts: the notifier `ntfy`: a short text to a topic (ntfy.sh, a server of one's own, or what speaks like one), which shows
// it on a phone or a desktop.

import type { LookupFunction } from 'node:net';
import { z } from 'zod';
import type { NotifyEvent } from '../../protocol/notify.ts';
import { aFunction, checkDefinition, type ShapesOf } from '../../protocol/schemas/definition.ts';
import { isFor, receiverProblem } from '../../protocol/schemas/notify.ts';
import { postOnce } from './http-receipt.ts';
import { defineNotifier, type Notifier } from './notifier.ts';

export interface NtfyOptions {
  /** Sent with what goes to `server`, and nowhere else. */
  token?: { token: string; server: string; tenants?: readonly string[] };
  /** Hosts that may be posted to although they are not public. Default: none. */
  allow?: readonly string[];
  /** Resolves names. Default: the system's resolver. */
  lookup?: LookupFunction;
}

/** A server makes a file of what is longer. */
const MAX_BYTES = 4_000;

const SIGNS: Readonly<Record<NotifyEvent, { priority: string; tags: string }>> = {
  'task.completed': { priority: '3', tags: 'white_check_mark' },
  'task.failed': { priority: '4', tags: 'x' },
  'task.cancelled': { priority: '3', tags: 'no_entry_sign' },
  'task.demoted': { priority: '2', tags: 'hourglass' },
  'task.progress': { priority: '2', tags: 'hourglass_flowing_sand' },
};

const tokenShape: ShapesOf<NonNullable<NtfyOptions['token']>> = {
  token: z.string().min(1),
  server: z.url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' }),
  tenants: z.array(z.string()).optional(),
};
const optionShapes: ShapesOf<NtfyOptions> = {
  token: z.strictObject(tokenShape).optional(),
  allow: z.array(z.string()).optional(),
  lookup: aFunction.optional(),
};

/**
 * Tells a topic. Undefined options: every delivery is refused, in words.
 * @throws DefinitionError with all that is wrong with them.
 */
export function ntfyNotifier(options: NtfyOptions | undefined): Notifier {
  if (options !== undefined) checkDefinition('a notifier by ntfy', options, z.strictObject(optionShapes));
  return defineNotifier({
    name: 'ntfy',
    async deliver({ event, title, text, url, id }, { to, tenant, signal }) {
      const problem = receiverProblem({ kind: 'ntfy', to }, { ntfy: options }, tenant);
      if (problem !== undefined) return { status: 'refused', reason: problem };
      const { token, allow = [], lookup } = options ?? {};
      const hasToken =
        token !== undefined && isFor(token, tenant) && originOf(to) === originOf(token.server) && isTopic(to);
      const { priority, tags } = SIGNS[event];
      const headers = {
        'content-type': 'text/plain; charset=utf-8',
        'user-agent': 'muster-agents (ntfy)',
        title: inHeader(title),
        priority,
        tags,
        'x-message-id': id,
        ...(url === undefined ? {} : { click: url }),
        ...(hasToken ? { authorization: `Bearer ${token.token}` } : {}),
      };
      const body = shortened(text);
      return await postOnce(to, { headers, body }, { allowPrivate: allow, signal, ...(lookup ? { lookup } : {}) });
    },
  });
}

/** Nothing but a topic: ntfy takes orders (a mail, a call) from a query, and has other paths. */
const isTopic = (address: string): boolean =>
  /^\/[\w-]{1,64}\/?$/.test(new URL(address).pathname) && !/[?#]/.test(address);

const originOf = (address: string): string | undefined => (URL.canParse(address) ? new URL(address).origin : undefined);

/** As RFC 2047 writes what is not ASCII; nothing in it ends the header. */
function inHeader(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  return /^[\x20-\x7e]*$/.test(line) ? line : `=?UTF-8?B?${Buffer.from(line).toString('base64')}?=`;
}

function shortened(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_BYTES) return text;
  // What a cut left of a character of several bytes.
  return `${bytes
    .subarray(0, MAX_BYTES - 4)
    .toString()
    .replace(/\uFFFD$/, '')}…`;
}
