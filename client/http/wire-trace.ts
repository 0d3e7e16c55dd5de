// wire-trace.ts: a trace as a gateway shows it, turned into the one that the library has. test/gateway/http-client.test.ts holds it to
// what the gateway sends.

import type { Attributes, Span, TaskTrace } from '../../protocol/trace.ts';

/** What `GET /tasks/{id}/trace` answers. */
export interface WireTrace {
  trace_id: string;
  run: string;
  sampled?: boolean | undefined;
  looked_at: string;
  spans: WireSpan[];
}

interface WireSpan {
  span_id: string;
  parent_id?: string | undefined;
  name: string;
  kind: Span['kind'];
  stretch?: number | undefined;
  title?: string | undefined;
  started_at: string;
  ended_at: string | null;
  error?: string | undefined;
  attributes: Attributes;
  events: { name: string; at: string; attributes: Attributes }[];
}

export function traceOf({ trace_id: traceId, run, sampled, looked_at, spans: sent }: WireTrace): TaskTrace {
  const trace: TaskTrace = {
    traceId,
    ...(sampled === undefined ? {} : { isSampled: sampled }),
    run,
    spans: [],
    background: [],
  };
  for (const one of sent) {
    const span = spanOf(one, traceId, Date.parse(looked_at));
    if (one.stretch === undefined) trace.spans.push(span);
    else (trace.background[one.stretch - 1] ??= []).push(span);
  }
  return trace;
}

function spanOf(
  { span_id, parent_id, title, started_at, ended_at, ...one }: WireSpan,
  traceId: string,
  now: number,
): Span {
  return {
    traceId,
    spanId: span_id,
    ...(parent_id === undefined ? {} : { parentId: parent_id }),
    name: one.name,
    kind: one.kind,
    start: Date.parse(started_at),
    end: ended_at === null ? now : Date.parse(ended_at),
    ...(ended_at === null ? { isOpen: true } : {}),
    ...(one.error === undefined ? {} : { error: { type: one.error } }),
    attributes: one.attributes,
    ...(title === undefined ? {} : { content: { 'muster.title': title } }),
    events: one.events.map(({ name, at, attributes }) => ({ name, at: Date.parse(at), attributes })),
  };
}
