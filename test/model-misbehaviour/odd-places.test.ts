// Where servers put an answer, or what ends it, that is not where the API has it: it is found there, and what is no answer is none.

import type { ServerResponse } from 'node:http';
import { parseOutput } from '../../activities/text/parse-output.ts';
import { z } from 'zod';
import {
  APIS,
  asking,
  FULL,
  framesOf,
  oddServer,
  PLAIN,
  refuse,
  SCHEMA,
  type Api,
  type OddServer,
} from './odd-server.ts';

let server: OddServer;
afterEach(() => server.close());

const ANSWER = '{"n":2}';
const number = z.strictObject({ n: z.number() });
const line = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const stream = (response: ServerResponse, frames: readonly string[]): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(frames.join(''));
};
const answered = async (api: Api, request = PLAIN) => {
  const { text, toolCalls, reasoning } = await asking(server.url, api).ask(request);
  return { toolCalls, ...parseOutput(text, { name: 'number', zod: number, schema: SCHEMA }, reasoning) };
};

/** A whole reply with this as its content. */
const whole = (api: Api, content: unknown, more: object = {}): object =>
  api === 'chat'
    ? { choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content, ...more } }] }
    : { id: 'r', object: 'response', status: 'completed', output: [{ type: 'message', role: 'assistant', content }] };

test.each([
  ['a list with a part of JSON', [{ type: 'output_json', json: { n: 2 } }]],
  ['the object itself', { n: 2 }],
  ['one part without a list', { type: 'output_text', text: ANSWER }],
  ['a part that is parsed already', [{ type: 'output_text', text: '', parsed: { n: 2 } }]],
])('an answer that comes as %s is the answer', async (_name, content) => {
  for (const api of APIS) {
    server = await oddServer(({ response }) => refuse(response, 200, whole(api, content)));
    expect(await answered(api)).toMatchObject({ value: { n: 2 } });
    await server.close();
  }
});

test.each<[string, Api, object]>([
  ['beside an empty content', 'chat', whole('chat', null, { parsed: { n: 2 } })],
  ['as text of the older completions', 'chat', { choices: [{ index: 0, text: ANSWER, finish_reason: 'stop' }] }],
  ['beside an empty output', 'responses', { status: 'completed', output: [], output_text: ANSWER }],
])('an answer %s, through %s, is the answer', async (_name, api, body) => {
  server = await oddServer(({ response }) => refuse(response, 200, body));
  expect(await answered(api)).toMatchObject({ value: { n: 2 } });
});

test('what is said again as a whole behind its pieces is said once', async () => {
  const [piece = ''] = framesOf('chat', { text: ANSWER });
  server = await oddServer(({ response }) => {
    stream(response, [piece, line(whole('chat', ANSWER)), 'data: [DONE]\n\n']);
    response.end();
  });
  expect((await asking(server.url, 'chat').ask(PLAIN)).text).toBe(ANSWER);
});

describe.each(APIS)('through %s', (api) => {
  test('an answer that comes as the call of a tool that nobody offered is the answer, and a call of one that was offered a call', async () => {
    server = await oddServer(({ nth, response }) => {
      stream(response, framesOf(api, { calls: [{ name: nth < 3 ? 'json_tool_call' : 'look', arguments: ANSWER }] }));
      response.end();
    });
    for (const request of [PLAIN, FULL])
      expect(await answered(api, request)).toMatchObject({ value: { n: 2 }, toolCalls: [] });
    expect(await answered(api, FULL)).toMatchObject({ toolCalls: [{ name: 'look' }] });
  });

  test.each(['goes on with comments', 'is silent'])(
    'a stream that is never closed behind the end of its answer, and %s, is an answer',
    async (how) => {
      server = await oddServer(({ response }) => {
        stream(
          response,
          framesOf(api, { text: ANSWER }).filter((frame) => !frame.includes('[DONE]')),
        );
        if (how === 'is silent') return;
        const comments = setInterval(() => response.write(': still here\n\n'), 100);
        response.on('close', () => clearInterval(comments));
      });
      expect(await answered(api)).toMatchObject({ value: { n: 2 } });
    },
  );

  test.each([
    { status: 'processing', message: 'Your request is queued' },
    { type: 'status', message: 'Your request is number 3' },
    { state: 'LOADING', status: 'loading', message: 'The model is being loaded' },
  ])('words about a request that waits its turn are no error: %j', async (words) => {
    server = await oddServer(({ response }) => {
      stream(response, [line(words), ...framesOf(api, { text: ANSWER })]);
      response.end();
    });
    expect(await answered(api)).toMatchObject({ value: { n: 2 } });
  });
});

test('an empty reasoning goes back to a server that wants it', async () => {
  server = await oddServer(({ body, response }) => {
    const before = body.messages?.find(({ role }) => role === 'assistant');
    if (before && !('reasoning_content' in before))
      return refuse(response, 400, { error: { message: 'Missing `reasoning_content` in the assistant message' } });
    const empty = line({ choices: [{ index: 0, delta: { role: 'assistant', reasoning_content: '' } }] });
    const said = before ? { text: ANSWER } : { calls: [{ name: 'look', arguments: '{"at":"x"}' }] };
    stream(response, [empty, ...framesOf('chat', said)]);
    response.end();
  });
  const { ask } = asking(server.url, 'chat');
  const { text, toolCalls, kept } = await ask();
  const { text: second } = await ask({
    ...FULL,
    messages: [
      ...FULL.messages,
      { role: 'assistant', content: text, toolCalls, from: { model: 'm', ...(kept ? { kept } : {}) } },
      { role: 'tool', callId: toolCalls[0]?.id ?? '', content: 'It is 2.' },
    ],
  });
  expect(second).toBe(ANSWER);
});

test('through responses, calls that begin beside each other under one number are two calls', async () => {
  const begins = (id: string, name: string): string =>
    line({
      type: 'response.output_item.added',
      output_index: 0,
      item: { type: 'function_call', id, call_id: id, name, arguments: '' },
    });
  const piece = (id: string, delta: string): string =>
    line({ type: 'response.function_call_arguments.delta', item_id: id, output_index: 0, delta });
  server = await oddServer(({ response }) => {
    const pieces = [piece('a', '{"at":'), piece('b', '{"at":"y"'), piece('a', '"x"}'), piece('b', '}')];
    stream(response, [begins('a', 'look'), begins('b', 'look'), ...pieces]);
    response.end(line({ type: 'response.completed', response: { status: 'completed' } }));
  });
  const { toolCalls } = await answered('responses', FULL);
  expect(toolCalls.map(({ arguments: args }) => args)).toEqual(['{"at":"x"}', '{"at":"y"}']);
});
