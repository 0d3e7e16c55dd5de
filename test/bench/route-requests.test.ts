// The router's rules beside labels that were written before them: of the half that was held out nine of ten go where they should.
// Never prints a held-out request.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { confusionOf, parseRequests, type Split } from '../../bench/route/requests.ts';

const read = (split: Split) =>
  parseRequests(readFileSync(join(__dirname, `../../bench/route/requests-${split}.tsv`), 'utf8'));

test('there are 300 labelled requests or more of seven kinds, half of them held out, and none is in both halves', () => {
  const [tune, held] = [read('tune'), read('held-out')];
  expect(tune.length + held.length).toBeGreaterThanOrEqual(300);
  expect(held.length).toBe(tune.length);
  const kinds = (of: typeof tune) => [...new Set(of.map(({ kind }) => kind))].sort();
  expect(kinds(held)).toEqual(['batch', 'chat', 'comparison', 'lookup', 'multi step', 'single step', 'tools']);
  expect(kinds(tune)).toEqual(kinds(held));
  const goals = new Set(tune.map(({ goal }) => goal));
  expect(held.filter(({ goal }) => goals.has(goal))).toHaveLength(0);
});

test.each(['tune', 'held-out'] as const)(
  'of the requests %s at least nine of ten go where their label says',
  (split) => {
    const { accuracy, fastAsDeep, deepAsFast, n, byKind } = confusionOf(read(split));
    expect(accuracy).toBeGreaterThanOrEqual(90);
    // Neither way of going wrong carries the other.
    expect(Math.max(fastAsDeep, deepAsFast)).toBeLessThan(n / 10);
    // Nor one kind another.
    for (const [kind, right] of Object.entries(byKind)) {
      const [good = 0, all = 0] = right.split('/').map(Number);
      expect([kind, good / all >= 0.9]).toEqual([kind, true]);
    }
  },
);
