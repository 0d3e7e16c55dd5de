// trace-context.ts: W3C Trace Context as text, and the ids of spans, which are made of what a span is: so that
// whoever ends a piece of work names it as whoever began it would have. Pure.

import { createHash } from 'node:crypto';

export interface TraceParent {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
  isSampled: boolean;
}

/** Undefined for what is none: whoever sent it goes on without. */
export function readTraceparent(text: string | undefined): TraceParent | undefined {
  const found = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/.exec(
    text ?? '',
  );
  const [, traceId = '', spanId = '', flags = ''] = found ?? [];
  return found ? { traceId, spanId, isSampled: (parseInt(flags, 16) & 1) === 1 } : undefined;
}

export const traceparentOf = ({ traceId, spanId, isSampled }: TraceParent): string =>
  `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;

/** Of a task without a caller from outside: known before it is started. */
export const traceIdOf = (taskId: string): string => digest(['trace', taskId], 32);

/**
 * The same for the same parts, on every machine. `key` is the Workflow Id of the task, or of its background child; after a Reset of
 * one that had ended it is the new run. `parts`: what of that the span is; none: the whole of it.
 */
export const spanIdOf = (key: string, ...parts: readonly (string | number)[]): string =>
  digest(['span', key, ...parts], 16);

/** All zeros would be no id; it is one in 2^64. */
const digest = (parts: readonly (string | number)[], digits: number): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, digits);
