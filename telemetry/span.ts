// span.ts: makes the spans of a task, each with its id and what all of them say. Knows no SDK: otlp.ts makes of them what goes out.

import type { Span, SpanEvent } from '../protocol/trace.ts';
import { SESSION_KEY } from '../protocol/session-baggage.ts';
import { spanIdOf } from './trace-context.ts';

/** Which trace, of which task, in which session. */
export interface TraceOf {
  traceId: string;
  /** What the ids of its spans are made of (`spanIdOf`). */
  key: string;
  taskId: string;
  sessionId: string;
}

/** What differs from span to span. `of`: what of the task it is, as its id is made of it. */
export type SpanFields = Omit<Span, 'traceId' | 'spanId' | 'events' | 'kind'> & {
  of: readonly (string | number)[];
  kind?: Span['kind'];
  events?: SpanEvent[];
};

/** A span with what every span of a task has on it. */
export function spanOf(
  trace: TraceOf,
  { of, kind = 'internal', events = [], attributes, ...fields }: SpanFields,
): Span {
  return {
    traceId: trace.traceId,
    spanId: spanIdOf(trace.key, ...of),
    kind,
    ...fields,
    end: Math.max(fields.start, fields.end),
    attributes: {
      ...attributes,
      'muster.task.id': trace.taskId,
      [SESSION_KEY]: trace.sessionId,
      'gen_ai.conversation.id': trace.sessionId,
      'session.id': trace.sessionId,
    },
    events: events.toSorted((a, b) => a.at - b.at),
  };
}
