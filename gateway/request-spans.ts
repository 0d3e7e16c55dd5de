// request-spans.ts: a span for each answered request: one that started a task hangs under the task's root, all others are linked
// to theirs. They are sent now and then, behind the answers; those of a gateway that is killed are lost, and orphan nobody.

import { randomBytes } from 'node:crypto';
import type { Span } from '../protocol/trace.ts';
import type { Store, TaskRecord } from '../store/store.ts';
import type { SpanSender } from '../telemetry/otlp.ts';
import { SESSION_KEY } from '../protocol/session-baggage.ts';
import { readTraceparent, spanIdOf, traceIdOf, type TraceParent } from '../telemetry/trace-context.ts';
import { isSampled, type Sampler } from '../telemetry/trace-settings.ts';
import type { AccessEntry } from './routes/context.ts';

export interface RequestSpans {
  add(entry: AccessEntry): void;
  /** Sends what is left, as far as the receiver takes it soon. */
  close(): Promise<void>;
}

export interface RequestSpansOptions {
  store: Pick<Store, 'getTask'>;
  sender: SpanSender;
  sampler: Sampler;
  /** Told in one line when spans are lost, once until they go out again. */
  say: (line: string) => void;
}

const SEND_MS = 1_000;
/** Beyond it spans are lost: a receiver that is away must not fill the memory. */
const MOST = 5_000;
/** A task's head is in the store once a worker has begun it; it says whose trace it is. */
const HEAD_MS = 5_000;
const CLOSE_MS = 2_000;

interface Waiting {
  entry: AccessEntry;
  end: number;
}

export function requestSpans({ store, sender, sampler, say }: RequestSpansOptions): RequestSpans {
  let waiting: Waiting[] = [];
  let isLosing = false;
  let sending = Promise.resolve();
  const timer = setInterval(() => flush(false), SEND_MS).unref();

  const lose = (why: string): void => {
    if (!isLosing) say(`spans of requests are lost: ${why}`);
    isLosing = true;
  };

  function flush(isLast: boolean): void {
    sending = sending.then(async () => {
      const taken = waiting;
      waiting = [];
      const spans: Span[] = [];
      try {
        for (const one of taken) {
          const { taskId } = one.entry;
          const head = taskId === undefined ? undefined : await store.getTask(taskId).catch(() => undefined);
          if (isLast || !startsTask(one.entry) || head || one.end < Date.now() - HEAD_MS)
            spans.push(...spanOfRequest(one, head, sampler));
          else waiting.push(one);
        }
        await sender.send(spans);
        if (spans.length > 0) isLosing = false;
      } catch (error) {
        lose(error instanceof Error ? error.message : String(error));
      }
    });
  }

  return {
    add(entry) {
      if (waiting.length >= MOST) lose(`${MOST} of them wait already`);
      else waiting.push({ entry, end: Date.now() });
    },
    async close() {
      clearInterval(timer);
      flush(true);
      const late = new Promise<void>((done) => setTimeout(done, CLOSE_MS).unref());
      await Promise.race([sending.then(() => sender.close()), late]).catch(() => undefined);
    },
  };
}

export const startsTask = ({ method, route, status }: AccessEntry): boolean =>
  method === 'POST' && route === '/tasks' && status < 400;

function spanOfRequest({ entry, end }: Waiting, head: TaskRecord | undefined, sampler: Sampler): Span[] {
  const { method, route, status, ms, taskId } = entry;
  const caller = readTraceparent(entry.traceparent);
  const task = taskId === undefined ? undefined : contextOfTask(taskId, head, startsTask(entry) ? caller : undefined);
  const isPart = task !== undefined && startsTask(entry);
  const traceId = isPart ? task.traceId : (caller?.traceId ?? randomBytes(16).toString('hex'));
  if (!isSampled(sampler, traceId, isPart ? task.isSampled : caller?.isSampled)) return [];
  const parentId = isPart ? task.spanId : caller?.spanId;
  const isFailed = status >= 500;
  return [
    {
      traceId,
      spanId: randomBytes(8).toString('hex'),
      ...(parentId === undefined ? {} : { parentId }),
      name: route === undefined ? method : `${method} ${route}`,
      kind: 'server',
      start: end - ms,
      end,
      ...(isFailed ? { error: { type: String(status) } } : {}),
      attributes: {
        'http.request.method': method,
        ...(route === undefined ? {} : { 'http.route': route }),
        'http.response.status_code': status,
        ...(taskId === undefined ? {} : { 'muster.task.id': taskId, [SESSION_KEY]: head?.sessionId ?? taskId }),
      },
      events: [],
      ...(task && !isPart ? { links: [task] } : {}),
    },
  ];
}

/** The root span of a task. @param starter the caller of the request that started it. */
function contextOfTask(
  taskId: string,
  head: TaskRecord | undefined,
  starter: TraceParent | undefined,
): Pick<TraceParent, 'traceId' | 'spanId'> & { isSampled?: boolean } {
  const caller = head ? readTraceparent(head.traceparent) : starter;
  return {
    traceId: caller?.traceId ?? traceIdOf(taskId),
    spanId: spanIdOf(taskId),
    ...(caller ? { isSampled: caller.isSampled } : {}),
  };
}
