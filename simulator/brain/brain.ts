// brain.ts: the offline model: learns from a request which step it is at, and answers from the messages alone.
// It goes by the name of the answer's JSON schema and by the tools' parameter schemas; prompt words and tool names are
// free to change.

import { textOf, type ChatRequest, type Reply, type ToolSpec } from '../wire.ts';
import { direct } from './direct.ts';
import type { Said } from './fields/field-name.ts';
import { fillFromQuotes } from './fields/fill-from-quotes.ts';
import { fillSchema } from './fields/fill-schema.ts';
import { plan } from './plan.ts';
import { askedWords } from './question/question.ts';
import { answer } from './report/answer.ts';
import { isBeside, TO_READ_ON, withoutPlace } from './report/stretch.ts';
import { asObject } from './request/passages.ts';
import { jsonBlock, readPrompt } from './request/prompt.ts';
import { refusalsIn } from './request/reask.ts';
import { findTools } from './request/tools.ts';
import { research } from './research.ts';
import { round } from './round.ts';
import { verdicts } from './verdicts.ts';

const INTRODUCTION =
  'This is the offline model: it has no knowledge of its own and only quotes the documents that a task gives it.';

/** Answers a request. The same request always gets the same reply. */
export function offlineBrain(request: ChatRequest): Reply {
  const reply = replyTo(request);
  if (reply.toolCalls.length > 0) return reply;
  const forced = forcedTool(request);
  return forced ? { content: '', toolCalls: [forcedCall(forced, request)] } : reply;
}

function replyTo(request: ChatRequest): Reply {
  const prompt = readPrompt(request.messages);
  const step = request.response_format?.json_schema?.name;
  switch (step) {
    case 'muster_plan':
      return json(plan(prompt, refusalsIn(prompt.after)));
    case 'muster_round':
      return json(round(prompt, refusalsIn(prompt.after)));
    case 'muster_findings':
      return research(prompt, findTools(request), refusalsIn(prompt.after));
    case 'muster_answer':
      return json(answer(prompt, refusalsIn(prompt.after)));
    case 'muster_direct':
      return json(direct(prompt, refusalsIn(prompt.after), INTRODUCTION));
    case 'muster_verdicts':
      return json(verdicts(prompt));
    case 'muster_data':
      return json(
        fillFromQuotes(
          request.response_format?.json_schema?.schema,
          claimsIn(jsonBlock(prompt.blocks, 'answer')),
          prompt.blocks.get('goal'),
        ),
      );
    default:
      return unknownStep(request);
  }
}

/** The claims of an answer with what they quote; what stands around a quote, or elsewhere, is no further value of a list. */
function claimsIn(answer: unknown): Said[] {
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
  return list(answer)
    .filter((section) => asObject(section).heading !== TO_READ_ON)
    .flatMap((section) => list(asObject(section).claims).map(asObject))
    .map(({ text, quotes }) => ({
      text: withoutPlace(String(text)),
      isBeside: isBeside(String(text)),
      quotes: list(quotes).flatMap((one) => {
        const { quote } = asObject(one);
        return typeof quote === 'string' ? [quote] : [];
      }),
      sources: list(quotes).map((one) => String(asObject(one).source)),
    }));
}

const json = (value: unknown): Reply => ({ content: JSON.stringify(value), toolCalls: [] });

function unknownStep({ messages, response_format: format }: ChatRequest): Reply {
  const asked = textOf(messages.findLast((message) => message.role === 'user') ?? { role: 'user' });
  if (format?.type === 'json_object') return json({ message: INTRODUCTION });
  if (format?.type === 'json_schema') return json(fillSchema(format.json_schema?.schema, INTRODUCTION));
  const words = askedWords(asked.slice(0, 2000))
    .slice(0, 8)
    .map((word) => word.text);
  const echo = words.length > 0 ? ` You asked about: ${words.join(', ')}.` : '';
  return {
    content: `${INTRODUCTION}${echo} Ask through a task with documents to get an answer with sources.`,
    toolCalls: [],
  };
}

/** The tool that must be called, when `tool_choice` leaves no choice. */
function forcedTool({ tools, tool_choice: choice }: ChatRequest): ToolSpec | undefined {
  if (choice === 'required') return tools?.[0];
  if (typeof choice !== 'object' || choice === null) return undefined;
  return tools?.find((tool) => tool.function.name === choice.function.name);
}

function forcedCall(tool: ToolSpec, { messages }: ChatRequest): Reply['toolCalls'][number] {
  const { blocks, text } = readPrompt(messages);
  const asked = askedWords(blocks.get('subtask') ?? blocks.get('goal') ?? text).slice(0, 20);
  const args = fillSchema(tool.function.parameters, asked.map((word) => word.text).join(' '));
  return { name: tool.function.name, arguments: JSON.stringify(args) };
}
