// What is put around an answer, a call, a count or an error, by gateways and servers that speak nearly the API: it is read for
// what it means, and nothing that failed is taken for an empty answer.

import { z } from 'zod';
import { outputShape } from '../../activities/index.ts';
import { parseOutput } from '../../activities/text/parse-output.ts';
import { asking, FULL, oddServer, PLAIN, type Api, type OddServer } from './odd-server.ts';

let server: OddServer;
afterEach(() => server.close());

const ANSWER = '{"n":2}';
const DRAFT = '{"n":9}';
const shape = outputShape('number', z.strictObject({ n: z.number() }));
const delta = (piece: object, more: object = {}): object => ({ choices: [{ index: 0, delta: piece, ...more }] });
const STOP = delta({}, { finish_reason: 'stop' });
const PIECES = [delta({ content: ANSWER.slice(0, 4) }), delta({ content: ANSWER.slice(4) }), STOP];
const ENDED = { type: 'response.completed', response: { status: 'completed', output: [] } };
const lines = (events: readonly unknown[], before = 'data: ', space?: number): string =>
  events.map((event) => `${before}${JSON.stringify(event, undefined, space)}\n\n`).join('');

/** A server that sends these bytes, whatever it is asked. */
async function sends(body: string, type = 'text/event-stream'): Promise<void> {
  server = await oddServer(({ response }) => void response.writeHead(200, { 'content-type': type }).end(body));
}
async function value(api: Api): Promise<unknown> {
  const { text, reasoning } = await asking(server.url, api).ask(PLAIN);
  return parseOutput(text, shape, reasoning);
}

test.each<[string, Api, string]>([
  ['whose lines name their field twice', 'chat', lines(PIECES, 'data: data: ')],
  ['whose events are written over several lines', 'chat', lines(PIECES, 'data: ', 1)],
  ['whose events come as one list', 'chat', JSON.stringify(PIECES)],
  ['each event of which a gateway wraps', 'chat', lines(PIECES.map((data) => ({ code: 0, msg: 'ok', data })))],
  [
    'that a gateway wraps',
    'chat',
    JSON.stringify({ code: 0, data: { choices: [{ message: { content: ANSWER }, finish_reason: 'stop' }] } }),
  ],
  [
    'each piece of which says all so far again',
    'chat',
    lines([delta({ content: '{"n": ' }), delta({ content: '{"n": 2' }), delta({ content: '{"n": 2}' }), STOP]),
  ],
  [
    'beside another one that was not asked for',
    'chat',
    lines([
      { choices: [{ index: 0, delta: { content: ANSWER.slice(0, 3) } }] },
      { choices: [{ index: 1, delta: { content: DRAFT.slice(0, 3) } }] },
      { choices: [{ index: 0, delta: { content: ANSWER.slice(3) } }] },
      { choices: [{ index: 1, delta: { content: DRAFT.slice(3) } }] },
      STOP,
    ]),
  ],
  [
    'whose events are named beside them only',
    'responses',
    [
      ['response.output_text.delta', { delta: ANSWER, output_index: 0 }],
      ['response.completed', { response: { status: 'completed', output: [] } }],
    ]
      .map(([name, event]) => `event: ${name as string}\ndata: ${JSON.stringify(event)}\n\n`)
      .join(''),
  ],
  [
    'that stands only at the end of its part',
    'responses',
    lines([{ type: 'response.content_part.done', part: { type: 'output_text', text: ANSWER } }, ENDED]),
  ],
  ['without a list of what came out', 'responses', JSON.stringify({ status: 'completed', output_text: ANSWER })],
])('an answer %s is read, through %s', async (_name, api, body) => {
  await sends(body);
  expect(await value(api)).toEqual({ value: { n: 2 } });
});

test.each([
  `${ANSWER}\n\nHuman: And then?\nAssistant: ${DRAFT}`,
  `${ANSWER}<|im_end|>\n<|im_start|>user\nAnd then?<|im_end|>\n<|im_start|>assistant\n${DRAFT}`,
  `The number:\n${ANSWER}<|eot_id|><|start_header_id|>user<|end_header_id|>\nWhy?\n${DRAFT}`,
  `${ANSWER} [INST] And then? [/INST] ${DRAFT}`,
])('a next turn that the model makes up takes no answer’s place: %j', (text) => {
  server = { close: () => Promise.resolve() } as OddServer;
  expect(parseOutput(text, shape)).toEqual({ value: { n: 2 } });
});

const CALL = { id: 'a', function: { name: 'look', arguments: '{"at":"x"}' } };
test.each<[string, object]>([
  ['an object', delta({ tool_calls: CALL })],
  ['an object by their numbers', delta({ tool_calls: { 0: CALL } })],
  ['JSON in a text', delta({ tool_calls: JSON.stringify([CALL]) })],
  ['a field of the choice', delta({ content: '' }, { tool_calls: [CALL] })],
  ['a call with parameters', delta({ tool_calls: [{ id: 'a', function: { name: 'look', parameters: { at: 'x' } } }] })],
  [
    'a part of the content',
    delta({
      content: [
        { type: 'text', text: 'I look.' },
        { type: 'tool_use', id: 'a', name: 'look', input: { at: 'x' } },
      ],
    }),
  ],
])('calls that come as %s are made', async (_name, event) => {
  await sends(lines([event, delta({}, { finish_reason: 'tool_calls' })]));
  const { toolCalls } = await asking(server.url, 'chat').ask(FULL);
  const made = toolCalls.map(({ id, name, arguments: args }) => [
    id,
    name,
    typeof args === 'string' ? (JSON.parse(args) as unknown) : args,
  ]);
  expect(made).toEqual([['a', 'look', { at: 'x' }]]);
});

const USAGE = { prompt_tokens: 11, completion_tokens: 22 };
test.each<[string, object[]]>([
  ['on a choice', [delta({}, { finish_reason: 'stop', usage: USAGE })]],
  ['in a field of the server’s own', [{ ...STOP, x_own: { usage: USAGE } }]],
  [
    'before a chunk that has zeros',
    [
      { ...STOP, usage: USAGE },
      { choices: [], usage: { prompt_tokens: 0, completion_tokens: 0 } },
    ],
  ],
])('counts that stand %s are the call’s, and none is estimated', async (_name, events) => {
  await sends(lines([delta({ content: ANSWER }), ...events]));
  const reply = await asking(server.url, 'chat').ask(PLAIN);
  expect(reply).toMatchObject({ inputTokens: 11, outputTokens: 22 });
  expect(reply.estimatedTokens).toBeUndefined();
});

test.each<[string, Api, string, string, string]>([
  [
    'on a choice',
    'chat',
    JSON.stringify({ choices: [{ error: { code: 502, message: 'Gone.' }, message: { content: '' } }] }),
    'ModelUnavailable',
    'Gone.',
  ],
  [
    'beside no choices',
    'chat',
    lines([{ choices: null, base: { status_code: 1008, status_msg: 'insufficient balance' } }]),
    'ModelQuotaExhausted',
    'insufficient balance',
  ],
  [
    'under other names',
    'chat',
    JSON.stringify({ error_code: 110, error_msg: 'Access token invalid' }),
    'ModelKeyRefused',
    'Access token invalid',
  ],
  [
    'with capitals',
    'chat',
    JSON.stringify({ __type: 'a.b#Throttling', Message: 'Too many requests' }),
    'ModelRateLimited',
    'Too many requests',
  ],
  [
    'as the status of what is complete',
    'responses',
    lines([
      { type: 'response.completed', response: { status: 'failed', error: { code: 'server_error', message: 'Gone.' } } },
    ]),
    'ModelUnavailable',
    'Gone.',
  ],
  [
    'beside what it holds',
    'responses',
    JSON.stringify({ base: { status_code: 1004, status_msg: 'login fail' } }),
    'ModelKeyRefused',
    'login fail',
  ],
  [
    'as a filter that is none',
    'chat',
    lines([delta({}, { finish_reason: 'function_call_filter: MALFORMED_FUNCTION_CALL' })]),
    'ModelUnavailable',
    'broke its answer off',
  ],
])(
  'an error that a server tells %s is that failure in its words, through %s',
  async (_name, api, body, type, words) => {
    await sends(body, body.startsWith('data:') ? undefined : 'application/json');
    expect(await asking(server.url, api).fault()).toMatchObject({
      type,
      message: expect.stringContaining(words) as string,
    });
  },
);

test('a gateway’s status that says that all is well is no error', async () => {
  await sends(lines(PIECES.map((event) => ({ ...event, base: { status_code: 0, status_msg: 'success' } }))));
  expect(await value('chat')).toEqual({ value: { n: 2 } });
});
