// fit-frame.ts: a line of JSON from a server as the JSON-RPC messages that it means, where it says them nearly right: a
// number as a text, `error: null` beside a result, an error that is only words, several at once. Knows no method.

import type { JSONRPCMessage } from '@modelcontextprotocol/client';
import { isObject } from './json-object.ts';

const INTERNAL_ERROR = -32_603;

/** Numbers that JSON does not have and some writers write. */
const NO_JSON_NUMBER = /(?<=[:,[]\s{0,9})-?(?:NaN|Infinity)(?=\s{0,9}[,\]}])/g;
/** Where a response begins behind other words. */
const RESPONSE = /\{\s*"(?:jsonrpc|id|result|error)"\s*:/;
/** Its id, before the result or after it: an id in the result is that of something else. */
const RESPONSE_ID =
  /^\s*\{[^{}]*"id"\s*:\s*"?(\d{1,15})"?\s*,[^{}]*"(?:result|error)"\s*:|^\s*\{[^{}]*"(?:result|error)"\s*:[^]*\}[^{}]*"id"\s*:\s*"?(\d{1,15})"?[^{}]*\}\s*$/;

/** The messages of a line; none where it holds no message, as a line of a log. */
export function fitFrame(line: string): JSONRPCMessage[] {
  const value = parsed(line);
  if (value !== undefined) return (Array.isArray(value) ? value : [value]).flatMap(fitMessage);
  // A server that prints without ending the line. Only responses: what looks like a request may be our own, in its log.
  const start = line.search(RESPONSE);
  const behind = start < 1 ? undefined : parsed(line.slice(start, line.lastIndexOf('}') + 1));
  return isObject(behind) && !('method' in behind) ? fitMessage(behind) : [];
}

/** A response that can't be read, as one that says so: whoever asked would wait for its time-out otherwise. */
export function unreadFrame(line: string, why = 'its answer is no JSON'): JSONRPCMessage[] {
  const [, before, after] = RESPONSE_ID.exec(edgesOf(line)) ?? [];
  const id = before ?? after;
  return id === undefined ? [] : [failedCall(Number(id), why)];
}

/** The answer to a call that has none that can be read. */
export const failedCall = (id: string | number, why: string): JSONRPCMessage => ({
  jsonrpc: '2.0',
  id,
  error: { code: INTERNAL_ERROR, message: why },
});

/** In all of a long line, looking for an id would take for ever. */
const edgesOf = (line: string): string => (line.length > 2_000 ? line.slice(0, 1_000) + line.slice(-1_000) : line);

function parsed(text: string): unknown {
  for (const one of [text, text.replace(NO_JSON_NUMBER, 'null')]) {
    try {
      return JSON.parse(one);
    } catch {
      // The next reading of it, or none.
    }
  }
  return undefined;
}

function fitMessage(value: unknown): JSONRPCMessage[] {
  if (!isObject(value)) return [];
  const { jsonrpc: _version, method, id, params, result, error } = value;
  const jsonrpc = '2.0' as const;
  if (typeof method === 'string') {
    const asked = { jsonrpc, method, ...(isObject(params) ? { params } : {}) };
    return [id === undefined || id === null ? asked : { ...asked, id: idOf(id) }];
  }
  if (id === undefined || id === null) return [];
  const about = { jsonrpc, id: idOf(id) };
  if (error !== undefined && error !== null && error !== false) return [{ ...about, error: fitError(error) }];
  // What is no object can't be a result of any method; it is kept for whoever reads it.
  if (result !== undefined) return [{ ...about, result: isObject(result) ? result : { value: result } }];
  return error === undefined ? [] : [{ ...about, result: {} }];
}

/** We count requests; a server that gives the number back as a text means the same. */
const idOf = (id: unknown): string | number =>
  typeof id === 'string' && /^\d{1,15}$/.test(id) ? Number(id) : typeof id === 'number' ? id : String(id);

function fitError(error: unknown): { code: number; message: string; data?: unknown } {
  if (!isObject(error))
    return { code: INTERNAL_ERROR, message: typeof error === 'string' ? error : JSON.stringify(error) };
  const { code, message, data } = error;
  const number = Number(code);
  return {
    code: Number.isSafeInteger(number) && number !== 0 ? number : INTERNAL_ERROR,
    message: typeof message === 'string' ? message : JSON.stringify(message ?? error),
    ...(data === undefined ? {} : { data }),
  };
}
