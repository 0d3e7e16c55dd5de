// What is wrong, said by status or inside a 200, nested, flat, as a list, as text or as a page: each is the failure that it is,
// in the server's own words, without a key.

import type { ServerResponse } from 'node:http';
import { TEST_KEY } from '../rig/deployment.ts';
import { answer, APIS, asking, framesOf, oddServer, PLAIN, refuse, type Api, type OddServer } from './odd-server.ts';

let server: OddServer;
afterEach(() => server.close());

/** What servers say, and what it means: [the failure, the status, code or type, words]. */
const MEANINGS: [type: string, status: number, name: string, words: string][] = [
  ['ModelKeyRefused', 401, 'authentication_error', `User not found, or key ${TEST_KEY} is disabled`],
  ['ModelKeyRefused', 400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'],
  ['ModelQuotaExhausted', 402, '', 'Insufficient balance'],
  [
    'ModelQuotaExhausted',
    429,
    'insufficient_quota',
    'You exceeded your current quota, please check your plan and billing details.',
  ],
  ['ModelQuotaExhausted', 403, '', 'Your credit balance is too low to access the API'],
  ['ModelRateLimited', 429, 'rate_limit_error', 'Too many requests. Please try again in 1.5s.'],
  ['ModelRequestRejected', 400, 'context_length_exceeded', "This model's maximum context length is 2048 tokens."],
  ['ModelRequestRejected', 413, '', 'Request too large for this model: Limit 6000, Requested 9000'],
  ['ModelNotFound', 404, 'model_not_found', 'The model `m` does not exist or you do not have access to it.'],
  ['ModelNotFound', 400, '', 'm is not a valid model ID'],
  ['ModelNotFound', 404, 'not_found_error', 'model "m" not found, try pulling it first'],
  [
    'ContentRefused',
    400,
    'content_filter',
    'The response was filtered due to the prompt triggering our content management policy.',
  ],
  ['ContentRefused', 400, 'data_inspection_failed', 'Input data may contain inappropriate content.'],
  ['ModelUnavailable', 503, 'overloaded_error', 'Overloaded'],
  ['ModelUnavailable', 529, '', 'The service is over capacity'],
  ['ModelUnavailable', 503, 'unavailable_error', 'Loading model'],
];

type Shape = (status: number, name: string, words: string) => unknown;
const SHAPES: Record<string, Shape> = {
  nested: (status, name, message) => ({ error: { message, type: name, code: status } }),
  'as a string': (status, name, message) => ({ error: message, code: name, status }),
  flat: (code, type, message) => ({ object: 'error', message, type, param: null, code }),
  'as a list': (code, status, message) => [{ error: { code, message, status } }],
  'quoted by a gateway': (code, type, message) => ({
    error: { code, message: `upstream said: ${JSON.stringify({ error: { message, type } })}` },
  }),
  'as a validator does': (status, type, message) => ({ detail: [{ loc: ['body'], msg: message, type }], status }),
};

const own = (words: string): string => words.slice(-12);
const isRight = (fault: { type: string; message: string }, type: string, words: string): void => {
  expect(fault.type).toBe(type);
  expect(fault.message).toContain(own(words));
  expect(fault.message).not.toContain(TEST_KEY);
  expect(fault.message.length).toBeLessThan(900);
};

describe.each(APIS)('through %s, an error', (api) => {
  const refused = async (make: (response: ServerResponse) => void) => {
    server = await oddServer(({ response }) => make(response));
    return await asking(server.url, api).fault();
  };

  test.each(
    Object.entries(SHAPES).flatMap(([shape, of]) => MEANINGS.map((meaning) => [shape, ...meaning, of] as const)),
  )('that is sent %s means %s by its status (%i %s: %s)', async (_shape, type, status, name, words, of) => {
    isRight(await refused((response) => refuse(response, status, of(status, name, words))), type, words);
    if (type !== 'ModelUnavailable' && type !== 'ModelRateLimited') expect(server.asked.length).toBeLessThanOrEqual(2);
  });

  test.each(
    Object.entries(SHAPES).flatMap(([shape, of]) => MEANINGS.map((meaning) => [shape, ...meaning, of] as const)),
  )('that is sent %s means %s inside a 200 stream (%i %s: %s)', async (_shape, type, status, name, words, of) => {
    const fault = await refused((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': processing\n\n');
      response.end(`data: ${JSON.stringify(of(status, name, words))}\n\n`);
    });
    isRight(fault, type, words);
    expect(server.asked.length).toBeLessThanOrEqual(2);
  });

  test.each([
    ['an event named error', (words: string) => `event: error\ndata: ${words}\n\n`],
    [
      'a field named error',
      (words: string) => `error: ${JSON.stringify({ code: 429, message: words, type: 'x' })}\n\n`,
    ],
    ['words where JSON should be', (words: string) => `data: error: ${words}\n\n`],
    ['JSON that is no event', (words: string) => `${JSON.stringify({ error: { message: words } })}\n`],
    ['words that are no event', (words: string) => `${words}\n`],
    [
      'an event after the beginning of an answer',
      (words: string) => `${framesOf(api, { text: '{"n":' })[0]}data: {"error":{"message":"${words}"}}\n\n`,
    ],
  ])('that comes as %s is read', async (_name, frames) => {
    const words = 'Rate limit reached for requests';
    const fault = await refused((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(frames(words));
    });
    isRight(fault, 'ModelRateLimited', words);
  });

  test('that comes as JSON in a 200 is read', async () => {
    const body = { error: { message: 'Your credit balance is too low', code: 402 } };
    isRight(await refused((response) => refuse(response, 200, body)), 'ModelQuotaExhausted', 'Your credit balance');
  });

  test.each([200, 404])('that is a page for people, by %i, names the address', async (status) => {
    const page = '<!DOCTYPE html><html><head><title>My Router</title></head><body><h1>Welcome</h1></body></html>';
    const fault = await refused((response) => response.writeHead(status, { 'content-type': 'text/html' }).end(page));
    isRight(fault, 'ModelAddressWrong', 'My Router');
  });

  test('that is a page by 502 is an outage', async () => {
    const page = '<html><head><title>502 Bad Gateway</title></head></html>';
    const fault = await refused((response) => response.writeHead(502, { 'content-type': 'text/html' }).end(page));
    isRight(fault, 'ModelUnavailable', '502 Bad Gate');
  });

  test('that says how long to wait is heeded, wherever it says so', async () => {
    const words = 'Rate limit reached. Please try again in 1m12.5s.';
    expect(await refused((response) => refuse(response, 429, { error: { message: words } }))).toMatchObject({
      retryAfterMs: 72_500,
    });
    const listed = [
      {
        error: {
          code: 429,
          message: 'You exceeded your current quota',
          status: 'RESOURCE_EXHAUSTED',
          details: [{ retryDelay: '34s' }],
        },
      },
    ];
    await server.close();
    expect(await refused((response) => refuse(response, 429, listed))).toMatchObject({
      type: 'ModelRateLimited',
      retryAfterMs: 34_000,
    });
  });

  test('that shows a part of the key is passed on without it', async () => {
    const words = `Incorrect API key provided: ${TEST_KEY.slice(0, 8)}********${TEST_KEY.slice(-4)}.`;
    const { message } = await refused((response) => refuse(response, 401, { error: { message: words } }));
    expect(message).toContain('Incorrect API key');
    expect(message).not.toContain(TEST_KEY.slice(0, 8));
    expect(message).not.toContain(TEST_KEY.slice(-4));
  });
});

describe.each(APIS)('through %s, an answer', (api) => {
  const ends = async (said: Parameters<typeof answer>[2]) => {
    server = await oddServer(({ response }) => answer(api, response, said));
    return await asking(server.url, api).fault();
  };

  test('that a filter held back is told as such, and not asked for again', async () => {
    expect(await ends({ text: '{"n"', finish: 'content_filter' })).toMatchObject({ type: 'ContentRefused' });
    expect(server.asked).toHaveLength(1);
  });

  test('that is a refusal is told in the model’s own words', async () => {
    expect(await ends({ refusal: 'I can’t help with that.' })).toMatchObject({
      type: 'ContentRefused',
      message: expect.stringContaining('I can’t help'),
    });
  });

  test('that comes whole, as JSON, is read', async () => {
    server = await oddServer(({ response }) => refuse(response, 200, wholeOf(api)));
    expect(await asking(server.url, api).ask(PLAIN)).toMatchObject({
      text: '{"n":1}',
      inputTokens: 7,
      outputTokens: 3,
    });
  });

  test('whose events no empty line parts, and the last of which no line ends, is read', async () => {
    const frames = framesOf(api, { text: '{"n":1}' }).map((frame) => frame.replace('\n\n', '\n'));
    server = await oddServer(({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(frames.join('').trimEnd());
    });
    expect(await asking(server.url, api).ask(PLAIN)).toMatchObject({ text: '{"n":1}' });
  });
});

test.each(['error', 'network_error', 'insufficient_system_resource', 'unheard_of'])(
  'through chat, an answer that ends for "%s" with nothing in it is an outage, and no empty answer',
  async (finish) => {
    server = await oddServer(({ response }) => answer('chat', response, { finish }));
    expect(await asking(server.url, 'chat').fault()).toMatchObject({ type: 'ModelUnavailable' });
  },
);

test.each(['end_turn', 'eos_token', 'COMPLETE', 'unheard_of'])(
  'through chat, an answer that ends for "%s" with all there is an answer',
  async (finish) => {
    server = await oddServer(({ response }) => answer('chat', response, { text: '{"n":1}', finish }));
    expect(await asking(server.url, 'chat').ask(PLAIN)).toMatchObject({ text: '{"n":1}' });
  },
);

function wholeOf(api: Api): object {
  return api === 'chat'
    ? {
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content: '{"n":1}' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 7, completion_tokens: 3 },
      }
    : {
        object: 'response',
        status: 'completed',
        output: [{ type: 'message', id: 'i', role: 'assistant', content: [{ type: 'output_text', text: '{"n":1}' }] }],
        usage: { input_tokens: 7, output_tokens: 3 },
      };
}

describe.each(APIS)('through %s, an address', (api) => {
  const endpoint = api === 'chat' ? '/chat/completions' : '/responses';
  const at = async (path: string, written: (origin: string) => string, missing: (response: ServerResponse) => void) => {
    server = await oddServer(({ path: asked, response }) =>
      asked === `${path}${endpoint}` ? answer(api, response) : missing(response),
    );
    return asking(written(server.url.replace(/\/v1$/, '')), api);
  };
  const notFound = (response: ServerResponse): void => refuse(response, 404, '404 page not found');

  test.each([
    ['plain text', notFound],
    ['a JSON', (response: ServerResponse) => refuse(response, 404, { detail: 'Not Found' })],
    ['nothing', (response: ServerResponse) => refuse(response, 404, '')],
    [
      'a page',
      (response: ServerResponse) =>
        void response.writeHead(200, { 'content-type': 'text/html' }).end('<html><title>UI</title></html>'),
    ],
    [
      'words about its endpoint',
      (response: ServerResponse) =>
        refuse(response, 200, { error: 'Unexpected endpoint or method. (POST /chat/completions)' }),
    ],
  ])('without /v1 that answers with %s is mended, told once', async (_name, missing) => {
    const { ask, said } = await at('/v1', (origin) => origin, missing);
    expect(await ask()).toMatchObject({ text: '{"n":1}' });
    await ask();
    expect(server.asked).toHaveLength(3);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('/v1');
  });

  test.each([endpoint, `${endpoint}/`, '/'])('with %s at its end is mended', async (end) => {
    const { ask } = await at('/v1', (origin) => `${origin}/v1${end}`, notFound);
    await ask();
    expect(server.paths).toEqual([`/v1${endpoint}`]);
  });

  test('that was found is asked first by the next process, and as it is written when nothing is there any more', async () => {
    const { ask } = await at('/v1', (origin) => origin, notFound);
    await ask();
    const learned: unknown[] = [];
    const found = server.url;
    const remember = (recalled: string) => ({
      recall: () => Promise.resolve({ baseURL: recalled }),
      onLearned: (one: unknown) => void learned.push(one),
    });
    const before = server.paths.length;
    await asking(found.replace(/\/v1$/, ''), api, remember(found)).ask();
    expect(server.paths.slice(before)).toEqual([`/v1${endpoint}`]);
    expect(learned).toEqual([]);
    await server.close();
    await at('', (origin) => origin, notFound);
    await asking(server.url.replace(/\/v1$/, ''), api, remember(server.url)).ask();
    expect(server.paths).toEqual([`/v1${endpoint}`, endpoint]);
    expect(learned).toEqual([{}]);
    const elsewhere = asking(server.url.replace(/\/v1$/, ''), api, remember('http://192.0.2.1/v1'));
    await elsewhere.ask();
    expect(server.paths).toHaveLength(3);
  });

  test('with a query keeps it', async () => {
    const { ask } = await at('/openai/v1', (origin) => `${origin}/openai/v1?api-version=2`, notFound);
    await ask().catch(() => undefined);
    expect(server.paths[0]).toBe(`/openai/v1${endpoint}?api-version=2`);
  });

  test('where nothing is at all is named as such, and the model is not blamed', async () => {
    const { fault } = await at('/nowhere', (origin) => origin, notFound);
    expect(await fault()).toMatchObject({
      type: 'ModelAddressWrong',
      message: expect.stringContaining('page not found'),
    });
    expect(server.asked).toHaveLength(2);
  });
});
