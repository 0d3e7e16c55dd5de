// notes.test.ts: what the offline model makes of a note that a person sends while it works.

import { findTools } from '../../simulator/brain/request/tools.ts';
import { research } from '../../simulator/brain/research.ts';
import { readPrompt } from '../../simulator/brain/request/prompt.ts';
import type { ChatMessage } from '../../simulator/wire.ts';
import { tool } from './support.ts';

const GOAL = 'How often does the lighthouse poll?';
const SEARCH = tool('search', 'query');
const POLLS = { source: 'lighthouse.md', line: 3, text: 'The lighthouse polls the harbour service every 15 seconds.' };
const FERRY = { source: 'ferry.txt', line: 1, text: 'The last ferry leaves at nine in the evening.' };

const note = (content: string): ChatMessage => ({ role: 'user', content });

/** A call of the search tool with its result. */
const searched = (id: string, ...passages: object[]): ChatMessage[] => [
  {
    role: 'assistant',
    content: null,
    tool_calls: [{ id, type: 'function', function: { name: 'search', arguments: '{"query":"q"}' } }],
  },
  { role: 'tool', tool_call_id: id, content: JSON.stringify({ passages }) },
];

const turn = (...after: ChatMessage[]) => {
  const messages: ChatMessage[] = [
    { role: 'user', content: `<goal>${GOAL}</goal>\n<subtask>${GOAL}</subtask>` },
    ...after,
  ];
  const request = { model: 'm', messages, tools: [SEARCH] };
  return research(readPrompt(messages), findTools(request), { texts: new Set(), unnamed: 0 });
};

const queries = ({ toolCalls }: ReturnType<typeof turn>): string[] =>
  toolCalls.map((call) => (JSON.parse(call.arguments) as { query: string }).query);

test('a note that comes while it works is searched for in the next turn, once, and answered with the question', () => {
  const before = searched('c1', POLLS);
  expect(queries(turn(...before, note('When does the last ferry leave?')))).toEqual([
    'When does the last ferry leave?',
  ]);
  const after = [...before, note('When does the last ferry leave?'), ...searched('c2', FERRY), ...searched('c3')];
  const { content, toolCalls } = turn(...after);
  expect(toolCalls).toEqual([]);
  expect(content).toContain('every 15 seconds');
  expect(content).toContain('leaves at nine');
  expect(turn(...before, ...searched('c2', FERRY), ...searched('c3')).content).not.toContain('leaves at nine');
});

test('what is said of its answer is no note', () => {
  const answered: ChatMessage = { role: 'assistant', content: '' };
  expect(
    turn(...searched('c1', POLLS), ...searched('c2'), answered, note('Nothing came. Give the whole output now.'))
      .toolCalls,
  ).toEqual([]);
});
