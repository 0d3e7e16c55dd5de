// last-byte.ts: when the model of a bench had said all: from there on everything that a caller waits for is Muster's.

import type { BenchDeployment } from './deployment.ts';

/** ms since the epoch at which the model call that ended last had sent its last byte. */
export async function lastByteAt(deployment: BenchDeployment): Promise<number> {
  return (await deployment.modelCalls()).reduce((latest, { endedAt }) => Math.max(latest, endedAt), 0);
}
