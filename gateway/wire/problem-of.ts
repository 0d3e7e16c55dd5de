// problem-of.ts: which problem stands for an error of the library or the store. What none stands for is a bug: its words
// go to the log, and never to who asked.

import {
  BackgroundOverError,
  CommandRefusedError,
  KeyReusedError,
  MusterError,
  NoWorkerError,
  RequestRefusedError,
  ScheduleNotFoundError,
  SessionNotFoundError,
  TaskClosedError,
  TaskExpiredError,
  TaskNotFoundError,
  UnreachableError,
} from '../../client/errors.ts';
import { BlobMissingError, StoreError } from '../../store/store.ts';
import { ProblemError } from './problems.ts';

export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof TaskExpiredError)
    return new ProblemError(
      'task_expired',
      error.why === 'forgotten' ? 'this task was forgotten; nothing of it is kept' : 'this task is not kept any more',
    );
  if (error instanceof TaskNotFoundError) return new ProblemError('task_not_found', 'there is no task of this id');
  if (error instanceof ScheduleNotFoundError)
    return new ProblemError('schedule_not_found', 'there is no schedule of this name');
  if (error instanceof SessionNotFoundError)
    return new ProblemError('session_not_found', 'there is no session of this name');
  if (error instanceof TaskClosedError) return new ProblemError('task_closed', 'it has ended; nothing was changed');
  if (error instanceof BackgroundOverError)
    return new ProblemError('task_closed', 'behind its answer nothing goes on; nothing was changed');
  if (error instanceof CommandRefusedError)
    return new ProblemError(error.isIdReused ? 'key_reused' : 'command_refused', error.message);
  if (error instanceof KeyReusedError)
    return new ProblemError('key_reused', 'this idempotency key was used for another request; use a new one');
  if (error instanceof RequestRefusedError) return new ProblemError('request_invalid', error.message);
  if (error instanceof NoWorkerError)
    return new ProblemError('worker_unreachable', 'no worker answered; what was recorded is applied when one comes');
  if (error instanceof UnreachableError)
    return new ProblemError('server_unreachable', 'the Temporal server did not answer; what was accepted is kept');
  if (error instanceof BlobMissingError)
    return new ProblemError('result_gone', 'what this task left is not kept any more');
  if (error instanceof StoreError) return new ProblemError('store_unavailable', 'the store did not answer');
  if (error instanceof MusterError)
    return new ProblemError('server_refuses', 'the Temporal server refuses what this gateway asks of it');
  return new ProblemError('internal', 'something unexpected went wrong; it is in the log of the gateway');
}
