// Quirks put together at random, 2,000 times, over a real socket: each reply is read for what it says, or fails by a name. What
// was found by it stands in the tests beside this file, by symptom.

import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { z } from 'zod';
import { openaiProvider, outputShape, type ModelReply } from '../../activities/index.ts';
import { parseOutput } from '../../activities/text/parse-output.ts';
import { isFailureType } from '../../protocol/failures.ts';
import { serve, type TestServer } from '../tools/support.ts';
import { callDeltas, CALLS_AS_TEXT, cutBytes, TEXTS, type Call, type CallQuirks } from '../rig/quirks.ts';

const RUNS = 2_000;
/** The same each time; another one looks elsewhere. */
const SEED = Number(process.env.MUSTER_FUZZ_SEED ?? 1);

const TOOLS = ['search', 'search_documents', 'read_document', 'mcp__box__list-all'].map((name) => ({
  name,
  description: name,
  parameters: {
    type: 'object',
    properties: { text: { type: 'string' }, n: { type: 'integer' }, deep: { type: 'object' } },
  },
}));
const shape = outputShape('it', z.strictObject({ claims: z.array(z.string()), n: z.number() }));

const text = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.constantFrom('a "quoted" } word', '{', '<think>', 'naïve 東京 🗼', '\\', '```', ']['),
);
const args = fc.record({ text, n: fc.nat(99), deep: fc.record({ list: fc.array(text, { maxLength: 2 }) }) });
const calls = fc
  .uniqueArray(fc.record({ name: fc.constantFrom(...TOOLS.map(({ name }) => name)), args }), {
    minLength: 1,
    maxLength: 4,
    selector: (one) => JSON.stringify(one),
  })
  .map((all) => all.map((one, at): Call => ({ id: `call_${at}_x`, name: one.name, args: JSON.stringify(one.args) })));

const quirks: fc.Arbitrary<CallQuirks> = fc.record({
  ids: fc.constantFrom('own', 'missing', 'empty', 'null', 'same', 'every-part', 'number'),
  indexes: fc.constantFrom('right', 'zero', 'missing', 'null', 'text', 'far', 'from-one'),
  names: fc.constantFrom('once', 'every-part', 'pieces', 'late', 'behind-a-mark', 'in-a-namespace', 'other-case'),
  args: fc.constantFrom('whole', 'pieces', 'grown', 'object', 'quoted', 'again', 'behind-an-empty-one'),
  together: fc.boolean(),
});

/** How the frames of Chat Completions are ended, and how those of Responses lack what others have. */
const wire = fc.record({
  api: fc.constantFrom('chat' as const, 'responses' as const),
  size: fc.integer({ min: 1, max: 60 }),
  bytes: fc.integer({ min: 60, max: 2_000 }),
  usage: fc.constantFrom<unknown>(undefined, null, 'as text', 'negative', 'right', 'absurd'),
  finish: fc.boolean(),
  comments: fc.boolean(),
  items: fc.constantFrom('all', 'without added', 'without done', 'with new ids', 'at the end only', 'without the end'),
});
type Wire = typeof wire extends fc.Arbitrary<infer T> ? T : never;

const USAGE: Record<string, unknown> = {
  'as text': { prompt_tokens: '120', completion_tokens: '7', input_tokens: '120', output_tokens: '7' },
  negative: { prompt_tokens: -3, completion_tokens: Number.NaN, input_tokens: -3, output_tokens: {} },
  right: { prompt_tokens: 120, completion_tokens: 7, input_tokens: 120, output_tokens: 7 },
  absurd: { prompt_tokens: 1e30, completion_tokens: '1e9', input_tokens: 1e30, output_tokens: '1e9' },
};
const usageOf = ({ usage }: Wire): object =>
  typeof usage === 'string' ? { usage: USAGE[usage] } : usage === null ? { usage } : {};

function chatBody(deltas: object[], how: Wire): string {
  const chunk = (delta: object, more: object = {}) => ({ id: 'c', choices: [{ index: 0, delta, ...more }] });
  const frames = [
    chunk({ role: 'assistant', content: null }),
    ...deltas.map((delta) => chunk(delta)),
    ...(how.finish ? [chunk({}, { finish_reason: 'stop' })] : []),
    { ...usageOf(how), choices: [] },
  ];
  return `${frames.map((frame) => `${how.comments ? ': ping\n\n' : ''}data: ${JSON.stringify(frame)}\n\n`).join('')}data: [DONE]\n\n`;
}

function responsesBody(items: Record<string, unknown>[], how: Wire): string {
  const events = items.flatMap((item, at): object[] => {
    const place = { output_index: at };
    const added = {
      type: 'response.output_item.added',
      ...place,
      item: { ...item, arguments: '', content: [], status: 'in_progress' },
    };
    const done = {
      type: 'response.output_item.done',
      ...place,
      item: how.items === 'with new ids' ? { ...item, id: `new_${at}` } : item,
    };
    const body = typeof item.arguments === 'string' ? item.arguments : undefined;
    const content = (item.content as { text: string }[] | undefined)?.[0]?.text ?? '';
    const middle =
      body === undefined
        ? [{ type: 'response.output_text.delta', item_id: item.id, ...place, delta: content }]
        : [{ type: 'response.function_call_arguments.done', item_id: item.id, ...place, arguments: body }];
    if (how.items === 'at the end only') return [];
    if (how.items === 'without added') return [...(body === undefined ? middle : []), done];
    return how.items === 'without done' ? [added, ...middle] : [added, ...middle, done];
  });
  const ends =
    how.items === 'without the end'
      ? []
      : [
          {
            type: 'response.completed',
            response: { status: 'completed', output: how.items === 'at the end only' ? items : [], ...usageOf(how) },
          },
        ];
  return [...events, ...ends].map((one) => `data: ${JSON.stringify(one)}\n\n`).join('');
}

let next: { parts: Uint8Array[]; status: number; type: string };
let server: TestServer;
beforeAll(async () => {
  server = await serve((request, response) => {
    request.resume().on('end', () => void send(response));
  });
});
afterAll(() => server.close());

async function send(response: ServerResponse): Promise<void> {
  const { parts, status, type } = next;
  response.writeHead(status, { 'content-type': type });
  for (const part of parts) {
    response.write(part);
    // Each in a packet of its own.
    await setImmediate();
  }
  response.end();
}

async function ask(
  body: string,
  how: Wire,
  status = 200,
  type = 'text/event-stream',
): Promise<ModelReply | { type: string; message: string }> {
  next = { parts: cutBytes(body, how.bytes), status, type };
  const provider = openaiProvider({ model: 'm', apiKey: 'sk-test-123456', baseURL: server.origin, api: how.api });
  const messages = [{ role: 'user' as const, content: 'Where does it say so?' }];
  return await provider
    .generate({ messages, tools: TOOLS }, { signal: new AbortController().signal, onBytes: () => undefined })
    .catch((error: unknown) => provider.classify(error));
}

const isReply = (one: ModelReply | { type: string }): one is ModelReply => 'toolCalls' in one;

function hasCounts(reply: ModelReply, { usage, api, items }: Wire): void {
  for (const count of [reply.inputTokens, reply.outputTokens])
    expect(Number.isInteger(count) && count > 0 && count < 10_000).toBe(true);
  const isSent = api === 'chat' || items !== 'without the end';
  const isCounted = isSent && (usage === 'right' || usage === 'as text');
  expect(reply.estimatedTokens).toBe(isCounted ? undefined : reply.inputTokens + reply.outputTokens);
}

const told = ({ toolCalls }: ModelReply): unknown[] =>
  toolCalls.map(({ name, arguments: given }) => {
    let value: unknown = given;
    while (typeof value === 'string') value = JSON.parse(value === '' ? '{}' : value);
    return { name, args: value };
  });
const meant = (all: readonly Call[]): unknown[] =>
  all.map(({ name, args: given }) => ({ name, args: JSON.parse(given) as unknown }));

const often = (share: number) => ({ numRuns: Math.ceil(RUNS * share), seed: SEED });

test('calls are read, however their ids, indexes, names and arguments come', async () => {
  await fc.assert(
    fc.asyncProperty(calls, quirks, wire, async (all, how, on) => {
      const body =
        on.api === 'chat'
          ? chatBody(
              callDeltas(all, how, on.size).map((parts) => ({ tool_calls: parts })),
              on,
            )
          : responsesBody(
              all.map(({ id, name, args: given }, at) => ({
                type: 'function_call',
                id: `fc_${at}`,
                call_id: how.ids === 'own' ? id : how.ids === 'same' ? 'call_0' : undefined,
                name: how.names === 'in-a-namespace' ? `functions.${name}` : name,
                arguments: given,
              })),
              on,
            );
      const reply = await ask(body, on);
      expect(reply).toMatchObject({ toolCalls: expect.anything() as unknown });
      if (!isReply(reply)) return;
      expect(told(reply)).toEqual(meant(all));
      hasCounts(reply, on);
    }),
    often(0.5),
  );
});

test('calls that were left in the text are read, in any dialect', async () => {
  const dialect = fc.constantFrom(...(Object.keys(CALLS_AS_TEXT) as (keyof typeof CALLS_AS_TEXT)[]));
  const plain = fc.record({ text: fc.stringMatching(/^[a-z ]{1,20}[a-z]$/).map((one) => one.trim()), n: fc.nat(99) });
  await fc.assert(
    fc.asyncProperty(
      calls,
      fc.array(plain, { minLength: 4, maxLength: 4 }),
      dialect,
      wire,
      async (all, given, how, on) => {
        const made = all.map((call, at) => ({
          ...call,
          args: JSON.stringify({ ...given[at], n: (given[at]?.n ?? 0) * 10 + at }),
        }));
        const words = CALLS_AS_TEXT[how](made);
        const pieces = words.match(new RegExp(`[^]{1,${on.size}}`, 'g')) ?? [];
        const body =
          on.api === 'chat'
            ? chatBody(
                pieces.map((content) => ({ content })),
                on,
              )
            : responsesBody(
                [{ type: 'message', id: 'm', role: 'assistant', content: [{ type: 'output_text', text: words }] }],
                on,
              );
        const reply = await ask(body, on);
        if (!isReply(reply)) throw new Error(JSON.stringify(reply));
        expect(told(reply)).toEqual(meant(made));
        expect(reply.areCallsInText).toBe(true);
      },
    ),
    often(0.15),
  );
});

test('an answer is found wherever it stands, and a draft is none', async () => {
  const place = fc.constantFrom(...(Object.keys(TEXTS) as (keyof typeof TEXTS)[]));
  const value = fc.record({ claims: fc.array(text, { maxLength: 3 }), n: fc.nat(99) });
  const as = fc.constantFrom('text', 'parts', 'reasoning');
  await fc.assert(
    fc.asyncProperty(value, value, place, as, wire, async (answer, draft, where, form, on) => {
      const words = TEXTS[where](JSON.stringify(answer), JSON.stringify(draft));
      const whole = form === 'reasoning' ? JSON.stringify(answer) : words;
      const pieces = whole.match(new RegExp(`[^]{1,${on.size}}`, 'g')) ?? [];
      const said = {
        text: (content: string) => ({ content }),
        parts: (content: string) => ({ content: [{ type: 'text', text: content }] }),
        reasoning: (content: string) => ({ content: null, reasoning_content: content }),
      }[form];
      const item =
        form === 'reasoning'
          ? { type: 'reasoning', id: 'r', summary: [], content: [{ type: 'reasoning_text', text: whole }] }
          : { type: 'message', id: 'm', role: 'assistant', content: [{ type: 'output_text', text: whole }] };
      const isStreamed = form !== 'reasoning' || on.items !== 'without done';
      const body =
        on.api === 'chat'
          ? chatBody(
              pieces.map((piece) => said(piece)),
              on,
            )
          : responsesBody([item], isStreamed ? on : { ...on, items: 'all' });
      const reply = await ask(body, on);
      if (!isReply(reply)) throw new Error(JSON.stringify(reply));
      expect(reply.toolCalls).toEqual([]);
      expect(parseOutput(reply.text, shape, reply.reasoning)).toEqual({ value: answer });
      hasCounts(reply, on);
    }),
    often(0.2),
  );
});

test('what is broken off, or is an error, fails by a name', async () => {
  const errors = fc.constantFrom<[string, number, string]>(
    [JSON.stringify({ error: { message: 'no', code: 'rate_limit_exceeded' } }), 429, 'application/json'],
    [JSON.stringify({ error: 'model is not loaded' }), 404, 'application/json'],
    [JSON.stringify([{ error: { code: 400, message: 'bad', status: 'INVALID_ARGUMENT' } }]), 400, 'application/json'],
    [JSON.stringify({ detail: [{ msg: 'field required' }] }), 422, 'application/json'],
    ['<html><body>502 Bad Gateway</body></html>', 502, 'text/html'],
    ['', 500, 'text/plain'],
    [`data: ${JSON.stringify({ error: { message: 'overloaded', code: 503 } })}\n\n`, 200, 'text/event-stream'],
    ['data: {"choices":[{"delta":{"content":"{\\"cla', 200, 'text/event-stream'],
    ['<html>502 Bad Gateway</html>', 200, 'text/html'],
    ['', 200, 'text/event-stream'],
  );
  await fc.assert(
    fc.asyncProperty(errors, wire, async ([body, status, type], on) => {
      const failure = await ask(body, on, status, type);
      if (isReply(failure)) throw new Error(`it was taken for an answer: ${JSON.stringify(failure)}`);
      expect(isFailureType(failure.type)).toBe(true);
      expect(failure.message).not.toBe('');
    }),
    often(0.05),
  );
  await fc.assert(
    fc.asyncProperty(calls, wire, fc.double({ min: 0.05, max: 0.95, noNaN: true }), async (all, on, share) => {
      const whole = chatBody(
        callDeltas(all, { ids: 'own', indexes: 'right', names: 'once', args: 'pieces', together: false }, on.size).map(
          (parts) => ({ tool_calls: parts }),
        ),
        { ...on, finish: true },
      );
      const frames = whole.split('\n\n');
      const body = frames.slice(0, Math.max(1, Math.floor(frames.length * share))).join('\n\n');
      const reply = await ask(`${body}\n\n`, { ...on, api: 'chat' });
      // A part of the calls, each of them whole, or a failure: never a call that nobody made.
      if (isReply(reply)) expect(meant(all)).toEqual(expect.arrayContaining(told(reply)));
      else expect(isFailureType(reply.type)).toBe(true);
    }),
    often(0.1),
  );
});
