// sse-frames.ts: the frames of an SSE stream as they come.

export interface SseFrame {
  /** Empty where none is named, as in a model's stream. */
  event: string;
  /** Of a numbered event. */
  id?: string;
  data: string;
}

export async function* sseFrames(body: unknown): AsyncGenerator<SseFrame> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    text += decoder.decode(piece, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      const id = /^id: (.*)$/m.exec(block)?.[1];
      if (data === undefined) continue;
      yield { event: /^event: (.*)$/m.exec(block)?.[1] ?? '', ...(id === undefined ? {} : { id }), data };
    }
  }
}
