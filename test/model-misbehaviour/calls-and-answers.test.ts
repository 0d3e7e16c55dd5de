// Each form in which servers send calls and answers, by symptom, through Chat Completions and Responses. The same put together at
// random: quirks.fuzz.test.ts.

import { z } from 'zod';
import { openaiProvider, outputShape, type ModelReply } from '../../activities/index.ts';
import { parseOutput } from '../../activities/text/parse-output.ts';
import { looksLikeCall } from '../../activities/models/calls-in-text.ts';
import { callDeltas, CALLS_AS_TEXT, TEXTS, type Call, type CallQuirks } from '../rig/quirks.ts';
import { TEST_KEY } from '../rig/deployment.ts';
import { serve } from '../tools/support.ts';

const TOOLS = ['search', 'search_documents'].map((name) => ({
  name,
  description: name,
  parameters: {
    type: 'object',
    properties: { query: { type: 'string' }, limit: { type: 'integer' } },
    required: ['query'],
  },
}));
const CALLS: Call[] = [
  { id: 'call_a', name: 'search_documents', args: '{"query":"how often","limit":2}' },
  { id: 'call_b', name: 'search_documents', args: '{"query":"how long","limit":3}' },
  { id: 'call_c', name: 'search', args: '{"query":"pause"}' },
];
const MEANT = CALLS.map(({ name, args }) => ({ name, args: JSON.parse(args) as unknown }));
const shape = outputShape('it', z.strictObject({ n: z.number(), claims: z.array(z.string()) }));
const ANSWER = { n: 7, claims: ['It holds <think> and "}" in words.'] };
const DRAFT = { n: 1, claims: ['a first draft'] };

async function ask(api: 'chat' | 'responses', events: object[]): Promise<ModelReply> {
  const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
  const server = await serve((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(body),
  );
  const provider = openaiProvider({ model: 'm', apiKey: TEST_KEY, baseURL: `${server.origin}/v1`, api });
  try {
    return await provider.generate(
      { messages: [{ role: 'user', content: 'x' }], tools: TOOLS },
      { signal: new AbortController().signal, onBytes: () => undefined },
    );
  } finally {
    await server.close();
  }
}
const delta = (one: object): object => ({ choices: [{ index: 0, delta: one }] });
const STOP = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const said = ({ toolCalls }: ModelReply): unknown[] =>
  toolCalls.map(({ name, arguments: args }) => {
    let value: unknown = args;
    while (typeof value === 'string') value = JSON.parse(value);
    return { name, args: value };
  });
const ofText = (api: 'chat' | 'responses', text: string): object[] =>
  api === 'chat'
    ? [...(text.match(/[^]{1,9}/g) ?? []).map((content) => delta({ content })), STOP]
    : [
        {
          type: 'response.output_item.done',
          output_index: 0,
          item: { type: 'message', id: 'm', content: [{ type: 'output_text', text }] },
        },
        { type: 'response.completed', response: { status: 'completed', output: [] } },
      ];

const ofReasoning = (api: 'chat' | 'responses', text: string): object[] =>
  api === 'chat'
    ? [delta({ content: null, reasoning_content: text }), STOP]
    : [
        {
          type: 'response.output_item.done',
          output_index: 0,
          item: { type: 'reasoning', id: 'r', content: [{ type: 'reasoning_text', text }], summary: [] },
        },
        { type: 'response.completed', response: { status: 'completed', output: [] } },
      ];

const USUAL: CallQuirks = { ids: 'own', indexes: 'right', names: 'once', args: 'pieces', together: false };
const NUMBERED: [string, Partial<CallQuirks>][] = [
  ['parallel calls that all say index 0', { indexes: 'zero' }],
  [
    'parallel calls that all say index 0 and have no id, each whole',
    { indexes: 'zero', ids: 'missing', args: 'whole' },
  ],
  ['calls without an index, in pieces', { indexes: 'missing' }],
  ['calls without an index or an id, in pieces', { indexes: 'missing', ids: 'missing' }],
  ['calls with one id for all', { ids: 'same' }],
  ['calls whose id stands with every piece', { ids: 'every-part', indexes: 'missing' }],
  ['calls with a name with every piece', { names: 'every-part' }],
  ['calls with a name in pieces', { names: 'pieces' }],
  ['calls whose name comes behind their first arguments', { names: 'late' }],
  ['calls whose name has a channel mark behind it', { names: 'behind-a-mark' }],
  ['calls whose name stands in a namespace', { names: 'in-a-namespace' }],
  ['calls whose arguments begin anew with each piece', { args: 'grown' }],
  ['calls whose arguments are said twice', { args: 'again' }],
  ['calls whose arguments stand behind an empty object', { args: 'behind-an-empty-one' }],
  ['calls whose arguments are quoted once more', { args: 'quoted' }],
  ['calls all in one event without ids or indexes', { ids: 'missing', indexes: 'missing', together: true }],
];

describe('a server that sends', () => {
  test.each(NUMBERED)('%s is understood', async (_name, quirks) => {
    const parts = callDeltas(CALLS, { ...USUAL, ...quirks }, 5);
    expect(said(await ask('chat', [...parts.map((all) => delta({ tool_calls: all })), STOP]))).toEqual(MEANT);
  });

  test('a call whose arguments are broken does not swallow the next, which has another id at the same place', async () => {
    const one = (id: string, args: string) => ({ index: 0, id, function: { name: 'search', arguments: args } });
    const broken = "{query: 'how often'";
    const parts = [one('a', broken), one('b', '{"query":"how long"}')];
    const { toolCalls } = await ask('chat', [...parts.map((part) => delta({ tool_calls: [part] })), STOP]);
    expect(toolCalls.map(({ id, arguments: args }) => [id, args])).toEqual([
      ['a', broken],
      ['b', '{"query":"how long"}'],
    ]);
  });

  const items = CALLS.map(({ id, name, args }, at) => ({
    type: 'function_call',
    id: `fc_${at}`,
    call_id: id,
    name,
    arguments: args,
  }));
  const done = (item: object, at: number): object => ({ type: 'response.output_item.done', output_index: at, item });
  const added = (item: object, at: number): object => ({
    type: 'response.output_item.added',
    output_index: at,
    item: { ...item, arguments: '' },
  });
  const end = (output: object[]): object => ({ type: 'response.completed', response: { status: 'completed', output } });
  const RESPONSES: [string, object[]][] = [
    ['items at one place for all', [...items.flatMap((item) => [added(item, 0), done(item, 0)]), end([])]],
    ['items at the end only', [end(items)]],
    ['items twice, in their order and at the end', [...items.map(done), end(items)]],
    [
      'items whose id changes between begin and end',
      [...items.flatMap((item, at) => [added(item, at), done({ ...item, id: `x${at}` }, at)]), end([])],
    ],
    [
      'arguments in events of their own and never the whole item',
      [
        ...items.flatMap((item, at) => [
          added(item, at),
          {
            type: 'response.function_call_arguments.delta',
            item_id: item.id,
            output_index: at,
            delta: item.arguments.slice(0, 9),
          },
          {
            type: 'response.function_call_arguments.delta',
            item_id: item.id,
            output_index: at,
            delta: item.arguments.slice(9),
          },
        ]),
        end([]),
      ],
    ],
    [
      'no ids of calls and names in a namespace',
      [...items.map(({ call_id: _id, ...item }, at) => done({ ...item, name: `functions.${item.name}` }, at)), end([])],
    ],
    [
      'arguments as objects',
      [...items.map((item, at) => done({ ...item, arguments: JSON.parse(item.arguments) as object }, at)), end([])],
    ],
  ];
  test.each(RESPONSES)('%s is understood', async (_name, events) => {
    expect(said(await ask('responses', events))).toEqual(MEANT);
  });

  test('words of a phase that is not final gives no answer with them', async () => {
    const message = (phase: string, text: string) => ({
      type: 'message',
      id: phase,
      phase,
      content: [{ type: 'output_text', text }],
    });
    const all = [message('commentary', JSON.stringify(DRAFT)), message('final_answer', JSON.stringify(ANSWER))];
    const reply = await ask('responses', [...all.map(done), end([])]);
    expect(reply.text).toBe(JSON.stringify(ANSWER));
    expect((await ask('responses', [done(all[0] ?? {}, 0), end([])])).text).toBe('');
  });

  describe.each(['chat', 'responses'] as const)('through %s', (api) => {
    test.each(Object.keys(CALLS_AS_TEXT) as (keyof typeof CALLS_AS_TEXT)[])(
      'calls in the text, %s, is understood',
      async (how) => {
        const reply = await ask(api, ofText(api, CALLS_AS_TEXT[how](CALLS)));
        expect(said(reply)).toEqual(MEANT);
        expect(reply).toMatchObject({ areCallsInText: true });
        const before: Record<string, string> = {
          'behind words': 'I search first.',
          'as Python in a block': 'I search.',
        };
        expect(reply.text).toBe(before[how] ?? '');
      },
    );

    test.each(Object.keys(CALLS_AS_TEXT) as (keyof typeof CALLS_AS_TEXT)[])(
      'calls in its reasoning and nothing else, %s, is understood',
      async (how) => {
        const thought = `I should look.\n${CALLS_AS_TEXT[how](CALLS)}`;
        for (const events of [ofReasoning(api, thought), ofText(api, `<think>${thought}</think>\n`)]) {
          const reply = await ask(api, events);
          expect(said(reply)).toEqual(MEANT);
          expect(reply.text).toBe('');
          expect(reply).not.toHaveProperty('reasoning');
        }
      },
    );

    test.each(Object.keys(TEXTS) as (keyof typeof TEXTS)[])('its answer %s is understood', async (where) => {
      const reply = await ask(api, ofText(api, TEXTS[where](JSON.stringify(ANSWER), JSON.stringify(DRAFT))));
      expect(reply.toolCalls).toEqual([]);
      expect(parseOutput(reply.text, shape, reply.reasoning)).toEqual({ value: ANSWER });
    });

    test('its answer as reasoning alone is understood, and reasoning that ends in no answer is none', async () => {
      const whole = await ask(api, ofReasoning(api, `I give it now.\n${JSON.stringify(ANSWER)}`));
      expect(parseOutput(whole.text, shape, whole.reasoning)).toEqual({ value: ANSWER });
      const draft = await ask(api, ofReasoning(api, `First ${JSON.stringify(DRAFT)}, but no.`));
      expect(parseOutput(draft.text, shape, draft.reasoning)).toEqual({
        problems: [expect.stringContaining('only reasoning came')],
      });
    });
  });

  test.each([
    ['a draft before an answer that broke off', `${JSON.stringify(DRAFT)}\nBetter: {"n": 7, "claims": ["It`],
    ['a draft in a block that is never closed', `<think>${JSON.stringify(DRAFT)}`],
    ['a draft in a channel that is not final', `<|channel|>analysis<|message|>${JSON.stringify(DRAFT)}<|end|>`],
  ])('%s gives no answer with it', (_name, text) => {
    expect(parseOutput(text, shape)).toEqual({ problems: [expect.any(String)] });
  });

  test.each([
    ['words about a call', 'You could write <tool_call>{"name": "search", "arguments": {}}</tool_call> to search.'],
    ['a call of a tool that it does not have', '<tool_call>{"name": "delete", "arguments": {}}</tool_call>'],
    [
      'an answer that quotes a call',
      JSON.stringify({ n: 1, claims: ['<tool_call>{"name": "search", "arguments": {}}</tool_call>'] }),
    ],
    ['words about a call in Python', 'To find it I would run search(query="x").'],
    ['a list that is no call', 'The functions are [search(query), search_documents(query)]'],
    ['Python that would have to be worked out', '[search(query="x" + suffix)]'],
    ['Python that goes on behind the call', '```python\nfound = search(query="x")\nprint(found)\n```'],
    ['a call in Python of a tool that it does not have', '[delete(query="x")]'],
    [
      'a call in its thinking',
      '<think><tool_call>{"name": "search", "arguments": {}}</tool_call></think>{"n": 1, "claims": []}',
    ],
  ])('%s calls nothing', async (_name, text) => {
    expect((await ask('chat', ofText('chat', text))).toolCalls).toEqual([]);
  });

  test.each([
    ["[search(query='it\\'s \"x\"', limit=2)]", { query: 'it\'s "x"', limit: 2 }],
    ['search(query="""two\nlines""", limit=-1)', { query: 'two\nlines', limit: -1 }],
    ['[search("x")]', { query: 'x' }],
    ['<tool_call>search(query="a" "b", limit=None)</tool_call>', { query: 'ab', limit: null }],
    ['[search(query=["a", {"b": (True, 1.5)}],)]', { query: ['a', { b: [true, 1.5] }] }],
    ['[search(query="\\u00e9\\x21\\n")]', { query: 'é!\n' }],
    ['First [search(query="no")] was wrong.\n[search(query="yes")]', { query: 'yes' }],
  ])('a call in Python, %s, is read as it is written', async (text, args) => {
    expect(said(await ask('chat', ofText('chat', text)))).toEqual([{ name: 'search', args }]);
  });

  test('a call in a form that nobody can read is named as one', () => {
    expect(looksLikeCall('<tool_call>search for "x"</tool_call>', ['search'])).toBe(true);
    expect(looksLikeCall('I would search for it.', ['search'])).toBe(false);
  });
});
