// chat.ts: Chat Completions as an endpoint: reads a request, and puts a reply on the wire whole or in chunks.

import { readInWords } from './in-words.ts';
import { messagesSha } from './canonical.ts';
import { checkRequest } from './check-request.ts';
import { complete, completionBody, completionChunks, inputTokens, type Completion } from './completion.ts';
import type { Answer, Asked } from './endpoint.ts';
import { withFault, quirksOf } from './misbehave.ts';
import { textOf, type ChatRequest } from './wire.ts';

/** Reads the body of `POST /v1/chat/completions`. @throws ApiError 400 */
export function readChat(body: Record<string, unknown>): Asked {
  const chat = checkRequest(body);
  const includeUsage = chat.stream_options?.include_usage === true;
  return askedInChat(chat, (completion) => ({
    outputTokens: completion.usage.completion_tokens,
    body: () => completionBody(completion),
    *frames() {
      for (const chunk of completionChunks(completion, includeUsage)) yield `data: ${JSON.stringify(chunk)}\n\n`;
      yield 'data: [DONE]\n\n';
    },
  }));
}

/** A request in chat form, whose completion goes on the wire as `onWire` says. */
export function askedInChat(chat: ChatRequest, onWire: (completion: Completion) => Answer): Asked {
  const contentSha = messagesSha(chat);
  const inWords = readInWords(chat);
  return {
    model: chat.model,
    step: inWords.request.response_format?.json_schema?.name ?? 'chat',
    stream: chat.stream === true,
    contentSha,
    inputTokens: inputTokens(chat),
    offersTools: (inWords.request.tools?.length ?? 0) > 0,
    chat,
    text: () => chat.messages.map(textOf).join('\n'),
    replyOf: async (brain) => {
      const reply = inWords.say(await brain(inWords.request));
      return chat.parallel_tool_calls === false ? { ...reply, toolCalls: reply.toolCalls.slice(0, 1) } : reply;
    },
    answer: (reply = { content: '', toolCalls: [] }, fault) =>
      onWire(complete(chat, contentSha, withFault(reply, fault, chat), quirksOf(fault))),
  };
}
