// Which of a conversation's results are shortened when all of it no longer fits: real messages, no model.

import { compact } from '../../activities/loop/compact.ts';
import type { ChatMessage } from '../../activities/models/provider.ts';

const TURNS = 8;
/** Tokens of one result. */
const RESULT = 2_000;
const long = (n: number): string => `result ${n} ${'tide '.repeat((RESULT * 4) / 5)}`;

/** A task, and turns that each asked for one long result. */
const conversation: ChatMessage[] = [
  { role: 'system', content: `rules ${'rule '.repeat(400)}` },
  { role: 'user', content: `task ${'task '.repeat(400)}` },
  ...Array.from({ length: TURNS }, (_one, n): ChatMessage[] => [
    {
      role: 'assistant',
      content: `thought ${n} ${'thought '.repeat(200)}`,
      toolCalls: [{ id: `c${n}`, name: 'look', arguments: '{}' }],
    },
    { role: 'tool', callId: `c${n}`, content: long(n) },
  ]).flat(),
];

/** The results that a model with this window is not shown whole, by number. */
const shortened = (window: number): number[] => {
  const kept = compact(conversation, window);
  expect(kept.map(({ role }) => role)).toEqual(conversation.map(({ role }) => role));
  // The task and the model's own words stay whole, whatever else must go.
  for (const [at, message] of kept.entries()) if (message.role !== 'tool') expect(message).toBe(conversation[at]);
  return kept.flatMap(({ role, content }, at) =>
    role === 'tool' && content !== conversation[at]?.content ? [(at - 3) / 2] : [],
  );
};

test('a conversation that outgrows its window loses the oldest results first, one by one, and the last turns last', () => {
  const whole = shortened(1_000_000);
  expect(whole).toEqual([]);
  const counts = new Set<number>();
  for (let window = 40_000; window > 4_000; window -= 500) {
    const cut = shortened(window);
    counts.add(cut.length);
    expect(cut).toEqual(cut.map((_one, at) => at));
  }
  // Each number of them occurred: no more is cut than it takes.
  expect([...counts].sort((a, b) => a - b)).toEqual(Array.from({ length: TURNS + 1 }, (_one, n) => n));
});

test('an answer that was not accepted goes back as its beginning where all of it has no room, and the request about it whole', () => {
  const refused: ChatMessage = {
    role: 'assistant',
    content: 'so '.repeat(4_000),
    from: { model: 'm', kept: { by: 'x', message: { reasoning: 'hm '.repeat(2_000) } } },
  };
  const asked: ChatMessage[] = [
    { role: 'system', content: 'rules' },
    { role: 'user', content: 'task' },
    refused,
    { role: 'user', content: 'mend this' },
  ];
  expect(compact(asked)).toEqual(asked);
  const kept = compact(asked, 2_048);
  expect(kept.filter((_one, at) => at !== 2)).toEqual(asked.filter((_one, at) => at !== 2));
  expect(kept[2]?.content).toMatch(/^so so/);
  expect(JSON.stringify(kept).length).toBeLessThan(1_000);
});
