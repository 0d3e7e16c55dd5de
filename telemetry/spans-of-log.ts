// spans-of-log.ts: the model calls and tool calls of one life of a subtask, or of a step, as spans; and what happened between
// them (retries, failovers, interruptions, commands) as events. A pure view of its log.

import type { LogRecord, RecordOf } from '../protocol/log-records.ts';
import type { Outcome } from '../protocol/outcome.ts';
import type { Attributes, Span, SpanEvent } from '../protocol/trace.ts';
import { spanOf, type TraceOf } from './span.ts';
import { spanIdOf } from './trace-context.ts';

/** Which log it is: a life of a subtask, or a step by its name there. */
export interface LogName {
  subtask: string;
  generation: number;
}

export interface ReadLog {
  spans: Span[];
  /** Of the span that these calls are children of. */
  events: SpanEvent[];
  /** When work on it began; undefined where there is no record. */
  begin?: number;
  /** When the last record was written. */
  last?: number;
  attempts: number;
  outcome?: Outcome;
  inputTokens: number;
  outputTokens: number;
  costUsd?: number;
}

/** Id of the span of a model call, told to the model's server while it works: the how-manieth try of its turn, from 1. */
export const modelSpanId = (key: string, { subtask, generation }: LogName, turn: string, tries: number): string =>
  spanIdOf(key, subtask, generation, turn, 'model', tries);

export const toolSpanId = (key: string, { subtask, generation }: LogName, turn: string, callId: string): string =>
  spanIdOf(key, subtask, generation, turn, 'tool', callId);

export function readLog(trace: TraceOf, name: LogName, records: readonly LogRecord[]): ReadLog {
  const { subtask, generation } = name;
  const parentId = spanIdOf(trace.key, subtask, generation);
  const read: ReadLog = { spans: [], events: [], attempts: 0, inputTokens: 0, outputTokens: 0 };
  const tries = new Map<string, RecordOf<'fault'>[]>();
  const begun = new Map<string, number>();
  const asked = new Map<string, string>();
  let before: LogRecord | undefined;
  const add = (event: string, at: number, attributes?: Attributes): void => {
    read.events.push({ name: event, at, ...(attributes ? { attributes } : {}) });
  };

  for (const record of records) {
    const at = atOf(record);
    switch (record.t) {
      case 'attempt':
        read.attempts += 1;
        read.begin ??= record.at;
        if (before && diedAfter(before)) {
          add('interrupted', atOf(before) ?? record.at);
          add('resumed', record.at, { 'muster.attempt': read.attempts, 'muster.worker': record.worker });
        }
        break;
      case 'model':
      case 'fault': {
        const faults = tries.get(record.step) ?? [];
        const span = modelSpan(trace, name, parentId, record, faults.length + 1);
        if (span) read.spans.push(span);
        if (record.t === 'fault') {
          tries.set(record.step, [...faults, record]);
          const { until, failure, model = '' } = record;
          add('retry', record.at, {
            'error.type': failure.type,
            'gen_ai.request.model': model,
            ...(until === undefined ? {} : { 'muster.not_before': new Date(until).toISOString() }),
          });
          read.inputTokens += record.spent?.inputTokens ?? 0;
          read.outputTokens += record.spent?.outputTokens ?? 0;
          break;
        }
        const other = faults.find(({ model }) => model !== undefined && model !== record.model);
        if (other)
          add('failover', record.at - record.ms, {
            'muster.from': other.model ?? '',
            'muster.to': record.model,
            'error.type': other.failure.type,
          });
        for (const { id, arguments: args } of record.reply.toolCalls) asked.set(`${record.step}/${id}`, asText(args));
        read.inputTokens += record.reply.inputTokens;
        read.outputTokens += record.reply.outputTokens;
        if (record.cost !== undefined) read.costUsd = (read.costUsd ?? 0) + record.cost;
        break;
      }
      case 'begins':
        for (const { callId } of record.calls) begun.set(`${record.step}/${callId}`, record.at);
        break;
      case 'waiting':
        add('waits', record.at, {
          'gen_ai.tool.name': record.name,
          'muster.until': new Date(record.until).toISOString(),
        });
        break;
      case 'delegated':
        add('delegated', record.at, { 'muster.subtasks': record.count });
        break;
      case 'tool': {
        const call = `${record.step}/${record.callId}`;
        read.spans.push(toolSpan(trace, name, parentId, record, { begun: begun.get(call), args: asked.get(call) }));
        break;
      }
      case 'refused':
        add('output refused', record.at, { 'muster.problems': record.problems.length });
        break;
      case 'threw':
        add('exception', record.at);
        break;
      case 'command':
        add(`command ${record.command.kind}`, record.at);
        break;
      case 'board':
        add('board', record.at, { 'muster.items': record.items.length });
        break;
      case 'letGo':
        if (record.calls.length > 0) add('released', record.at);
        break;
      case 'outcome':
        read.outcome = record.outcome;
        break;
      case 'reads':
      case 'finding':
        break;
      default:
        // Of a newer version: it says nothing that is known here.
        record satisfies never;
    }
    if (at !== undefined) read.last = at;
    before = record;
  }
  return read;
}

/** When it was written, where it says so. */
const atOf = (record: LogRecord): number | undefined =>
  'at' in record ? record.at : record.t === 'outcome' ? record.outcome.endedAt : undefined;

/** What an attempt leaves as its last record when it ends by itself, for now or for good; after all else it was interrupted. */
const diedAfter = (last: LogRecord): boolean =>
  !['fault', 'waiting', 'delegated', 'letGo', 'threw', 'outcome'].includes(last.t) &&
  !(last.t === 'command' && last.command.kind === 'pause');

function modelSpan(
  trace: TraceOf,
  name: LogName,
  parentId: string,
  record: RecordOf<'model'> | RecordOf<'fault'>,
  nth: number,
): Span | undefined {
  const { step: turn, ms, at, model = 'unknown' } = record;
  // Nobody was asked: its model was known to be down.
  if (record.t === 'fault' && record.unmade) return undefined;
  const { inputTokens, outputTokens } = (record.t === 'model' ? record.reply : record.spent) ?? {};
  return spanOf(trace, {
    of: [name.subtask, name.generation, turn, 'model', nth],
    parentId,
    kind: 'client',
    name: `chat ${model}`,
    start: at - ms,
    end: at,
    ...(record.t === 'fault' ? { error: record.failure } : {}),
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': model,
      'openinference.span.kind': 'LLM',
      'llm.model_name': model,
      'muster.turn': turn,
      'muster.try': nth,
      ...(inputTokens === undefined || outputTokens === undefined ? {} : tokens(inputTokens, outputTokens)),
      ...(record.t === 'model' && record.reply.estimatedTokens
        ? { 'muster.tokens.estimated': record.reply.estimatedTokens }
        : {}),
      ...(record.t === 'model' && record.cost !== undefined
        ? { 'muster.cost_usd': record.cost, 'llm.cost.total': record.cost }
        : {}),
      ...(record.t === 'model'
        ? { 'gen_ai.response.finish_reasons': [finishOf(record.reply)], 'muster.prompt': record.prompt }
        : {}),
    },
    ...(record.t === 'model' ? { content: contentOf(record.reply) } : {}),
  });
}

function toolSpan(
  trace: TraceOf,
  name: LogName,
  parentId: string,
  { step: turn, callId, name: asked, ok, content, ms, at }: RecordOf<'tool'>,
  { begun, args }: { begun: number | undefined; args: string | undefined },
): Span {
  // A model may ask for a tool that there is not, in any words.
  const tool = TOOL_NAME.test(asked) ? asked : 'unknown';
  return spanOf(trace, {
    of: [name.subtask, name.generation, turn, 'tool', callId],
    parentId,
    name: `execute_tool ${tool}`,
    // One that waited for its reply between two visits took no time of its own.
    start: ms > 0 ? at - ms : Math.min(begun ?? at, at),
    end: at,
    ...(ok ? {} : { error: { type: 'tool_error', message: content.slice(0, 300) } }),
    attributes: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': tool,
      'gen_ai.tool.call.id': callId.slice(0, ID_CHARS),
      'openinference.span.kind': 'TOOL',
      'tool.name': tool,
      'muster.turn': turn,
    },
    content: {
      ...(args === undefined ? {} : { 'gen_ai.tool.call.arguments': args, 'input.value': args }),
      'gen_ai.tool.call.result': content,
      'output.value': content,
    },
  });
}

/** What model servers take for one. */
const TOOL_NAME = /^[\w.-]{1,64}$/;
const ID_CHARS = 100;

const tokens = (input: number, output: number): Attributes => ({
  'gen_ai.usage.input_tokens': input,
  'gen_ai.usage.output_tokens': output,
  'llm.token_count.prompt': input,
  'llm.token_count.completion': output,
  'llm.token_count.total': input + output,
});

const finishOf = ({ isCutShort = false, toolCalls }: RecordOf<'model'>['reply']): string =>
  isCutShort ? 'length' : toolCalls.length > 0 ? 'tool_calls' : 'stop';

const asText = (value: string | Record<string, unknown>): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** Written out only when somebody reads it: most traces leave without. */
const contentOf = (reply: RecordOf<'model'>['reply']): Attributes => ({
  get 'gen_ai.output.messages'() {
    return messagesOf(reply);
  },
  'output.value': reply.text,
});

function messagesOf(reply: RecordOf<'model'>['reply']): string {
  const parts = [
    ...(reply.text === '' ? [] : [{ type: 'text', content: reply.text }]),
    ...reply.toolCalls.map(({ id, name, arguments: args }) => ({ type: 'tool_call', id, name, arguments: args })),
  ];
  return JSON.stringify([{ role: 'assistant', parts, finish_reason: finishOf(reply) }]);
}
