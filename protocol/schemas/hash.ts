// hash.ts: content hashes. Node's crypto, so never in the Workflow bundle.

import { createHash } from 'node:crypto';
import type { TaskRequest } from '../task.ts';

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** JSON with sorted keys and without undefined: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  );
}

/**
 * What makes two requests the same ask: what the caller said. Of the class's row its name counts, of the path the caller's own
 * word and not what the router made of it. Of documents where they lie, not what is in them.
 */
export function requestHash({ route, ...request }: TaskRequest): string {
  const path = route ? route.asked : request.path;
  return sha256(canonicalJson({ ...request, path, class: request.class.name }));
}
