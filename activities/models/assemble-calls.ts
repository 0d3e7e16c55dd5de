// assemble-calls.ts: tool calls put together from the parts of a stream: told apart by their ids, else by their indexes, else
// by their order, whatever of these a server leaves out, repeats or numbers badly. Never guesses at what was not sent.

import { isObject, jsonSlices, parsed } from '../text/json-values.ts';
import { tokenCount } from './counts.ts';
import { mergeDelta } from './kept-reply.ts';
import { MAX_CALLS, refuseEndless } from './output-format.ts';
import { toolNamed } from './tool-named.ts';
import type { ToolCall } from './provider.ts';

/** One part of one call, as it came. */
interface Part {
  id: string;
  index: number | undefined;
  name: string;
  /** JSON text, or an object where a server sends one. */
  args: string | Record<string, unknown>;
  /** Fields that no other server has. */
  more: Record<string, unknown>;
}

interface Draft {
  id: string;
  index: number | undefined;
  names: string[];
  args: string[];
  object: Record<string, unknown> | undefined;
  more: Record<string, unknown>;
  /** The event that touched it last, by number. */
  batch: number;
  /** Its name, said again once its arguments were whole: the next call, or nothing. */
  again: string | undefined;
}

/** A call, with the fields of its parts that no other server has. */
export type AssembledCall = ToolCall & { more: Record<string, unknown> };

export class CallAssembly {
  readonly #drafts: Draft[] = [];
  readonly #offered: readonly string[];
  #batch = 0;
  #last: Draft | undefined;
  #chars = 0;

  /** @param offered names of the tools that may be called. */
  constructor(offered: readonly string[]) {
    this.#offered = offered;
  }

  /**
   * The parts of one event, in their order.
   * @throws SyntaxError when there are more calls, or longer arguments, than any reply has.
   */
  add(parts: unknown): void {
    const read = (Array.isArray(parts) ? parts : [parts]).flatMap(readPart);
    this.#batch += 1;
    read.forEach((part, at) => {
      const nameless = read.length > 1 && part.id === '' && part.index === undefined && part.name === '';
      // Several parts that say nothing of whose they are come in the order of their calls.
      const draft = (nameless ? this.#drafts[at] : this.#find(part)) ?? this.#begin(part);
      this.#extend(draft, part);
    });
  }

  /** The calls so far, in the order in which they began. Those without a name are none. */
  calls(): AssembledCall[] {
    return this.#drafts.flatMap((draft) => {
      const name = toolNamed(draft.names, this.#offered);
      if (name === '') return [];
      const { id, more } = draft;
      return argumentsOf(draft).map((args, at) => ({ id: at === 0 ? id : '', name, arguments: args, more }));
    });
  }

  #find(part: Part): Draft | undefined {
    const { id, index } = part;
    if (id !== '') {
      const same = this.#drafts.filter((draft) => draft.id === id);
      const exact = same.findLast((draft) => draft.index === index) ?? same.at(-1);
      if (exact) return this.#goesOn(exact, part) ? exact : undefined;
    }
    const there = index === undefined ? this.#last : this.#drafts.findLast((draft) => draft.index === index);
    // Some number the parts and not the calls: a part that can't begin a call goes on with the one before it.
    const draft = there ?? (part.name === '' ? this.#last : undefined);
    if (!draft || !this.#goesOn(draft, part)) return undefined;
    // Ids that differ are calls that differ, unless this one can't be the beginning of any.
    if (id !== '' && draft.id !== '' && part.name !== '') return undefined;
    return draft;
  }

  /** Whether a part can be the next of a call, by what both hold. */
  #goesOn(draft: Draft, { name, args }: Part): boolean {
    if (name === '') return typeof args !== 'string' || args.trim() === '' || !isWhole(draft) || repeats(draft, args);
    if (draft.names.length === 0) return true;
    // Two parts of one event are never one call said twice.
    const isRepeated =
      draft.batch !== this.#batch && toolNamed(draft.names, this.#offered) === toolNamed([name], this.#offered);
    if (draft.object !== undefined || draft.args.length > 0)
      return isRepeated && typeof args === 'string' && (args === '' || !isWhole(draft) || repeats(draft, args));
    if (isRepeated) return true;
    // A name in pieces; two that are both names of tools are two calls.
    const isTool = (names: string[]): boolean => this.#offered.includes(toolNamed(names, this.#offered));
    return isTool([...draft.names, name]) || !isTool([name]);
  }

  /** A new call. One without a name of its own has that which was repeated behind a whole call. */
  #begin({ name }: Part): Draft {
    if (this.#drafts.length === MAX_CALLS)
      throw new SyntaxError(`the model server sent more than ${MAX_CALLS} tool calls`);
    const again = name === '' ? this.#last?.again : undefined;
    const draft: Draft = {
      id: '',
      index: undefined,
      names: again === undefined ? [] : [again],
      args: [],
      object: undefined,
      more: {},
      batch: 0,
      again: undefined,
    };
    this.#drafts.push(draft);
    return draft;
  }

  #extend(draft: Draft, { id, index, name, args, more }: Part): void {
    if (draft.id === '') draft.id = id;
    draft.index ??= index;
    if (name !== '' && args === '' && isWhole(draft)) draft.again = name;
    else if (name !== '') draft.names.push(name);
    if (typeof args !== 'string') draft.object = args;
    else if (args !== '') {
      draft.args.push(args);
      this.#chars += args.length;
      refuseEndless(this.#chars);
    }
    draft.more = mergeDelta(draft.more, more) as Record<string, unknown>;
    draft.batch = this.#batch;
    this.#last = draft;
  }
}

function readPart(value: unknown): Part[] {
  if (!isObject(value)) return [];
  const { id, index, type: _type, function: called, ...more } = value;
  // Some leave the inner object out.
  const { name, parameters, arguments: args = parameters, ...inner } = isObject(called) ? called : value;
  for (const own of ['id', 'index', 'type', 'name', 'arguments', 'parameters'])
    delete (isObject(called) ? inner : more)[own];
  return [
    {
      id: typeof id === 'string' ? id : typeof id === 'number' ? String(id) : '',
      index: tokenCount(index),
      name: typeof name === 'string' ? name : '',
      args: typeof args === 'string' || isObject(args) ? args : '',
      more: { ...more, ...(isObject(called) && Object.keys(inner).length > 0 ? { function: inner } : {}) },
    },
  ];
}

/** Whether its arguments have come. An empty object may hold their place. */
function isWhole({ object, args }: Draft): boolean {
  // Most parts are from the middle: they need not be parsed, and what is parsed at each part grows with each.
  if (object === undefined && !/[}"]\s*$/.test(args.at(-1) ?? '')) return false;
  const value = object ?? parsed(args.join('')) ?? parsed(lastOf(args) ?? '');
  return isObject(value) && Object.keys(value).length > 0;
}

/** The last part where it holds all those before it, as parts do that grow or are said again. */
function lastOf(args: readonly string[]): string | undefined {
  const last = args.at(-1);
  return last !== undefined && isObject(parsed(last)) && args.every((part) => last.startsWith(part)) ? last : undefined;
}

/** Whether a part says again, from the beginning, what was said before it. */
function repeats({ args }: Draft, again: string): boolean {
  const before = args.join('');
  return again.startsWith('{') && (again.startsWith(before) || again === args.at(-1));
}

/** The arguments of a call: its parts joined; the last when each holds those before it; several when each is whole. */
function argumentsOf({ args, object }: Draft): ToolCall['arguments'][] {
  if (object !== undefined) return [object];
  const joined = args.join('');
  if (parsed(joined) !== undefined) return [joined];
  const last = lastOf(args);
  if (last !== undefined) return [last];
  const { slices } = jsonSlices(joined);
  const isAll = slices.join('').length === joined.replace(/\s+(?=[{[]|$)/g, '').length;
  if (slices.length > 1 && isAll && slices.every((slice) => isObject(parsed(slice)))) {
    // An empty one before the others holds their place.
    const said = [...new Set(slices)].filter((slice) => Object.keys(parsed(slice) as object).length > 0);
    return said.length > 0 ? said : ['{}'];
  }
  return [joined];
}
