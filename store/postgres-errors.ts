// postgres-errors.ts: what went wrong with the database, in the words of the store.

import { codeOf } from './durable-files.ts';

/** PostgreSQL's and the system's codes that a person can do something about. */
const KNOWN: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host name could not be looked up',
  ETIMEDOUT: 'it did not answer in time',
  EPIPE: 'the connection was cut',
  '25006': 'it may only be read',
  '28000': 'it does not let this user in',
  '28P01': 'it refused user or password',
  '3D000': 'there is no such database',
  '42501': 'this user may not do that there',
  '53100': 'its disk is full',
  '53300': 'it has no free connection',
  '57P01': 'it is being shut down',
  '57P02': 'it crashed',
  '57P03': 'it is starting up or shutting down',
  '57014': 'it took too long',
};

const MESSAGES: readonly [RegExp, string][] = [
  [/timeout (expired|exceeded)|connection timeout|read timeout/i, 'it did not answer in time'],
  [/terminated unexpectedly|connection terminated|not queryable/i, 'the connection was cut'],
];

export function postgresProblem(error: unknown): string {
  const code = codeOf(error) ?? (error instanceof AggregateError ? codeOf(error.errors[0]) : undefined);
  const known = code === undefined ? undefined : KNOWN[code];
  if (known !== undefined) return known;
  const message = error instanceof Error ? error.message : String(error);
  return MESSAGES.find(([pattern]) => pattern.test(message))?.[1] ?? message;
}
