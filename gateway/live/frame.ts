// frame.ts: what a stream sends, one object for SSE and WebSocket, encoded once for all readers.

import type { TaskEvent } from '../../protocol/events.ts';
import { eventId } from '../wire/cursor.ts';
import { toWire } from '../../protocol/wire.ts';

export interface Frame {
  event: string;
  /** On numbered events, and on the snapshot that stands for those before it. */
  id?: string;
  /** JSON. */
  data: string;
  /** As Server-Sent Events have it. */
  sse: Uint8Array;
}

export function frame(event: string, data: unknown, id?: string): Frame {
  const json = JSON.stringify(data);
  const lines = `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${json}\n\n`;
  return { event, ...(id === undefined ? {} : { id }), data: json, sse: Buffer.from(lines) };
}

export const eventFrame = (event: TaskEvent): Frame => frame(event.type, toWire(event), eventId(event));

/** A comment: keeps proxies from closing what is quiet. */
export const HEARTBEAT: Frame = { event: 'heartbeat', data: '', sse: Buffer.from(': heartbeat\n\n') };

const JOINED = new WeakMap<readonly Frame[], Uint8Array>();

/** As one piece for a socket; made once for all readers of one list. */
export function joined(frames: readonly Frame[]): Uint8Array {
  const [only] = frames;
  if (frames.length === 1 && only) return only.sse;
  let made = JOINED.get(frames);
  if (!made) JOINED.set(frames, (made = Buffer.concat(frames.map(({ sse }) => sse))));
  return made;
}
