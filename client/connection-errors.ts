// connection-errors.ts: tells "Temporal did not answer" and "Temporal refuses who asks" from every other error, for all calls of
// this client.

import { isGrpcServiceError } from '@temporalio/client';
import { isRefused } from '../settings/connection-problem.ts';
import { MusterError, UnreachableError } from './errors.ts';

const GRPC_DEADLINE_EXCEEDED = 4;
const GRPC_UNAVAILABLE = 14;

/** Runs a call; a server that can't be reached becomes an UnreachableError, one that refuses the key a MusterError. */
export async function translatingConnectionErrors<T>(call: () => Promise<T>): Promise<T> {
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
    if (isRefused(error))
      throw new MusterError(
        'the Temporal server refuses this: the key or certificate may not use the namespace for it',
        'Set TEMPORAL_API_KEY, or the certificate in TEMPORAL_TLS_CLIENT_CERT_PATH, to one that may.',
        { cause: error },
      );
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
