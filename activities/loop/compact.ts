// compact.ts: keeps a conversation within the model's window: the results of old tool calls are cut to their beginning,
// the oldest first, then answers of the model that were not accepted. The task and the words beside calls stay whole. The
// same messages give the same cut.

import { estimateTokens } from '../text/estimate-tokens.ts';
import { dataJson } from '../text/blocks.ts';
import type { ChatMessage } from '../models/provider.ts';

/** Default window, for models that don't say theirs. */
const CONTEXT_TOKENS = 128_000;
/** Share of the window for the request; the rest is for the output and for what the estimate is wrong by. */
const REQUEST_SHARE = 0.75;
/** Characters that stay of a cut result: enough to know what it was; less where that is still too much. */
const STUB_CHARS = [400, 150, 40];

/**
 * The messages as they fit.
 *
 * @param beside what the request has beside its messages (tools, schema).
 */
export function compact(
  messages: readonly ChatMessage[],
  contextTokens: number = CONTEXT_TOKENS,
  beside: readonly object[] = [],
): ChatMessage[] {
  const room = contextTokens * REQUEST_SHARE - beside.reduce((sum, one) => sum + sizeOf(one), 0);
  const sizes = messages.map(sizeOf);
  let total = sizes.reduce((sum, size) => sum + size, 0);
  const kept = [...messages];
  const replace = (at: number, message: ChatMessage): void => {
    const size = estimateTokens((kept[at] = message));
    total += size - (sizes[at] ?? 0);
    sizes[at] = size;
  };
  const cut = (at: number, content: string): void => {
    const message = kept[at];
    if (message?.role === 'tool' && content.length < message.content.length) replace(at, { ...message, content });
  };
  // What a later result says as well is lost by nobody.
  const contents = messages.map((message) => (message.role === 'tool' ? message.content : ''));
  for (let at = 0; at < kept.length && total > room; at += 1)
    if (contents[at] !== '' && contents.lastIndexOf(contents[at] ?? '') > at) cut(at, SAID_LATER);
  // The last ones, too, if need be: an output from less is better than a refused request.
  for (let at = 0; at < kept.length && total > room; at += 1)
    for (const chars of STUB_CHARS)
      if (total > room && (contents[at] ?? '').length > chars * 2) cut(at, stub(contents[at] ?? '', chars));
  // It is asked for all of such an answer again: its beginning shows what the problems are about.
  for (let at = 0; at < kept.length && total > room; at += 1) {
    const message = messages[at];
    if (message?.role !== 'assistant' || message.toolCalls?.length) continue;
    for (const chars of STUB_CHARS)
      if (total > room && message.content.length > chars * 2)
        replace(at, { role: 'assistant', content: `${message.content.slice(0, chars)} … (shortened to save room)` });
  }
  return kept;
}

/** Each turn asks it of all that was said before. */
const known = new WeakMap<object, number>();

function sizeOf(value: object): number {
  const size = known.get(value) ?? estimateTokens(value);
  known.set(value, size);
  return size;
}

const SAID_LATER = dataJson({ note: 'left out to save room: a later result says the same' });

function stub(content: string, chars: number): string {
  return dataJson({
    note: 'shortened to save room; call the tool again if you need the rest',
    beginning: content.slice(0, chars),
  });
}
