// reachable.ts: tells "Temporal did not answer" from every other error, for all calls of this client.

import { isGrpcServiceError } from '@temporalio/client';
import { UnreachableError } from './errors.ts';

const GRPC_DEADLINE_EXCEEDED = 4;
const GRPC_UNAVAILABLE = 14;

/** Runs a call; a server that can't be reached becomes an UnreachableError. */
export async function reachable<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isUnreachable(error)) {
      throw new UnreachableError(
        'the Temporal server did not answer',
        'What was accepted is kept; try again once it is back.',
        { cause: error },
      );
    }
    throw error;
  }
}

export function isUnreachable(error: unknown): boolean {
  const code = grpcCode(error);
  return code === GRPC_UNAVAILABLE || code === GRPC_DEADLINE_EXCEEDED;
}

/** The gRPC status behind an error of the SDK, however deep. */
export function grpcCode(error: unknown): number | undefined {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (isGrpcServiceError(cause)) return cause.code;
  }
  return undefined;
}
