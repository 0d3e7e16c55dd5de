// socket-reader.ts: a reader of a task's stream over a WebSocket that comes back behind the last id it has seen, as a page's own
// code does: a WebSocket does not do so by itself.

import { WebSocket } from 'ws';
import type { Seen } from './event-source-reader.ts';

const BACK_MS = 200;

/** Reads until `done`. */
export function followSocket(url: string, taskId: string): { seen: Seen[]; ended: Promise<void>; close(): void } {
  const seen: Seen[] = [];
  let after: string | undefined;
  let socket: WebSocket;
  let isOver = false;
  const ended = new Promise<void>((end) => {
    const open = (): void => {
      socket = new WebSocket(`${url.replace('http', 'ws')}/stream`);
      socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', task_id: taskId, after })));
      socket.on('message', (message) => {
        const { event, id, data } = JSON.parse((message as Buffer).toString('utf8')) as Partial<Seen> & {
          event: string;
        };
        // Asked for too early by a gateway that has just been started: asked again.
        if (event === 'error') socket.close();
        else seen.push({ event, id: id ?? '', data });
        after = id ?? after;
        isOver ||= event === 'done';
        if (isOver) socket.close();
      });
      socket.on('error', () => undefined);
      socket.on('close', () => {
        if (isOver) end();
        else setTimeout(open, BACK_MS);
      });
    };
    open();
  });
  return {
    seen,
    ended,
    close() {
      isOver = true;
      socket.terminate();
    },
  };
}
