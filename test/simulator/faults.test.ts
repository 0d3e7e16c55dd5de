// faults.test.ts: each scripted fault, as the real openai client meets it.

import OpenAI from 'openai';
import { startSimulator, type Fault, type Simulator } from '../../simulator/server.ts';
import { clientOf, format, HELLO } from './support.ts';

let simulator: Simulator;
let client: OpenAI;

beforeEach(async () => {
  simulator = await startSimulator();
  client = clientOf(simulator);
});
afterEach(() => simulator.close());

const create = (options: object = {}) => client.chat.completions.create(HELLO, options);
const failure = (promise: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(promise).then(
    () => undefined,
    (error: unknown) => error,
  );

/** Reads a stream to its end; returns the chunks that came before it ended or broke. */
async function streamed(options: object = {}): Promise<{ chunks: number; error: unknown }> {
  let chunks = 0;
  try {
    const stream = await client.chat.completions.create({ ...HELLO, stream: true }, options);
    for await (const _chunk of stream) chunks += 1;
    return { chunks, error: undefined };
  } catch (error) {
    return { chunks, error };
  }
}

test.each([
  [401, OpenAI.AuthenticationError],
  [404, OpenAI.NotFoundError],
  [429, OpenAI.RateLimitError],
  [500, OpenAI.InternalServerError],
  [503, OpenAI.InternalServerError],
])('an injected status %i reaches the client as its own error, once', async (status, type) => {
  simulator.inject({ kind: 'status', status });
  expect(await failure(create())).toBeInstanceOf(type);
  expect(await failure(create())).toBeUndefined();
  expect(simulator.requests.map((record) => [record.status, record.fault])).toEqual([
    [status, 'status'],
    [200, undefined],
  ]);
});

test('an injected 429 carries the Retry-After and the body it was given', async () => {
  const body = { error: { message: 'Slow down.', type: 'requests', code: 'rate_limit_exceeded', param: null } };
  simulator.inject({ kind: 'status', status: 429, headers: { 'retry-after': '7' }, body });
  const error = (await failure(create())) as InstanceType<typeof OpenAI.RateLimitError>;
  expect(error.headers.get('retry-after')).toBe('7');
  expect(error.message).toContain('Slow down.');
  expect(error.code).toBe('rate_limit_exceeded');
});

test('a stall before the first byte lasts until the client gives up, and is recorded as aborted', async () => {
  simulator.inject({ kind: 'stall' });
  expect(await failure(create({ timeout: 150 }))).toBeInstanceOf(OpenAI.APIConnectionError);
  await ended(1);
  expect(simulator.requests[0]).toMatchObject({ aborted: true, fault: 'stall', status: 0, outputTokens: 0 });
});

test('a stall after n chunks lets exactly these through', async () => {
  simulator.inject({ kind: 'stall', afterChunks: 3 });
  const aborter = new AbortController();
  const seen: unknown[] = [];
  const stream = await client.chat.completions.create({ ...HELLO, stream: true }, { signal: aborter.signal });
  for await (const chunk of stream) {
    seen.push(chunk);
    if (seen.length === 3) setTimeout(() => aborter.abort(), 200);
  }
  expect(seen).toHaveLength(3);
  await ended(1);
  expect(simulator.requests[0]).toMatchObject({ aborted: true, status: 200 });
});

test('a cut destroys the socket in the middle of a stream, and of a whole body', async () => {
  simulator.inject({ kind: 'cut', afterChunks: 2, times: 2 });
  const { chunks, error } = await streamed();
  expect(chunks).toBe(2);
  expect(error).toBeDefined();
  expect(await failure(create())).toBeDefined();
  await ended(2);
  expect(simulator.requests.map((record) => [record.fault, record.aborted])).toEqual([
    ['cut', false],
    ['cut', false],
  ]);
});

test('garbage is a 200 that the client can not parse', async () => {
  simulator.inject({ kind: 'garbage', times: 2 });
  expect(await failure(create())).toMatchObject({ name: 'SyntaxError' });
  expect((await streamed()).error).toMatchObject({ name: 'SyntaxError' });
});

test.each([
  ['the given text', { content: 'Sorry, no.' }, (text: string) => text === 'Sorry, no.'],
  ['broken JSON', { output: 'broken-json' as const }, (text: string) => text.startsWith('{') && !isJson(text)],
  ['JSON of a wrong shape', { output: 'wrong-schema' as const }, (text: string) => isJson(text)],
])('bad output is a valid completion whose content is %s', async (_what, options, holds) => {
  simulator.inject({ kind: 'bad-output', ...options });
  const completion = await client.chat.completions.create({ ...HELLO, response_format: format('muster_plan') });
  expect(holds(completion.choices[0]?.message.content ?? '')).toBe(true);
});

test('a delay answers later and otherwise as always', async () => {
  const plain = await create();
  simulator.inject({ kind: 'delay', ms: 200 });
  const start = Date.now();
  expect(await create()).toEqual(plain);
  expect(Date.now() - start).toBeGreaterThanOrEqual(195);
});

test('a fault is met only by the requests it is for: step, text, and the nth of them', async () => {
  const fault: Fault = { kind: 'status', status: 500, match: { step: 'muster_plan', contains: 'apples', nth: 2 } };
  simulator.inject(fault);
  const plan = (goal: string) =>
    client.chat.completions.create({
      model: 'muster-offline',
      messages: [{ role: 'user', content: `<goal>${goal}</goal>` }],
      response_format: format('muster_plan'),
    });
  const failed: boolean[] = [];
  for (const goal of ['apples', 'pears', 'apples', 'apples']) failed.push((await failure(plan(goal))) !== undefined);
  expect(failed).toEqual([false, false, true, false]);
  expect(await failure(create())).toBeUndefined();
});

test('a fault hits as often as it says, counts its hits, and can be taken back', async () => {
  const injected = simulator.inject({ kind: 'status', status: 503, times: 2 });
  for (let call = 0; call < 3; call += 1) await failure(create());
  expect(injected.hits).toBe(2);
  simulator.inject({ kind: 'status', status: 503 }).remove();
  expect(await failure(create())).toBeUndefined();
});

test('another process injects faults and reads the requests over HTTP', async () => {
  const admin = `http://127.0.0.1:${simulator.port}/_simulator`;
  const post = (body: unknown) => fetch(`${admin}/faults`, { method: 'POST', body: JSON.stringify(body) });
  expect((await post([{ kind: 'status', status: 500, times: 5 }])).status).toBe(201);
  expect((await post({ kind: 'sulk' })).status).toBe(400);
  expect(await failure(create())).toBeInstanceOf(OpenAI.InternalServerError);
  expect((await fetch(`${admin}/faults`, { method: 'DELETE' })).status).toBe(204);
  expect(await failure(create())).toBeUndefined();
  const { requests } = (await (await fetch(`${admin}/requests`)).json()) as { requests: object[] };
  expect(requests).toHaveLength(2);
  expect(requests[0]).toMatchObject({ status: 500, fault: 'status' });
  expect(requests[0]).not.toHaveProperty('body');
});

test('a web page is refused what only programs on this machine may do', async () => {
  const url = `http://127.0.0.1:${simulator.port}/_simulator/requests`;
  expect((await fetch(url, { headers: { origin: 'https://evil.example' } })).status).toBe(403);
});

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Waits until so many requests have ended. */
async function ended(count: number): Promise<void> {
  while (simulator.requests.length < count) await new Promise((resolve) => setTimeout(resolve, 10));
}
