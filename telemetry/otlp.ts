// otlp.ts: sends spans to a receiver by OpenTelemetry's own exporter, which is loaded when the first ones go out: nothing of the
// SDK is in a process that exports none.

import type { OTLPTraceExporter as Exporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { Attributes, Span } from '../protocol/trace.ts';
import type { TraceSettings } from './trace-settings.ts';

export interface SpanSender {
  /** Returns when the receiver has them. @throws what says why it has not, once the exporter tried no more. */
  send(spans: readonly Span[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param service name of this process's part, where OTEL_SERVICE_NAME gives no other.
 * @param hide takes secrets out of a text: nothing goes out that it has not seen.
 */
export function spanSender(
  { protocol, withContent }: TraceSettings,
  service: string,
  hide: (text: string) => string,
): SpanSender {
  let loading: ReturnType<typeof load> | undefined;
  return {
    async send(spans) {
      if (spans.length === 0) return;
      const { exporter, resource } = await (loading ??= load(protocol, service));
      const show = shownOnce(hide);
      const readable = spans.map((span) => readableOf(span, resource, withContent, show));
      await new Promise<void>((sent, failed) => {
        exporter.export(readable, ({ code, error }) => {
          if (code === SUCCESS) sent();
          else failed(error ?? new Error('the receiver took no spans'));
        });
      });
    },
    async close() {
      if (loading) await (await loading).exporter.shutdown();
    },
  };
}

/** Of the SDK's `ExportResultCode`. */
const SUCCESS = 0;

async function load(protocol: TraceSettings['protocol'], service: string) {
  const [{ OTLPTraceExporter }, { detectResources, envDetector, resourceFromAttributes }] = await Promise.all([
    protocol === 'http/json'
      ? import('@opentelemetry/exporter-trace-otlp-http')
      : import('@opentelemetry/exporter-trace-otlp-proto'),
    import('@opentelemetry/resources'),
  ]);
  const own = resourceFromAttributes({ 'service.name': service, 'telemetry.sdk.language': 'nodejs' });
  return { exporter: new OTLPTraceExporter(), resource: own.merge(detectResources({ detectors: [envDetector] })) };
}

type ReadableSpan = Parameters<Exporter['export']>[0][number];

const KINDS = { internal: 0, server: 1, client: 2 } as const;
const ERROR = 2;

type Show = <T extends string | undefined>(text: T) => T;

/** Most of what spans say is said by each of them. */
function shownOnce(hide: (text: string) => string): Show {
  const known = new Map<string, string>();
  return <T extends string | undefined>(text: T): T => {
    if (text === undefined) return text;
    const shown = known.get(text) ?? hide(text);
    known.set(text, shown);
    return shown as T;
  };
}

/** One object of all of them. Without copies in between: there are forty spans of twenty attributes in a small trace. */
function shownAll(show: Show, ...all: readonly (Attributes | undefined)[]): Attributes {
  const shown: Attributes = {};
  for (const attributes of all)
    for (const name in attributes) {
      const value = attributes[name];
      if (value !== undefined)
        shown[name] = typeof value === 'string' ? show(value) : Array.isArray(value) ? value.map(show) : value;
    }
  return shown;
}

function readableOf(span: Span, resource: ReadableSpan['resource'], withContent: boolean, show: Show): ReadableSpan {
  const { traceId, error, content } = span;
  const contextOf = (spanId: string, of = traceId) => ({ traceId: of, spanId, traceFlags: 1 });
  const failure = error && { 'error.type': error.type };
  const message = withContent ? show(error?.message) : undefined;
  return {
    name: show(span.name),
    kind: KINDS[span.kind],
    spanContext: () => contextOf(span.spanId),
    ...(span.parentId === undefined ? {} : { parentSpanContext: contextOf(span.parentId) }),
    startTime: timeOf(span.start),
    endTime: timeOf(span.end),
    duration: timeOf(span.end - span.start),
    ended: true,
    status: error ? { code: ERROR, ...(message === undefined ? {} : { message }) } : { code: 0 },
    attributes: shownAll(show, span.attributes, failure, withContent ? content : undefined),
    links: (span.links ?? []).map((link) => ({ context: contextOf(link.spanId, link.traceId) })),
    events: span.events.map(({ name, at, attributes, content: words }) => ({
      name: show(name),
      time: timeOf(at),
      attributes: shownAll(show, attributes, withContent ? words : undefined),
    })),
    resource,
    instrumentationScope: { name: 'muster-agents' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** Seconds and nanoseconds. */
const timeOf = (ms: number): [number, number] => [Math.floor(ms / 1_000), Math.round((ms % 1_000) * 1e6)];
