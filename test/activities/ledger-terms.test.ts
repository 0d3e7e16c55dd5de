// How a budget is given out, from the class history and the prices.

import { ledgerTerms } from '../../activities/agents/ledger-terms.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import type { SubtaskRow, SubtaskRowsOf } from '../../protocol/class-history.ts';
import type { TaskRequest } from '../../protocol/task.ts';
import type { Store } from '../../store/store.ts';

const request = (budget?: TaskRequest['class']['budget'], more: Partial<TaskRequest> = {}): TaskRequest => ({
  v: 1,
  goal: 'g',
  sources: [],
  class: { ...BUILT_IN_CLASSES.standard, ...(budget ? { budget } : {}) },
  tenant: 'default',
  ...more,
});
const store = (known: Record<string, number[]>): Pick<Store, 'outcomes'> =>
  ({
    outcomes: async ({ kind }: SubtaskRowsOf) =>
      [...(known[kind] ?? []), -1].map(
        (tokens) => ({ kind, ending: tokens < 0 ? 'failed' : 'done', tokens: Math.abs(tokens) }) as SubtaskRow,
      ),
  }) as unknown as Store;
const planned = (...kinds: string[]) => kinds.map((kind) => ({ kind, mode: 'blocking' as const }));
const twenty = Array.from({ length: 20 }, (_, at) => (at + 1) * 1_000);

test('the least that is of use is what nine of ten had enough with, once 20 are known', async () => {
  const least = async (known: Record<string, number[]>, tokens: number, ...kinds: string[]) =>
    (await ledgerTerms(store(known), request({ tokens }), planned(...kinds), [])).least;
  expect(await least({ a: twenty }, 1e6, 'a', 'a')).toEqual({ tokens: 18_000 });
  expect(await least({ a: twenty, b: twenty.map((one) => one * 2) }, 1e6, 'a', 'b')).toEqual({ tokens: 36_000 });
  expect(await least({ a: twenty.map((one) => one * 1e3) }, 1e6, 'a')).toEqual({ tokens: 200_000 });
  // A guess, where one kind is not known, and of a small budget half at most.
  expect(await least({ a: twenty, b: twenty.slice(1) }, 1e6, 'a', 'b')).toEqual({ tokens: 20_000 });
  expect(await least({}, 8_000, 'a')).toEqual({ tokens: 3_000 });
});

test('what can follow the first round has a part of the budget, and what can’t has none', async () => {
  const of = async (asked: TaskRequest, input?: number) =>
    await ledgerTerms(store({}), asked, planned('a'), input === undefined ? [undefined] : [{ input, output: 9 }]);
  expect(await of(request())).toEqual({ first: 0.75, further: 0, least: { tokens: 0 } });
  expect(await of(request({ tokens: 1e6 }, { hedge: {} }))).toEqual({
    first: 0.6,
    further: 0.15,
    least: { tokens: 20_000 },
  });
  const { thorough } = BUILT_IN_CLASSES;
  for (const more of [{ rounds: 1 }, { class: thorough }])
    expect(await of(request(undefined, more))).toMatchObject({ first: 0.6, further: 0.15 });
  expect(await of(request(undefined, { class: thorough, rounds: 0 }))).toMatchObject({ first: 0.75, further: 0 });
  expect((await of(request({ costUsd: 1 }), 2)).least).toEqual({ tokens: 20_000, costUsd: 0.04 });
  expect((await of(request({ costUsd: 0.01 }), 2)).least).toEqual({ tokens: 20_000, costUsd: 0.00375 });
});
