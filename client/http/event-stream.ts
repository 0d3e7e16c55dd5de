// event-stream.ts: a task's stream of Server-Sent Events as an async iterator that comes back by itself, behind the last
// numbered event that it gave out, until the stream says that it is done. An EventSource could send no key.

import { MusterError, UnreachableError } from '../errors.ts';
import { pause, type GatewayConnection } from './ask-gateway.ts';

/** One event of the stream as it came: `data` is JSON, as docs/http-api.md has it. */
export interface RawFrame {
  event: string;
  /** On numbered events, and on a snapshot. */
  id?: string;
  data: string;
}

/** A gateway says something every 14 seconds; a socket that is quiet for longer leads nowhere any more. */
const SILENT_MS = 45_000;
const RETRY_MS = 1_000;
const HURRY_MS = 50;

/**
 * @param after id of the event to go on behind. Default: from the first.
 * @throws what `GatewayConnection.ask` throws, but waits through a gateway that is away; the signal ends it quietly.
 */
export async function* followStream(
  gateway: GatewayConnection,
  taskId: string,
  {
    after,
    signal,
    background = false,
  }: { after?: string | undefined; signal?: AbortSignal | undefined; background?: boolean },
): AsyncGenerator<RawFrame> {
  let last = after;
  let isBack = false;
  while (!signal?.aborted) {
    const cut = new AbortController();
    const leave = (): void => cut.abort();
    signal?.addEventListener('abort', leave);
    try {
      const response = await gateway.ask(
        `/tasks/${encodeURIComponent(taskId)}/events${background ? '?background=true' : ''}`,
        {
          headers: { accept: 'text/event-stream', ...(last === undefined ? {} : { 'last-event-id': last }) },
          taskId,
          signal: cut.signal,
        },
      );
      // The task has ended, and all was read.
      if (response.status === 204 || !response.body) return;
      for await (const frame of framesOf(response.body, leave)) {
        isBack = frame.event !== 'closing';
        last = frame.id ?? last;
        yield frame;
        if (frame.event === 'done') return;
      }
    } catch (error) {
      if (signal?.aborted) return;
      // What the gateway refuses it refuses again; a connection that broke does not.
      if (error instanceof MusterError && !(error instanceof UnreachableError)) throw error;
    } finally {
      signal?.removeEventListener('abort', leave);
      cut.abort();
    }
    // What was cut while it brought something is there again at once; nobody hurries one that brings nothing.
    await pause(isBack ? HURRY_MS : RETRY_MS, signal);
    isBack = false;
  }
}

/** The frames of one connection. Half of one, where it was cut, is none. */
async function* framesOf(body: ReadableStream<Uint8Array>, giveUp: () => void): AsyncGenerator<RawFrame> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const timer = setTimeout(giveUp, SILENT_MS);
      const { done, value } = await reader.read().finally(() => clearTimeout(timer));
      if (done) return;
      text += decoder.decode(value, { stream: true });
      // A CR at the end may be the first half of a CRLF.
      const blocks = text.replace(/\r\n|\r(?!$)/g, '\n').split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const frame = frameOf(block);
        if (frame) yield frame;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Undefined for comments, and for what only says how soon to come back. */
function frameOf(block: string): RawFrame | undefined {
  const fields = block.split('\n').map((line) => /^(\w+)(?:: ?([^]*))?$/.exec(line));
  const all = (name: string) => fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ''] : []));
  const data = all('data');
  if (data.length === 0) return undefined;
  const id = all('id').at(-1);
  return { event: all('event').at(-1) ?? 'message', ...(id === undefined ? {} : { id }), data: data.join('\n') };
}
