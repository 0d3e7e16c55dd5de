// openai.ts: any server that speaks Chat Completions, through the openai client. The floor that all compatible servers
// share: streaming, tools, json_schema with two steps down for servers that refuse it. Never retries: Temporal does.

import OpenAI, { APIConnectionTimeoutError, APIError, APIUserAbortError, BadRequestError } from 'openai';
import type {
  ChatCompletionChunk,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { ChatMessage, ModelFault, ModelProvider, ModelReply, ModelRequest, ToolCall } from './provider.ts';
import { faultOfStatus, retryAfterMs } from './openai-faults.ts';

export interface OpenAIProviderOptions {
  model: string;
  apiKey: string;
  baseURL?: string;
  /** True when this is the simulator. */
  offline?: boolean;
}

/** How the answer's shape is asked for, from best to least. */
const FORMATS = ['json_schema', 'json_object', 'prompt'] as const;

export function openaiProvider(options: OpenAIProviderOptions): ModelProvider {
  const client = new OpenAI({
    apiKey: options.apiKey,
    maxRetries: 0,
    // Its own log would print a server's garbage to the console.
    logLevel: 'off',
    // The loop has its own clocks: an idle limit and the subtask's wall clock.
    timeout: 24 * 3_600_000,
    ...(options.baseURL ? { baseURL: options.baseURL } : {}),
  });
  // What this server turned out to accept; found out once, at the price of one refused call.
  let format = 0;
  return {
    model: options.model,
    offline: options.offline ?? false,
    async generate(request, { signal, onBytes }) {
      for (;;) {
        try {
          return await readStream(
            client,
            chatParams(options.model, request, FORMATS[format]),
            signal,
            onBytes,
            request,
          );
        } catch (error) {
          const refusesFormat =
            error instanceof BadRequestError && /response_format|json_schema|json_object/i.test(error.message);
          if (!refusesFormat || !request.format || format === FORMATS.length - 1) throw error;
          format += 1;
        }
      }
    },
    classify: (error) => classify(error, options),
  };
}

function chatParams(
  model: string,
  request: ModelRequest,
  format: (typeof FORMATS)[number] = 'prompt',
): ChatCompletionCreateParamsStreaming {
  const messages = request.messages.map(asParam);
  if (request.format && format !== 'json_schema') {
    messages.push({
      role: 'system',
      content: `Answer with one JSON object that fits this schema and nothing else:\n${JSON.stringify(request.format.schema)}`,
    });
  }
  return {
    model,
    messages,
    stream: true,
    stream_options: { include_usage: true },
    ...(request.tools && request.tools.length > 0
      ? {
          tools: request.tools.map((tool) => ({ type: 'function' as const, function: { ...tool } })),
          tool_choice: request.toolChoice ?? 'auto',
        }
      : {}),
    ...(request.format && format === 'json_schema'
      ? { response_format: { type: 'json_schema' as const, json_schema: { ...request.format, strict: true } } }
      : request.format && format === 'json_object'
        ? { response_format: { type: 'json_object' as const } }
        : {}),
  };
}

function asParam(message: ChatMessage): ChatCompletionMessageParam {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.callId, content: message.content };
  if (message.role !== 'assistant' || !message.toolCalls?.length)
    return { role: message.role, content: message.content };
  return {
    role: 'assistant',
    content: message.content === '' ? null : message.content,
    tool_calls: message.toolCalls.map((call) => ({
      id: call.id,
      type: 'function',
      function: {
        name: call.name,
        arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
      },
    })),
  };
}

async function readStream(
  client: OpenAI,
  params: ChatCompletionCreateParamsStreaming,
  signal: AbortSignal,
  onBytes: () => void,
  request: ModelRequest,
): Promise<ModelReply> {
  const stream = await client.chat.completions.create(params, { signal });
  const calls: ToolCall[] = [];
  let text = '';
  let usage: ChatCompletionChunk['usage'];
  let chunks = 0;
  for await (const chunk of stream) {
    onBytes();
    chunks += 1;
    if (chunk.usage) usage = chunk.usage;
    const delta = chunk.choices?.[0]?.delta;
    if (typeof delta?.content === 'string') text += delta.content;
    for (const part of delta?.tool_calls ?? []) addCall(calls, part);
  }
  if (signal.aborted) throw new APIUserAbortError();
  // A stream that ends before its first chunk is a broken answer, not an empty one.
  if (chunks === 0) throw new SyntaxError('the model server sent an empty stream');
  return {
    text,
    toolCalls: calls.filter((call) => call !== undefined && call.name !== ''),
    // Some servers give no usage in streams: about four characters a token.
    inputTokens: usage?.prompt_tokens ?? Math.ceil(JSON.stringify(request.messages).length / 4),
    outputTokens: usage?.completion_tokens ?? Math.ceil((text.length + JSON.stringify(calls).length) / 4),
  };
}

type CallDelta = NonNullable<ChatCompletionChunk['choices'][number]['delta']['tool_calls']>[number];

/** Some servers send arguments as an object, all at once; both forms are kept as they come. */
function addCall(calls: ToolCall[], part: CallDelta): void {
  const index = Number.isInteger(part.index) ? part.index : calls.length;
  const call = (calls[index] ??= { id: '', name: '', arguments: '' });
  if (part.id) call.id = part.id;
  if (part.function?.name) call.name += part.function.name;
  const args: unknown = part.function?.arguments;
  if (typeof args === 'string' && typeof call.arguments === 'string') call.arguments += args;
  else if (args !== null && typeof args === 'object') call.arguments = args as Record<string, unknown>;
}

function classify(error: unknown, options: OpenAIProviderOptions): ModelFault {
  const server = options.baseURL ?? 'api.openai.com';
  if (error instanceof APIConnectionTimeoutError)
    return { type: 'ModelTimedOut', message: `${server} did not answer in time` };
  if (error instanceof APIError && error.status !== undefined) {
    const after = retryAfterMs(error.headers, Date.now());
    return { ...faultOfStatus(error, options.model, server), ...(after === undefined ? {} : { retryAfterMs: after }) };
  }
  // No status: refused, reset or cut connection, or broken JSON inside a 200.
  const reason =
    error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
  return { type: 'ModelUnavailable', message: `${server} gave no usable answer: ${reason.slice(0, 200)}` };
}
