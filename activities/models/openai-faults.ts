// openai-faults.ts: what an error of an OpenAI-compatible server means, whatever was asked of it, and in whatever words and
// place it says so. Pure; the table of FACTS is held by its test.

import { APIConnectionTimeoutError, APIError } from 'openai';
import type { FailureType } from '../../protocol/failures.ts';
import type { ModelFault } from './provider.ts';
import type { ServerError } from './server-words.ts';

interface Asked {
  model: string;
  baseURL?: string | undefined;
  apiKey: string;
}

/** What is wrong, as far as one request goes. `rejected` is all that is none of the others. */
export type FaultKind =
  'key' | 'quota' | 'rate' | 'length' | 'model' | 'address' | 'content' | 'rejected' | 'slow' | 'overload';

const TYPES: Readonly<Record<FaultKind, FailureType>> = {
  key: 'ModelKeyRefused',
  quota: 'ModelQuotaExhausted',
  rate: 'ModelRateLimited',
  length: 'ModelRequestRejected',
  model: 'ModelNotFound',
  address: 'ModelAddressWrong',
  content: 'ContentRefused',
  rejected: 'ModelRequestRejected',
  slow: 'ModelTimedOut',
  overload: 'ModelUnavailable',
};

const BEGINNINGS: Readonly<Partial<Record<FaultKind, (server: string, model: string) => string>>> = {
  key: (server) => `${server} refused the API key`,
  quota: (server) => `${server} says that the account's quota is used up`,
  rate: (server) => `${server} asks to slow down`,
  length: (server) => `${server} says that the request is too long`,
  model: (server, model) => `${server} does not know the model "${model}"`,
  address: (server) => `${server} is no address of a model's API: most end in /v1`,
  content: (server) => `${server} refuses to answer this`,
};

/** What a server said, where the openai client made an error of it; nothing for a cut connection or broken JSON. */
export function serverError(error: unknown): ServerError | undefined {
  if (!(error instanceof APIError)) return undefined;
  const said = (typeof error.error === 'string' ? { message: error.error } : error.error) as ServerError | undefined;
  const status = error.status ?? said?.status;
  if (status === undefined && said === undefined) return undefined;
  const message = typeof said?.message === 'string' ? said.message : error.message;
  return { ...said, message, ...(status === undefined ? {} : { status }) };
}

const WORDS: Readonly<Record<Exclude<FaultKind, 'rejected' | 'slow'>, RegExp>> = {
  key: /\b(?:invalid|incorrect|wrong|missing|no|expired|disabled|revoked|unknown|bad)\b.{0,30}\b(?:api[ _-]?key|token|credential)s?\b|\b(?:api[ _-]?key|access token)\b.{0,40}\b(?:invalid|incorrect|not valid|not found|missing|expired|disabled|revoked|required)|\bunauthori[sz]ed\b|\bauthenticat|\bpermission[_ ]?denied\b|invalid_api_key|\bforbidden\b|\blogin fail/i,
  quota:
    /insufficient[ _](?:quota|balance|credit|fund)|(?:exceed|used up|reached|out of|no).{0,30}\b(?:quota|credits?)\b|\bquota\b.{0,30}(?:exceed|exhaust)|credit balance|\bbilling\b|payment required|\barrears\b|账户|余额/i,
  rate: /rate[ _-]?limit|too many requests|slow down|(?:requests|tokens) per (?:second|minute|hour|day)|\bthrottl|resource[_ ]exhausted|concurren\w+ (?:limit|request)|\b[rt]p[md]\b/i,
  length:
    /context[ _](?:length|window|size)|\bn_ctx\b|(?:prompt|input|request|message|sequence|conversation)s?\b.{0,60}\b(?:too (?:long|large|many)|exceed\w*|longer than|maximum|over the)\b.{0,80}(?:token|length|context|char|limit|maximum|window|model|$)|too many (?:input |prompt )?tokens|\bhas \d+ tokens\b.{0,40}\blimit\b|\bmax(?:imum)? length of\b|maximum (?:prompt|input|sequence|model|number of)\b.{0,30}(?:length|tokens|allowed)|reduce the length|tokens? \+ .{0,30}tokens?.{0,20}(?:must be|<=)/i,
  model:
    /\bmodels?\b.{0,120}(?:not (?:found|exist|available|loaded|a valid)|does(?:n.t| not) exist|unknown|no such|not been found)|(?:unknown|invalid|no such|unsupported|not a valid|couldn.t find|no) model(?: name| id| identifier)?\b|model_not_found|try pulling it/i,
  address:
    /^$|^not found\.?$|page not found|no route|cannot (?:get|post)|unknown (?:url|endpoint|path|route)|invalid url|unexpected endpoint|(?:endpoint|route|path|url|resource|file)\b.{0,60}(?:not found|does not exist|not exist)|method not allowed/i,
  content:
    /content[ _-]?(?:filter|policy|management|moderat|inspection|safety)|data[_ ]inspection|\bmoderation\b|\bflagged\b|safety (?:system|setting|reason|policy)|responsible ai|usage polic|inappropriate content|prohibited[_ ]content|sensitive (?:content|words?)|violat\w+ .{0,40}polic/i,
  overload:
    /overload|\bunavailable\b|over capacity|at capacity|no capacity|\bis loading\b|loading model|internal (?:server )?error|server[ _]error|try again later|bad gateway|gateway time|maintenance|timed? ?out|upstream/i,
};

/** Which kind of fault this is. A status goes before words, but for statuses that servers use for everything. */
export function kindOf(said: ServerError): FaultKind {
  const { status = 0, code, type, message } = said;
  const names = `${code ?? ''} ${type ?? ''}`;
  const named = `${names} ${message}`;
  const is = (kind: keyof typeof WORDS, words = named): boolean => WORDS[kind].test(words);
  if (said.isPage)
    return status >= 500 || is('overload', message) ? 'overload' : status === 401 || status === 403 ? 'key' : 'address';
  if (status === 401) return 'key';
  if (status === 402) return 'quota';
  if (status === 408 || status === 504) return 'slow';
  if (status === 405 || type === 'redirect') return 'address';
  if (status === 413) return 'length';
  if (status === 429) return isQuota(said) ? 'quota' : 'rate';
  if (/context_length|context_window|exceed_context|string_above_max/i.test(names)) return 'length';
  if (/insufficient_quota|billing/i.test(names)) return 'quota';
  if (/rate_?limit/i.test(names)) return 'rate';
  if (/invalid_api_key|authentication|unauthori[sz]ed/i.test(names)) return 'key';
  if (/model_not_found/i.test(names)) return 'model';
  if (status === 403) return is('content') ? 'content' : is('quota') ? 'quota' : 'key';
  if (status === 409 || status === 425) return 'overload';
  const order = status >= 500 ? (['length', 'content', 'key', 'quota', 'rate', 'model'] as const) : ORDER;
  const kind = order.find((one) => is(one, one === 'address' ? message : named));
  if (kind !== undefined && (kind !== 'address' || status === 404 || status === 0)) return kind;
  if (status === 404)
    return said.code === undefined && said.type === undefined && message.length < 40 ? 'address' : 'rejected';
  return status >= 400 && status < 500 ? 'rejected' : 'overload';
}

const ORDER = ['length', 'content', 'quota', 'rate', 'key', 'model', 'address'] as const;

/** Asked to come back after a while is no quota that is used up, also where the words are those of one. */
const isQuota = ({ code, type, message, retryAfterMs }: ServerError): boolean =>
  /insufficient_quota|billing/i.test(`${code} ${type}`) ||
  (WORDS.quota.test(message) &&
    retryAfterMs === undefined &&
    waitNamed(message) === undefined &&
    !WORDS.rate.test(message));

/** The fault behind whatever the openai client threw. Its message holds no key, whatever the server echoed. */
export function faultOf(error: unknown, { model, baseURL: server = 'api.openai.com', apiKey }: Asked): ModelFault {
  const fault = anyFault(error, model, server);
  return { ...fault, message: hideKeys(fault.message, apiKey) };
}

function anyFault(error: unknown, model: string, server: string): ModelFault {
  if (error instanceof APIConnectionTimeoutError)
    return { type: 'ModelTimedOut', message: `${server} did not answer in time` };
  const said = serverError(error);
  if (said) return faultOfWords(said, model, server, error instanceof APIError ? error.headers : undefined);
  // Refused, reset or cut connection, or broken JSON inside a 200.
  const reason = reasonOf(error);
  if (
    /wrong version number|packet length too long|EPROTO|invalid url|failed to parse url|unsupported protocol/i.test(
      reason,
    )
  )
    return { type: 'ModelAddressWrong', message: `${server} can't be spoken to: ${reason.slice(0, 200)}` };
  if (/certificate|altnames|unable to verify/i.test(reason))
    return {
      type: 'ModelAddressWrong',
      message: `${server} has a certificate that is not trusted here (${reason.slice(0, 160)}): it has to be renewed, or NODE_EXTRA_CA_CERTS to name the file of who signed it`,
    };
  return { type: 'ModelUnavailable', message: `${server} gave no usable answer: ${reason.slice(0, 200)}` };
}

/** The innermost cause says most: the client's own words are "Connection error." */
function reasonOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && depth < 5 ? reasonOf(error.cause, depth + 1) : error.message;
}

/** The fault behind a server's words. `x-should-retry` wins over the table. */
function faultOfWords(said: ServerError, model: string, server: string, headers: Headers | undefined): ModelFault {
  const kind = kindOf(said);
  const after = retryAfterMs(headers, Date.now()) ?? said.retryAfterMs ?? waitNamed(said.message);
  const begins = BEGINNINGS[kind]?.(server, model);
  const status = said.status === undefined ? '' : ` (${said.status})`;
  const words = said.message.trim();
  const message = begins
    ? `${begins}${status}${words === '' ? '' : `: ${words}`}`
    : `${server} answered${said.status === undefined ? ' with an error' : ` ${said.status}`}: ${words || 'no reason given'}`;
  return {
    type: override(TYPES[kind], headers?.get('x-should-retry')),
    message,
    ...(kind === 'length' ? { tooLong: true } : {}),
    ...(after === undefined ? {} : { retryAfterMs: after }),
  };
}

/** No model's is smaller: what is, is another number. */
const LEAST_WINDOW = 500;

/** The window that the server names when it refuses a request for its length, in tokens. */
export function windowNamed({ message, window }: Pick<ServerError, 'message' | 'window'>): number | undefined {
  if (window !== undefined) return window;
  const number = String.raw`(\d{1,3}(?:,\d{3})+|\d+)(\s?k\b)?`;
  const named = [
    String.raw`context (?:length|window|size)\D{0,40}`,
    String.raw`(?:maximum|limit|at most|up to|allowed|supports|n_ctx|max_model_len|must be)\D{0,60}`,
    String.raw`(?:>|<=|over|above|than)\s*`,
  ];
  const behind = String.raw`\s*(?:tokens? )?(?:maximum|max\b|limit)`;
  for (const pattern of [...named.map((before) => before + number), number + behind]) {
    const words = new RegExp(pattern, 'i').exec(message);
    const tokens = Number(words?.[1]?.replaceAll(',', '')) * (words?.[2] ? 1_000 : 1);
    if (tokens >= LEAST_WINDOW) return tokens;
  }
  return undefined;
}

function override(type: FailureType, shouldRetry: string | null | undefined): FailureType {
  const passes = type === 'ModelRateLimited' || type === 'ModelUnavailable' || type === 'ModelTimedOut';
  if (shouldRetry === 'true' && !passes) return 'ModelUnavailable';
  return shouldRetry === 'false' && passes ? 'ModelRequestRejected' : type;
}

/** Also one that the server shows in part: its beginning and end are nobody's business either. */
export function hideKeys(text: string, apiKey: string): string {
  const own = apiKey.length < 6 ? text : text.replaceAll(apiKey, '[key]');
  return own.replace(
    /\b(?:sk|key|tok|pk|gsk|xai|api)[-_][\w*.…-]{6,}|\bBearer \S+|\b\S{0,12}\*{3,}\S{0,12}/gi,
    '[key]',
  );
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

/** "Please try again in 1m12.5s", in milliseconds. */
function waitNamed(message: string): number | undefined {
  const named =
    /(?:again|retry|wait)\w*\D{0,20}?((?:\d+(?:\.\d+)?\s*(?:ms|milliseconds?|h|hours?|m|min\w*|s|sec\w*)\s*)+)/i.exec(
      message,
    );
  if (!named?.[1]) return undefined;
  let sum = 0;
  for (const [, count, unit = ''] of named[1].matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi))
    sum +=
      Number(count) *
      (/^m(?:s|ill)/i.test(unit) ? 1 : /^h/i.test(unit) ? 3_600_000 : /^m/i.test(unit) ? 60_000 : 1_000);
  return sum;
}
