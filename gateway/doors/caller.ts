// caller.ts: who asks, as every route sees it.

export const SCOPES = ['tasks:read', 'tasks:write', 'tenant:*'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Caller {
  /** Whose tasks these are: all that is read or started is this tenant's. */
  tenant: string;
  /** A name for logs and commands: of a key, or of the door. */
  name: string;
  scopes: readonly Scope[];
  /** True for who is on the machine of the gateway, and may name paths there. Default: no. */
  paths?: boolean;
  /** Id of the key that was shown: streams end when it is revoked. */
  keyId?: string;
  /** ms since the epoch at which streams of this caller end. Default: never. */
  until?: number;
  /** The one task that may be seen. Default: all of the tenant. */
  onlyTask?: string;
}

/** Whoever can reach a gateway that asks for no keys. */
export const LOCAL: Caller = { tenant: 'default', name: 'local', scopes: ['tasks:read', 'tasks:write'], paths: true };
