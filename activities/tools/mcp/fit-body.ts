// fit-body.ts: the body of an HTTP response with its messages made right, as those of a process are: the SDK's transport
// throws on a message that is only nearly right, which looks like a lost connection.

import { fitFrame, unreadFrame } from './fit-frame.ts';

/** For a body of this content type; undefined where it holds no messages. */
export function fitBody(contentType: string): TransformStream<Uint8Array, Uint8Array> | undefined {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/json') return byPart((text) => fitJson(text, unreadFrame), false);
  return type === 'text/event-stream' ? byPart(fitLine, true) : undefined;
}

function byPart(fit: (part: string) => string, isByLine: boolean): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let parts: string[] = [];
  return new TransformStream({
    transform(chunk, controller) {
      const text = decoder.decode(chunk, { stream: true });
      const end = isByLine ? text.lastIndexOf('\n') : -1;
      if (end === -1) return void parts.push(text);
      const lines = parts.join('') + text.slice(0, end);
      parts = [text.slice(end + 1)];
      controller.enqueue(encoder.encode(`${lines.split('\n').map(fit).join('\n')}\n`));
    },
    flush(controller) {
      const rest = parts.join('') + decoder.decode();
      if (rest !== '') controller.enqueue(encoder.encode(fit(rest)));
    },
  });
}

function fitLine(line: string): string {
  const data = /^data: ?(\{.*)$/s.exec(line)?.[1];
  return data === undefined ? line : `data: ${fitJson(data)}`;
}

/** @param unread what to make of a text that can't be read. Default: nothing, since the next lines may belong to it. */
function fitJson(text: string, unread: typeof fitFrame = () => []): string {
  const found = fitFrame(text);
  const messages = found.length > 0 ? found : unread(text);
  if (messages.length === 0) return text;
  return JSON.stringify(messages.length === 1 ? messages[0] : messages);
}
