// model-step.ts: how the master's own steps (plan, synthesis, verification, shape) ask a model: the loop without
// commands, waiting or delegation, and the fallback of a step whose model failed.

import type { Failure, FailureType } from '../../protocol/failures.ts';
import { runTurns, type LoopInput } from './agent-loop.ts';
import { Commands } from './commands.ts';
import { WorkFailure } from './work-failure.ts';

/** Tools neither wait nor delegate. Default: none. */
export type StepInput<T, R> = Omit<LoopInput<T, R>, 'tools' | 'toolContext' | 'onPhase'> &
  Partial<Pick<LoopInput<T, R>, 'tools' | 'toolContext'>>;

export interface StepResult<R> {
  accepted: R;
  /** What was still wrong after the re-ask, and was left out. */
  left: string[];
}

/** @throws WorkFailure; the signal's reason when the work was cancelled; StoreError. */
export async function runModelStep<T, R>(input: StepInput<T, R>): Promise<StepResult<R>> {
  const { log, signal, limits } = input;
  try {
    const result = await runTurns(
      { tools: [], toolContext: { signal }, ...input, onPhase: () => undefined },
      Commands.none(log),
    );
    if (result.status !== 'accepted') throw new Error(`a step of the master can't be ${result.status}`);
    return result;
  } catch (error) {
    throw error instanceof WorkFailure ? orTooLong(error, limits.seconds * 1_000) : error;
  }
}

/** The last time that a Date can say, ms since the epoch: a provider may name any. */
const LAST_DATE = 8.64e15;

/** No deadline ends a step's waiting, so a provider that wants to be left alone for longer than the step may work ends it. */
function orTooLong(error: WorkFailure, patienceMs: number): WorkFailure {
  const { retryAt, failure } = error;
  if (retryAt === undefined || retryAt - Date.now() <= patienceMs) return error;
  const again = new Date(Math.min(retryAt, LAST_DATE)).toISOString();
  return new WorkFailure({
    type: 'AttemptsExhausted',
    message: `the model may be asked again at ${again}, which is too late for this task: ${failure.message}`,
  });
}

/** After these, code makes what the model could not: the material was paid for, and does not depend on that model. */
export const MODEL_IS_NO_HELP: ReadonlySet<FailureType> = new Set([
  'ModelOutputInvalid',
  'LimitReached',
  'AttemptsExhausted',
  'DiesAtOnePoint',
  'ModelKeyRefused',
  'ModelNotFound',
  'ModelRequestRejected',
  'ModelQuotaExhausted',
]);

/**
 * What a model makes, or, when it failed for good in one of these ways, what code makes of the same material. For steps
 * whose material was paid for: a model's failure must not throw that away.
 *
 * @returns `failure` when code made it.
 * @throws what `byModel` throws otherwise.
 */
export async function withFallback<T>(
  byModel: Promise<T>,
  types: ReadonlySet<FailureType>,
  byCode: () => T,
): Promise<{ made: T; failure?: Failure }> {
  try {
    return { made: await byModel };
  } catch (error) {
    if (!(error instanceof WorkFailure) || error.retryAt !== undefined || !types.has(error.failure.type)) throw error;
    return { made: byCode(), failure: error.failure };
  }
}
