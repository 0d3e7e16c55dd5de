// wire.test.ts: the wire format, as the real openai client reads it.

import OpenAI from 'openai';
import { startSimulator, type Simulator } from '../../simulator/server.ts';
import { clientOf, format, HELLO, LIBRARY, tool } from './support.ts';

let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
  simulator = await startSimulator({ models: ['other-name'] });
  client = clientOf(simulator);
});
afterAll(() => simulator.close());

const RESEARCH = {
  model: 'muster-offline',
  messages: [
    {
      role: 'user' as const,
      content: '<subtask>Compare `parsely` and `optiona`: which exit code do unknown options give?</subtask>',
    },
  ],
  tools: [tool('find', 'query'), tool('open', 'source')] as OpenAI.ChatCompletionTool[],
  response_format: format('muster_findings'),
};

test('a client gets a whole completion with usage', async () => {
  const completion = await client.chat.completions.create(HELLO);
  expect(completion.object).toBe('chat.completion');
  expect(completion.choices[0]?.message.role).toBe('assistant');
  expect(completion.choices[0]?.message.content).toContain('offline model');
  expect(completion.choices[0]?.finish_reason).toBe('stop');
  const { prompt_tokens, completion_tokens, total_tokens } = completion.usage ?? {};
  expect(prompt_tokens).toBeGreaterThan(5);
  expect(completion_tokens).toBeGreaterThan(5);
  expect(total_tokens).toBe((prompt_tokens ?? 0) + (completion_tokens ?? 0));
});

test('a streaming client gets the same text in several chunks, role first, usage last', async () => {
  const whole = await client.chat.completions.create(HELLO);
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  const stream = await client.chat.completions.create({
    ...HELLO,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of stream) chunks.push(chunk);
  expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant');
  const texts = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').filter((text) => text !== '');
  expect(texts.length).toBeGreaterThan(2);
  expect(texts.join('')).toBe(whole.choices[0]?.message.content);
  expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
  expect(chunks.at(-1)?.choices).toEqual([]);
  expect(chunks.at(-1)?.usage).toEqual(whole.usage);
});

test('a stream carries no usage unless the client asks for it, and ends with [DONE]', async () => {
  const response = await fetch(`${simulator.url}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ ...HELLO, stream: true }),
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const text = await response.text();
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  expect(text).not.toContain('usage');
});

test('a model with tools asks for parallel calls, streamed or not, with the same ids and arguments', async () => {
  const whole = await client.chat.completions.create(RESEARCH);
  const calls = whole.choices[0]?.message.tool_calls as OpenAI.ChatCompletionMessageFunctionToolCall[];
  expect(whole.choices[0]?.finish_reason).toBe('tool_calls');
  expect(whole.choices[0]?.message.content).toBeNull();
  expect(calls.length).toBeGreaterThan(1);
  expect(new Set(calls.map((call) => call.id)).size).toBe(calls.length);
  for (const call of calls) expect(JSON.parse(call.function.arguments)).toHaveProperty('query');

  const final = await client.chat.completions.stream(RESEARCH).finalChatCompletion();
  const streamed = final.choices[0]?.message.tool_calls as OpenAI.ChatCompletionMessageFunctionToolCall[];
  expect(streamed.map(({ id, function: { name, arguments: args } }) => [id, name, args])).toEqual(
    calls.map(({ id, function: { name, arguments: args } }) => [id, name, args]),
  );
});

test('a client that forbids parallel calls gets one', async () => {
  const completion = await client.chat.completions.create({ ...RESEARCH, parallel_tool_calls: false });
  expect(completion.choices[0]?.message.tool_calls).toHaveLength(1);
});

test('tool_choice is obeyed: none, required, and by name', async () => {
  const none = await client.chat.completions.create({ ...RESEARCH, tool_choice: 'none' });
  expect(none.choices[0]?.message.tool_calls).toBeUndefined();
  expect(JSON.parse(none.choices[0]?.message.content ?? '')).toHaveProperty('findings');
  const tools = RESEARCH.tools;
  const required = await client.chat.completions.create({ ...HELLO, tools, tool_choice: 'required' });
  expect(required.choices[0]?.message.tool_calls).toHaveLength(1);
  const choice = { type: 'function' as const, function: { name: 'open' } };
  const named = await client.chat.completions.create({ ...RESEARCH, tool_choice: choice });
  const call = named.choices[0]?.message.tool_calls?.[0] as OpenAI.ChatCompletionMessageFunctionToolCall;
  expect(call.function.name).toBe('open');
  expect(JSON.parse(call.function.arguments)).toHaveProperty('source');
});

test('an unknown json_schema gets the smallest object that fits it', async () => {
  const schema = {
    type: 'object',
    properties: {
      verdict: { type: 'string', enum: ['yes', 'no'] },
      count: { type: 'integer', minimum: 3 },
      note: { type: ['string', 'null'] },
      parts: { type: 'array', minItems: 1, items: { $ref: '#/$defs/part' } },
    },
    required: ['verdict', 'count', 'note', 'parts'],
    $defs: { part: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] } },
  };
  const completion = await client.chat.completions.create({ ...HELLO, response_format: format('shop', schema) });
  expect(JSON.parse(completion.choices[0]?.message.content ?? '')).toEqual({
    verdict: 'yes',
    count: 3,
    note: null,
    parts: [{ ok: false }],
  });
});

test('json_object gets an object and text gets text', async () => {
  const object = await client.chat.completions.create({ ...HELLO, response_format: { type: 'json_object' } });
  expect(typeof JSON.parse(object.choices[0]?.message.content ?? '')).toBe('object');
  const text = await client.chat.completions.create({ ...HELLO, response_format: { type: 'text' } });
  expect(text.choices[0]?.message.content).toMatch(/^This is/);
});

test('a client that limits the tokens gets a cut answer that says so', async () => {
  const completion = await client.chat.completions.create({ ...HELLO, max_tokens: 3 });
  expect(completion.choices[0]?.finish_reason).toBe('length');
  expect(completion.choices[0]?.message.content).toHaveLength(12);
});

test('a client can list the models and ask for one', async () => {
  const list = await client.models.list();
  expect(list.data.map((model) => model.id)).toEqual(['muster-offline', 'other-name']);
  expect((await client.models.retrieve('other-name')).id).toBe('other-name');
  await expect(client.models.retrieve('nobody')).rejects.toThrow(OpenAI.NotFoundError);
  await expect(client.chat.completions.create({ ...HELLO, model: 'other-name' })).resolves.toHaveProperty('id');
});

test('a client that names an unknown model gets 404 model_not_found', async () => {
  const error = await failure(client.chat.completions.create({ ...HELLO, model: 'gpt-nobody' }));
  expect(error).toBeInstanceOf(OpenAI.NotFoundError);
  expect(error).toMatchObject({ code: 'model_not_found', param: 'model', type: 'invalid_request_error' });
});

test('a client with a wrong key gets 401, one with the right key an answer', async () => {
  const locked = await startSimulator({ requireKey: 'secret' });
  const error = await failure(clientOf(locked, 'wrong').chat.completions.create(HELLO));
  expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
  expect(error).toMatchObject({ code: 'invalid_api_key' });
  await expect(clientOf(locked, 'secret').chat.completions.create(HELLO)).resolves.toHaveProperty('id');
  await locked.close();
});

test.each([
  ['no messages', { messages: [] }, 'messages'],
  ['an unknown role', { messages: [{ role: 'wizard', content: 'x' }] }, 'messages[0].role'],
  ['a message without content', { messages: [{ role: 'user' }] }, 'messages[0].content'],
  [
    'a tool result that answers nothing',
    { messages: [{ role: 'tool', tool_call_id: 'x', content: '' }] },
    'messages[0].tool_call_id',
  ],
  ['tool_choice without tools', { tool_choice: 'required' }, 'tool_choice'],
  [
    'a schema without a name',
    { response_format: { type: 'json_schema', json_schema: {} } },
    'response_format.json_schema.name',
  ],
])('a body with %s gets 400 with the parameter named', async (_what, change, param) => {
  const error = await failure(client.chat.completions.create({ ...HELLO, ...change } as typeof HELLO));
  expect(error).toBeInstanceOf(OpenAI.BadRequestError);
  expect(error).toMatchObject({ param });
});

test('a tool call that was left unanswered gets 400', async () => {
  const call = { id: 'c1', type: 'function' as const, function: { name: 'find', arguments: '{}' } };
  const messages = [...HELLO.messages, { role: 'assistant' as const, tool_calls: [call] }];
  expect(await failure(client.chat.completions.create({ ...HELLO, messages }))).toBeInstanceOf(OpenAI.BadRequestError);
});

test('a body that is no JSON, an unknown path and a wrong method get errors in the same shape', async () => {
  const post = (path: string, init: RequestInit) => fetch(`${simulator.url}${path}`, init);
  const broken = await post('/chat/completions', { method: 'POST', body: '{"model":' });
  expect([broken.status, await broken.json()]).toEqual([
    400,
    { error: { message: expect.stringContaining('JSON'), type: 'invalid_request_error', code: null, param: null } },
  ]);
  expect((await post('/audio/speech', { method: 'POST', body: '{}' })).status).toBe(404);
  expect((await post('/chat/completions', { method: 'GET' })).status).toBe(405);
});

test('the same messages get the same bytes', async () => {
  const body = JSON.stringify({ ...RESEARCH, messages: [...RESEARCH.messages, ...results()] });
  const ask = async () => (await fetch(`${simulator.url}/chat/completions`, { method: 'POST', body })).text();
  expect(await ask()).toBe(await ask());
});

/** A finished search, as messages. */
function results() {
  const call = { id: 'c1', type: 'function' as const, function: { name: 'find', arguments: '{"query":"unknown"}' } };
  return [
    { role: 'assistant' as const, content: null, tool_calls: [call] },
    { role: 'tool' as const, tool_call_id: 'c1', content: JSON.stringify({ passages: LIBRARY }) },
  ];
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );
