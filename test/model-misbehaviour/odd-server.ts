// odd-server.ts: a server of another make, with one oddity: what it refuses, and how it answers, is said by the test. Speaks
// Chat Completions and Responses, streamed.

import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  openaiProvider,
  type ModelReply,
  type ModelRequest,
  type OpenAIProviderOptions,
} from '../../activities/index.ts';
import type { ModelFault } from '../../activities/models/provider.ts';
import { TEST_KEY } from '../rig/deployment.ts';
import { serve } from '../tools/support.ts';

export type Api = 'chat' | 'responses';
export const APIS: readonly Api[] = ['chat', 'responses'];

/** A body of either API, as far as these tests look into it. */
export interface AskedBody {
  model: string;
  messages?: { role: string; content: string | null }[];
  input?: { role: string; content: string }[];
  tools?: { type: string; strict?: boolean; name?: string; function?: { name: string } }[];
  include?: string[];
  tool_choice?: unknown;
  response_format?: { type: string; json_schema?: { strict?: boolean } };
  text?: { format?: { type: string; strict?: boolean } };
  stream_options?: unknown;
  store?: unknown;
  max_tokens?: number;
  max_completion_tokens?: number;
  max_output_tokens?: number;
}

/** Where both APIs have the same under another name. */
export const formOf = (body: AskedBody): string => (body.response_format ?? body.text?.format)?.type ?? 'words';
export const isStrict = (body: AskedBody): boolean =>
  (body.response_format?.json_schema ?? body.text?.format)?.strict === true;
export const boundOf = (body: AskedBody): number | undefined =>
  body.max_completion_tokens ?? body.max_tokens ?? body.max_output_tokens;
export const messagesOf = (body: AskedBody): { role: string; content: string }[] =>
  (body.messages ?? body.input ?? []).map(({ role, content }) => ({ role, content: content ?? '' }));

export interface Exchange {
  path: string;
  body: AskedBody;
  /** Number of the request, from 1. */
  nth: number;
  response: ServerResponse;
  request: IncomingMessage;
}

export interface OddServer {
  url: string;
  asked: AskedBody[];
  paths: string[];
  close(): Promise<void>;
}

export async function oddServer(handle: (exchange: Exchange) => void | Promise<void>): Promise<OddServer> {
  const asked: AskedBody[] = [];
  const paths: string[] = [];
  const server = await serve((request, response) => {
    let raw = '';
    request.on('data', (part: Buffer) => (raw += part.toString()));
    request.on('end', () => {
      const body = JSON.parse(raw || '{}') as AskedBody;
      asked.push(body);
      paths.push(request.url ?? '');
      void handle({ path: request.url ?? '', body, nth: asked.length, response, request });
    });
  });
  return { url: `${server.origin}/v1`, asked, paths, close: () => server.close() };
}

export interface Said {
  text?: string;
  calls?: { name: string; arguments: string }[];
  finish?: string;
  refusal?: string;
  /** What only this server understands, beside the words. */
  sealed?: string;
  usage?: { input: number; output: number };
}

const line = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;

/** What the server sends for this, as the events of a stream. */
export function framesOf(api: Api, said: Said): string[] {
  return api === 'chat' ? chatFrames(said) : responsesFrames(said);
}

/** A whole answer, streamed as that API does it. */
export function answer(api: Api, response: ServerResponse, said: Said = { text: '{"n":1}' }): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(framesOf(api, said).join(''));
}

export function refuse(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body));
}

function chatFrames({ text = '', calls = [], finish, refusal, sealed, usage }: Said): string[] {
  const chunk = (delta: object, reason: string | null = null) => ({
    id: 'c',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: reason }],
  });
  return [
    ...(text === '' ? [] : [line(chunk({ content: text }))]),
    ...(refusal === undefined ? [] : [line(chunk({ refusal }))]),
    ...(sealed === undefined ? [] : [line(chunk({ reasoning_opaque: sealed }))]),
    ...calls.map((call, index) =>
      line(chunk({ tool_calls: [{ index, id: `c${index}`, type: 'function', function: call }] })),
    ),
    line(chunk({}, finish ?? (calls.length > 0 ? 'tool_calls' : 'stop'))),
    ...(usage
      ? [line({ ...chunk({}), choices: [], usage: { prompt_tokens: usage.input, completion_tokens: usage.output } })]
      : []),
    'data: [DONE]\n\n',
  ];
}

const ENDINGS: Readonly<Record<string, object>> = {
  length: { type: 'response.incomplete', reason: 'max_output_tokens' },
  content_filter: { type: 'response.incomplete', reason: 'content_filter' },
};

function responsesFrames({ text = '', calls = [], finish = 'stop', refusal, sealed, usage }: Said): string[] {
  const { type, reason } = { type: 'response.completed', reason: undefined, ...ENDINGS[finish] };
  const content = [{ type: 'output_text', text, annotations: [] }];
  const reasoning = { type: 'reasoning', id: 'rs', summary: [], encrypted_content: sealed };
  return [
    ...(sealed === undefined ? [] : [line({ type: 'response.output_item.done', output_index: 0, item: reasoning })]),
    ...(refusal === undefined ? [] : [line({ type: 'response.refusal.delta', delta: refusal, output_index: 0 })]),
    ...(text === ''
      ? []
      : [
          line({ type: 'response.output_text.delta', item_id: 'i', output_index: 0, delta: text }),
          line({
            type: 'response.output_item.done',
            output_index: 0,
            item: { type: 'message', id: 'i', role: 'assistant', status: 'completed', content },
          }),
        ]),
    ...calls.map((call, index) =>
      line({
        type: 'response.output_item.done',
        output_index: index + 1,
        item: { type: 'function_call', id: `f${index}`, call_id: `c${index}`, status: 'completed', ...call },
      }),
    ),
    line({
      type,
      response: {
        id: 'r',
        object: 'response',
        status: type.slice('response.'.length),
        ...(reason === undefined ? {} : { incomplete_details: { reason } }),
        ...(usage ? { usage: { input_tokens: usage.input, output_tokens: usage.output } } : {}),
      },
    }),
  ];
}

export const SCHEMA = {
  type: 'object',
  properties: { n: { type: 'number' } },
  required: ['n'],
  additionalProperties: false,
};
const TOOL = {
  name: 'look',
  description: 'Looks.',
  parameters: { type: 'object', properties: { at: { type: 'string' } } },
};

/** A request with every optional feature. */
export const FULL: ModelRequest = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'How many?' },
  ],
  tools: [TOOL],
  toolChoice: 'auto',
  format: { name: 'number', schema: SCHEMA },
  maxOutputTokens: 4_000,
};
/** The same without tools. */
export const PLAIN: ModelRequest = (({ tools: _tools, toolChoice: _choice, ...rest }) => rest)(FULL);

export interface Asking {
  ask: (request?: ModelRequest) => Promise<ModelReply>;
  /** The fault of a call that must fail. */
  fault: (request?: ModelRequest) => Promise<ModelFault>;
  /** What was said for the log. */
  said: string[];
  model: ReturnType<typeof openaiProvider>;
}

/** A provider of that server, and what it tells. */
export function asking(url: string, api: Api, options: Partial<OpenAIProviderOptions> = {}): Asking {
  const said: string[] = [];
  const model = openaiProvider({
    model: 'm',
    apiKey: TEST_KEY,
    baseURL: url,
    api,
    say: (words) => said.push(words),
    ...options,
  });
  const ask = (request = FULL): Promise<ModelReply> =>
    model.generate(request, { signal: new AbortController().signal, onBytes: () => undefined });
  return {
    ask,
    said,
    model,
    async fault(request = PLAIN) {
      const error: unknown = await ask(request).then(
        () => undefined,
        (caught: unknown) => caught,
      );
      if (error === undefined) throw new Error('the call did not fail');
      return model.classify(error);
    },
  };
}

/** The body of an error as OpenAI has it. */
export const nested = (message: string) => ({
  error: { message, type: 'invalid_request_error', param: null, code: null },
});

export const hasTools = (body: AskedBody): boolean => (body.tools?.length ?? 0) > 0;
