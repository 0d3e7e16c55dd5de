// openai-faults.ts: what an error of an OpenAI-compatible server means, whatever was asked of it. Pure; the table of
// FACTS is held by its test.

import { APIConnectionTimeoutError, APIError } from 'openai';
import { isFailureType, type FailureType } from '../../protocol/failures.ts';
import type { ModelFault } from './provider.ts';

const BY_STATUS: Readonly<Record<number, FailureType>> = {
  400: 'ModelRequestRejected',
  401: 'ModelKeyRefused',
  403: 'ModelKeyRefused',
  404: 'ModelNotFound',
  408: 'ModelTimedOut',
  409: 'ModelUnavailable',
  422: 'ModelRequestRejected',
  429: 'ModelRateLimited',
};

/** The fault behind whatever the openai client threw. Its message holds no key, whatever the server echoed. */
export function faultOf(
  error: unknown,
  { model, baseURL: server = 'api.openai.com', apiKey }: { model: string; baseURL?: string; apiKey: string },
): ModelFault {
  const fault = anyFault(error, model, server);
  return apiKey.length < 6 ? fault : { ...fault, message: fault.message.replaceAll(apiKey, '…') };
}

function anyFault(error: unknown, model: string, server: string): ModelFault {
  if (error instanceof APIConnectionTimeoutError)
    return { type: 'ModelTimedOut', message: `${server} did not answer in time` };
  if (error instanceof APIError && error.status !== undefined) {
    const after = retryAfterMs(error.headers, Date.now());
    return { ...faultOfStatus(error, model, server), ...(after === undefined ? {} : { retryAfterMs: after }) };
  }
  // No status: refused, reset or cut connection, or broken JSON inside a 200.
  const reason =
    error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
  return { type: 'ModelUnavailable', message: `${server} gave no usable answer: ${reason.slice(0, 200)}` };
}

/** The fault behind an error that has a status. `x-should-retry` wins over the table. */
export function faultOfStatus(error: APIError, model: string, server: string): ModelFault {
  const status = error.status ?? 0;
  const base = BY_STATUS[status] ?? (status >= 500 ? 'ModelUnavailable' : 'ModelRequestRejected');
  const quota = error.code === 'insufficient_quota' || error.type === 'insufficient_quota';
  const type = quota ? 'ModelQuotaExhausted' : override(base, error.headers?.get('x-should-retry'));
  const what: Partial<Record<FailureType, string>> = {
    ModelKeyRefused: `${server} refused the API key (${status})`,
    ModelNotFound: `${server} does not know the model "${model}" (${status})`,
    ModelRateLimited: `${server} asks to slow down (${status})`,
    ModelQuotaExhausted: `${server} says that the account's quota is used up (${status})`,
  };
  const tooLong = isTooLong(error) ? { tooLong: true as const } : {};
  // The key itself is echoed by some servers in a 401, so their words are not passed on for it.
  return {
    type,
    message: what[type] ?? `${server} answered ${status}: ${withoutKeys(error.message).slice(0, 200)}`,
    ...tooLong,
  };
}

/** True when a server refuses a request because it is longer than its model's window. */
export function isTooLong(error: unknown): error is APIError {
  return (
    error instanceof APIError &&
    (error.status === 400 || error.status === 413 || error.status === 422) &&
    (error.code === 'context_length_exceeded' ||
      /context (?:length|window|size)|too many (?:input )?tokens|(?:prompt|input) is too long/i.test(error.message))
  );
}

/** No model's is smaller: what is, is another number. */
const LEAST_WINDOW = 1_000;

/** The window that the server names in such a refusal, in tokens. */
export function windowNamed({ message }: APIError): number | undefined {
  const words = /context (?:length|window|size)\D{0,40}(\d{1,3}(?:,\d{3})+|\d+)(\s?k\b)?/i.exec(message);
  const tokens = Number(words?.[1]?.replaceAll(',', '')) * (words?.[2] ? 1_000 : 1);
  return tokens >= LEAST_WINDOW ? tokens : undefined;
}

function override(type: FailureType, shouldRetry: string | null | undefined): FailureType {
  if (shouldRetry === 'true')
    return type === 'ModelRateLimited' || type === 'ModelTimedOut' ? type : 'ModelUnavailable';
  if (shouldRetry === 'false' && isFailureType(type)) {
    return type === 'ModelRateLimited' || type === 'ModelUnavailable' || type === 'ModelTimedOut'
      ? 'ModelRequestRejected'
      : type;
  }
  return type;
}

function withoutKeys(text: string): string {
  return text.replace(/\b(sk|key|tok|pk)[-_][\w-]{6,}/gi, '[key]');
}

/** `retry-after-ms`, then `retry-after` in seconds or as a date; undefined when there is none. */
export function retryAfterMs(headers: Headers | undefined, now: number): number | undefined {
  const inMs = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (Number.isFinite(inMs) && inMs >= 0) return inMs;
  const value = headers?.get('retry-after');
  if (!value) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
