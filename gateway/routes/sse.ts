// sse.ts: a task's stream as Server-Sent Events. Frames are taken as the reader's socket takes them: nothing is queued here.

import type { EventCursor } from '../../protocol/events.ts';
import { metrics } from '../../telemetry/metrics/registry.ts';
import { joined } from '../live/frame.ts';
import type { Reader } from '../live/both-reader.ts';
import { StreamReader } from '../live/reader.ts';
import type { TaskHub } from '../live/task-hub.ts';

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** Sent at once, so that a reader knows that it is connected; and how soon it is to come back after a cut. */
const GREETING = Buffer.from('retry: 1000\n\n');

/** The stream of a task, from a cursor on. */
export const taskStream = (hub: TaskHub, after: EventCursor | undefined, options: StreamOptions): Response =>
  sseResponse(new StreamReader(hub, after), options);

interface StreamOptions {
  watch: (end: () => void) => () => void;
  headers?: Record<string, string>;
}

/**
 * @param options.watch called with what ends the stream early; what it returns is called when the stream has ended.
 * @param options.headers of the answer, beside those of every stream.
 */
export function sseResponse(reader: Reader, { watch, headers = {} }: StreamOptions): Response {
  const unwatch = watch(() => reader.close());
  metrics.add('muster_stream_readers', { transport: 'sse' });
  let isThere = true;
  const leave = (): void => {
    if (isThere) metrics.add('muster_stream_readers', { transport: 'sse' }, -1);
    isThere = false;
    unwatch();
  };
  let isGreeted = false;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!isGreeted) {
          isGreeted = true;
          controller.enqueue(GREETING);
          return;
        }
        const frames = await reader.next().catch((error: unknown) => {
          // A pull that fails is no cancel: nobody else would count this reader out.
          leave();
          reader.close();
          throw error;
        });
        if (!frames) {
          leave();
          controller.close();
          return;
        }
        controller.enqueue(joined(frames));
      },
      cancel: () => {
        leave();
        reader.close();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { ...HEADERS, ...headers } });
}
