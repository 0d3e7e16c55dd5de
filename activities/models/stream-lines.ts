// stream-lines.ts: what a server sends for a stream, line by line, made into the texts of events: one whole JSON object each.
// What is no event of an answer is an error, in one shape. Pure.

import { errorIn, errorInText, type ServerError } from './server-words.ts';

/** Stands for the end of an answer. */
export const DONE = '[DONE]';
const errorEvent = (error: ServerError): string => JSON.stringify({ error });

/** What stands outside every field is kept until the end: it may be all that the server says. */
const MAX_STRAY = 2_000;

/** **Contract:** `take` gets the text as it comes, cut anywhere; what both return is to be handed on. */
export class StreamLines {
  #rest = '';
  #name = '';
  #data: string[] = [];
  #stray = '';
  #events = 0;
  readonly #onEvent: () => void;

  /** @param onEvent told of each event. Default: nobody is. */
  constructor(onEvent: () => void = () => undefined) {
    this.#onEvent = onEvent;
  }

  take(text: string): string[] {
    this.#rest += text;
    const lines = this.#rest.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.#line(line));
  }

  /** What was still open: an event counts without the empty line that should follow it. */
  end(): string[] {
    const last = [...this.#line(this.#rest.replace(/\r$/, '')), ...this.#flush()];
    this.#rest = '';
    if (this.#events > 0 || this.#stray.trim() === '') return last;
    return [...last, errorEvent(errorInText(this.#stray))];
  }

  #line(line: string): string[] {
    if (line === '') return this.#flush();
    if (line.startsWith(':')) return [];
    const [, field = '', value = ''] = /^([a-z]+): ?(.*)$/s.exec(line) ?? [];
    if (field === 'data') {
      // Some servers leave out the empty line between two events: what is whole is one.
      const before = this.#data.length === 1 && isWhole(this.#data[0] ?? '') ? this.#flush() : [];
      this.#data.push(value);
      return before;
    }
    if (field === 'event') this.#name = value.trim();
    if (field === 'event' || field === 'id' || field === 'retry') return [];
    if (field === 'error') return [this.#error(errorInText(value))];
    if (/^\s*[{[]/.test(line)) return [this.#emit('', line.trim())];
    if (this.#stray.length < MAX_STRAY) this.#stray += `${line}\n`;
    return [];
  }

  #flush(): string[] {
    const data = this.#data.join('\n').trim();
    const name = this.#name;
    this.#data = [];
    this.#name = '';
    return data === '' ? [] : [this.#emit(name, data)];
  }

  #emit(name: string, data: string): string {
    if (data.startsWith(DONE)) return DONE;
    const isAnswer = /"choices"|"type"\s*:\s*"response\./.test(data);
    if (name !== 'error' && isAnswer && !data.includes('"error"')) return this.#handOn(data);
    const value = jsonOf(data);
    const error = value === undefined || name === 'error' ? errorInText(data) : errorIn(value);
    // Events of the Responses API say themselves what failed.
    if (!error || (isAnswer && name !== 'error' && typeof (value as { type?: unknown })?.type === 'string'))
      return this.#handOn(data);
    return this.#error(error);
  }

  #handOn(data: string): string {
    this.#events += 1;
    this.#onEvent();
    return data;
  }

  #error(error: ServerError): string {
    this.#events += 1;
    return errorEvent(error);
  }
}

const isWhole = (data: string): boolean =>
  data.startsWith(DONE) || (/^\{.*\}\s*$/.test(data) && jsonOf(data) !== undefined);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A body that is no stream, as one: a whole answer, lines of JSON, or an error. */
export function asEvents(body: string): string[] {
  const value = jsonOf(body) as Whole | undefined;
  if (value === undefined) {
    const lines = new StreamLines();
    if (/^\s*\{/.test(body) && body.trim().includes('\n')) return [...lines.take(body), ...lines.end()];
    return [errorEvent(errorInText(body))];
  }
  if (Array.isArray(value.choices) && !value.error) {
    const choices = value.choices.map(({ message, delta, ...rest }) => ({
      ...rest,
      ...((message ?? delta) ? { delta: numbered(message ?? delta) } : {}),
    }));
    return [JSON.stringify({ ...value, choices }), DONE];
  }
  if (Array.isArray(value.output)) return responseEvents(value, value.output);
  return [errorEvent(errorIn(value) ?? errorInText(body))];
}

interface Whole {
  error?: unknown;
  status?: unknown;
  choices?: { message?: Message; delta?: Message }[];
  output?: { type?: string; content?: { type?: string; text?: string }[] }[];
}
type Message = { tool_calls?: unknown[] } & Record<string, unknown>;

/** The calls of a whole answer have no number, since they need none. */
const numbered = (message: Message | undefined): Message => ({
  ...message,
  ...(Array.isArray(message?.tool_calls)
    ? { tool_calls: message.tool_calls.map((call, index) => ({ index, ...(call as object) })) }
    : {}),
});

function responseEvents(response: Whole, output: NonNullable<Whole['output']>): string[] {
  const parts = output.flatMap((item) => [
    ...(Array.isArray(item.content) ? item.content : []).flatMap(({ type, text }) =>
      type === 'output_text' ? [{ type: 'response.output_text.delta', delta: text ?? '' }] : [],
    ),
    { type: 'response.output_item.done', item },
  ]);
  const ending = ['failed', 'incomplete'].find((one) => one === response.status) ?? 'completed';
  return [...parts, { type: `response.${ending}`, response }].map((one) => JSON.stringify(one));
}
