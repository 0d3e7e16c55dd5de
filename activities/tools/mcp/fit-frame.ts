// fit-frame.ts: a line of JSON from a server as the JSON-RPC messages that it means, where it says them nearly right: a
// number as a text, `error: null` beside a result, an error that is only words, several at once. Knows no method.

import type { JSONRPCMessage } from '@modelcontextprotocol/client';
import { isObject } from './json-object.ts';

const INTERNAL_ERROR = -32_603;

/** The messages of a line; none where it holds no message, as a line of a log. */
export function fitFrame(line: string): JSONRPCMessage[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return [];
  }
  return (Array.isArray(value) ? value : [value]).flatMap(fitMessage);
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
