// asks-first.test.ts: when the offline model asks a person, what, and what it makes of the reply.

import { asksFirst } from '../../simulator/brain/request/asks-first.ts';
import { findTools } from '../../simulator/brain/request/tools.ts';
import { research } from '../../simulator/brain/research.ts';
import { readPrompt } from '../../simulator/brain/request/prompt.ts';
import type { ChatMessage, ToolSpec } from '../../simulator/wire.ts';
import { planFor, tool } from './support.ts';

const GOAL = 'Ask me which service is meant: harbour or lighthouse. How often does it poll?';

const ASK: ToolSpec = {
  type: 'function',
  function: {
    name: 'put_to_person',
    parameters: {
      type: 'object',
      properties: { question: { type: 'string' }, choices: { type: 'array' } },
      required: ['question'],
    },
  },
};

test.each([
  [
    'Ask me which service is meant, then tell how often it polls.',
    'Which service is meant?',
    [],
    'tell how often it polls.',
  ],
  [GOAL, 'Which service is meant?', ['harbour', 'lighthouse'], 'How often does it poll?'],
  ['Compare a and b. Please ask us for the year.', 'For the year?', [], 'Compare a and b.'],
])('a goal that says to ask is asked first: %s', (goal, question, choices, rest) => {
  expect(asksFirst(goal)).toEqual({ question, choices, rest });
});

test.each(['How is a task cancelled?', 'What does it ask me for?', 'Who may ask the person in charge?'])(
  'a goal that does not say so asks nobody: %s',
  (goal) => {
    expect(asksFirst(goal)).toBeUndefined();
  },
);

/** A turn with these tools, after what was said. */
const turn = (tools: ToolSpec[], after: ChatMessage[] = []) => {
  const messages: ChatMessage[] = [
    { role: 'user', content: `<goal>${GOAL}</goal>\n<subtask>${GOAL}</subtask>` },
    ...after,
  ];
  return research(readPrompt(messages), findTools({ model: 'm', messages, tools }), { texts: new Set(), unnamed: 0 });
};

const SEARCH = tool('search', 'query');

const replied = (content: object): ChatMessage[] => {
  const [made] = turn([SEARCH, ASK]).toolCalls;
  const call = { id: 'c1', type: 'function' as const, function: { name: made!.name, arguments: made!.arguments } };
  return [
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: 'c1', content: JSON.stringify(content) },
  ];
};

test('where a tool asks, it is called first and alone, and the reply is searched for with the rest', () => {
  expect(turn([SEARCH, ASK]).toolCalls).toEqual([
    {
      name: 'put_to_person',
      arguments: JSON.stringify({ question: 'Which service is meant?', choices: ['harbour', 'lighthouse'] }),
    },
  ]);
  const { toolCalls } = turn([SEARCH, ASK], replied({ note: 'data', reply: 'lighthouse' }));
  expect(toolCalls[0]).toMatchObject({ name: 'search' });
  expect(JSON.parse(toolCalls[0]!.arguments)).toMatchObject({ query: 'lighthouse: How often does it poll?' });
});

test('that nobody replied is said among what is missing', () => {
  const { content } = turn([ASK], replied({ error: 'nobody replied in time' }));
  expect((JSON.parse(content) as { missing: string[] }).missing).toContain(
    'Nobody said what was asked: Which service is meant?',
  );
});

test('where no tool asks, the goal is searched for as it is', () => {
  const { toolCalls } = turn([SEARCH, tool('deepwiki', 'question')]);
  expect(toolCalls[0]).toMatchObject({ name: 'search' });
  expect(toolCalls[0]!.arguments).toContain('Ask me which service is meant');
});

test('a goal that asks is planned as one subtask: who asks needs the reply for the rest', () => {
  expect(
    planFor('Ask me which harbour is meant. How does it retry, and what does Lighthouse do after a crash?'),
  ).toHaveLength(1);
});
