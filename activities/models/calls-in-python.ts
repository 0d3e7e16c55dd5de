// calls-in-python.ts: tool calls that a model wrote as Python, as some are taught to: `[search(query="x"), read(source="y")]`.
// Reads literals only, and nothing that Python would have to work out. Pure.

import { isObject } from '../text/json-values.ts';
import { toolNamed } from './tool-named.ts';
import type { ToolSchema } from './provider.ts';

export interface PythonCall {
  call: { name: string; arguments: Record<string, unknown> };
  /** Where its list or block begins and ends. */
  from: number;
  end: number;
}

/** What a list of calls begins with, or calls in a block of their own: a call among words is none. */
const BEGINS =
  /\[\s*(?=[\w.-]+\s*\()|(?:^|```(?:tool_code|tool_call|python|py)?\s|<\|python_(?:start|tag)\|>|<(?:tool_code|tool_calls?|function_calls?)>)\s*(?=[\w.-]+\s*\()/g;
const NAME = /[A-Za-z_][\w.-]*/y;
const NUMBER = /[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
const WORDS: Readonly<Record<string, unknown>> = {
  True: true,
  False: false,
  None: null,
  true: true,
  false: false,
  null: null,
};
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '\n': '' };
const MAX_DEPTH = 20;

/**
 * The calls of offered tools that a text ends with, as far as that goes for Python.
 * @param isMark whether what stands between two of them is no words.
 */
export function callsInPython(
  text: string,
  tools: readonly ToolSchema[],
  isMark: (between: string) => boolean,
): PythonCall[] {
  const found: PythonCall[] = [];
  for (const { 0: opening, index: from } of text.matchAll(BEGINS)) {
    const last = found.at(-1)?.end ?? 0;
    if (from < last) continue;
    const reader = new Reader(text, from + opening.length, tools);
    const calls = reader.calls(opening.startsWith('['));
    if (!calls) continue;
    if (!isMark(text.slice(last, from))) found.length = 0;
    found.push(...calls.map((call) => ({ call, from, end: reader.at })));
  }
  return found;
}

/** Thrown where the text is no call. */
class NoCall extends Error {}

class Reader {
  at: number;
  readonly #text: string;
  readonly #tools: readonly ToolSchema[];

  constructor(text: string, at: number, tools: readonly ToolSchema[]) {
    this.#text = text;
    this.at = at;
    this.#tools = tools;
  }

  calls(isList: boolean): PythonCall['call'][] | undefined {
    const calls: PythonCall['call'][] = [];
    try {
      do calls.push(this.#printed());
      while (this.#takes(',') || (!isList && (this.#takes(';') || this.#sees(NAME))));
      if (isList && !this.#takes(']')) return undefined;
      return calls;
    } catch (error) {
      if (error instanceof NoCall) return undefined;
      throw error;
    }
  }

  /** What a call gives back may be printed, so that the model sees it. */
  #printed(): PythonCall['call'] {
    if (!this.#sees(/print\s*\(/y)) return this.#call();
    this.#word(NAME);
    this.#need('(');
    const call = this.#call();
    this.#need(')');
    return call;
  }

  #call(): PythonCall['call'] {
    const said = this.#word(NAME);
    const named = toolNamed(
      [said],
      this.#tools.map(({ name }) => name),
    );
    const tool = this.#tools.find(({ name }) => name === named);
    if (!tool) throw new NoCall();
    this.#need('(');
    const args: Record<string, unknown> = {};
    while (!this.#takes(')')) {
      const from = this.at;
      const key = this.#sees(NAME) ? this.#word(NAME) : '';
      if (key !== '' && this.#takes('=')) args[key] = this.#value(MAX_DEPTH);
      else {
        this.at = from;
        args[onlyArgument(tool, args)] = this.#value(MAX_DEPTH);
      }
      if (!this.#takes(',') && !this.#sees(/\)/y)) throw new NoCall();
    }
    return { name: tool.name, arguments: args };
  }

  #value(depth: number): unknown {
    if (depth === 0) throw new NoCall();
    if (this.#sees(/["']/y)) return this.#string();
    if (this.#takes('[')) return this.#items(']', depth);
    if (this.#takes('(')) return this.#items(')', depth);
    if (this.#takes('{')) return this.#entries(depth);
    if (this.#sees(NUMBER)) return Number(this.#word(NUMBER).replaceAll('_', ''));
    const word = this.#word(NAME);
    if (!Object.hasOwn(WORDS, word)) throw new NoCall();
    return WORDS[word];
  }

  #items(close: string, depth: number): unknown[] {
    const items: unknown[] = [];
    while (!this.#takes(close)) {
      items.push(this.#value(depth - 1));
      if (!this.#takes(',') && this.#text[this.at] !== close) throw new NoCall();
    }
    return items;
  }

  #entries(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    while (!this.#takes('}')) {
      const key = this.#string();
      this.#need(':');
      entries.push([key, this.#value(depth - 1)]);
      if (!this.#takes(',') && this.#text[this.at] !== '}') throw new NoCall();
    }
    return Object.fromEntries(entries);
  }

  #string(): string {
    let value = '';
    // Two that stand side by side are one.
    do {
      const quote = this.#word(/"""|'''|["']/y);
      for (; !this.#text.startsWith(quote, this.at); this.at += 1) {
        const char = this.#text[this.at];
        if (char === undefined || (char === '\n' && quote.length === 1)) throw new NoCall();
        value += char === '\\' ? this.#escape() : char;
      }
      this.at += quote.length;
    } while (this.#sees(/["']/y));
    return value;
  }

  /** Leaves the place at its last character. */
  #escape(): string {
    const code = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/y;
    code.lastIndex = this.at;
    const found = code.exec(this.#text);
    this.at += found ? found[0].length - 1 : 1;
    if (found) return String.fromCharCode(Number.parseInt(found[1] ?? found[2] ?? '', 16));
    const char = this.#text[this.at] ?? '';
    return ESCAPES[char] ?? char;
  }

  #skip(): void {
    while (/\s/.test(this.#text[this.at] ?? '')) this.at += 1;
  }

  #sees(pattern: RegExp): boolean {
    this.#skip();
    pattern.lastIndex = this.at;
    return pattern.test(this.#text);
  }

  #word(pattern: RegExp): string {
    this.#skip();
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) throw new NoCall();
    this.at += found.length;
    return found;
  }

  #takes(sign: string): boolean {
    this.#skip();
    if (!this.#text.startsWith(sign, this.at)) return false;
    this.at += sign.length;
    return true;
  }

  #need(sign: string): void {
    if (!this.#takes(sign)) throw new NoCall();
  }
}

/** The argument that one without a name means, where there is only one that it can be. */
function onlyArgument({ parameters }: ToolSchema, given: Record<string, unknown>): string {
  const names = isObject(parameters.properties) ? Object.keys(parameters.properties) : [];
  const required = Array.isArray(parameters.required) ? (parameters.required as unknown[]) : [];
  const [one, ...others] = names.length === 1 ? names : names.filter((name) => required.includes(name));
  if (one === undefined || others.length > 0 || one in given) throw new NoCall();
  return one;
}
