// fit-body.ts: the body of an HTTP response with its messages made right, as those of a process are: the SDK throws on a
// message that is only nearly right, reads one of any length, and lets a call wait for its time-out when its answer breaks
// off. What can't be read is an error of the one call that the response belongs to.

import type { JSONRPCMessage } from '@modelcontextprotocol/client';
import { BoundedMessage, ENDLESS_BYTES } from './bounded-message.ts';
import { failedCall, fitFrame, unreadFrame } from './fit-frame.ts';
import { isObject } from './json-object.ts';

/** What a response is to. */
export interface Answered {
  contentType: string;
  /** The id of the request that it answers; undefined for a standing stream, a refusal, and what is no call. */
  call: string | number | undefined;
  /** Nobody waits for it any more. */
  isCancelled: () => boolean;
}

const LINE_END = 10;
/** How a call is told whose response broke off: whether it was carried out is not known. */
export const BROKE_OFF = /its response broke off \((.*)\)/s;
const brokeOff = (why: string): string => `its response broke off (${why})`;

/** The body with its messages made right; as it is where its content type holds none. */
export function fitBody(body: ReadableStream<Uint8Array>, answered: Answered): ReadableStream<Uint8Array> {
  const type = answered.contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const { call, isCancelled } = answered;
  const fitter = type === 'text/event-stream' ? new Events(call) : new Whole(type === 'application/json', call);
  const reader = body.getReader();
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const say = (text: string): boolean => {
        if (text !== '') controller.enqueue(encoder.encode(text));
        return text !== '';
      };
      try {
        for (let hasSaid = false; !hasSaid;) {
          const { done, value } = await reader.read();
          if (!done) hasSaid = say(fitter.add(value));
          if (!done && !fitter.isFull) continue;
          say(fitter.end());
          controller.close();
          return await reader.cancel();
        }
      } catch (error) {
        if (isCancelled() || !say(fitter.brokeOff(reasonOf(error)))) controller.error(error);
        else controller.close();
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

interface Fitter {
  /** Nothing more of the body is read. */
  readonly isFull: boolean;
  add(piece: Uint8Array): string;
  end(): string;
  /** What is left to say when the body breaks off; nothing where the SDK is to see that itself. */
  brokeOff(why: string): string;
}

/** A body that is one message, or words. */
class Whole implements Fitter {
  readonly #body = new BoundedMessage();
  readonly #isJson: boolean;
  readonly #call: Answered['call'];

  constructor(isJson: boolean, call: Answered['call']) {
    this.#isJson = isJson;
    this.#call = isJson ? call : undefined;
  }

  get isFull(): boolean {
    return this.#body.isEndless;
  }

  add(piece: Uint8Array): string {
    this.#body.add(piece);
    return '';
  }

  end(): string {
    const { text, problem } = this.#body.take();
    if (!this.#isJson) return text;
    const found = messagesOf(text, problem, this.#call);
    const unread = text.trim() === '' ? 'its answer is empty' : `its answer is no message: ${text.slice(0, 200)}`;
    if (found.length === 0 && this.#call !== undefined) return JSON.stringify(failedCall(this.#call, unread));
    return found.length === 0 ? text : written(found);
  }

  brokeOff(why: string): string {
    return this.#call === undefined ? '' : JSON.stringify(failedCall(this.#call, brokeOff(why)));
  }
}

/** A stream of events, each with a message in a line. */
class Events implements Fitter {
  readonly #line = new BoundedMessage();
  readonly #call: Answered['call'];
  /** Of the event that is open: it may have any number of lines. */
  #eventBytes = 0;
  #isAnswered = false;
  /** Where events are numbered, the SDK asks for the rest of a stream that ends early. */
  #isNumbered = false;
  #isUnread = false;

  constructor(call: Answered['call']) {
    this.#call = call;
  }

  get isFull(): boolean {
    return this.#line.isEndless || this.#eventBytes > ENDLESS_BYTES;
  }

  add(piece: Uint8Array): string {
    const fitted: string[] = [];
    let rest = piece;
    for (let end = rest.indexOf(LINE_END); end !== -1; end = rest.indexOf(LINE_END)) {
      this.#line.add(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      fitted.push(`${this.#takeLine()}\n`);
    }
    this.#line.add(rest);
    return fitted.join('');
  }

  end(): string {
    const last = this.#line.bytes === 0 ? '' : `${this.#takeLine()}\n`;
    return last + (this.#isUnread ? this.#failed('its answer is no JSON') : this.brokeOff('it ended before an answer'));
  }

  brokeOff(why: string): string {
    return this.#isNumbered ? '' : this.#failed(brokeOff(why));
  }

  #failed(why: string): string {
    if (this.#call === undefined || this.#isAnswered) return '';
    this.#isAnswered = true;
    return `\n\ndata: ${JSON.stringify(failedCall(this.#call, why))}\n\n`;
  }

  #takeLine(): string {
    const { text: line, problem } = this.#line.take();
    this.#eventBytes = line.trim() === '' ? 0 : this.#eventBytes + line.length;
    if (/^id:\s*\S/.test(line)) this.#isNumbered = true;
    const data = /^data: ?(\{.*)$/s.exec(line)?.[1];
    if (data === undefined) return line;
    const found = messagesOf(data, problem, this.#call);
    if (found.some((message) => !('method' in message))) this.#isAnswered = true;
    if (found.length > 0) return `data: ${written(found)}`;
    // The next lines may belong to it.
    this.#isUnread = true;
    return problem === undefined ? line : '';
  }
}

/** @param problem why the text is only the edges of a message */
function messagesOf(text: string, problem: string | undefined, call: Answered['call']): JSONRPCMessage[] {
  if (problem === undefined) {
    const found = fitFrame(text);
    return found.length > 0 ? found : unreadFrame(text);
  }
  const found = unreadFrame(text, problem);
  const isNoAnswer = /^[^{]*\{[^{]*"method"\s*:/.test(text);
  return found.length > 0 || call === undefined || isNoAnswer ? found : [failedCall(call, problem)];
}

const written = (messages: JSONRPCMessage[]): string => JSON.stringify(messages.length === 1 ? messages[0] : messages);

/** `terminated` is all that fetch itself says. */
function reasonOf(error: unknown): string {
  const { message, cause } = isObject(error) ? error : { message: String(error), cause: undefined };
  return isObject(cause) && typeof cause.message === 'string' ? cause.message : String(message);
}
