// corpus-error.ts: why documents can't be read, as a row of the failure catalogue.

import { hostname } from 'node:os';
import type { FailureType } from '../../protocol/failures.ts';

/** Documents could not be prepared. `type` says who can mend it; the message names the host that looked. */
export class CorpusError extends Error {
  override readonly name = 'CorpusError';
  readonly type: FailureType;
  constructor(type: FailureType, message: string) {
    super(message);
    this.type = type;
  }
}

/** Documents are read on the worker, which may be another machine than the one where somebody typed the path. */
export function hostPhrase(): string {
  return `on host ${hostname()}`;
}
