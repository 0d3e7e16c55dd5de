// gateway.ts: the part "gateway" of the config file: what the HTTP API takes, from whom, and from which pages.

import { z } from 'zod';
import { aName } from './definition.ts';

const count = z.int().positive();

/** Of one tenant. Default: no bound. */
const tenantLimits = z
  .strictObject({
    requestsPerMinute: count,
    /** Tasks that have not ended. */
    running: count,
    /** Input plus output, of tasks that ended on the day (UTC), and of those that run, as far as they have come. */
    tokensPerDay: count,
    /** Of files that are sent on a day (UTC). */
    uploadBytesPerDay: count,
  })
  .partial();

/** Tokens of an identity provider, beside keys. */
const jwt = z.strictObject({
  /** Address of its keys, or a file of them, absolute or relative to the config file. */
  jwks: z.string().min(1),
  issuer: z.string().min(1),
  audience: z.string().min(1),
  tenantClaim: z.string().min(1).optional(),
  /** What a token may whose `scope` names none of Muster's. */
  scopes: z.array(z.enum(['tasks:read', 'tasks:write'])).optional(),
});

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

function isPublicUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && username + password + search + hash === '';
}

export const gatewaySettings = z.strictObject({
  /** What the deployment takes; beyond it starts are refused at once. */
  admission: z
    .strictObject({
      startsAtOnce: count.default(32),
      startsPerSecond: count.default(200),
      /** Tasks that wait for a worker. */
      queued: count.default(10_000),
    })
    .prefault({}),
  /** Of each tenant. */
  limits: tenantLimits.default({}),
  /** Of some, in place of these. */
  tenants: z
    .record(aName(/^[A-Za-z0-9._-]{1,64}$/, 'a tenant: letters, digits, dots, _ and - only, at most 64'), tenantLimits)
    .default({}),
  /** Pages that may use the API from a browser. Default: none but those of its own origin. */
  origins: z.array(z.string().refine(isOrigin, 'it must be an origin, as https://app.example.com')).default([]),
  jwt: jwt.optional(),
  /** Where others reach it; links of notifications begin so. Default: they name a command instead. */
  publicUrl: z
    .string()
    .max(500)
    .refine(isPublicUrl, 'it must be an address without query, as https://muster.example.com')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** Bytes of one uploaded file. Default: 20 MB. */
  uploadBytes: count.optional(),
  /** Answers at once are made in the gateway's own process. Default: yes; no other part of it asks a model. */
  fast: z.boolean().default(true),
  /** A line of JSON on stderr for each answered request. Default: yes. */
  accessLog: z.boolean().default(true),
});
