// work-failure.ts: how work inside an Activity stops: for good, or until a time. Thrown within the loop only;
// each Activity turns it into what its contract says (an outcome, or an ApplicationFailure), or does without the model.

import type { Failure } from '../../protocol/failures.ts';

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
