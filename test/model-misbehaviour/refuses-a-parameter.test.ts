// What servers don't take of a request, in whatever words and by whatever status they refuse it: the call goes on without it,
// the next one does not ask again, and the log says so once.

import {
  answer,
  APIS,
  asking,
  boundOf,
  formOf,
  FULL,
  isStrict,
  messagesOf,
  oddServer,
  PLAIN,
  refuse,
} from './odd-server.ts';
import type { Api, AskedBody, OddServer } from './odd-server.ts';
import type { ModelReply, ModelRequest } from '../../activities/index.ts';

let server: OddServer;
afterEach(() => server.close());

interface Oddity {
  /** What the server does not take. */
  refuses: (body: AskedBody) => boolean;
  status: number;
  body: unknown;
  apis?: readonly Api[];
  /** Calls that a first question costs beyond one. */
  more?: number;
}

const flat = (message: string) => ({ object: 'error', message, type: 'BadRequestError', param: null, code: 400 });
const nested = (message: string) => ({ error: { message, type: 'invalid_request_error', param: null, code: null } });
const hasTools = (body: AskedBody): boolean => (body.tools?.length ?? 0) > 0;
const hasForm = (body: AskedBody): boolean => formOf(body) !== 'words';

const NAMED: Record<string, Oddity> = {
  'usage in streams': {
    refuses: ({ stream_options: given }) => given !== undefined,
    status: 422,
    body: {
      detail: [{ type: 'extra_forbidden', loc: ['body', 'stream_options'], msg: 'Extra inputs are not permitted' }],
    },
    apis: ['chat'],
  },
  'a JSON schema': {
    refuses: (body) => formOf(body) === 'json_schema',
    status: 400,
    body: flat('response_format.type must be one of text, json_object'),
  },
  'any response format, told as plain text': {
    refuses: hasForm,
    status: 415,
    body: 'This deployment has no structured output.',
    more: 2,
  },
  'a response format beside tools': {
    refuses: (body) => hasForm(body) && hasTools(body),
    status: 400,
    body: [
      {
        error: {
          code: 400,
          message: "Function calling with a response mime type: 'application/json' is unsupported",
          status: 'INVALID_ARGUMENT',
        },
      },
    ],
  },
  'a tool choice': {
    refuses: ({ tool_choice: choice }) => choice !== undefined,
    status: 501,
    body: nested('tool_choice is not implemented'),
  },
  'strict schemas': {
    refuses: isStrict,
    status: 400,
    body: nested('Unknown field: strict'),
  },
  'tools at all': {
    refuses: hasTools,
    status: 404,
    body: nested('No endpoints found that support tool use.'),
  },
  'the newer name of the bound': {
    refuses: ({ max_completion_tokens: bound }) => bound !== undefined,
    status: 400,
    body: nested('Unrecognized request argument supplied: max_completion_tokens'),
    apis: ['chat'],
  },
  'the older name of the bound either': {
    refuses: ({ max_completion_tokens: newer, max_tokens: older }) => (newer ?? older) !== undefined,
    status: 400,
    body: nested("Unsupported parameter: max tokens can't be set, neither max_tokens nor max_completion_tokens"),
    apis: ['chat'],
    more: 2,
  },
  'words of the system': {
    refuses: (body) => messagesOf(body).some(({ role }) => role === 'system'),
    status: 500,
    body: { error: 'Jinja Exception: System role not supported' },
  },
  'being asked for reasoning that can go back': {
    refuses: ({ include }) => include !== undefined,
    status: 400,
    body: nested('Encrypted content is not supported with this model.'),
    apis: ['responses'],
  },
  'being told to keep nothing': {
    refuses: ({ store }) => store !== undefined,
    status: 400,
    body: nested("Unknown parameter: 'store'."),
    apis: ['responses'],
  },
};

const cases = (table: Record<string, Oddity>) =>
  Object.entries(table).flatMap(([name, { apis = APIS, ...oddity }]) =>
    apis.map((api) => ({ name, api, apis, ...oddity })),
  );

test.each(cases(NAMED))(
  'through $api, a server that refuses $name by $status, naming it, is asked with less, and once only',
  async ({ api, refuses, status, body, more = 1 }) => {
    server = await oddServer(({ body: asked, response }) =>
      refuses(asked) ? refuse(response, status, body) : answer(api, response),
    );
    const { ask, said } = asking(server.url, api);
    expect(await ask()).toMatchObject({ text: '{"n":1}' });
    expect(server.asked).toHaveLength(1 + more);
    await ask();
    expect(server.asked).toHaveLength(2 + more);
    expect(said).toHaveLength(more);
    // What it was not refused for stays: nothing else is given up.
    const last = server.asked.at(-1);
    expect(last && refuses(last)).toBe(false);
    const kept = { ...(server.asked[0] as object) };
    // With the tools goes the format: it would leave no room for calls in words.
    const fewer = last && hasTools(last) ? 2 : 3;
    expect(Object.keys(last ?? {}).length).toBeGreaterThanOrEqual(Object.keys(kept).length - fewer);
  },
);

const SILENT: Record<string, Oddity> = Object.fromEntries(
  Object.entries(NAMED).map(([name, oddity]) => [name, { ...oddity, body: nested('Bad Request') }]),
);

test.each(cases(SILENT).flatMap((one) => [400, 422].map((status) => ({ ...one, status }))))(
  'through $api, a server that refuses $name by $status without a word of why is asked with less, in few tries',
  async ({ api, refuses, status, body }) => {
    server = await oddServer(({ body: asked, response }) =>
      refuses(asked) ? refuse(response, status, body) : answer(api, response),
    );
    const { ask, said } = asking(server.url, api);
    expect(await ask()).toMatchObject({ text: '{"n":1}' });
    expect(server.asked.length).toBeLessThanOrEqual(10);
    const before = server.asked.length;
    await ask();
    expect(server.asked).toHaveLength(before + 1);
    expect(said).toHaveLength(1);
  },
);

test.each(APIS)(
  'through %s, a server that refuses whatever it is asked ends in its own words, after few tries',
  async (api) => {
    server = await oddServer(({ response }) => refuse(response, 400, nested('I will not')));
    const { fault } = asking(server.url, api);
    expect(await fault(FULL)).toMatchObject({
      type: 'ModelRequestRejected',
      message: expect.stringContaining('I will not'),
    });
    expect(server.asked.length).toBeLessThanOrEqual(10);
  },
);

test.each(APIS)(
  'through %s, features that were answered are no suspects when a later request is refused',
  async (api) => {
    let isBroken = false;
    server = await oddServer(({ response }) =>
      isBroken ? refuse(response, 400, nested('no')) : answer(api, response),
    );
    const { ask, fault } = asking(server.url, api);
    await ask();
    isBroken = true;
    await fault(FULL);
    expect(server.asked).toHaveLength(2);
  },
);

test.each(APIS)(
  'through %s, one "server error" is an outage and no refusal; the second in a row is looked into',
  async (api) => {
    server = await oddServer(({ body, nth, response }) =>
      nth === 1 || formOf(body) !== 'words' ? refuse(response, 500, 'Internal Server Error') : answer(api, response),
    );
    const { ask, fault, said } = asking(server.url, api);
    expect(await fault(PLAIN)).toMatchObject({ type: 'ModelUnavailable' });
    expect(server.asked).toHaveLength(1);
    expect(await ask(PLAIN)).toMatchObject({ text: '{"n":1}' });
    // Once may have been an outage that ended just then.
    expect(said).toHaveLength(0);
    await ask(PLAIN);
    expect(said).toHaveLength(1);
    const before = server.asked.length;
    await ask(PLAIN);
    expect(server.asked).toHaveLength(before + 1);
  },
);

test.each(APIS)('through %s, an outage of "server error" teaches nothing', async (api) => {
  let isOut = true;
  server = await oddServer(({ response }) =>
    isOut ? refuse(response, 500, 'Internal Server Error') : answer(api, response),
  );
  const { ask, fault, said } = asking(server.url, api);
  for (let tries = 0; tries < 4; tries += 1) await fault(FULL);
  // Looked into once, and not at every try.
  expect(server.asked.length).toBeLessThanOrEqual(14);
  isOut = false;
  await ask();
  expect(said).toEqual([]);
  expect(formOf(server.asked.at(-1) ?? { model: '' })).toBe('json_schema');
});

test.each(APIS)('through %s, first calls under way together step down together', async (api) => {
  const held: (() => void)[] = [];
  server = await oddServer(({ body, response }) => {
    if (!hasForm(body)) return answer(api, response);
    held.push(() => refuse(response, 400, nested('no')));
    // All are on their way before the first is refused.
    if (held.length === 6) held.forEach((go) => go());
    else if (held.length > 6) refuse(response, 400, nested('no'));
  });
  const { ask, said } = asking(server.url, api);
  await Promise.all(Array.from({ length: 6 }, () => ask(PLAIN)));
  // Six, what one of them tried to find out, and six that go on.
  expect(server.asked.length).toBeLessThanOrEqual(6 + 4 + 6);
  expect(said).toHaveLength(1);
});

test.each(APIS)(
  'through %s, what the settings say is not moved, and what was learned is not above them',
  async (api) => {
    server = await oddServer(({ body, response }) =>
      hasForm(body) ? refuse(response, 400, nested('response_format is not supported')) : answer(api, response),
    );
    const pinned = asking(server.url, api, {
      features: { format: 'json_schema' },
      recall: () => Promise.resolve({ features: { format: 'words' } }),
    });
    expect(await pinned.fault()).toMatchObject({ type: 'ModelRequestRejected' });
    expect(server.asked.every((body) => formOf(body) === 'json_schema')).toBe(true);
  },
);

test.each(APIS)('through %s, what one process learned the next one does not try', async (api) => {
  server = await oddServer(({ body, response }) =>
    hasForm(body) ? refuse(response, 400, nested('response_format is not supported')) : answer(api, response),
  );
  let kept: object | undefined;
  await asking(server.url, api, { onLearned: (learned) => (kept = learned) }).ask();
  const before = server.asked.length;
  await asking(server.url, api, { recall: () => Promise.resolve(kept) }).ask();
  expect(server.asked).toHaveLength(before + 1);
});

test.each(APIS)('through %s, the most that a server lets an answer have is heeded from its refusal on', async (api) => {
  server = await oddServer(({ body, response }) =>
    (boundOf(body) ?? 0) > 1_024
      ? refuse(
          response,
          400,
          nested(
            'max_tokens is too large: 4000. This model supports at most 1024 completion tokens, whereas you provided 4000.',
          ),
        )
      : answer(api, response),
  );
  const { ask } = asking(server.url, api);
  await ask();
  expect(server.asked.map(boundOf)).toEqual([4_000, 1_024]);
});

test.each(APIS)(
  'through %s, a server without tools is told of them in words, and calls in words are calls',
  async (api) => {
    server = await oddServer(({ body, response }) => {
      if (hasTools(body)) return refuse(response, 400, nested('registry.example/small does not support tools'));
      const last = messagesOf(body).at(-1)?.content ?? '';
      answer(api, response, {
        text: last.includes('tool_result')
          ? '{"n":2}'
          : '<tool_call>{"name": "look", "arguments": {"at": "it"}}</tool_call>',
      });
    });
    const { ask } = asking(server.url, api);
    const reply = await ask();
    expect(reply).toMatchObject({ text: '', toolCalls: [{ name: 'look', arguments: '{"at":"it"}' }] });
    const told = messagesOf(server.asked.at(-1) ?? { model: '' });
    expect(told[0]?.content).toContain('"name":"look"');
    const after = await ask({
      ...FULL,
      messages: [
        ...FULL.messages,
        {
          role: 'assistant',
          content: '',
          toolCalls: [{ ...(reply.toolCalls[0] ?? { name: '', arguments: '' }), id: 'x' }],
        },
        { role: 'tool', callId: 'x', content: 'Two.' },
      ],
    });
    expect(after.text).toBe('{"n":2}');
    expect(messagesOf(server.asked.at(-1) ?? { model: '' }).map(({ role }) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'user',
    ]);
  },
);

/** A second question, behind a first answer with whatever came beside its words. */
const goesOn = (reply: ModelReply): ModelRequest => ({
  ...FULL,
  messages: [
    ...FULL.messages,
    { role: 'assistant', content: reply.text, from: { model: 'm', ...(reply.kept ? { kept: reply.kept } : {}) } },
    { role: 'user', content: 'And then?' },
  ],
});

test('through responses, reasoning is asked for in the form in which it goes back whole, since nothing is kept there', async () => {
  server = await oddServer(({ body, response }) =>
    answer('responses', response, {
      text: '{"n":1}',
      ...(body.store === false && body.include?.includes('reasoning.encrypted_content') ? { sealed: 'c2VhbGVk' } : {}),
    }),
  );
  const { ask } = asking(server.url, 'responses');
  await ask(goesOn(await ask()));
  expect(server.asked.at(-1)?.input).toContainEqual(
    expect.objectContaining({ type: 'reasoning', id: 'rs', encrypted_content: 'c2VhbGVk' }),
  );
});

test.each(APIS)(
  'through %s, a server that refuses what it sent itself gets it no more, by the next process either',
  async (api) => {
    server = await oddServer(({ body, response }) =>
      JSON.stringify(body.messages ?? body.input).includes('c2VhbGVk')
        ? refuse(response, 400, nested('The reasoning_opaque or encrypted_content could not be verified'))
        : answer(api, response, { text: '{"n":1}', sealed: 'c2VhbGVk' }),
    );
    let learned: object | undefined;
    const { ask } = asking(server.url, api, { onLearned: (one) => (learned = one) });
    const next = goesOn(await ask());
    expect(await ask(next)).toMatchObject({ text: '{"n":1}' });
    expect(server.asked).toHaveLength(3);
    expect(learned).toEqual({ features: { own: false } });
    await ask(next);
    await asking(server.url, api, { recall: () => Promise.resolve(learned) }).ask(next);
    expect(server.asked).toHaveLength(5);
    // What was said stays said.
    expect(JSON.stringify(server.asked.at(-1))).toContain('And then?');
    expect(messagesOf(server.asked.at(-1) ?? { model: '' }).map(({ role }) => role)).toContain('assistant');
  },
);

const namesOf = ({ tools = [] }: AskedBody): (string | undefined)[] =>
  tools.map(({ name, function: inner }) => name ?? inner?.name);
const WITH_ODD: ModelRequest = {
  ...FULL,
  tools: ['look', 'odd', 'write'].map((name) => ({ name, description: name, parameters: { type: 'object' } })),
};

test.each(
  APIS.flatMap((api) =>
    [
      "Invalid schema for function 'odd': In context=('properties', 'to'), array schema missing items.",
      'tools.1.custom.input_schema: JSON schema is invalid. It must match JSON Schema draft 2020-12',
      '* GenerateContentRequest.tools[0].function_declarations[1].parameters.properties[to].items: missing field.',
      'Tool odd: additionalProperties is required to be supplied and to be false',
    ].map((words) => ({ api, words })),
  ),
)(
  'through $api, one tool that a server refuses ($words) is left out alone, and that is said',
  async ({ api, words }) => {
    server = await oddServer(({ body, response }) =>
      namesOf(body).includes('odd') ? refuse(response, 400, nested(words)) : answer(api, response),
    );
    let learned: object | undefined;
    const { ask, said } = asking(server.url, api, { onLearned: (one) => (learned = one) });
    expect(await ask(WITH_ODD)).toMatchObject({
      text: '{"n":1}',
      leftOut: [{ tool: 'odd', why: words.slice(0, 200) }],
    });
    expect(server.asked.map(namesOf)).toEqual([
      ['look', 'odd', 'write'],
      ['look', 'write'],
    ]);
    expect(server.asked.map(formOf)).toEqual(['json_schema', 'json_schema']);
    await ask(WITH_ODD);
    await asking(server.url, api, { recall: () => Promise.resolve(learned) }).ask(WITH_ODD);
    expect(server.asked).toHaveLength(4);
    expect(said).toHaveLength(1);
    // One that was declared anew is asked about anew.
    const tools = (WITH_ODD.tools ?? []).map((tool) =>
      tool.name === 'odd' ? { ...tool, description: 'mended' } : tool,
    );
    const other = { ...WITH_ODD, tools };
    await ask(other);
    expect(server.asked).toHaveLength(6);
  },
);

test.each(APIS)(
  'through %s, a server that refuses each tool in turn is asked without tools, and none is blamed',
  async (api) => {
    server = await oddServer(({ body, response }) =>
      hasTools(body)
        ? refuse(response, 400, nested(`Function '${namesOf(body)[0]}' can't be used: tools are not supported`))
        : answer(api, response),
    );
    const tools = Array.from({ length: 12 }, (_, at) => ({ name: `tool_${at}`, description: '', parameters: {} }));
    const reply = await asking(server.url, api).ask({ ...FULL, tools });
    expect(reply).not.toHaveProperty('leftOut');
    expect(messagesOf(server.asked.at(-1) ?? { model: '' })[0]?.content).toContain('tool_11');
  },
);
