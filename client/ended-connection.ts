// ended-connection.ts: a call that Temporal's client tries again after its connection was closed ends as cancelled. Without
// this it is thrown out of a timer, where nobody can catch it, and ends the process.

import type { ConnectionOptions } from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];
type Call = ReturnType<Parameters<Interceptor>[1]>;

const GRPC_CANCELLED = 1;

/** Stands below what tries again. */
export const endsWithConnection: Interceptor = (options, next) => {
  try {
    return next(options) as ReturnType<Interceptor>;
  } catch (error) {
    // grpc-js has no code for it.
    if (!(error instanceof Error && error.message === 'Channel has been shut down')) throw error;
    return endedCall() as ReturnType<Interceptor>;
  }
};

/** A call that was never made. */
const endedCall = (): Call =>
  ({
    start: (...[metadata, listener]: Parameters<Call['start']>) =>
      queueMicrotask(() => {
        // As each call does: what tries again waits for a message, be it none, before the status.
        listener?.onReceiveMessage?.(null);
        listener?.onReceiveStatus?.({ code: GRPC_CANCELLED, details: 'the connection was closed', metadata });
      }),
    sendMessage: () => undefined,
    sendMessageWithContext: () => undefined,
    startRead: () => undefined,
    halfClose: () => undefined,
    cancelWithStatus: () => undefined,
    getPeer: () => '',
    getAuthContext: () => null,
  }) as unknown as Call;
