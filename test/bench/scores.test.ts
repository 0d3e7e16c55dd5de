// What a score says of an answer that is right, and of each way to be wrong.

import { scoresOf } from '../../bench/scores.ts';
import { NO_COVERAGE } from '../../protocol/coverage.ts';

const citation = (quote: string) => ({ source: 'a.md', sha256: 'sha', quote, place: { line: 1 } });
const GOOD = {
  answer: {
    sections: [
      {
        heading: 'h',
        claims: [
          { text: 'one', citations: [1] },
          { text: 'two', citations: [2] },
        ],
      },
    ],
    citations: [citation('A berth can be held\nfor 48 hours.'), citation('No more than five times.')],
    gaps: ['The documents do not say how deep a berth is.'],
    notes: [],
  },
  coverage: {
    ...NO_COVERAGE,
    subtasks: [
      { subtask: 's1', title: 'How long', state: 'done' as const, findings: 2 },
      { subtask: 's2', title: 'How deep is a berth', state: 'done' as const, findings: 0 },
    ],
  },
};
const TEXT = 'A berth can be held for 48 hours. It is tried again, no more than five times.';
const textOf = async () => TEXT;

test('an answer whose quotes stand in their source, whose gaps are named and whose claims differ has full marks', async () => {
  expect(await scoresOf(GOOD, textOf)).toEqual({ citations_right: 1, gaps_honest: 1, not_padded: 1 });
});

test('a quote that stands nowhere, a gap that is kept quiet and a claim that repeats another each cost their own mark', async () => {
  const { answer, coverage } = GOOD;
  const wrong = { ...answer, citations: [citation('A berth is free.'), answer.citations[1] ?? citation('')] };
  expect((await scoresOf({ answer: wrong, coverage }, textOf)).citations_right).toBe(0.5);
  expect((await scoresOf(GOOD, async () => undefined)).citations_right).toBe(0);
  expect((await scoresOf({ answer: { ...answer, gaps: [] }, coverage }, textOf)).gaps_honest).toBe(0);
  const again = [
    ...(answer.sections[0]?.claims ?? []),
    { text: 'one more', citations: [1] },
    { text: 'and', citations: [2, 1] },
  ];
  const padded = { ...answer, sections: [{ heading: 'h', claims: again }] };
  expect((await scoresOf({ answer: padded, coverage }, textOf)).not_padded).toBe(0.5);
});
