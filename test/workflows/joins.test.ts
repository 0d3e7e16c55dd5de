// The joins without a server: which ending decides, what is left behind by then, and that nothing which comes later changes it.

import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import { joinOf, joinProblem, type JoinPolicy } from '../../protocol/join.ts';
import type { Outcome } from '../../protocol/outcome.ts';
import { coordinate, shortfall } from '../../workflows/coordinate.ts';
import { endLife, endSubtask } from '../../workflows/endings.ts';
import type { Ending } from '../../workflows/fan-out.ts';
import { coverageOf, coverageOfEnded } from '../../workflows/state/coverage.ts';
import { newLedger } from '../../workflows/state/ledger.ts';
import {
  addSubtask,
  change,
  handedOnBy,
  newTree,
  shownLife,
  type SubtaskState,
  type Tree,
} from '../../workflows/state/tree.ts';
import { foundBy } from '../../workflows/write-answer.ts';
import { done, fan, failed, specOf } from './fan-out-ports.ts';

const found = (one: SubtaskState, n = 1): Extract<Outcome, { status: 'done' }> => ({ ...done(one), findingCount: n });

/** A tree of so many planned subtasks, and a way to end one after the other; what follows is said. */
function play(join: JoinPolicy, of: number) {
  const tree: Tree = newTree();
  const all = Array.from({ length: of }, (_, at) => addSubtask(tree, specOf(`s${at + 1}`)));
  const end = (at: number, ending: Ending) => {
    const one = all[at - 1] as SubtaskState;
    const verdict = coordinate(join, tree, one, ending);
    change(tree, one, () => {
      const life = shownLife(one);
      life.state = ending.status;
      if ('findingCount' in ending) Object.assign(life, { findingCount: ending.findingCount, dataRef: ending.dataRef });
      one.chosen = life.generation;
    });
    return typeof verdict === 'object' ? 'enough' : verdict;
  };
  const one = (at: number): SubtaskState => all[at - 1] as SubtaskState;
  return {
    tree,
    one,
    finds: (at: number) => end(at, found(one(at))),
    findsNothing: (at: number) => end(at, done(one(at))),
    makesData: (at: number) => end(at, { ...done(one(at)), dataRef: 'blob' }),
    fails: (at: number) => end(at, failed(one(at)) as Ending),
  };
}

test('best effort waits for all, a quorum for so many that brought something, first for one', () => {
  const best = play({ kind: 'bestEffort', min: 1 }, 3);
  expect([best.finds(1), best.finds(2)]).toEqual(['go on', 'go on']);
  const quorum = play({ kind: 'quorum', k: 2 }, 4);
  expect([quorum.finds(3), quorum.findsNothing(1), quorum.makesData(2)]).toEqual(['go on', 'go on', 'enough']);
  expect(play({ kind: 'first' }, 3).finds(3)).toBe('enough');
  const first = play({ kind: 'first' }, 3);
  expect([first.fails(1), first.findsNothing(2)]).toEqual(['go on', 'go on']);
});

test('what can’t be reached any more is decided, too: all with one that brought nothing, a quorum with too few left', () => {
  const all = play({ kind: 'all' }, 3);
  expect([all.finds(1), all.fails(2)]).toEqual(['go on', 'enough']);
  expect(shortfall({ kind: 'all' }, all.tree)).toMatchObject({
    type: 'AllSubtasksFailed',
    message: expect.stringMatching(/^only 1 of the 3 subtasks/) as string,
  });
  const quorum = play({ kind: 'quorum', k: 2 }, 3);
  expect([quorum.fails(1), quorum.findsNothing(2)]).toEqual(['go on', 'enough']);
});

test('a quorum above the plan is all of it, and the last one at work stops nothing', () => {
  const quorum = play({ kind: 'quorum', k: 5 }, 2);
  expect([quorum.finds(1), quorum.finds(2)]).toEqual(['go on', 'go on']);
  expect(shortfall({ kind: 'quorum', k: 5 }, quorum.tree)).toBeUndefined();
});

test('a delegated subtask never counts', () => {
  const { tree, finds, one } = play({ kind: 'quorum', k: 2 }, 3);
  const child = addSubtask(tree, specOf('s1.1'), { isDelegated: true });
  expect(coordinate({ kind: 'quorum', k: 1 }, tree, child, found(child))).toBe('go on');
  expect(finds(1)).toBe('go on');
  expect(coordinate({ kind: 'quorum', k: 2 }, tree, one(2), found(one(2)))).toEqual({
    enough: '2 of 3 subtasks brought something, and quorum of 2 was asked for',
  });
});

test('who is at work when it is enough is left behind at once, however long it takes to stop', async () => {
  const ends = new Map<string, (outcome: Outcome) => void>();
  const it_ = fan(({ spec }) => new Promise((end) => ends.set(spec.id, end)), {
    decide: (_one, { status }) => (status === 'done' ? { enough: 'one is' } : 'go on'),
    // Who is cancelled goes on, and ends as it likes.
    cancellable: (work) => ({ done: work(), cancel: () => void it_.log.push('cancel') }),
  });
  const tree = newTree();
  const [s1, s2, s3] = [specOf('s1'), specOf('s2'), specOf('s3', ['s2'])].map((spec) => addSubtask(tree, spec)) as [
    SubtaskState,
    SubtaskState,
    SubtaskState,
  ];
  const over = it_.runAll([s1, s2, s3]);
  await new Promise(setImmediate);
  ends.get('s1')?.(done(s1));
  await over;
  expect(it_.log).toEqual(['start s1', 'start s2', 'end s1 done', 'end s2 stopped', 'cancel', 'end s3 stopped']);
  expect(it_.endings.get('s2')).toEqual({
    status: 'stopped',
    failure: { type: 'Stopped', message: 'one is' },
    isLeft: true,
  });
  expect(it_.isOpen()).toBe(false);
  ends.get('s2')?.(found(s2));
  await it_.settled();
  expect(it_.log.at(-1)).toBe('lost s2/1 done');
});

test('what comes after the decision is kept, and no answer is written from it', () => {
  const { tree, one, finds } = play({ kind: 'quorum', k: 1 }, 2);
  const [s1, s2] = [one(1), one(2)];
  finds(1);
  Object.assign(shownLife(s1), { findingsRef: 'first' });
  const context = { tree, ledger: newLedger(), remarks: [], emit: () => undefined, isBeforeLives: false };
  const failure = { type: 'Stopped', message: 'it was enough' } as const;
  endSubtask(context, s2, shownLife(s2), { status: 'stopped', failure, isLeft: true }, 1);
  endLife(context, s2, shownLife(s2), { ...found(s2), findingsRef: 'late' });
  expect(shownLife(s2)).toMatchObject({ state: 'done', findingsRef: 'late', findingCount: 1 });
  expect([s1, s2].flatMap((one) => foundBy(one, new Set()))).toMatchObject([{ subtask: 's1', findingsRef: 'first' }]);
  expect(coverageOf({ tree, remarks: [] }).subtasks[1]).toMatchObject({ state: 'stopped', failure });
});

test('what failed before hands on what it had found to one that begins again; what was stopped hands on nothing', () => {
  const { one, finds, findsNothing, fails } = play({ kind: 'bestEffort', min: 1 }, 5);
  finds(1);
  findsNothing(2);
  fails(3);
  fails(4);
  shownLife(one(4)).findingCount = 1;
  shownLife(one(5)).state = 'stopped';
  shownLife(one(5)).findingCount = 1;
  expect([1, 2, 3, 4, 5, 6].map((at) => handedOnBy(one(at)))).toEqual([
    'all',
    'all',
    'nothing',
    'part',
    'nothing',
    'nothing',
  ]);
});

test('what a task rests on so far counts those that have ended: who is at work, or not begun, was not stopped', () => {
  const { tree, finds, fails } = play({ kind: 'bestEffort', min: 1 }, 4);
  finds(1);
  fails(2);
  const { coverage, open } = coverageOfEnded({ tree, remarks: [] });
  expect(coverage).toMatchObject({ done: 1, failed: 1, skipped: 0, subtasks: [{ subtask: 's1' }, { subtask: 's2' }] });
  expect(coverage.gaps.join()).not.toMatch(/s3|s4/);
  expect(open.map(({ spec }) => spec.id)).toEqual(['s3', 's4']);
});

test('a request says how it is joined, else its class; what can’t be is refused in words', () => {
  const row = { ...BUILT_IN_CLASSES.quick, join: { kind: 'quorum', k: 2 } as JoinPolicy };
  expect(joinOf({ class: row })).toEqual({ kind: 'quorum', k: 2 });
  expect(joinOf({ class: row, join: { kind: 'all' } })).toEqual({ kind: 'all' });
  expect(joinOf({ class: row, hedge: { afterMs: 2 } })).toEqual({ kind: 'quorum', k: 2, hedge: { afterMs: 2 } });
  const problem = (join: object) => joinProblem(join as JoinPolicy, row);
  expect(problem({ kind: 'quorum', k: 0 })).toMatch(/quorum is 0/);
  expect(problem({ kind: 'quorum', k: 1.5 })).toMatch(/whole number/);
  expect(problem({ kind: 'bestEffort', min: 1, deadlineSeconds: 61 })).toMatch(/class quick allows 60/);
  expect(problem({ kind: 'all', hedge: { afterMs: -1 } })).toMatch(/-1 ms/);
  expect(problem({ kind: 'hedge', afterMs: 5 })).toMatch(/no join policy "hedge"/);
  expect(problem({ kind: 'first', hedge: {} })).toBeUndefined();
});
