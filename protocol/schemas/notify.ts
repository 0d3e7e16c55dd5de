// notify.ts: the config file's words about who is told of tasks: keys of webhooks, the mail server, ntfy, and notifiers of
// one's own; and whether they reach a receiver, as far as the file tells. Secrets stand in environment variables alone.

import { z } from 'zod';
import { aName } from './definition.ts';
import { meant } from '../near-name.ts';
import { BUILT_IN_NOTIFIERS, type Notify } from '../notify.ts';

const VARIABLE = /^[A-Z][A-Z0-9_]*$/;
const NAME = /^[A-Za-z0-9._-]{1,64}$/;

const variable = z.string().regex(VARIABLE, 'name an environment variable here, never the secret itself');
const tenants = z.array(z.string().regex(NAME)).min(1);
/** Hosts that may be posted to although they are not public. */
const allow = z
  .array(
    z.string().regex(/^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$/i, 'is no host: write 127.0.0.1 or hooks.corp:8443'),
  )
  .default([]);

const webhookKey = z.strictObject({
  /** Variable with a secret, `whsec_…`; of several all sign, the new one first, while receivers change over. */
  keyFrom: z.union([variable, z.array(variable).min(1).max(4)]),
  /** Tenants whose tasks may use it. Default: all. */
  tenants: tenants.optional(),
});

/** `webhooks`: without a key nothing is sent. */
export const webhookSettings = z.strictObject({
  /** By name; the first is used where a request names none. */
  keys: z
    .record(z.string().regex(NAME), webhookKey)
    .refine((keys) => Object.keys(keys).length > 0, 'name at least one key'),
  allow,
});

const recipient = z
  .string()
  .regex(/^[^\s@]*@[a-z0-9.-]+$/i, 'is no address: write me@example.com, or @example.com for all of it');

/** `email`: the mail server, and to whom mails may go. */
export const emailSettings = z
  .strictObject({
    host: z.string().min(1),
    /** Default: 465 with `secure`, else 587. */
    port: z.int().min(1).max(65_535).optional(),
    /** TLS from the first byte. Without it STARTTLS, without which no password is sent but to this machine. */
    secure: z.boolean().default(false),
    /** Sender. */
    from: z.string().regex(/^[^\s@<>]+@[a-z0-9.-]+$/i, 'is no address: write muster@example.com'),
    userFrom: variable.optional(),
    passwordFrom: variable.optional(),
    /** Who may be written to. */
    allow: z.array(recipient).min(1),
  })
  .refine(({ userFrom, passwordFrom }) => (userFrom === undefined) === (passwordFrom === undefined), {
    error: 'userFrom and passwordFrom belong together',
  });

/** `ntfy`: `{}` is enough for public topics. */
export const ntfySettings = z
  .strictObject({
    /** The only server that the token is sent to. */
    server: z.url({ protocol: /^https?$/ }).optional(),
    tokenFrom: variable.optional(),
    /** Tenants whose tasks may use the token. Default: all. */
    tenants: tenants.optional(),
    allow,
  })
  .refine(({ server, tokenFrom }) => tokenFrom === undefined || server !== undefined, {
    error: 'a token needs "server", the only one that it is sent to',
  });

/** `notifiers`: what notifiers of one's own get as their settings, by name. */
export const notifierSettings = z.record(aName(NAME, 'a notifier'), z.record(z.string(), z.unknown()));

/** What of these a receiver is judged by. */
export interface NotifySettings {
  webhooks?: { keys: Readonly<Record<string, OfTenants>>; allow?: readonly string[] } | undefined;
  email?: { allow: readonly string[] } | undefined;
  ntfy?: { allow?: readonly string[] } | undefined;
  /** Names of notifiers that extensions define. Undefined: not known here, so none is refused for its name. */
  own?: readonly string[] | undefined;
}

/** Why no worker could tell a receiver there, whatever its config says, in words; undefined when one could. */
export function addressProblem({ kind, to }: Pick<Notify, 'kind' | 'to'>): string | undefined {
  if (kind === 'webhook' || kind === 'ntfy') return webAddressProblem(kind, to);
  return kind === 'email' ? mailAddressProblem(to) : undefined;
}

/**
 * Why a deployment with these settings can't tell this receiver, in words for whoever named it; undefined when it can, as
 * far as a config file tells. The worker judges again, by its own.
 */
export function receiverProblem(
  { kind, to, key }: Notify,
  { webhooks, email, ntfy, own }: NotifySettings,
  tenant: string | undefined,
): string | undefined {
  if (kind === 'webhook')
    return httpProblem('webhook', to, webhooks?.allow) ?? webhookKeyProblem(webhooks?.keys, key, tenant);
  if (kind === 'email') return recipientProblem(to, email?.allow);
  if (kind === 'ntfy') {
    if (!ntfy) return 'nothing is sent to ntfy here: "ntfy" in the config file of the worker allows it';
    return httpProblem('ntfy', to, ntfy.allow);
  }
  return own === undefined || own.includes(kind) ? undefined : unknownKind(kind, own);
}

function unknownKind(kind: string, own: readonly string[]): string {
  const known = [...BUILT_IN_NOTIFIERS, ...own];
  return `there is no notifier "${kind}"${meant(kind, known)}; there are ${known.join(', ')}`;
}

const webAddressProblem = (kind: string, to: string): string | undefined =>
  /^https?:\/\/[^\s/?#]/i.test(to) && URL.canParse(to)
    ? undefined
    : `the ${kind} address is no http or https address; write it whole, as https://example.com/path`;

function httpProblem(kind: 'webhook' | 'ntfy', to: string, allow: readonly string[] | undefined): string | undefined {
  const problem = webAddressProblem(kind, to);
  if (problem !== undefined) return problem;
  const { protocol, hostname, port } = new URL(to);
  const named = [hostname, `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`];
  if (!allow || !NOT_PUBLIC.test(hostname) || allow.some((one) => named.includes(one.toLowerCase()))) return undefined;
  const setting = kind === 'webhook' ? 'webhooks.allow' : 'ntfy.allow';
  return `nothing is sent to ${hostname}, which is not public: "${setting}" in the config file of the worker does not name it`;
}

/** What an address says of itself, as a URL writes it. Where a name leads to is judged when it is connected to. */
const NOT_PUBLIC =
  /^(?:(?:.*\.)?localhost|(?:0|10|127)\.\d+\.\d+\.\d+|(?:169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+|\[(?:::1?|(?:f[cd]|fe[89ab])[0-9a-f:]*)\])$/;

interface OfTenants {
  tenants?: readonly string[] | undefined;
}

export const isFor = ({ tenants: allowed }: OfTenants, tenant: string | undefined): boolean =>
  allowed === undefined || (tenant !== undefined && allowed.includes(tenant));

/** Another tenant's key is not told from one that there is not. */
function webhookKeyProblem(
  keys: Readonly<Record<string, OfTenants>> | undefined,
  key: string | undefined,
  tenant: string | undefined,
): string | undefined {
  if (!keys)
    return 'no webhook is sent without a key to sign it with: "webhooks" in the config file of the worker names one';
  if (webhookKeyOf(keys, key, tenant)) return undefined;
  return key === undefined
    ? `no webhook key is for tasks of the tenant ${JSON.stringify(tenant ?? '')}`
    : `there is no webhook key named "${key}" for tasks of the tenant ${JSON.stringify(tenant ?? '')}`;
}

/** The key that is named, else the first one that the tenant may use. */
export function webhookKeyOf<Key extends OfTenants>(
  keys: Readonly<Record<string, Key>>,
  name: string | undefined,
  tenant: string | undefined,
): Key | undefined {
  return Object.entries(keys).find(([of, key]) => (name === undefined || of === name) && isFor(key, tenant))?.[1];
}

/** One address and nothing else: what a mail's header could take for a second one is none. */
const ADDRESS = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?$/i;

const mailAddressProblem = (to: string): string | undefined =>
  ADDRESS.test(to)
    ? undefined
    : `${JSON.stringify(to.slice(0, 80))} is no mail address; write it alone, as me@example.com`;

function recipientProblem(to: string, allowed: readonly string[] | undefined): string | undefined {
  if (!allowed) return 'no mail is sent here: "email" in the config file of the worker names a mail server';
  const problem = mailAddressProblem(to);
  if (problem !== undefined) return problem;
  const lower = to.toLowerCase();
  const domain = lower.slice(lower.lastIndexOf('@'));
  const may = allowed.some((one) => [lower, domain].includes(one.toLowerCase()));
  return may ? undefined : `no mail may go to ${to}: "email.allow" in the config file of the worker does not name it`;
}
