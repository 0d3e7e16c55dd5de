// answer-in-call.ts: an answer that came as the call of a tool that nobody offered: gateways ask some models for a form by a tool of
// their own, and pass its call on. Pure.

import { hasFormOf } from '../text/parse-output.ts';
import type { ModelReply, ModelRequest } from './provider.ts';

/** The reply, with the arguments of such a call as its text where they have the form that was asked for. */
export function answerOf(reply: ModelReply, { format, tools = [] }: ModelRequest): ModelReply {
  const { toolCalls, kept: _kept, ...rest } = reply;
  const [call, ...others] = toolCalls;
  if (!format || !call || others.length > 0 || reply.text.trim() !== '' || reply.isCutShort) return reply;
  if (tools.some(({ name }) => name === call.name)) return reply;
  const { required } = format.schema;
  const text = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
  const isAnswer = Array.isArray(required) && required.length > 0 && hasFormOf(format.schema, text);
  return isAnswer ? { ...rest, text, toolCalls: [] } : reply;
}
