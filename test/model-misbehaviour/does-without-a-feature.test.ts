// What becomes of a call without a feature that its server refuses: bounds that are heeded, tools in words or left out alone,
// thinking that goes back as it came.

import {
  answer,
  APIS,
  asking,
  boundOf,
  formOf,
  FULL,
  hasTools,
  messagesOf,
  nested,
  oddServer,
  refuse,
} from './odd-server.ts';
import type { AskedBody, OddServer } from './odd-server.ts';
import type { ModelReply, ModelRequest } from '../../activities/index.ts';

let server: OddServer;
afterEach(() => server.close());

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
