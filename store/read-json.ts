// read-json.ts: JSON as it lies in a store.

import type { Store } from './store.ts';

/** A blob that holds JSON, as a value; whoever reads it knows what was put there. @throws as `getBlob`; SyntaxError */
export async function readJson<T>(store: Pick<Store, 'getBlob'>, ref: string): Promise<T> {
  return jsonOf<T>(await store.getBlob(ref));
}

/** A value from JSON in UTF-8. @throws SyntaxError */
export function jsonOf<T>(bytes: Uint8Array): T {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as T;
}
