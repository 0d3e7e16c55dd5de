// What ends a log ends it: a late word of a sub-agent opens nothing, and only a background child has something to do once more.

import { addEvent, closing, newJournal } from '../../workflows/state/journal.ts';

const late = {
  type: 'subtask.finding',
  subtask: 's1',
  generation: 1,
  finding: { id: 's1/g1/1', claim: 'c', at: 'a:1' },
  late: true,
} as const;

test('a report that comes when a task has closed does not open it again', () => {
  const journal = newJournal('r');
  addEvent(journal, { type: 'task.closed', outcome: 'completed' }, 1);
  addEvent(journal, late, 2);
  addEvent(journal, { type: 'reply.refused', subtask: 's1', generation: 1, handle: 'h', reason: 'r' }, 3);
  expect([closing(journal)?.type, journal.last]).toEqual(['task.closed', 1]);
});

test('a background child that has settled goes on when it is asked to, and by no late report', () => {
  const journal = newJournal('r');
  const totals = { delivered: 1, undelivered: 0, done: 0, failed: 0 };
  addEvent(journal, { type: 'background.settled', outcome: 'completed', ...totals }, 1);
  addEvent(journal, late, 2);
  expect(closing(journal)?.type).toBe('background.settled');
  addEvent(journal, { type: 'background.again', ids: ['b1'] }, 3);
  addEvent(journal, late, 4);
  expect([closing(journal), journal.last]).toEqual([undefined, 3]);
});
