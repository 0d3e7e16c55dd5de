// one-try.ts: calls of Temporal's client that are not tried again: for who wants to know whether a server is there, and not to
// wait until it is.

import { AsyncLocalStorage } from 'node:async_hooks';
import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor, type ConnectionOptions } from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];

const once = new AsyncLocalStorage<true>();
const retrying: Interceptor = makeGrpcRetryInterceptor(defaultGrpcRetryOptions());

/** The client's own tries, as without it, but for what runs within `oneTry`. */
export const retriesUnlessOnce: Interceptor = (options, next) =>
  once.getStore() ? (next(options) as ReturnType<Interceptor>) : retrying(options, next);

/** Runs a call that fails as soon as its first try does. */
export const oneTry = <T>(call: () => Promise<T>): Promise<T> => once.run(true, call);
