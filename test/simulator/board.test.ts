// board.test.ts: what the offline model makes of the board: what answers its question it gives, and it searches for all else; what
// it found it shows to others beside what it still looks for, never alone.

import type { ChatMessage, ToolSpec } from '../../simulator/wire.ts';
import { ask, format, LIBRARY, tool } from './support.ts';

const GOAL = 'How often does the lighthouse poll?';
const BRIDGE = 'Which package does fetchly use to retry requests, and what is its default delay?';
const POLLS = { source: 'lighthouse.md', quote: 'It polls every 15 seconds.' };
const SHARE: ToolSpec = {
  type: 'function',
  function: {
    name: 'any',
    parameters: {
      type: 'object',
      properties: { claim: { type: 'string' }, citations: { type: 'array' } },
      required: ['claim', 'citations'],
    },
  },
};
const TOOLS = [tool('search', 'query'), tool('read', 'source'), SHARE];

const board = (...items: object[]): ChatMessage => ({
  role: 'user',
  content: `Found by others.\n<board>\n${JSON.stringify(items)}\n</board>`,
});
const shared = (claim: string, citation = POLLS) => ({ by: 's2', claim, citations: [citation] });

const turn = (...after: ChatMessage[]) => turnOf(GOAL, after);
const turnOf = (goal: string, after: ChatMessage[]) =>
  ask({
    messages: [{ role: 'user', content: `<goal>${goal}</goal>\n<subtask>${goal}</subtask>` }, ...after],
    tools: TOOLS,
    response_format: format('muster_findings'),
  });

test('what others found and answers its question it gives with their source, and looks nothing up', () => {
  const { content, toolCalls } = turn(board(shared('The lighthouse polls every 15 seconds.')));
  expect(toolCalls).toEqual([]);
  expect(JSON.parse(content)).toEqual({
    findings: [{ claim: 'The lighthouse polls every 15 seconds.', citations: [POLLS] }],
    missing: [],
  });
});

test('what others found and does not answer its question changes nothing', () => {
  const ferry = { source: 'ferry.txt', quote: 'The last ferry leaves at nine in the evening.' };
  const other = board(shared('The last ferry leaves at nine.', ferry), { claim: 1 }, { by: 's2' });
  expect(turn().toolCalls.length).toBeGreaterThan(0);
  expect(turn(other)).toEqual(turn());
});

test('what it found it shares once, beside what it still looks for', () => {
  const passages = LIBRARY.slice(0, 1);
  const call = { id: 'c1', type: 'function' as const, function: { name: 'search', arguments: '{"query":"q"}' } };
  const found: ChatMessage[] = [
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: 'c1', content: JSON.stringify({ passages }) },
  ];
  const names = (reply: ReturnType<typeof turn>): string[] => reply.toolCalls.map(({ name }) => name);
  const next = turnOf(BRIDGE, found);
  expect(names(next)).toContain('any');
  expect(names(next).some((name) => name !== 'any')).toBe(true);
  const share = next.toolCalls.find(({ name }) => name === 'any');
  const again = turnOf(BRIDGE, [
    ...found,
    { role: 'assistant', content: null, tool_calls: [{ id: 'd1', type: 'function', function: share! }] },
    { role: 'tool', tool_call_id: 'd1', content: '{"shared":true}' },
  ]);
  expect(again.toolCalls).toEqual(next.toolCalls.filter(({ name }) => name !== 'any'));
});
