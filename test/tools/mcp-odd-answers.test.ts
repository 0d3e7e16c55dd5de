// What servers answer that does not fit the protocol: it costs the tool or the result that is odd, and nothing else.

import { mcpTools } from '../../activities/tools/mcp/mcp-tools.ts';
import { cases } from '../rig/long.ts';
import { closeAll, lookup, oddServer, type Odd } from './odd-server.ts';
import { toolSchema } from '../../activities/tools/tool.ts';

afterEach(closeAll);

const WIRES = [
  ['a process', {}, {}],
  ['HTTP', { overHttp: true }, {}],
  ['HTTP with a stream', { overHttp: true }, { stream: true }],
] as const;

describe.each(WIRES)('over %s', (_wire, more, odd: Odd) => {
  /** What is read differs by how it comes, how it is read does not: one of each sort over HTTP. */
  const read = <T>(all: readonly T[]): T[] => cases(all, (_one, at) => !('overHttp' in more) || at === 0);

  test.each(
    read<[string, Record<string, unknown>]>([
      ['no schema', {}],
      ['a schema that is null', { inputSchema: null }],
      ['an output schema without a type', { inputSchema: { type: 'object' }, outputSchema: { $id: 'x' } }],
      ['properties in a list', { inputSchema: { type: 'object', properties: [] } }],
      ['a property that is no schema', { inputSchema: { type: 'object', properties: { type: 'object' } } }],
      [
        'annotations, icons and meta of other shapes',
        { inputSchema: {}, annotations: [1], icons: 'x', _meta: 'y', title: 5 },
      ],
      ['a description that is no text', { inputSchema: {}, description: { text: 'no' } }],
    ]),
  )('a tool with %s takes no other tool away, and can be called', async (_what, tool) => {
    const { tools, call, remarks } = await oddServer({ ...odd, tools: [lookup, { name: 'strange', ...tool }] }, more);
    expect((await tools()).map(({ name }) => name)).toEqual(['gadget_lookup', 'gadget_strange']);
    expect((await call('gadget_strange')).content).toContain('done');
    expect(remarks).toEqual([]);
  });

  test.each(
    read<[string, unknown, string]>([
      ['an unknown block', { content: [{ type: 'error', text: 'the budget is closed' }] }, 'the budget is closed'],
      ['an unknown block without text', { content: [{ type: 'json', json: { weight: 5 } }] }, '\\"weight\\":5'],
      ['a text that is none', { content: [{ type: 'text', text: { weight: 5 } }] }, '\\"weight\\":5'],
      ['a block without its type', { content: [{ text: 'five kilos' }] }, 'five kilos'],
      [
        'an image without a type of picture',
        { content: [{ type: 'image', data: 'AAAA' }] },
        '[image, 0 kB, not shown]',
      ],
      ['content that is a text', { content: 'five kilos' }, 'five kilos'],
      ['content that is one block', { content: { type: 'text', text: 'five kilos' } }, 'five kilos'],
      ['a list of texts', { content: ['five', 'kilos'] }, 'five\\n\\nkilos'],
      ['no content', { weight: 5 }, '\\"weight\\":5'],
      [
        'structured content beside a picture',
        { content: [{ type: 'image', data: 'AAAA' }], structuredContent: { weight: 5 } },
        '\\"weight\\":5',
      ],
      [
        'structured content that its text does not say',
        { content: [{ type: 'text', text: 'One was found.' }], structuredContent: { found: ['five kilos'] } },
        '[\\"five kilos\\"]',
      ],
      ['structured content in a list', { content: [], structuredContent: [5] }, '[5]'],
      ['nothing', {}, '"text":""'],
    ]),
  )('a result with %s reaches the model, of one call to one process', async (_what, result, words) => {
    const { call, heard } = await oddServer({ ...odd, tools: [{ name: 'write' }], result }, more);
    const { ok, content } = await call('gadget_write', { a: 1 });
    expect([ok, content]).toEqual([true, expect.stringContaining(words) as string]);
    const lines = await heard();
    expect(lines.filter((line) => line.startsWith('call'))).toEqual(['call write {"a":1}']);
    expect(lines.filter((line) => line.startsWith('start'))).toHaveLength(1);
  });

  test.each(
    read<[string, object, boolean, string]>([
      ['null', { result: null }, true, ''],
      ['a text', { result: 'five kilos' }, true, 'five kilos'],
      ['a list', { result: [5] }, true, '[5]'],
      [
        'a result beside an error that is null',
        { result: { content: [{ type: 'text', text: 'five' }] }, error: null },
        true,
        'five',
      ],
      ['an error that is a text', { error: 'the shelf is locked' }, false, 'the shelf is locked'],
      [
        'an error whose code is a text',
        { error: { code: 'E1', message: 'the shelf is locked' } },
        false,
        'the shelf is locked',
      ],
      ['an error without words', { result: { isError: true } }, false, 'It says that it failed, and not why.'],
      [
        'a question back',
        { result: { resultType: 'input_required', inputRequests: {} } },
        false,
        'It asks for more input',
      ],
      [
        'an error flagged by a text',
        { result: { isError: 'true', content: 'the shelf is locked' } },
        false,
        'the shelf is locked',
      ],
    ]),
  )('an answer that is %s is no lost connection', async (_what, whole, isFine, words) => {
    const { call, heard } = await oddServer({ ...odd, tools: [{ name: 'write' }], raw: { 'tools/call': whole } }, more);
    const { ok, content } = await call('gadget_write');
    expect([ok, content]).toEqual([isFine, expect.stringContaining(words) as string]);
    expect(content).not.toMatch(/broke|not known/);
    expect((await heard()).filter((line) => line.startsWith('call'))).toHaveLength(1);
  });

  test('a list of tools that goes round and round ends, and each tool is there once', async () => {
    const { tools, remarks } = await oddServer({ ...odd, cursors: ['a', 'b', 'a'] }, more);
    expect((await tools()).map(({ name }) => name)).toEqual(['gadget_lookup']);
    expect(remarks.every((remark) => remark.includes('another tool has this name'))).toBe(true);
  });

  test('a server that counts the pages of its list is asked for all of them', async () => {
    const { tools, heard } = await oddServer({ ...odd, cursors: [2, { after: 'b' }] }, more);
    await tools();
    expect((await heard()).filter((line) => line === 'tools/list')).toHaveLength(3);
  });

  test('a later page that fails takes none of the earlier tools away, and is told', async () => {
    const { call, remarks } = await oddServer({ ...odd, cursors: ['b'], pageFails: 'it is old' }, more);
    expect((await call('gadget_lookup')).content).toContain('done');
    expect(remarks).toEqual([expect.stringContaining('refused: it is old') as string]);
  });

  test('a server that forgets to say that it has tools is asked for them', async () => {
    const { tools } = await oddServer({ ...odd, start: { protocolVersion: '2025-06-18' } }, more);
    expect(await tools()).toHaveLength(1);
  });

  test('entries of a list that are no tools are left out, and said', async () => {
    const { tools, remarks } = await oddServer(
      { ...odd, tools: [null, 'lookup', { name: '' }, { name: 7 }, lookup] },
      more,
    );
    expect(await tools()).toHaveLength(1);
    expect(remarks).toEqual(['4 tools of the MCP server "gadget" are left out: they have no name.']);
  });
});

test('what a process prints between its messages is no message', async () => {
  const { call } = await oddServer({ noise: ['Gadget server starting…', '{"level":"info"}', '[]', 'null', ''] });
  expect((await call('gadget_lookup')).content).toContain('done');
});

const ANSWER = '{"jsonrpc":"2.0","id":$id,"result":{"content":[{"type":"text","text":"five kilos"}]}}';
test.each([
  ['behind words that end no line', `working… ${ANSWER}\n`, true, 'five kilos'],
  ['over several lines', `{\n${ANSWER.slice(1, -1)}\n}\n`, true, 'five kilos'],
  ['with a number that JSON does not have', ANSWER.replace('"five kilos"', 'NaN').concat('\n'), true, 'null'],
  ['that is no JSON', ANSWER.replace('"five kilos"', '<kilos>').concat('\n'), false, 'its answer is no JSON'],
  ['that is too long', ANSWER.replace('five', '$long').concat('\n'), false, 'more than 4 MB'],
])('an answer on a stream %s is one call’s, and the connection stays', async (_what, line, isFine, words) => {
  const { call, heard, tools } = await oddServer({ tools: [{ name: 'write' }], written: { 'tools/call': line } });
  const { ok, content } = await call('gadget_write');
  expect([ok, content]).toEqual([isFine, expect.stringContaining(words) as string]);
  expect(content).not.toMatch(/broke|not known|did not answer/);
  expect(await tools()).toHaveLength(1);
  const lines = await heard();
  expect(lines.filter((one) => one === 'tools/call')).toHaveLength(1);
  expect(lines.filter((one) => one.startsWith('start'))).toHaveLength(1);
});

test('a table of tools by name is a list of them', async () => {
  const { call } = await oddServer({ tools: { lookup: { inputSchema: { type: 'object' } } } });
  expect((await call('gadget_lookup')).content).toContain('done');
});

test.each([
  ['the allow-list names and the server does not have', ['look*', 'find'], 'offers no tool of the name find.'],
  ['of a server that has none', ['*'], 'offers no tools.'],
])('a tool that %s is told to be missing', async (_what, patterns, words) => {
  const server = await oddServer({ tools: patterns.includes('*') ? [] : [lookup] });
  const user = { signal: new AbortController().signal, about: '', taken: [], waitMs: 60_000, maxBytes: 1_000_000 };
  const { remarks } = await mcpTools(server.pool, { gadget: patterns }, user);
  expect(remarks).toEqual([`The MCP server "gadget" ${words}`]);
});

test('after a refusal the tools are listed again for the next sub-agent: it may be gone', async () => {
  const { call, heard, tools } = await oddServer({
    raw: { 'tools/call': { error: { code: -32_602, message: 'Unknown tool' } } },
  });
  expect((await call('gadget_lookup')).content).toContain('Unknown tool');
  await tools();
  await tools();
  expect((await heard()).filter((line) => line === 'tools/list')).toHaveLength(2);
});

test('an HTTP refusal is told with its words, and a writing call is made once', async () => {
  const { call, heard } = await oddServer(
    { tools: [{ name: 'write' }], status: { 'tools/call': 422 } },
    { overHttp: true },
  );
  const { ok, content } = await call('gadget_write');
  expect([ok, content]).toEqual([false, expect.stringContaining('refused') as string]);
  expect((await heard()).filter((line) => line === 'tools/call')).toHaveLength(1);
});

test('a writing call that the server failed at over HTTP is made once, and its outcome is not known', async () => {
  const { call, heard } = await oddServer(
    { tools: [{ name: 'write' }], status: { 'tools/call': 502 } },
    { overHttp: true },
  );
  expect((await call('gadget_write')).content).toContain('whether it was carried out is not known');
  expect((await heard()).filter((line) => line === 'tools/call')).toHaveLength(1);
});

test('a connection over HTTP whose end is told by its own close is not closed again and again', async () => {
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  const closes = jest.spyOn(StreamableHTTPClientTransport.prototype, 'close');
  const { call, pool } = await oddServer({}, { overHttp: true });
  await call('gadget_lookup');
  await pool.close();
  expect(closes.mock.calls.length).toBeLessThan(4);
  closes.mockRestore();
});

test('names that no provider takes are changed, stay apart, and reach the server as it gave them', async () => {
  const names = ['look.up', 'look_up', 'look up', 'nachschlagen_ä', 'x'.repeat(80), '查询'];
  const { tools, call, heard } = await oddServer({ tools: names.map((name) => ({ ...lookup, name })) });
  const shown = (await tools()).map(({ name }) => name);
  expect(new Set(shown).size).toBe(names.length);
  for (const name of shown) expect(name).toMatch(/^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/);
  for (const name of shown) await call(name);
  expect((await heard()).filter((line) => line.startsWith('call'))).toEqual(names.map((name) => `call ${name} {}`));
});

test('a tool with the name of one of the sub-agent’s own is left out, and said', async () => {
  const { tools, remarks } = await oddServer({});
  expect(await tools({ taken: ['gadget_lookup'] })).toEqual([]);
  expect(remarks).toEqual(['The MCP tool gadget_lookup is left out: another tool has this name.']);
});

test('no description is longer than what providers take', async () => {
  const { tools } = await oddServer({ tools: [{ ...lookup, description: '"<tool>\u0000\\ '.repeat(1_000) }] });
  for (const tool of await tools()) expect(toolSchema(tool).description.length).toBeLessThanOrEqual(1_024);
});
