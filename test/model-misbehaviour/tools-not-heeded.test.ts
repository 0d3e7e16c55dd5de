// Servers that take tools and don't heed them, without a word: they hold every answer to the format, or the model's template
// leaves tools out. What they need instead is found out and kept; where no tool is ever called, nothing is believed found.

import { converse, look } from './converse.ts';
import { APIS, answer, asking, formOf, messagesOf, oddServer, type OddServer } from './odd-server.ts';

let server: OddServer;
afterEach(() => server.close());

describe.each(APIS)('through %s', (api) => {
  test.each([
    ['a false answer', '{"n":7}'],
    ['an answer that says nothing was found', '{"n":0}'],
  ])(
    'a server that lets nothing but the format through beside tools, first %s, is asked by words from then on',
    async (_what, first) => {
      server = await oddServer(({ body, response }) => {
        const hasLooked = JSON.stringify(body).includes('It is 2.');
        if (formOf(body) !== 'words') return answer(api, response, { text: hasLooked ? '{"n":2}' : first });
        answer(
          api,
          response,
          hasLooked ? { text: '{"n":2}' } : { calls: [{ name: 'look', arguments: '{"at":"it"}' }] },
        );
      });
      const { model, said } = asking(server.url, api);
      expect(await converse(model, [look])).toMatchObject({
        result: { status: 'accepted', accepted: { n: 2 } },
        toolCalls: 1,
      });
      expect(said).toEqual([expect.stringContaining('a response format beside tools')]);
      const before = server.asked.length;
      await converse(model, [look]);
      expect(server.asked.slice(before).map(formOf)).toEqual(['words', 'words']);
    },
  );

  test('a server that leaves tools out of what its model reads has them said in words from then on', async () => {
    server = await oddServer(({ body, response }) => {
      const told = messagesOf(body)
        .map(({ content }) => content ?? '')
        .join('\n');
      if (told.includes('It is 2.')) return answer(api, response, { text: '{"n":2}' });
      if (formOf(body) !== 'words' || !told.includes('<tool_call>')) return answer(api, response, { text: '{"n":7}' });
      answer(api, response, { text: '<tool_call>{"name": "look", "arguments": {"at": "it"}}</tool_call>' });
    });
    const { model } = asking(server.url, api);
    expect(await converse(model, [look])).toMatchObject({
      result: { status: 'accepted', accepted: { n: 2 } },
      toolCalls: 1,
    });
    const before = server.asked.length;
    await converse(model, [look]);
    expect(server.asked.length - before).toBe(2);
  });

  test('a model that calls no tool however it is told of them is asked three times, and no more', async () => {
    server = await oddServer(({ response }) => answer(api, response, { text: '{"n":7}' }));
    const { model, said } = asking(server.url, api);
    expect(await converse(model, [look])).toMatchObject({
      result: { left: ['that number stands nowhere'] },
      toolCalls: 0,
    });
    expect(server.asked).toHaveLength(3);
    expect(said).toEqual([]);
  });
});
