// work-failure.ts: how work inside an Activity stops: for good, or until a time. Thrown within the loop only;
// each Activity turns it into what its contract says (an outcome, or an ApplicationFailure), or does without the model.

import type { Failure, FailureType } from '../../protocol/failures.ts';

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

/**
 * What a model makes, or, when it failed for good in one of these ways, what code makes of the same material. For steps
 * whose material was paid for: a model's failure must not throw that away.
 *
 * @throws what `byModel` throws otherwise.
 */
export async function orByCode<T>(
  byModel: () => Promise<T>,
  types: ReadonlySet<FailureType>,
  byCode: (failure: Failure) => T,
): Promise<T> {
  try {
    return await byModel();
  } catch (error) {
    if (!(error instanceof WorkFailure) || error.retryAt !== undefined || !types.has(error.failure.type)) throw error;
    return byCode(error.failure);
  }
}
