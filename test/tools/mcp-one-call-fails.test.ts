// One call of several to an MCP server fails by its answer: too large, torn, or none. The others are answered all the same,
// over the connection that there was, and nothing that writes runs twice.

import { until } from '../rig/until.ts';
import { closeAll, oddServer, type Odd, type OddServer } from './odd-server.ts';

afterEach(closeAll);

const OVER = { 'a process': {}, HTTP: { overHttp: true }, 'HTTP with a stream': { overHttp: true } } as const;
type Wire = keyof typeof OVER;

const serverOver = async (wire: Wire, odd: Odd, more: object = {}): Promise<OddServer> =>
  await oddServer(
    { tools: ['fails', 'slow', 'go'].map((name) => ({ name })), ...odd, stream: wire === 'HTTP with a stream' },
    { ...OVER[wire], ...more },
  );

test.each<[string, Wire, 'long' | 'torn' | 'ends', string]>([
  ['too large', 'a process', 'long', 'it answers 4.1 MB, more than 4 MB; ask for less'],
  ['too large', 'HTTP', 'long', 'it answers 4.1 MB, more than 4 MB; ask for less'],
  ['too large', 'HTTP with a stream', 'long', 'it answers 4.1 MB, more than 4 MB; ask for less'],
  ['torn', 'HTTP', 'torn', 'broke (other side closed) during the call: whether it was carried out is not known'],
  [
    'torn',
    'HTTP with a stream',
    'torn',
    'broke (other side closed) during the call: whether it was carried out is not known',
  ],
  ['missing', 'HTTP with a stream', 'ends', 'broke (it ended before an answer) during the call'],
])('an answer that is %s over %s fails its own call alone', async (_what, wire, does, words) => {
  const { tools, call, heard } = await serverOver(wire, { byTool: { fails: does, slow: 'waits' } });
  await tools();
  const slow = call('gadget_slow');
  await until('the slow call is under way', async () => (await heard()).includes('call slow {}'));
  const { ok, content } = await call('gadget_fails');
  expect([ok, content]).toEqual([false, expect.stringContaining(words) as string]);
  await call('gadget_go');
  expect((await slow).content).toContain('done');
  const lines = await heard();
  expect(lines.filter((line) => line.startsWith('call'))).toEqual(['call slow {}', 'call fails {}', 'call go {}']);
  expect(lines.filter((line) => line === 'initialize')).toHaveLength(1);
});

test('a call that is accepted and never answered ends with its time, and the connection stays', async () => {
  const { call, heard } = await serverOver('HTTP', { byTool: { fails: 'accepted' } }, { callSeconds: 0.5 });
  expect((await call('gadget_fails')).content).toContain('did not answer within 0.5 s');
  expect((await call('gadget_go')).content).toContain('done');
  expect((await heard()).filter((line) => line === 'initialize')).toHaveLength(1);
});

test('a process that frames its messages as language servers do is named as such at once', async () => {
  const { tools, remarks } = await oddServer({
    written: { initialize: 'Content-Length: 2\r\n\r\n{}' },
  });
  expect(await tools()).toEqual([]);
  expect(remarks).toEqual([expect.stringContaining('writes a Content-Length header before its messages') as string]);
});

test('a process that speaks as it should may write such a line, too', async () => {
  const { call, tools } = await oddServer({
    written: { 'tools/call': 'Content-Length: 2\n{"jsonrpc":"2.0","id":$id,"result":{"content":"five"}}\n' },
  });
  await tools();
  expect((await call('gadget_lookup')).content).toContain('five');
});
