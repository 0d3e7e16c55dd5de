// Whatever the order in which lives get, spend, hand over and give back: nothing falls below zero, the sums are conserved, no more is
// granted than is there, and nobody waits for what can't come. Thousands of seeded interleavings, without a server.

import fc from 'fast-check';
import { BUILT_IN_CLASSES, type RequestClass } from '../../protocol/classes.ts';
import type { LedgerTerms } from '../../protocol/plan.ts';
import type { Outcome } from '../../protocol/outcome.ts';
import { NO_USAGE, type Usage } from '../../protocol/usage.ts';
import { endLife, endSubtask, setLifeState, type MasterContext } from '../../workflows/endings.ts';
import { addDelegated } from '../../workflows/delegation.ts';
import { fanOut, type Ending } from '../../workflows/fan-out.ts';
import { grantQueue } from '../../workflows/grant-queue.ts';
import {
  grantOf,
  handOver,
  newGrants,
  refund,
  reserve,
  roomOf,
  settle,
  type Grants,
} from '../../workflows/state/grants.ts';
import { moneyOf, openGrants, standingOf } from '../../workflows/state/money.ts';
import { newState, type MasterState } from '../../workflows/state/state.ts';
import {
  addLife,
  addSubtask,
  isEnded,
  stateOf,
  subtasksOf,
  type Life,
  type SubtaskState,
} from '../../workflows/state/tree.ts';
import { CANCELLED, specOf } from './fan-out-ports.ts';

const terms = (first: number, further: number, tokens: number, costUsd?: number): LedgerTerms => ({
  first,
  further,
  least: { tokens, ...(costUsd === undefined ? {} : { costUsd }) },
});

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      pool: fc.constantFrom('first', 'further'),
      waits: fc.nat(9),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('spend' as const), of: fc.nat(20), tokens: fc.nat(4_000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hand over' as const), of: fc.nat(20), tokens: fc.nat(3_000) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('end' as const), of: fc.nat(20) }) },
);

const reservedBy = ({ open }: Grants): number => Object.values(open).reduce((sum, { rest }) => sum + rest.tokens, 0);

test('what is reserved, settled, handed over and refunded is conserved, and never below zero', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 100, max: 40_000 }),
      fc.nat(4_000),
      (steps, tokens, kept) => {
        const budget = { tokens, costUsd: tokens / 1_000 };
        const grants = newGrants(terms(0.6, 0.15, 2_000, 0.5), { tokens: kept });
        let spent = 0;
        /** Of lives that had used up what they were granted. */
        let overrun = 0;
        steps.forEach((one, at) => {
          const open = Object.keys(grants.open);
          const life = 'of' in one ? open[one.of % Math.max(1, open.length)] : `s${at}/1`;
          if (life === undefined) return;
          const standing = { budget, spent: { tokens: spent }, notBegun: 'waits' in one ? one.waits : 1 };
          if (one.do === 'ask') {
            const room = roomOf(grants, one.pool as 'first', standing);
            const given = grantOf(grants, one.pool as 'first', { tokens: 5_000 }, standing);
            if (!given) return;
            expect(given.tokens).toBeGreaterThan(0);
            expect(given.tokens).toBeLessThanOrEqual(Math.min(5_000, room.tokens!));
            expect(given.costUsd).toBeLessThanOrEqual(room.costUsd!);
            reserve(grants, life, one.pool as 'first', given);
          } else if (one.do === 'spend') {
            overrun += Math.max(0, one.tokens - grants.open[life]!.rest.tokens);
            settle(grants, life, { tokens: one.tokens });
            spent += one.tokens;
          } else if (one.do === 'hand over') handOver(grants, life, `${life}-${at}`, { tokens: one.tokens });
          else refund(grants, life);
          expect(grants.openCount).toBe(Object.keys(grants.open).length);
          expect(grants.reserved.tokens).toBe(reservedBy(grants));
          for (const { rest } of Object.values(grants.open))
            expect(Math.min(rest.tokens, rest.costUsd)).toBeGreaterThanOrEqual(0);
          expect(grants.used.first.tokens + grants.used.further.tokens).toBe(spent + grants.reserved.tokens);
          expect(spent + grants.reserved.tokens + kept).toBeLessThanOrEqual(Math.max(kept, tokens * 0.75) + overrun);
        });
        for (const life of Object.keys(grants.open)) refund(grants, life);
        expect(grants.reserved).toMatchObject({ tokens: 0 });
        expect(grants.reserved.costUsd).toBeCloseTo(0);
        expect(grants.used.first.tokens + grants.used.further.tokens).toBe(spent);
      },
    ),
    { numRuns: 3_000, seed: 1 },
  );
});

test('the first round has its part, what follows has another, and takes what the first round left', () => {
  const grants = newGrants(terms(0.6, 0.15, 10), {});
  const standing = { budget: { tokens: 1_000 }, spent: {}, notBegun: 1 };
  expect(roomOf(grants, 'first', standing)).toEqual({ tokens: 600 });
  expect(roomOf(grants, 'further', standing)).toEqual({ tokens: 150 });
  reserve(grants, 's1/1', 'first', { tokens: 400 });
  expect(roomOf(grants, 'first', standing)).toEqual({ tokens: 200 });
  expect(roomOf(grants, 'further', standing)).toEqual({ tokens: 150 });
  settle(grants, 's1/1', { tokens: 100 });
  refund(grants, 's1/1');
  expect(roomOf(grants, 'further', { ...standing, spent: { tokens: 100 }, notBegun: 0 })).toEqual({ tokens: 650 });
  // A plan that cost more than its part leaves less.
  expect(roomOf(grants, 'first', { ...standing, spent: { tokens: 900 } })).toEqual({ tokens: 100 });
  expect(roomOf(newGrants(terms(0.75, 0, 10), { tokens: 300 }), 'first', standing)).toEqual({ tokens: 450 });
});

/** A class whose subtasks want so much of a budget. */
const classOf = (tokens: number, budget: number): RequestClass => ({
  ...BUILT_IN_CLASSES.standard,
  subtask: { ...BUILT_IN_CLASSES.standard.subtask, tokens },
  budget: { tokens: budget },
});

const used = (tokens: number): Usage => ({ ...NO_USAGE, modelCalls: 1, inputTokens: tokens });

/** The real fan-out, queue and endings, with visits that end when they are told to. */
class Play {
  readonly state: MasterState;
  readonly visits = new Map<
    string,
    { grant: number; end: (spent: number, status?: 'failed' | 'done') => void; cancel: () => void }
  >();
  readonly fan;
  ended = false;
  most = 0;

  constructor(needs: readonly number[][], row: RequestClass, ledger: LedgerTerms) {
    const state = newState('t', 'r', 'r', { v: 1, goal: 'g', sources: [], class: row, tenant: 'default' }, 0);
    this.state = state;
    state.plan = { planRef: 'p', model: { name: 'm', offline: true }, startedAt: 0, usage: NO_USAGE, ledger };
    needs.forEach((some, at) => {
      const spec = specOf(
        `s${at}`,
        some.filter((need) => need < at).map((need) => `s${need}`),
      );
      addSubtask(state.tree, { ...spec, limits: row.subtask });
    });
    openGrants(state);
    const queue = grantQueue(state);
    const { tree } = state;
    const context: MasterContext = {
      tree,
      ledger: state.ledger,
      remarks: [],
      isBeforeLives: false,
      emit: () => undefined,
    };
    const outcome = ({ spec }: SubtaskState, life: Life, spent: number, status: 'done' | 'failed'): Outcome => {
      const base = {
        subtask: spec.id,
        generation: life.generation,
        usage: used(spent),
        turns: 1,
        startedAt: 0,
        endedAt: 0,
        records: 1,
      };
      const found = { findingCount: 0, digests: [], missing: [] };
      return status === 'done'
        ? { ...base, ...found, status }
        : { ...base, ...found, status, failure: { type: 'LimitReached', message: 'too long' } };
    };
    this.fan = fanOut({
      wasMet: () => false,
      handsOn: () => false,
      visit: (subtask, life) =>
        new Promise<Outcome>((end, fail) => {
          const key = `${subtask.spec.id}/${life.generation}`;
          this.most = Math.max(this.most, this.visits.size + 1);
          this.visits.set(key, {
            grant: life.grant?.tokens ?? Infinity,
            end: (spent, status = 'done') =>
              void (this.visits.delete(key) && end(outcome(subtask, life, spent, status))),
            cancel: () => void (this.visits.delete(key) && fail(CANCELLED)),
          });
        }),
      async waitForNext() {},
      endingOf: (error): Ending | undefined => (error === CANCELLED ? { status: 'stopped' } : undefined),
      cancellable: (work) => {
        const before = new Set(this.visits.keys());
        const done = work();
        const key = [...this.visits.keys()].find((one) => !before.has(one)) ?? '';
        return { done, cancel: () => this.visits.get(key)?.cancel() };
      },
      newLife: (subtask) => addLife(tree, subtask),
      admit: queue.ask,
      nothingMore: () => queue.close(),
      onStart: (subtask, life) => {
        queue.begins(subtask, life);
        setLifeState(context, subtask, life, 'running');
      },
      decide: () => 'go on',
      onEnd(subtask, life, ending) {
        endSubtask(context, subtask, life, ending, 0);
        queue.serve();
      },
      onLost(subtask, life, ending) {
        endLife(context, subtask, life, ending);
        queue.serve();
      },
    });
    void this.fan.runAll(subtasksOf(tree)).then(() => (this.ended = true));
  }

  get spent(): number {
    return this.state.ledger.spent.inputTokens;
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const move = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      of: fc.nat(30),
      percent: fc.nat(110),
      fails: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('beside' as const), of: fc.nat(30) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('budget' as const), tokens: fc.integer({ min: -4_000, max: 8_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stop' as const), of: fc.nat(30) }) },
);

test('whatever is spent, stopped, begun beside or added to the budget, nobody waits for ever, and who is left out is told why', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.nat(8), { maxLength: 2 }), { minLength: 1, maxLength: 12 }),
      fc.array(move, { maxLength: 30 }),
      fc.integer({ min: 0, max: 20_000 }),
      fc.nat(3_000),
      async (needs, moves, budget, least) => {
        const play = new Play(needs, classOf(3_000, budget), terms(0.6, 0.15, least));
        const { state } = play;
        let overrun = 0;
        let raised = 0;
        const end = (key: string | undefined, percent: number, status?: 'failed'): void => {
          const visit = play.visits.get(key ?? '');
          if (!visit) return;
          const spent = Math.floor((visit.grant * percent) / 100);
          overrun += Math.max(0, spent - visit.grant);
          visit.end(spent, status);
        };
        await settled();
        for (const one of moves) {
          const keys = [...play.visits.keys()];
          if (one.do === 'end')
            end(keys[one.of % Math.max(1, keys.length)], one.percent, one.fails ? 'failed' : undefined);
          else if (one.do === 'budget') {
            state.steering.extended = { tokens: (state.steering.extended.tokens ?? 0) + one.tokens };
            raised += Math.max(0, one.tokens);
          } else {
            const subtask = subtasksOf(state.tree)[one.of % needs.length]!;
            if (one.do === 'stop') play.fan.stop(subtask);
            else play.fan.startLife(subtask);
          }
          await settled();
          const { left, reserved } = moneyOf(state);
          expect(Math.min(left.tokens!, reserved.tokens)).toBeGreaterThanOrEqual(0);
        }
        for (let rounds = 0; !play.ended && rounds < 100; rounds += 1) {
          for (const key of play.visits.keys()) end(key, 90);
          await settled();
        }
        expect(play.ended).toBe(true);
        expect(state.ledger.grants).toMatchObject({ reserved: { tokens: 0 }, openCount: 0 });
        expect(play.spent).toBeLessThanOrEqual((budget + raised) * 0.75 + overrun);
        for (const subtask of subtasksOf(state.tree)) {
          expect(isEnded(stateOf(subtask))).toBe(true);
          const { failure } = subtask.lives.at(-1)!;
          if (failure?.type === 'LimitReached' && failure.message !== 'too long')
            expect(failure.message).toMatch(
              /^it was not begun: of the task's (?:1 token|[\d,]+ tokens) too little was left for it$/,
            );
        }
      },
    ),
    { numRuns: 1_000, seed: 1 },
  );
}, 60_000);

describe('of a hundred sub-agents with a budget for forty', () => {
  const hundred = Array.from({ length: 100 }, () => []);
  const row = classOf(10_000, Math.ceil((40 * 10_000) / 0.75));

  test('forty begin, and an overrun is no more than the calls in flight', async () => {
    const play = new Play(hundred, row, terms(0.75, 0, 10_000));
    await settled();
    expect(play.visits.size).toBe(40);
    // Each spends all that it may, and its last call is 300 tokens longer than that.
    for (const { end, grant } of play.visits.values()) end(grant + 300);
    await settled();
    expect(play.ended).toBe(true);
    expect(play.spent).toBe(40 * 10_300);
    expect(play.state.tree.totals.states).toMatchObject({ done: 40, skipped: 60 });
  });

  test('what the first ones do not need lets others begin, and never more than there is', async () => {
    const play = new Play(hundred, row, terms(0.75, 0, 10_000));
    await settled();
    while (!play.ended) {
      const [first] = play.visits.values();
      first!.end(Math.min(6_000, first!.grant));
      await settled();
      expect(play.spent + play.state.ledger.grants!.reserved.tokens).toBeLessThanOrEqual(400_000);
    }
    expect(play.most).toBe(40);
    expect(play.state.tree.totals.states).toMatchObject({ done: 67, skipped: 33 });
    expect(standingOf(play.state).spent.tokens).toBe(400_000);
  });
});

test('a subtask gets an equal part of what is there, but no less than is of use', async () => {
  const grants = async (count: number, budget: number, least: number): Promise<number[]> => {
    const play = new Play(
      Array.from({ length: count }, () => []),
      classOf(10_000, budget),
      terms(0.75, 0, least),
    );
    await settled();
    return [...play.visits.values()].map(({ grant }) => grant);
  };
  expect(await grants(3, 100_000, 2_000)).toEqual([10_000, 10_000, 10_000]);
  expect(await grants(3, 20_000, 2_000)).toEqual([5_000, 5_000, 5_000]);
  expect(await grants(6, 20_000, 3_000)).toEqual([3_000, 3_000, 3_000, 3_000, 3_000]);
  // Of less than that the first one gets all, and what it leaves is enough for others as long as it is a quarter.
  const play = new Play([[], [], []], classOf(10_000, 4_000), terms(0.75, 0, 20_000));
  for (const [own, spent] of [
    [3_000, 2_000],
    [1_000, 200],
    [800, 0],
  ]) {
    await settled();
    const [visit, ...others] = play.visits.values();
    expect([visit?.grant, others]).toEqual([own, []]);
    visit!.end(spent!);
  }
});

test('what is delegated never waits for a subtask that waits for its parent’s money', async () => {
  const play = new Play([[], []], classOf(10_000, 13_000), terms(0.75, 0, 9_000));
  await settled();
  const [first, second] = subtasksOf(play.state.tree) as [SubtaskState, SubtaskState];
  // One has all there is, the other one waits for what it leaves.
  expect([...play.visits.keys()]).toEqual(['s0/1']);
  second.spec.dedupeKey = 'same';
  const { grants } = play.state.ledger;
  const handed = (id: string) => ({
    ...specOf(id),
    dedupeKey: 'same',
    limits: { ...specOf(id).limits, tokens: 4_000 },
  });
  const life = first.lives[0]!;
  const outcome = {
    delegations: [{ handle: 'h', planRef: 'p', subtasks: [handed('s0-1'), handed('s0-2')] }],
  } as unknown as Extract<Outcome, { status: 'delegated' }>;
  const children = addDelegated(play.state.tree, first, life, outcome, () => undefined, grants);
  // Its own are one: the first of them has a part of the grant, and may be waited for.
  expect(children.map(({ spec }) => spec.id)).toEqual(['s0-1', 's0-1']);
  expect(grants!.open['s0-1/1']).toMatchObject({ rest: { tokens: 4_000 }, parent: 's0/1' });
  expect(grants!.open['s0/1']!.rest.tokens).toBe(life.grant!.tokens! - 4_000);
});

test('the work of a grant does not grow with the number of those that wait', async () => {
  const looks = async (count: number): Promise<number> => {
    const play = new Play(
      Array.from({ length: count }, () => []),
      classOf(10, count * 4),
      terms(0.75, 0, 10),
    );
    const { grants } = play.state.ledger;
    let asked = 0;
    const { terms: own } = grants!;
    Object.defineProperty(grants, 'terms', { get: () => ((asked += 1), own) });
    await settled();
    while (!play.ended) {
      for (const { end } of play.visits.values()) end(5);
      await settled();
    }
    return asked / count;
  };
  const [few, many] = [await looks(50), await looks(500)];
  expect(many).toBeLessThan(few * 1.5);
}, 30_000);
