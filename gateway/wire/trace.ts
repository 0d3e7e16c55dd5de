// trace.ts: a trace as GET /tasks/{id}/trace shows it: its spans in one list, without the contents of calls. Pure.

import { z } from '@hono/zod-openapi';
import type { Span, TaskTrace } from '../../protocol/trace.ts';
import { time } from './plan-schemas.ts';

const attributes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]));

export const trace = z
  .object({
    trace_id: z.string(),
    run: z.string().openapi({ description: 'The run of the task whose trace it is.' }),
    sampled: z
      .boolean()
      .optional()
      .openapi({ description: 'What the caller’s traceparent said, where there was one.' }),
    looked_at: time,
    spans: z.array(
      z.object({
        span_id: z.string(),
        parent_id: z.string().optional(),
        name: z.string(),
        kind: z.enum(['internal', 'client', 'server']),
        stretch: z
          .int()
          .optional()
          .openapi({ description: 'Of what goes on behind the answer: which time it went on, from 1.' }),
        title: z.string().optional(),
        started_at: time,
        ended_at: time.nullable().openapi({ description: 'Null while it goes on.' }),
        error: z.string().optional().openapi({ description: 'Type of the failure.' }),
        attributes,
        events: z.array(z.object({ name: z.string(), at: time, attributes })),
      }),
    ),
  })
  .openapi('Trace');

/** @param now when it was made, ms since the epoch. */
export const traceView = (
  { traceId, run, isSampled, spans, background }: TaskTrace,
  now: number,
): z.infer<typeof trace> => ({
  trace_id: traceId,
  run,
  ...(isSampled === undefined ? {} : { sampled: isSampled }),
  looked_at: iso(now),
  spans: [
    ...spans.map((span) => spanView(span)),
    ...background.flatMap((stretch, at) => stretch.map((span) => spanView(span, at + 1))),
  ],
});

function spanView(
  { spanId, parentId, name, kind, content, start, end, isOpen, error, events, ...span }: Span,
  stretch?: number,
) {
  const title = content?.['muster.title'];
  return {
    span_id: spanId,
    ...(parentId === undefined ? {} : { parent_id: parentId }),
    name,
    kind,
    ...(stretch === undefined ? {} : { stretch }),
    ...(typeof title === 'string' ? { title } : {}),
    started_at: iso(start),
    ended_at: isOpen ? null : iso(end),
    ...(error ? { error: error.type } : {}),
    attributes: span.attributes,
    events: events.map((event) => ({ name: event.name, at: iso(event.at), attributes: event.attributes ?? {} })),
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();
