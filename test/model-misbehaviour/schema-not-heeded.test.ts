// Servers that take a schema and don't heed it, without a word: their model answers in prose. It is said in words then, and kept in
// mind for that server; and what the model said before fits into a small window when it is asked again.

import { converse, look } from './converse.ts';
import {
  APIS,
  answer,
  asking,
  formOf,
  messagesOf,
  oddServer,
  PLAIN,
  refuse,
  type AskedBody,
  type OddServer,
} from './odd-server.ts';

let server: OddServer;
afterEach(() => server.close());

const wordsOf = (body: AskedBody): string =>
  messagesOf(body)
    .map(({ content }) => content ?? '')
    .join('\n');
const isToldTheForm = (body: AskedBody): boolean => wordsOf(body).includes('"additionalProperties":false');

describe.each(APIS)('through %s', (api) => {
  test('a server that takes a schema and heeds it not has it said in words, and is asked so from then on', async () => {
    server = await oddServer(({ body, response }) =>
      answer(api, response, { text: isToldTheForm(body) ? '{"n":2}' : 'It is two.' }),
    );
    const { model, said } = asking(server.url, api);
    expect((await converse(model)).result).toMatchObject({ status: 'accepted', accepted: { n: 2 }, left: [] });
    expect(server.asked.map(isToldTheForm)).toEqual([false, true]);
    expect(said).toEqual([expect.stringMatching(/does not take a response format .* once that was said in words/)]);
    await converse(model);
    expect(server.asked.slice(2).map(isToldTheForm)).toEqual([true]);
  });

  test('… also beside tools, before one is called', async () => {
    server = await oddServer(({ body, response }) => {
      if (!isToldTheForm(body)) return answer(api, response, { text: 'I think that it is two.' });
      const hasLooked = JSON.stringify(body).includes('It is 2.');
      answer(api, response, hasLooked ? { text: '{"n":2}' } : { calls: [{ name: 'look', arguments: '{"at":"it"}' }] });
    });
    const { model } = asking(server.url, api);
    expect(await converse(model, [look])).toMatchObject({ result: { accepted: { n: 2 } }, toolCalls: 1 });
    const before = server.asked.length;
    await converse(model, [look]);
    expect(server.asked.slice(before).map(isToldTheForm)).toEqual([true, true]);
  });

  test('a model’s slip teaches nothing of a server that has heeded a schema, nor moves it what the settings say', async () => {
    server = await oddServer(({ body, nth, response }) =>
      answer(api, response, { text: nth === 1 || isToldTheForm(body) ? '{"n":2}' : 'It is two.' }),
    );
    const heeding = asking(server.url, api);
    await heeding.ask(PLAIN);
    await converse(heeding.model);
    const settled = asking(server.url, api, { features: { format: 'json_schema' } });
    await converse(settled.model);
    expect(server.asked.map(formOf)).toEqual(Array.from({ length: 5 }, () => 'json_schema'));
    expect([...heeding.said, ...settled.said]).toEqual([]);
  });

  test('a long answer that does not fit is asked for again within a small window', async () => {
    const sizes: number[] = [];
    server = await oddServer(({ body, nth, response }) => {
      const tokens = Math.ceil(JSON.stringify(body.messages ?? body.input).length / 4);
      sizes.push(tokens);
      if (tokens > 2_048)
        return refuse(response, 400, {
          error: { code: 400, type: 'exceed_context_size_error', message: `it has ${tokens} tokens`, n_ctx: 2_048 },
        });
      answer(api, response, {
        text: nth === 1 ? Array.from({ length: 2_000 }, (_, n) => `so ${n} `).join('') : '{"n":2}',
      });
    });
    const { model } = asking(server.url, api);
    expect((await converse(model)).result).toMatchObject({ status: 'accepted', accepted: { n: 2 } });
    expect(sizes).toHaveLength(3);
  });
});
