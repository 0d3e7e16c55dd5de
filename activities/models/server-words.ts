// server-words.ts: what a server says went wrong, whatever shape it says it in: nested, flat, a list, plain text, a page of
// HTML, or JSON quoted in JSON. Pure, and bounded: what it makes is short.

import { isObject } from '../text/json-values.ts';

/** An error in the one shape that the rest of this room reads; also the shape that the openai client reads. */
export interface ServerError {
  /** The server's own words, at most MAX_WORDS long; may hold a key that was echoed. */
  message: string;
  code?: string | number;
  type?: string;
  param?: string;
  /** An HTTP status, where one is named inside a body or a stream. */
  status?: number;
  /** What the server writes is a page for people: somebody else than a model's server answered. */
  isPage?: true;
  /** The tokens that a window or an allowance has, where the body has a field for it. */
  window?: number;
  retryAfterMs?: number;
}

export const MAX_WORDS = 500;
/** Errors are wrapped by gateways, and those by other gateways. */
const MAX_DEPTH = 5;

/** @param text a body, or a line of a stream. */
export function errorInText(text: string): ServerError {
  const trimmed = text.trim();
  if (/^<(?:!doctype|html|head|body|\?xml)/i.test(trimmed)) return { message: pageWords(trimmed), isPage: true };
  const value = jsonIn(trimmed);
  const found = value === undefined ? undefined : errorIn(value);
  return found ?? { message: shortened(trimmed.replace(/^(?:error|message)\s*:\s*/i, '')) };
}

/** The error that a value from a server is; undefined when it is none, as a chunk of an answer. */
export function errorIn(value: unknown, depth = 0): ServerError | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (Array.isArray(value)) return listed(value, depth);
  if (value === null || typeof value !== 'object') return undefined;
  const fields = value as Record<string, unknown>;
  const inner = innerOf(fields);
  const message = wordsOf(fields, depth);
  const own = { ...numbersOf(fields), ...(message === undefined ? {} : { message }) };
  if (inner !== undefined && inner !== null && inner !== false) {
    const within = typeof inner === 'string' ? fromString(inner, depth) : errorIn(inner, depth + 1);
    if (within) return { ...own, ...within, ...(within.message === '' && message ? { message } : {}) };
  }
  if (!isErrorLike(fields)) return undefined;
  return { ...own, message: message ?? shortened(JSON.stringify(fields)) };
}

/** Where the error may be told: in a field of its own, on one of the choices, or in what a gateway puts beside no answer. */
function innerOf(fields: Record<string, unknown>): unknown {
  const own = fields.error ?? fields.errors;
  if (own !== undefined && own !== null) return own;
  const choices: unknown[] = Array.isArray(fields.choices) ? fields.choices : [];
  const ofChoice = choices.find((one): one is { error: object } => isObject(one) && isObject(one.error));
  if (ofChoice) return ofChoice.error;
  if (isErrorLike(fields)) return undefined;
  return fields.response ?? (answers(fields) ? undefined : Object.values(fields).find(isFailedStatus));
}

/** `{ "status_code": 1004, "status_msg": "…" }`: what some gateways send with every reply, with 0 where all is well. */
const isFailedStatus = (value: unknown): boolean =>
  isObject(value) && CODES.some((key) => key in value) && isErrorLike(value);
const CODES = ['code', 'status_code', 'statusCode', 'error_code', 'ErrorCode', 'Code'];

const answers = (fields: Record<string, unknown>): boolean =>
  ['choices', 'output', 'delta', 'usage'].some((key) => fields[key] !== undefined && fields[key] !== null);

/** An object that says that something is wrong, not one that answers. */
function isErrorLike(fields: Record<string, unknown>): boolean {
  if (answers(fields) || CODES.some((key) => fields[key] === 0 || fields[key] === '0')) return false;
  if (fields.object === 'error' || fields.type === 'error' || fields.status === 'error') return true;
  if ([fields.status, fields.state, fields.type].some((said) => typeof said === 'string' && PROGRESS.test(said)))
    return false;
  const isNamed = [...CODES, 'status', 'type', '__type', 'title', 'success'].some((key) => key in fields);
  return (
    'detail' in fields || 'fault' in fields || (isNamed && MESSAGES.some((key) => key in fields)) || onlyWords(fields)
  );
}

const MESSAGES = ['message', 'msg', 'error_message', 'error_msg', 'status_msg', 'ErrorMessage', 'Message'] as const;

/** What gateways call their words about a request that waits its turn. */
const PROGRESS =
  /^(?:status|info|notice|ping|heartbeat|keep-?alive|(?:in_)?progress|queued?|queueing|pending|processing|started|starting|loading|running|waiting)$/i;

const onlyWords = (fields: Record<string, unknown>): boolean =>
  typeof (fields.message ?? fields.Message) === 'string' && Object.keys(fields).length <= 2;

function listed(values: unknown[], depth: number): ServerError | undefined {
  for (const one of values.slice(0, 20)) {
    const found = typeof one === 'string' ? undefined : errorIn(one, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function wordsOf(fields: Record<string, unknown>, depth: number): string | undefined {
  for (const key of ['message', 'detail', ...MESSAGES, 'error_description', 'reason', 'title', 'fault'] as const) {
    const said = fields[key];
    if (typeof said === 'string' && said !== '') return fromString(said, depth).message;
    if (Array.isArray(said)) return shortened(said.map(problemOf).join('; '));
    if (said !== null && typeof said === 'object')
      return wordsOf(said as Record<string, unknown>, depth + 1) ?? shortened(JSON.stringify(said));
  }
  return undefined;
}

/** One of a validator's list: where something is wrong, and what. */
function problemOf(one: unknown): string {
  const { loc, msg } = (one ?? {}) as { loc?: unknown; msg?: unknown };
  return typeof msg === 'string' ? `${Array.isArray(loc) ? `${loc.join('.')}: ` : ''}${msg}` : JSON.stringify(one);
}

/** Words that may be JSON again, as gateways quote the server behind them. */
function fromString(said: string, depth: number): ServerError {
  const within = jsonIn(said.slice(Math.max(0, said.search(/[{[]/))));
  const found = within === undefined ? undefined : errorIn(within, depth + 1);
  if (!found) return { message: shortened(said) };
  // Both: what stands around the quoted part may say more than it.
  return { ...found, message: shortened(said.startsWith('{') ? found.message : said) };
}

function numbersOf(fields: Record<string, unknown>): Partial<ServerError> {
  const named: Partial<ServerError> = {};
  const { code, type, param, status } = fields;
  if (typeof code === 'string' || typeof code === 'number') named.code = code;
  if (typeof type === 'string' && type !== 'error') named.type = type;
  else if (typeof status === 'string') named.type = status;
  if (typeof param === 'string') named.param = param;
  const http = [code, status, fields.statusCode, fields.status_code].map(Number).find((one) => one >= 400 && one < 600);
  if (http !== undefined) named.status = http;
  const window = [fields.n_ctx, fields.max_model_len, fields.context_length].map(Number).find((one) => one > 0);
  if (window !== undefined) named.window = window;
  const after = /"retry_?(?:after|delay)(?:_?seconds)?"\s*:\s*"?(\d+(?:\.\d+)?)/i.exec(
    JSON.stringify(fields).slice(0, 20_000),
  );
  if (after) named.retryAfterMs = Number(after[1]) * 1_000;
  return named;
}

function jsonIn(text: string): unknown {
  if (!/^[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A page's title and first words. */
function pageWords(html: string): string {
  const start = html.slice(0, 20_000);
  const title = /<title[^>]*>([^<]*)/i.exec(start)?.[1] ?? '';
  const words = start.replace(/<(script|style|head)[\s\S]*?(?:<\/\1>|$)/gi, ' ').replace(/<[^>]*>/g, ' ');
  return shortened(
    [title, words]
      .map((part) => part.replace(/\s+/g, ' ').trim())
      .filter(Boolean)
      .join(': '),
  );
}

const shortened = (words: string): string => {
  const one = words.replace(/\s+/g, ' ').trim();
  return one.length <= MAX_WORDS ? one : `${one.slice(0, MAX_WORDS - 1)}…`;
};
