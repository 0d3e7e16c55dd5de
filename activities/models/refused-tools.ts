// refused-tools.ts: tools that a server refuses for their own sake, in spite of all cleaning: each is left out alone, so that the
// others can be used. Knows no server; which tool is meant stands in the refusal.

import { sha256 } from '../../protocol/schemas/hash.ts';
import { isObject } from '../text/json-values.ts';
import type { ModelRequest, ToolSchema } from './provider.ts';
import type { ServerError } from './server-words.ts';

/** Left out of one call, one after the other; where more are refused, it is not for their own sake. */
const MOST_A_CALL = 8;
/** Kept in mind of one server. */
const MOST = 100;
const MAX_WHY_CHARS = 200;

export class RefusedTools {
  /** Why, by the tool's declaration: a changed one is asked about anew. */
  readonly #why = new Map<string, string>();

  /** The tool that a refusal names, when it is to be left out from now on. @param left out of this call so far */
  learn(said: ServerError, { tools = [] }: ModelRequest, left: readonly ToolSchema[]): ToolSchema | undefined {
    const tool = named(`${said.param ?? ''} ${said.message}`, tools);
    if (!tool) return undefined;
    if (left.length === MOST_A_CALL) {
      for (const one of left) this.#why.delete(keyOf(one));
      return undefined;
    }
    if (this.#why.size < MOST) this.#why.set(keyOf(tool), said.message.slice(0, MAX_WHY_CHARS));
    return this.#why.has(keyOf(tool)) ? tool : undefined;
  }

  /** The request without them, and why they are missing. */
  without(request: ModelRequest): { request: ModelRequest; leftOut: { tool: string; why: string }[] } {
    const { tools = [], ...rest } = request;
    const leftOut = tools.flatMap((tool) => {
      const why = this.#why.get(keyOf(tool));
      return why === undefined ? [] : [{ tool: tool.name, why }];
    });
    if (leftOut.length === 0) return { request, leftOut };
    const taken = tools.filter((tool) => !this.#why.has(keyOf(tool)));
    return { request: { ...rest, ...(taken.length > 0 ? { tools: taken } : {}) }, leftOut };
  }

  /** To be kept between processes; undefined when there are none. */
  get kept(): Record<string, string> | undefined {
    return this.#why.size > 0 ? Object.fromEntries(this.#why) : undefined;
  }

  recall(kept: unknown): void {
    if (!isObject(kept)) return;
    for (const [key, why] of Object.entries(kept).slice(0, MOST)) if (typeof why === 'string') this.#why.set(key, why);
  }
}

const keyOf = (tool: ToolSchema): string => `${tool.name} ${sha256(JSON.stringify(tool)).slice(0, 16)}`;

/** `function 'NAME'`, `"NAME"`; or by its place: `tools[3].function`, `tools.3.custom.input_schema`, `function_declarations[3]`. */
function named(words: string, tools: readonly ToolSchema[]): ToolSchema | undefined {
  // About a field that all of them have.
  if (/\bstrict\b['"`\]]*\s*:|\.strict\b/.test(words)) return undefined;
  const byName = tools.filter(({ name }) =>
    new RegExp(
      `(?:['"\`‘“]|\\b(?:function|tool)s?:?\\s+)${name.replace(/[^\w]/g, '\\$&')}(?:['"\`’”:,.\\s]|$)`,
      'i',
    ).test(words),
  );
  if (byName.length > 0) return byName.length === 1 ? byName[0] : undefined;
  // `tools[0].function_declarations[3]`: the inner one counts.
  const places = [...words.matchAll(/\b(?:tools?|function_?declarations|functions)(?:\[(\d+)\]|\.(\d+)\b)/gi)];
  const place = places.at(-1);
  return place ? tools[Number(place[1] ?? place[2])] : undefined;
}
