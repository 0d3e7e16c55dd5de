// Whatever the order in which visits end, reports come, lives begin and a cancel falls: each subtask ends once, its answer is
// that of the life that counts, and the ledger balances. Thousands of seeded interleavings, without a server.

import fc from 'fast-check';
import type { Outcome } from '../../protocol/outcome.ts';
import type { TaskEventBody } from '../../protocol/events.ts';
import type { JoinPolicy } from '../../protocol/join.ts';
import { addUsage, NO_USAGE, type Usage } from '../../protocol/usage.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import { endSubtask, setLifeState, endLife, bookVisit, type MasterContext } from '../../workflows/endings.ts';
import { coordinate, shortfall } from '../../workflows/coordinate.ts';
import { fanOut, type Ending } from '../../workflows/fan-out.ts';
import { applyReport } from '../../workflows/receive-reports.ts';
import { draftLength, draftText } from '../../workflows/state/draft.ts';
import { newState } from '../../workflows/state/state.ts';
import {
  addLife,
  addSubtask,
  isEnded,
  lifeOf,
  shownLife,
  stateOf,
  subtasksOf,
  usageOf,
  type Life,
  type SubtaskState,
} from '../../workflows/state/tree.ts';
import { CANCELLED, specOf } from './fan-out-ports.ts';

/** What may happen next; numbers choose a subtask, a life, a finding. */
const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('end' as const), of: fc.nat(9), as: fc.nat(4) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('report' as const), of: fc.nat(9), life: fc.nat(2), seq: fc.nat(4) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('begin' as const), of: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const) }) },
);
const STATUSES = ['done', 'failed', 'retryAt', 'done', 'nothing'] as const;
type Status = (typeof STATUSES)[number];

const joins: fc.Arbitrary<JoinPolicy> = fc.oneof(
  fc.constant<JoinPolicy>({ kind: 'bestEffort', min: 1 }),
  fc.constant<JoinPolicy>({ kind: 'all' }),
  fc.constant<JoinPolicy>({ kind: 'first' }),
  fc.record({ kind: fc.constant('quorum' as const), k: fc.integer({ min: 1, max: 4 }) }),
);

const usage = (tokens: number): Usage => ({ ...NO_USAGE, modelCalls: tokens, inputTokens: tokens });
const digest = (id: string, generation: number, seq: number) => ({
  id: `${id}/g${generation}/${seq}`,
  claim: `claim ${seq} of life ${generation} of ${id}`,
  at: 'a.md:1',
});

class Play {
  readonly state = newState(
    't',
    'run',
    'run',
    { v: 1, goal: 'g', sources: [], class: BUILT_IN_CLASSES.standard, tenant: 'default' },
    0,
  );
  readonly events: TaskEventBody[] = [];
  readonly firstDone = new Map<string, number>();
  /** Lives that began, by `s1/1`. */
  readonly begun = new Set<string>();
  /** What the answer is written from, as it was when the join was decided. */
  decided?: Record<string, string[]>;
  readonly #join: JoinPolicy;
  readonly #open = new Map<
    string,
    { life: Life; subtask: SubtaskState; end(outcome: Outcome): void; cancel(): void }
  >();
  readonly #context: MasterContext = {
    tree: this.state.tree,
    ledger: this.state.ledger,
    remarks: [],
    isBeforeLives: false,
    emit: (body) => void this.events.push(body),
  };
  #isDeciding = false;
  #toCancel = new Set<string>();
  #cancelling = new Set<string>();
  readonly fan = fanOut({
    wasMet: () => false,
    handsOn: () => false,
    visit: (subtask, life) =>
      new Promise<Outcome>((end, failed) => {
        const key = `${subtask.spec.id}/${life.generation}`;
        this.#open.set(key, { life, subtask, end, cancel: () => failed(CANCELLED) });
      }),
    async waitForNext() {},
    endingOf: (error, subtask): Ending | undefined =>
      error === CANCELLED
        ? { status: 'stopped', last: this.#outcome(subtask, subtask.lives[0] as Life, 'retryAt') }
        : undefined,
    cancellable: (work) => {
      const before = new Set(this.#open.keys());
      const done = work();
      // A life's first visit begins at once.
      const key = [...this.#open.keys()].find((one) => !before.has(one)) ?? '';
      return { done, cancel: () => void this.#toCancel.add(key) };
    },
    newLife: (subtask) => addLife(this.state.tree, subtask),
    onStart: (subtask, life) => {
      this.begun.add(`${subtask.spec.id}/${life.generation}`);
      setLifeState(this.#context, subtask, life, 'running');
    },
    decide: (subtask, ending) => {
      const verdict = coordinate(this.#join, this.state.tree, subtask, ending);
      this.#isDeciding = typeof verdict === 'object';
      return verdict;
    },
    onEnd: (subtask, life, ending) => {
      endSubtask(this.#context, subtask, life, ending, 0);
      if (this.#isDeciding) this.decided = this.answered();
      this.#isDeciding = false;
    },
    onLost: (subtask, life, ending) => endLife(this.#context, subtask, life, ending),
  });
  readonly #running: Promise<void>;

  constructor(needs: readonly number[][], join: JoinPolicy) {
    this.#join = join;
    needs.forEach((some, at) =>
      addSubtask(
        this.state.tree,
        specOf(
          `s${at}`,
          some.filter((need) => need < at).map((need) => `s${need}`),
        ),
      ),
    );
    this.#running = this.fan.run(subtasksOf(this.state.tree));
  }

  /** What an answer is written from: the findings of each subtask that had ended by the decision. */
  answered(): Record<string, string[]> {
    const ended = subtasksOf(this.state.tree).filter(({ chosen, late }) => chosen !== undefined && !late);
    return Object.fromEntries(ended.map((one) => [one.spec.id, shownLife(one).digests.map(({ id }) => id)]));
  }

  async act(one: typeof action extends fc.Arbitrary<infer A> ? A : never): Promise<void> {
    const open = [...this.#open.entries()];
    if (one.do === 'end') {
      const [key, visit] = open[one.of % Math.max(1, open.length)] ?? [];
      if (key && visit) this.#end(key, visit, STATUSES[one.as % STATUSES.length] ?? 'done');
    } else if (one.do === 'begin') {
      const subtask = subtasksOf(this.state.tree)[one.of % this.state.tree.ids.length];
      if (subtask) this.fan.startLife(subtask);
    } else if (one.do === 'cancel') {
      for (const [key] of open) this.#cancel(key);
    } else {
      const id = `s${one.of % this.state.tree.ids.length}`;
      const generation = one.life + 1;
      const finding = digest(id, generation, one.seq);
      const item = { subtask: id, generation, seq: one.seq, kind: 'finding' as const, finding };
      applyReport(item, this.state, this.#context);
    }
    await settle();
    this.#cancelLater();
    await settle();
  }

  async finish(): Promise<void> {
    while (this.#open.size > 0) {
      this.#cancelLater();
      for (const [key, visit] of this.#open.entries()) this.#end(key, visit, 'done');
      await settle();
    }
    await this.#running;
    await this.fan.settled();
  }

  #end(
    key: string,
    { life, subtask, end }: { life: Life; subtask: SubtaskState; end: (outcome: Outcome) => void },
    status: Status,
  ): void {
    this.#open.delete(key);
    if (
      (status === 'done' || status === 'nothing') &&
      subtask.chosen === undefined &&
      !this.firstDone.has(subtask.spec.id)
    )
      this.firstDone.set(subtask.spec.id, life.generation);
    const outcome = this.#outcome(subtask, life, status);
    if (status === 'retryAt') bookVisit(this.#context, subtask, life, outcome);
    end(outcome);
  }

  /** Who was asked to stop takes a while: it goes on reporting until the action after the next. */
  #cancelLater(): void {
    for (const key of this.#cancelling) this.#cancel(key);
    this.#cancelling = this.#toCancel;
    this.#toCancel = new Set();
  }

  #cancel(key: string): void {
    this.#open.get(key)?.cancel();
    this.#open.delete(key);
  }

  #outcome({ spec }: SubtaskState, { generation, turns }: Life, status: Status): Outcome {
    const base = {
      subtask: spec.id,
      generation,
      usage: usage(turns + 3),
      turns: turns + 3,
      startedAt: 0,
      endedAt: 0,
      records: 1,
    };
    const found = { findingCount: 2, digests: [1, 2].map((seq) => digest(spec.id, generation, seq)), missing: [] };
    const failure = { type: 'LimitReached', message: 'too long' } as const;
    if (status === 'retryAt') return { ...base, status, at: 0, failure };
    if (status === 'nothing') return { ...base, status: 'done', findingCount: 0, digests: [], missing: [] };
    return status === 'done' ? { ...base, ...found, status } : { ...base, ...found, status, failure };
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a fan-out of any interleaving ends each subtask once, by the life that was done first, and its ledger balances', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.nat(3), { maxLength: 2 }), { minLength: 1, maxLength: 4 }),
      fc.array(action, { maxLength: 25 }),
      joins,
      async (needs, actions, join) => {
        const play = new Play(needs, join);
        await settle();
        for (const one of actions) await play.act(one);
        await play.finish();
        const { tree, ledger } = play.state;
        const subtasks = subtasksOf(tree);
        for (const subtask of subtasks) {
          const { id } = subtask.spec;
          const end = play.events.findIndex((event) => event.type === 'subtask.finished' && event.subtask === id);
          const after = play.events
            .slice(end)
            .filter((event) => event.type === 'subtask.finding' && event.subtask === id);
          expect(after.every((event) => event.type === 'subtask.finding' && event.late)).toBe(true);
          expect(isEnded(stateOf(subtask))).toBe(true);
          expect(play.events.filter((event) => event.type === 'subtask.finished' && event.subtask === id)).toHaveLength(
            1,
          );
          const first = play.firstDone.get(id);
          if (subtask.late) expect(stateOf(subtask)).toBe('stopped');
          else if (first !== undefined) expect([stateOf(subtask), subtask.chosen]).toEqual(['done', first]);
          else
            expect(shownLife(subtask).findingCount).toBe(
              Math.max(...subtask.lives.map(({ findingCount }) => findingCount)),
            );
          // Late reports and those of other lives change nothing of what counts.
          const counts = shownLife(subtask);
          if (counts.state === 'done' && !subtask.late && counts.findingCount > 0)
            expect(counts.digests.map(({ id: one }) => one)).toEqual(
              [1, 2].map((seq) => digest(id, counts.generation, seq).id),
            );
        }
        const sum = subtasks.map(usageOf).reduce(addUsage, NO_USAGE);
        const wasted = ledger.wasted.reduce((all, { tokens }) => all + tokens, 0);
        expect(ledger.spent).toEqual({ ...sum, wastedTokens: wasted });
        const others = subtasks.flatMap(({ spec, lives, chosen, late }) =>
          lives
            .map(({ generation }) => ({ generation, life: `${spec.id}/${generation}` }))
            .filter(({ generation, life }) => (late ? play.begun.has(life) : generation !== chosen))
            .map(({ life }) => life),
        );
        expect(ledger.wasted.map(({ subtask, generation }) => `${subtask}/${generation}`).sort()).toEqual(
          others.sort(),
        );
        for (const { subtask, generation, tokens } of ledger.wasted) {
          const life = tree.subtasks[subtask] && lifeOf(tree.subtasks[subtask], generation);
          expect(tokens).toBe(life?.usage.inputTokens);
        }
        // Whatever came after the decision changed nothing of what the answer is written from.
        if (play.decided) expect(play.answered()).toEqual(play.decided);
        const counting = subtasks.filter((one) => !one.late && shownLife(one).findingCount > 0);
        expect(tree.totals).toMatchObject({
          counted: subtasks.length,
          ended: subtasks.length,
          brought: counting.length,
        });
        const needed = { bestEffort: 1, all: subtasks.length, first: 1, quorum: 0 }[join.kind];
        const least = join.kind === 'quorum' ? Math.min(join.k, subtasks.length) : needed;
        if (join.kind !== 'bestEffort') expect(shortfall(join, tree) === undefined).toBe(counting.length >= least);
        expect(tree.totals.findings).toBe(subtasks.reduce((all, one) => all + shownLife(one).findingCount, 0));
        expect(tree.totals.useful).toBe(
          subtasks.filter((one) => stateOf(one) === 'done' || shownLife(one).findingCount > 0).length,
        );
        expect(draftLength(tree.totals)).toBe(draftText(tree).length);
        const told = play.events.flatMap((event) => (event.type === 'draft.updated' ? [event.chars] : []));
        if (tree.totals.findings > 0) expect(told.at(-1)).toBe(draftText(tree).length);
      },
    ),
    { numRuns: 2_000, seed: 1 },
  );
}, 600_000);
