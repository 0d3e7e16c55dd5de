// misbehave.ts: what a fault makes of a reply before it is put on the wire: other text, other tool calls, or quirks that
// the wire format has to show. Faults of the connection (status, stall, cut, garbage) are exchange.ts.

import type { Fault } from './faults.ts';
import type { ChatRequest, Reply } from './wire.ts';

/** What is odd about how an answer is put on the wire. */
export interface Quirks {
  hidesUsage?: boolean;
  hidesFinishReason?: boolean;
  /** Tool arguments are sent as objects, not as JSON in a string. */
  objectArguments?: boolean;
  /** All tool calls have one id. */
  sharesIds?: boolean;
  /** The text was cut off at the most that the server lets a model write. */
  isCutShort?: boolean;
  /** The text never ends. */
  isEndless?: boolean;
}

/** What an endless answer goes on with, and a number, so that it is never the same. */
export const ENDLESS_PIECE = 'and one more, ';

const WRONG_SCHEMA = '{"unexpected":[1,2,3]}';
const BROKEN_JSON = '{"findings": [{"cla';
const BROKEN_ARGUMENTS = '{"query": [}, look for: it';
const REFUSAL = "I'm sorry, but I can't help with that request.";

/** The reply as the fault leaves it. */
export function withFault(reply: Reply, fault: Fault | undefined, request: ChatRequest): Reply {
  if (fault?.kind === 'bad-output') return badOutput(reply, fault);
  if (fault?.kind === 'endless') return { content: ENDLESS_PIECE, toolCalls: [] };
  if (fault?.kind !== 'bad-tool-call') return reply;
  if (fault.call === 'broken-arguments') {
    return { ...reply, toolCalls: reply.toolCalls.map((call) => ({ ...call, arguments: BROKEN_ARGUMENTS })) };
  }
  if (fault.call === 'duplicated' || fault.call === 'same-ids')
    return { ...reply, toolCalls: reply.toolCalls.flatMap((call) => [call, call]) };
  if (fault.call === 'unknown') {
    const [first, ...others] = reply.toolCalls;
    const unknown = { name: unknownTool(request), arguments: first?.arguments ?? '{"query":"anything"}' };
    return { content: '', toolCalls: [unknown, ...others] };
  }
  return reply;
}

export function quirksOf(fault: Fault | undefined): Quirks {
  return {
    hidesUsage: fault?.kind === 'no-usage',
    hidesFinishReason: fault?.kind === 'no-finish-reason',
    objectArguments: fault?.kind === 'bad-tool-call' && fault.call === 'object-arguments',
    sharesIds: fault?.kind === 'bad-tool-call' && fault.call === 'same-ids',
    isCutShort: fault?.kind === 'bad-output' && fault.output === 'cut-short',
    isEndless: fault?.kind === 'endless',
  };
}

function badOutput(reply: Reply, fault: Fault & { kind: 'bad-output' }): Reply {
  const textReply = (content: string): Reply => ({ content, toolCalls: [] });
  if (fault.content !== undefined) return textReply(fault.content);
  switch (fault.output) {
    case 'wrong-schema':
      return textReply(WRONG_SCHEMA);
    case 'empty':
      return textReply('');
    case 'refusal':
      return textReply(REFUSAL);
    case 'prose':
      return textReply(`Certainly! I looked at {everything}.\n\n${reply.content}\n\nIs there anything else?`);
    case 'cut-short':
      return textReply(reply.content.slice(0, Math.floor(reply.content.length * 0.7)));
    case 'fenced':
      return textReply(`Here is the result:\n\n\`\`\`json\n${reply.content}\n\`\`\`\n`);
    default:
      return textReply(BROKEN_JSON);
  }
}

/** A name like those that are offered, which none of them has. */
function unknownTool({ tools }: ChatRequest): string {
  const names = new Set((tools ?? []).map((tool) => tool.function.name));
  let name = `${tools?.[0]?.function.name ?? 'tool'}_all`;
  while (names.has(name)) name += '_all';
  return name;
}
