// sse.ts: a task's stream as Server-Sent Events. Frames are taken as the reader's socket takes them: nothing is queued here.

import type { EventCursor } from '../../protocol/events.ts';
import { joined } from '../live/frame.ts';
import { StreamReader } from '../live/reader.ts';
import type { TaskHub } from '../live/task-hub.ts';

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** Sent at once, so that a reader knows that it is connected; and how soon it is to come back after a cut. */
const GREETING = Buffer.from('retry: 1000\n\n');

/**
 * @param options.watch called with what ends the stream early; what it returns is called when the stream has ended.
 * @param options.headers of the answer, beside those of every stream.
 */
export function sseResponse(
  hub: TaskHub,
  after: EventCursor | undefined,
  { watch, headers = {} }: { watch: (end: () => void) => () => void; headers?: Record<string, string> },
): Response {
  const reader = new StreamReader(hub, after);
  const leave = watch(() => reader.close());
  let isGreeted = false;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!isGreeted) {
          isGreeted = true;
          controller.enqueue(GREETING);
          return;
        }
        const frames = await reader.next();
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
