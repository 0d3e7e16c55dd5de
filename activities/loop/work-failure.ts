// work-failure.ts: how work inside an Activity stops: for good, or until a time. Thrown within the loop only;
// each Activity turns it into what its contract says (an outcome, or an ApplicationFailure), or does without the model.

import { isFailureType, type Failure } from '../../protocol/failures.ts';
import { BlobMissingError, LogLostError, StoreError } from '../../store/store.ts';

export class WorkFailure extends Error {
  override readonly name = 'WorkFailure';
  readonly failure: Failure;
  /** Set when the work is to be tried again, at this time (ms since the epoch). */
  readonly retryAt: number | undefined;

  constructor(failure: Failure, retryAt?: number) {
    super(failure.message);
    this.failure = failure;
    this.retryAt = retryAt;
  }
}

/** A failure of the catalogue behind an error; none for a bug. */
export function readFailure(error: unknown): { failure?: Failure; retryAt?: number | undefined } {
  if (error instanceof WorkFailure) return { failure: error.failure, retryAt: error.retryAt };
  if (error instanceof StoreError) return { failure: { type: 'StoreUnavailable', message: error.message } };
  if (error instanceof BlobMissingError || error instanceof LogLostError)
    return { failure: { type: 'CheckpointMissing', message: error.message } };
  const type: unknown = error instanceof Error && 'type' in error ? error.type : undefined;
  return error instanceof Error && isFailureType(type) ? { failure: { type, message: error.message } } : {};
}
