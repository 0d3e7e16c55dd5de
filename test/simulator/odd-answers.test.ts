// odd-answers.test.ts: answers that are odd in what they say or how they are put on the wire, as the real openai client
// meets them in chat, streamed and whole, and in responses.

import type OpenAI from 'openai';
import { startSimulator, type Fault, type Simulator } from '../../simulator/server.ts';
import { clientOf, format, HELLO, tool } from './support.ts';

let simulator: Simulator;
let client: OpenAI;

beforeEach(async () => {
  simulator = await startSimulator();
  client = clientOf(simulator);
});
afterEach(() => simulator.close());

const RESEARCH = {
  model: 'muster-offline',
  messages: [
    { role: 'user' as const, content: '<subtask>Compare `parsely` and `optiona`: which exit code?</subtask>' },
  ],
  tools: [tool('find', 'query'), tool('open', 'source')] as OpenAI.ChatCompletionTool[],
  response_format: format('muster_findings'),
};
type Call = { function: { name: string; arguments: unknown } };

/** The tool calls of an answer, whole or put together from a stream. */
async function callsOf(fault: Fault, stream: boolean): Promise<Call[]> {
  simulator.inject(fault);
  if (!stream) {
    const whole = await client.chat.completions.create(RESEARCH);
    return (whole.choices[0]?.message.tool_calls ?? []) as Call[];
  }
  const calls: Call[] = [];
  for await (const chunk of await client.chat.completions.create({ ...RESEARCH, stream: true })) {
    for (const { index, function: part } of chunk.choices[0]?.delta.tool_calls ?? []) {
      const call = (calls[index] ??= { function: { name: '', arguments: '' } });
      call.function.name += part?.name ?? '';
      const more = part?.arguments as unknown;
      call.function.arguments = typeof more === 'string' ? `${call.function.arguments as string}${more}` : more;
    }
  }
  return calls;
}

describe.each([
  ['whole', false],
  ['streamed', true],
])('an answer that is %s', (_how, stream) => {
  test('has each tool call twice, with ids of their own', async () => {
    const plain = await client.chat.completions.create(RESEARCH);
    const count = plain.choices[0]?.message.tool_calls?.length ?? 0;
    const calls = await callsOf({ kind: 'bad-tool-call', call: 'duplicated' }, stream);
    expect(calls).toHaveLength(count * 2);
    expect(calls[0]?.function).toEqual(calls[1]?.function);
  });

  test('calls a tool that was not offered', async () => {
    const calls = await callsOf({ kind: 'bad-tool-call', call: 'unknown' }, stream);
    expect(calls[0]?.function.name).toBe('find_all');
    expect(JSON.parse(calls[0]?.function.arguments as string)).toHaveProperty('query');
  });

  test('has tool arguments that are objects', async () => {
    const calls = await callsOf({ kind: 'bad-tool-call', call: 'object-arguments' }, stream);
    expect(calls[0]?.function.arguments).toMatchObject({ query: expect.any(String) as string });
  });
});

test('a fault of tool calls waits for an answer that has some', async () => {
  const injected = simulator.inject({ kind: 'bad-tool-call', call: 'duplicated' });
  await client.chat.completions.create(HELLO);
  expect(injected.hits).toBe(0);
  await client.chat.completions.create(RESEARCH);
  expect(injected.hits).toBe(1);
});

test.each([
  ['nothing', 'empty' as const, /^$/],
  ['an apology', 'refusal' as const, /^I'm sorry, but I can't/],
  [
    'the right JSON in a Markdown fence',
    'fenced' as const,
    /^Here is the result:\n\n```json\n\{"subtasks":.*\}\n```\n$/s,
  ],
])('an answer says %s', async (_what, output, says) => {
  simulator.inject({ kind: 'bad-output', output });
  const completion = await client.chat.completions.create({ ...HELLO, response_format: format('muster_plan') });
  expect(completion.choices[0]?.message.content).toMatch(says);
});

test('an answer has no usage, streamed or whole, and is otherwise right', async () => {
  const plain = await client.chat.completions.create(HELLO);
  simulator.inject({ kind: 'no-usage', times: 2 });
  const whole = await client.chat.completions.create(HELLO);
  expect(whole).not.toHaveProperty('usage');
  expect(whole.choices).toEqual(plain.choices);
  const options = { ...HELLO, stream: true as const, stream_options: { include_usage: true } };
  for await (const chunk of await client.chat.completions.create(options)) expect(chunk.usage).toBeUndefined();
  expect(simulator.requests.at(-1)?.outputTokens).toBeGreaterThan(0);
});

test('nothing says why an answer ended, streamed or whole', async () => {
  simulator.inject({ kind: 'no-finish-reason', times: 2 });
  expect((await client.chat.completions.create(HELLO)).choices[0]?.finish_reason).toBeNull();
  let text = '';
  for await (const chunk of await client.chat.completions.create({ ...HELLO, stream: true })) {
    expect(chunk.choices[0]?.finish_reason ?? null).toBeNull();
    text += chunk.choices[0]?.delta.content ?? '';
  }
  expect(text).toMatch(/^This is/);
});

test('an endless stream goes on until the client leaves, whatever limit it set', async () => {
  simulator.inject({ kind: 'endless', everyMs: 1 });
  const stream = await client.chat.completions.create({ ...HELLO, stream: true, max_tokens: 5 });
  let text = '';
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
    if (text.length > 2_000) break;
  }
  await ended(1);
  expect(simulator.requests[0]).toMatchObject({ aborted: true, finished: false, faultVariant: 'endless' });
});

test('an endless body goes on until the client leaves', async () => {
  simulator.inject({ kind: 'endless', everyMs: 1 });
  const response = await fetch(`${simulator.url}/chat/completions`, { method: 'POST', body: JSON.stringify(HELLO) });
  let size = 0;
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += bytes.length;
    if (size > 2_000) break;
  }
  await ended(1);
  expect(simulator.requests[0]).toMatchObject({ aborted: true, finished: false });
});

test('a stall with an end goes on afterwards as if nothing had been', async () => {
  const plain = await client.chat.completions.create(HELLO);
  simulator.inject({ kind: 'stall', ms: 150 });
  simulator.inject({ kind: 'stall', ms: 150, afterChunks: 2 });
  const began = Date.now();
  expect(await client.chat.completions.create(HELLO)).toEqual(plain);
  let text = '';
  for await (const chunk of await client.chat.completions.create({ ...HELLO, stream: true })) {
    text += chunk.choices[0]?.delta.content ?? '';
  }
  expect(text).toBe(plain.choices[0]?.message.content);
  expect(Date.now() - began).toBeGreaterThanOrEqual(295);
  expect(simulator.requests.every((record) => record.finished)).toBe(true);
});

test('a 429 names its wait in whole seconds, and in milliseconds when that is not exact', async () => {
  simulator.inject({ kind: 'status', status: 429, retryAfterSeconds: 2 });
  simulator.inject({ kind: 'status', status: 429, retryAfterSeconds: 0.25 });
  const headers = async (): Promise<(string | null)[]> => {
    const { headers: got } = await fetch(`${simulator.url}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify(HELLO),
    });
    return [got.get('retry-after'), got.get('retry-after-ms')];
  };
  expect(await headers()).toEqual(['2', null]);
  expect(await headers()).toEqual(['1', '250']);
});

test.each<[string, Fault]>([
  ['cut', { kind: 'cut', afterChunks: 4 }],
  ['garbage', { kind: 'garbage' }],
  ['503', { kind: 'status', status: 503 }],
])('a stream of responses meets %s as a stream of chat does', async (_what, fault) => {
  simulator.inject(fault);
  const read = async (): Promise<void> => {
    const stream = await client.responses.create({ model: 'muster-offline', input: 'Hello', stream: true });
    for await (const _event of stream);
  };
  await expect(read()).rejects.toThrow();
});

test('responses that do not say how they ended have no last event, and odd arguments are objects there, too', async () => {
  simulator.inject({ kind: 'no-finish-reason' });
  const types: string[] = [];
  const asked = { model: 'muster-offline', input: 'Hello', stream: true as const };
  for await (const event of await client.responses.create(asked)) types.push(event.type);
  expect(types).toContain('response.output_text.done');
  expect(types).not.toContain('response.completed');

  simulator.inject({ kind: 'bad-tool-call', call: 'object-arguments' });
  const { output } = await client.responses.create({
    model: 'muster-offline',
    input: 'Hello',
    tool_choice: 'required',
    tools: [
      {
        type: 'function',
        name: 'find',
        strict: false,
        parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
      },
    ],
  });
  expect(output[0]).toMatchObject({ type: 'function_call', arguments: { query: expect.any(String) as string } });
});

/** Waits until so many requests have ended. */
async function ended(count: number): Promise<void> {
  while (simulator.requests.length < count) await new Promise((resolve) => setTimeout(resolve, 10));
}
