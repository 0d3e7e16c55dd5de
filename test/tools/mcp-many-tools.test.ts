// More tools than a provider takes: the nearest to the subtask are offered, and it is said.

import { chooseTools } from '../../activities/tools/mcp/choose-tools.ts';
import { closeAll, lookup, oddServer } from './odd-server.ts';

afterEach(closeAll);

const many = Array.from({ length: 300 }, (_one, i) => ({
  ...lookup,
  name: `lookup_${i}`,
  description: 'Looks it up.',
}));
const tide = { ...lookup, name: 'getTideTables', description: 'High and low water of a harbour.' };

test('with its own tools and those of servers, a sub-agent is offered no more than providers take', async () => {
  const { tools, remarks } = await oddServer({ tools: [...many, tide] });
  const offered = await tools({ about: 'When is high water in the harbours?', taken: ['a', 'b', 'c'] });
  expect(offered).toHaveLength(125);
  expect(offered.at(-1)?.name).toBe('gadget_getTideTables');
  expect(remarks).toEqual([
    'Of 301 allowed tools of MCP servers (gadget) the 125 nearest to the subtask were offered: a request takes no more. The lists under "mcpTools" in the config can name fewer.',
  ]);
});

test('declarations take no more bytes of a request than they may, but one tool is always offered', async () => {
  const { tools, remarks } = await oddServer({ tools: [...many.slice(0, 40), tide] });
  const offered = await tools({ about: 'tide tables', maxBytes: 2_000 });
  expect(offered.length).toBeLessThan(12);
  expect(offered.map(({ name }) => name)).toContain('gadget_getTideTables');
  expect(remarks[0]).toContain(`the ${offered.length} nearest`);
  expect((await tools({ about: 'tide tables', maxBytes: 1 })).map(({ name }) => name)).toEqual([
    'gadget_getTideTables',
  ]);
});

test('when all fit, all are offered in their order and nothing is said', async () => {
  const { tools, remarks } = await oddServer({ tools: [...many.slice(0, 40), tide] });
  expect((await tools({ about: 'tide' })).map(({ name }) => name)).toEqual(
    [...many.slice(0, 40), tide].map(({ name }) => `gadget_${name}`),
  );
  expect(remarks).toEqual([]);
});

test('without a better reason, no server’s tools go before all of another’s; the same words choose the same', () => {
  const tools = ['a', 'b', 'c'].flatMap((server) =>
    Array.from({ length: 9 }, (_one, place) => ({ name: `${server}${place}`, description: 'x', bytes: 1, place })),
  );
  const chosen = chooseTools(tools, 'nothing of it', { tools: 6, bytes: 100 }).map(({ name }) => name);
  expect(chosen).toEqual(['a0', 'a1', 'b0', 'b1', 'c0', 'c1']);
});

test('a word that few tools have counts more than one that all have, and a name more than a description', () => {
  const tool = (name: string, description: string, place: number) => ({ name, description, bytes: 1, place });
  const tools = [
    tool('list_notes', 'Lists notes of the harbour', 0),
    tool('find_notes', 'Finds notes about ropes', 1),
    tool('add_notes', 'Adds notes', 2),
    tool('ropes_notes', 'Bends notes', 3),
  ];
  const best = chooseTools(tools, 'which notes speak of a rope', { tools: 2, bytes: 100 }).map(({ name }) => name);
  expect(best).toEqual(['find_notes', 'ropes_notes']);
  expect(chooseTools(tools, 'rope', { tools: 1, bytes: 100 }).map(({ name }) => name)).toEqual(['ropes_notes']);
});
