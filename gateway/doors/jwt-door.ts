// jwt-door.ts: who a request comes from, by a token that an identity provider has signed. Tokens are only checked here, never
// made: the gateway has no secret of theirs.

import { readFileSync } from 'node:fs';
import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { labelProblem } from '../../protocol/label.ts';
import { ProblemError } from '../wire/problems.ts';
import { SCOPES, type Caller, type Scope } from './caller.ts';

export interface JwtSettings {
  /** Address of the provider's keys (JWKS), or the absolute path of a file of them, which is read once. */
  jwks: string;
  issuer: string;
  audience: string;
  /** Claim with the name of the tenant. Default: `tenant`. */
  tenantClaim?: string | undefined;
  /** What a token may that names no scope of Muster's in `scope`. Default: nothing. */
  scopes?: readonly Scope[] | undefined;
}

/** Signatures with a key that only the provider has; never a shared secret, never none. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** Clocks differ. */
const TOLERANCE_SECONDS = 5;
const FETCH_MS = 3_000;
const MAX_TOKEN_CHARS = 8_192;

/** @throws Error when the file of keys can't be read. */
export function jwtDoor(settings: JwtSettings): (token: string) => Promise<Caller | undefined> {
  const keys = keysOf(settings.jwks);
  const rules = {
    issuer: settings.issuer,
    audience: settings.audience,
    algorithms: ALGORITHMS,
    clockTolerance: TOLERANCE_SECONDS,
    // One without an end could never be taken back.
    requiredClaims: ['exp'],
  };
  return async (token) => {
    if (token.length > MAX_TOKEN_CHARS) return undefined;
    try {
      const { payload } = await jwtVerify(token, keys, rules);
      return callerOf(payload, settings);
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      // What is wrong with the token is nobody's business but its maker's; that the keys can't be had is the gateway's.
      if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout) && !isOfFetching(error))
        return undefined;
      throw new ProblemError('identity_unavailable', 'the keys of the identity provider can’t be had just now');
    }
  };
}

/** jose says so in words alone when the address answers with something else than keys. */
const isOfFetching = ({ code }: errors.JOSEError): boolean =>
  code === 'ERR_JOSE_GENERIC' || code === 'ERR_JWKS_INVALID';

function keysOf(jwks: string): JWTVerifyGetKey {
  if (/^https?:\/\//i.test(jwks))
    return createRemoteJWKSet(new URL(jwks), { timeoutDuration: FETCH_MS, cacheMaxAge: 600_000 });
  return createLocalJWKSet(JSON.parse(readFileSync(jwks, 'utf8')));
}

/** @throws ProblemError (forbidden) for a good token that names no tenant. */
function callerOf(payload: JWTPayload, { tenantClaim = 'tenant', scopes: whenSilent = [] }: JwtSettings): Caller {
  const tenant = payload[tenantClaim];
  if (labelProblem('tenant', tenant) !== undefined || typeof tenant !== 'string')
    throw new ProblemError('forbidden', 'this token names no tenant that there can be');
  const claim: unknown = payload.scope ?? payload.scp ?? payload.scopes;
  const named: unknown[] = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  const known = SCOPES.filter((scope) => scope !== 'tenant:*' && named.includes(scope));
  const { sub = 'token', exp = 0 } = payload;
  return {
    tenant,
    name: labelProblem('name', sub) === undefined ? sub : 'token',
    scopes: known.length > 0 ? known : whenSilent,
    until: (exp + TOLERANCE_SECONDS) * 1_000,
  };
}
