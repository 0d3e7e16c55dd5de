// webhook.ts: the notifier `webhook`: Standard Webhooks (standardwebhooks.com), so that whoever receives one checks it with
// the library of their language.

import type { LookupFunction } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { aFunction, checkDefinition, type ShapesOf } from '../../protocol/schemas/definition.ts';
import { receiverProblem, webhookKeyOf } from '../../protocol/schemas/notify.ts';
import { postOnce } from './http-receipt.ts';
import { defineNotifier, type Notifier } from './notifier.ts';

export interface WebhookOptions {
  /** By name; the first is used where a request names none. */
  keys: Readonly<Record<string, WebhookKey>>;
  /** Hosts that may be posted to although they are not public. Default: none. */
  allow?: readonly string[];
  /** Resolves names; what it gives is judged like what the system's gives. Default: the system's resolver. */
  lookup?: LookupFunction;
}

export interface WebhookKey {
  /** `whsec_…`; each signs. */
  secrets: readonly string[];
  /** Tenants whose tasks may use it. Default: all. */
  tenants?: readonly string[];
}

const keyShape: ShapesOf<WebhookKey> = {
  secrets: z
    .array(z.string().refine(canSign, 'is no webhook secret: it is whsec_ and 24 to 64 bytes in base64'))
    .min(1),
  tenants: z.array(z.string()).optional(),
};
const optionShapes: ShapesOf<WebhookOptions> = {
  keys: z.record(z.string(), z.strictObject(keyShape)),
  allow: z.array(z.string()).optional(),
  lookup: aFunction.optional(),
};

function canSign(secret: string): boolean {
  try {
    return new Webhook(secret).sign('id', new Date(0), '') !== '';
  } catch {
    return false;
  }
}

/**
 * Tells by an HTTP POST that is signed. Undefined options: every delivery is refused, in words.
 * @throws DefinitionError with all that is wrong with them, and no secret.
 */
export function webhookNotifier(options: WebhookOptions | undefined): Notifier {
  if (options !== undefined) checkDefinition('a notifier by webhooks', options, z.strictObject(optionShapes));
  const signers = new Map(
    Object.values(options?.keys ?? {}).map((key) => [key, key.secrets.map((secret) => new Webhook(secret))]),
  );
  return defineNotifier({
    name: 'webhook',
    async deliver({ id, body }, { to, key: name, tenant, headers: trace, signal }) {
      const keys = options?.keys ?? {};
      const problem = receiverProblem(
        { kind: 'webhook', to, ...(name === undefined ? {} : { key: name }) },
        options ? { webhooks: { keys } } : {},
        tenant,
      );
      const key = webhookKeyOf(keys, name, tenant);
      if (problem !== undefined || !key) return { status: 'refused', reason: problem ?? 'there is no key' };
      const now = new Date();
      const headers = {
        ...trace,
        'content-type': 'application/json',
        'user-agent': 'muster-agents (webhook)',
        'webhook-id': id,
        // Of this try: receivers refuse old ones, so that nobody sends again what was overheard.
        'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
        'webhook-signature': (signers.get(key) ?? []).map((signer) => signer.sign(id, now, body)).join(' '),
      };
      const { allow = [], lookup } = options ?? {};
      return await postOnce(to, { headers, body }, { allowPrivate: allow, signal, ...(lookup ? { lookup } : {}) });
    },
  });
}
