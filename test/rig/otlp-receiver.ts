// otlp-receiver.ts: a receiver of OTLP over HTTP on a real socket, for JSON: keeps the spans that come, in the form of ours. It can
// refuse, hang, and go away.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Attributes, Span } from '../../protocol/trace.ts';

export interface ReceivedSpan extends Span {
  service: string;
}

export interface OtlpReceiver {
  /** What processes are given to export to it. */
  env: Record<string, string>;
  spans: ReceivedSpan[];
  /** All that came, as it came. */
  bodies: string[];
  /** Requests that came. */
  requests(): number;
  /** Answers so from now on; `hang`: not at all. Default: 200. */
  answer(with_: number | 'hang'): void;
  close(): Promise<void>;
}

interface Value {
  stringValue?: string;
  intValue?: string | number;
  doubleValue?: number;
  boolValue?: boolean;
  arrayValue?: { values: Value[] };
}
type Pairs = { key: string; value: Value }[];
interface WireSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Pairs;
  status: { code?: number };
  events?: { name: string; timeUnixNano: string; attributes: Pairs }[];
  links?: { traceId: string; spanId: string }[];
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const bodies: string[] = [];
  let requests = 0;
  let answer: number | 'hang' = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests += 1;
      if (answer === 'hang') return;
      const body = Buffer.concat(chunks).toString('utf8');
      bodies.push(body);
      if (answer < 300) spans.push(...spansIn(JSON.parse(body)));
      response.writeHead(answer, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${port}/v1/traces`,
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
    },
    spans,
    bodies,
    requests: () => requests,
    answer: (with_) => void (answer = with_),
    async close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function spansIn(body: {
  resourceSpans: { resource: { attributes: Pairs }; scopeSpans: { spans: WireSpan[] }[] }[];
}): ReceivedSpan[] {
  return body.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((one): ReceivedSpan => {
        const attributes = asObject(one.attributes);
        return {
          service: String(asObject(resource.attributes)['service.name']),
          traceId: one.traceId,
          spanId: one.spanId,
          ...(one.parentSpanId ? { parentId: one.parentSpanId } : {}),
          name: one.name,
          kind: (['internal', 'internal', 'server', 'client'] as const)[one.kind] ?? 'internal',
          start: ms(one.startTimeUnixNano),
          end: ms(one.endTimeUnixNano),
          ...(one.status.code === 2 ? { error: { type: String(attributes['error.type']) } } : {}),
          attributes,
          events: (one.events ?? []).map(({ name, timeUnixNano, attributes: said }) => ({
            name,
            at: ms(timeUnixNano),
            attributes: asObject(said),
          })),
          ...(one.links?.length ? { links: one.links.map(({ traceId, spanId }) => ({ traceId, spanId })) } : {}),
        };
      }),
    ),
  );
}

const ms = (nanoseconds: string): number => Number(BigInt(nanoseconds) / 1_000n) / 1_000;

const asObject = (pairs: Pairs): Attributes =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, valueOf(value)])) as Attributes;

const valueOf = (value: Value): unknown =>
  value.arrayValue?.values.map(valueOf) ??
  value.stringValue ??
  value.boolValue ??
  value.doubleValue ??
  Number(value.intValue);
