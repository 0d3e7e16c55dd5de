// stream-lines.ts: what a server sends for a stream, line by line, made into the texts of events: one whole JSON object each.
// What is no event of an answer is an error, in one shape. Pure.

import { isObject } from '../text/json-values.ts';
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
    // A value that is written over several lines, the first of which alone has the field's name.
    if (/^[\s"{}[\]]/.test(line) && this.#data.length > 0 && !isWhole(this.#data.join('\n'))) {
      this.#data.push(line);
      return [];
    }
    // Some gateways put the field's name before lines that have it.
    const [, field = '', value = ''] = /^([a-z]+): ?(?:data: ?)*(.*)$/s.exec(line) ?? [];
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
    const isAnswer = /"choices"\s*:\s*\[|"type"\s*:\s*"response\./.test(data);
    if (name !== 'error' && isAnswer && !data.includes('"error"')) return this.#handOn(data);
    const value = jsonOf(data);
    // Some name an event beside it only.
    if (name.startsWith('response.') && isObject(value) && value.type === undefined)
      return this.#handOn(JSON.stringify({ type: name, ...value }));
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
  const all = jsonOf(body);
  const value = unwrapped(all) as Whole | undefined;
  if (value === undefined) {
    const lines = new StreamLines();
    if (/^\s*\{/.test(body) && body.trim().includes('\n')) return [...lines.take(body), ...lines.end()];
    return [errorEvent(errorInText(body))];
  }
  const error = errorIn(value);
  // All events of a stream in one list.
  if (Array.isArray(value) && !error && value.some((one) => isObject(one) && Array.isArray(one.choices)))
    return [...value.map((one) => JSON.stringify(one)), DONE];
  if (Array.isArray(value?.choices) && !error) {
    const choices = value.choices.map(({ message, delta, ...rest }) => ({
      ...rest,
      ...((message ?? delta) ? { delta: numbered(message ?? delta) } : {}),
    }));
    return [JSON.stringify({ ...value, choices }), DONE];
  }
  if (Array.isArray(value?.output)) return responseEvents(value, value.output);
  if (typeof value?.output_text === 'string') return responseEvents(value, []);
  return [errorEvent(error ?? errorInText(body))];
}

/** An answer, or a piece of one, that a gateway put into a field of its own: `{ "code": 0, "data": { "choices": … } }`. */
export function unwrapped(value: unknown): unknown {
  if (!isObject(value) || ANSWERS.some((name) => name in value) || typeof value.type === 'string') return value;
  const inside = Object.values(value).find((one) => isObject(one) && ANSWERS.some((name) => Array.isArray(one[name])));
  return inside ?? value;
}
const ANSWERS = ['choices', 'output'];

interface Whole {
  error?: unknown;
  status?: unknown;
  output_text?: unknown;
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
