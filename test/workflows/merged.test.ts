// Delegated subtasks that ask for the same, without a server: who waits for whom, what each of them gets, and that nobody ever
// waits for itself.

import { MAX_SUBTASKS_A_TASK } from '../../protocol/limits.ts';
import type { SubtaskSpec } from '../../protocol/plan.ts';
import type { TaskEventBody } from '../../protocol/events.ts';
import { addDelegated, childResults, wasStoppedWithItsParent } from '../../workflows/delegation.ts';
import { waitsFor } from '../../workflows/merged.ts';
import { coverageOf } from '../../workflows/state/coverage.ts';
import {
  addLife,
  addSubtask,
  change,
  newTree,
  subtaskOf,
  type Life,
  type SubtaskState,
} from '../../workflows/state/tree.ts';
import { delegated, specOf } from './fan-out-ports.ts';

const asking = (id: string, dedupeKey: string, needs: string[] = []): SubtaskSpec => ({
  ...specOf(id, needs),
  title: `T ${id}`,
  dedupeKey,
});

/** A tree of planned subtasks, and a way to delegate; what is emitted is kept. */
function play(...specs: SubtaskSpec[]) {
  const tree = newTree();
  const events: TaskEventBody[] = [];
  for (const spec of specs) addSubtask(tree, spec);
  const of = (id: string): SubtaskState => subtaskOf(tree, id) as SubtaskState;
  const lifeOf = (id: string): Life => of(id).lives.at(-1) as Life;
  return {
    tree,
    events,
    of,
    delegate(id: string, subtasks: SubtaskSpec[], handle = 'h'): string[] {
      const outcome = { ...delegated(of(id)), delegations: [{ handle, planRef: 'p', subtasks }] };
      type Delegated = Parameters<typeof addDelegated>[3];
      return addDelegated(tree, of(id), lifeOf(id), outcome as Delegated, (event) => events.push(event)).map(
        ({ spec }) => spec.id,
      );
    },
    lifeOf,
    brought: (id: string) => childResults(tree, lifeOf(id))?.flatMap(({ subtasks }) => subtasks),
    end(id: string, state: 'done' | 'failed' | 'stopped', findingsRef?: string) {
      change(tree, of(id), () => {
        const { generation } = Object.assign(lifeOf(id), {
          state,
          findingCount: 1,
          ...(findingsRef ? { findingsRef } : {}),
        });
        of(id).chosen = generation;
      });
    },
  };
}

test('what is delegated above 500 subtasks a task is not begun, and who delegated it is told why', () => {
  const it_ = play(...Array.from({ length: MAX_SUBTASKS_A_TASK - 1 }, (_one, at) => specOf(`s${at + 1}`)));
  expect(it_.delegate('s1', [specOf('s1-1'), specOf('s1-2')])).toEqual(['s1-1']);
  expect(it_.tree.ids).toHaveLength(MAX_SUBTASKS_A_TASK);
  expect(it_.brought('s1')?.[1]).toMatchObject({
    subtask: 's1-2',
    state: 'skipped',
    reason: 'the task has 500 subtasks already',
  });
});

test('two sub-agents that delegate the same wait for one subtask, and each gets what it finds', () => {
  const it_ = play(asking('s1', 'left'), asking('s2', 'right'));
  expect(it_.delegate('s1', [asking('s1-1', 'part')])).toEqual(['s1-1']);
  expect(it_.delegate('s2', [asking('s2-1', 'part'), asking('s2-2', 'other')])).toEqual(['s1-1', 's2-2']);
  expect(it_.tree.ids).toEqual(['s1', 's2', 's1-1', 's2-2']);
  it_.end('s1-1', 'done', 'found');
  const { usage } = it_.of('s1-1').lives[0] as Life;
  change(it_.tree, it_.of('s1-1'), () => {
    (it_.of('s1-1').lives[0] as Life).usage = { ...usage, inputTokens: 70, outputTokens: 7 };
  });
  expect(it_.brought('s1')).toMatchObject([
    { subtask: 's1-1', state: 'done', findingsRef: 'found', spent: { tokens: 77 } },
  ]);
  // Under its own title, and at no cost: that is booked once.
  expect(it_.brought('s2')?.[0]).toMatchObject({
    subtask: 's1-1',
    title: 'T s2-1',
    state: 'done',
    findingsRef: 'found',
    spent: { tokens: 0, costUsd: 0 },
  });
  const merged = [{ title: 'T s2-1', into: 's1-1', delegatedBy: 's2' }];
  expect(it_.events.filter(({ type }) => type === 'subtasks.merged')).toEqual([{ type: 'subtasks.merged', merged }]);
  expect(coverageOf({ tree: it_.tree, remarks: [] }).merged).toEqual(merged);
});

test('the same delegation once more, as after a crash, is waited for where it was before', () => {
  const it_ = play(asking('s1', 'left'), asking('s2', 'part'));
  const part = [asking('s1-1', 'part')];
  expect(it_.delegate('s1', part)).toEqual(['s2']);
  it_.end('s2', 'failed');
  expect(it_.delegate('s1', part)).toEqual(['s2']);
  expect(it_.events).toHaveLength(1);
});

test('what failed is done anew for who asks for the same, and so is what has no key', () => {
  const it_ = play(asking('s1', 'left'), asking('s2', 'part'), specOf('s3'));
  it_.end('s2', 'failed');
  const { dedupeKey: _key, ...keyless } = asking('s1-2', '');
  expect(it_.delegate('s1', [asking('s1-1', 'part'), keyless])).toEqual(['s1-1', 's1-2']);
  expect(it_.events.map(({ type }) => type)).toEqual(['subtask.delegated']);
});

test('whose subtask was stopped with who delegated it first has it done for itself; one that a person stopped it has not', () => {
  const it_ = play(asking('s1', 'left'), asking('s2', 'right'), asking('s3', 'third'));
  it_.delegate('s1', [asking('s1-1', 'part')]);
  const part = [asking('s2-1', 'part')];
  expect(it_.delegate('s2', part)).toEqual(['s1-1']);
  expect(wasStoppedWithItsParent(it_.tree, it_.lifeOf('s2'))).toBe(false);
  it_.end('s1-1', 'stopped');
  expect(wasStoppedWithItsParent(it_.tree, it_.lifeOf('s2'))).toBe(true);
  expect(coverageOf({ tree: it_.tree, remarks: [] }).merged).toHaveLength(1);
  expect(it_.delegate('s2', part)).toEqual(['s2-1']);
  expect(coverageOf({ tree: it_.tree, remarks: [] }).merged).toBeUndefined();
  expect(wasStoppedWithItsParent(it_.tree, it_.lifeOf('s2'))).toBe(false);
  it_.end('s2-1', 'done', 'found');
  expect(it_.brought('s2')).toMatchObject([{ subtask: 's2-1', state: 'done', findingsRef: 'found' }]);
  expect(it_.delegate('s3', [asking('s3-1', 'left')])).toEqual(['s1']);
  it_.lifeOf('s1').failure = { type: 'Stopped', message: 'it was stopped by anna' };
  it_.end('s1', 'stopped');
  expect(wasStoppedWithItsParent(it_.tree, it_.lifeOf('s3'))).toBe(false);
});

test('no sub-agent waits for one that waits for it: not for itself, for who delegated it, or for who needs it', () => {
  const it_ = play(asking('s1', 'a'), asking('s2', 'b', ['s1']), asking('s3', 'c'));
  // Its own question once more, and that of one that needs it.
  expect(it_.delegate('s1', [asking('s1-1', 'a'), asking('s1-2', 'b')])).toEqual(['s1-1', 's1-2']);
  // That of who delegated it.
  expect(it_.delegate('s1-1', [asking('s1-1-1', 'a')])).toEqual(['s1-1-1']);
  // Through others: s3 waits for s2, which needs s1, which waits for s1-2.
  expect(it_.delegate('s3', [asking('s3-1', 'b')])).toEqual(['s2']);
  expect(it_.delegate('s1-2', [asking('s1-2-1', 'c')])).toEqual(['s1-2-1']);
  // Once s3 has ended it waits for nobody any more.
  it_.end('s3', 'done');
  expect(it_.delegate('s1-1-1', [asking('s1-1-1-1', 'c')])).toEqual(['s3']);
});

test('whatever is delegated, in whatever order, nobody ever waits for itself', () => {
  let seed = 11;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  let merges = 0;
  for (let round = 0; round < 150; round += 1) {
    const it_ = play(
      asking('s1', 'k0'),
      asking('s2', 'k1', ['s1']),
      asking('s3', 'k2'),
      asking('s4', 'k3', ['s2', 's3']),
    );
    for (let step = 0; step < 14; step += 1) {
      const at = it_.tree.ids[random(it_.tree.ids.length)] ?? 's1';
      if (it_.of(at).chosen !== undefined) continue;
      // Who waits delegates nothing more.
      const isWaiting = it_.brought(at)?.some(({ subtask }) => it_.of(subtask).chosen === undefined) ?? false;
      if (random(6) === 0) it_.end(at, random(2) === 0 ? 'done' : 'failed');
      else if (random(8) === 0) addLife(it_.tree, it_.of(at));
      else if (!isWaiting) it_.delegate(at, [asking(`${at}-${step}`, `k${random(5)}`)], `h${step}`);
      for (const id of it_.tree.ids) {
        const one = it_.of(id);
        if (one.chosen !== undefined) continue;
        const waited = one.lives.flatMap(({ childResults: all = [] }) => all.flatMap(({ subtasks }) => subtasks));
        for (const { subtask } of waited)
          if (it_.of(subtask).chosen === undefined) expect(waitsFor(it_.tree, it_.of(subtask), id)).toBe(false);
      }
    }
    merges += it_.tree.merged?.length ?? 0;
  }
  expect(merges).toBeGreaterThan(100);
});

test('of what was merged the coverage names a hundred, the events all', () => {
  const it_ = play(asking('s1', 'left'), asking('s2', 'part'));
  it_.delegate(
    's1',
    Array.from({ length: 130 }, (_, at) => asking(`s1-${at}`, 'part')),
  );
  expect(coverageOf({ tree: it_.tree, remarks: [] }).merged).toHaveLength(100);
  expect(it_.events).toMatchObject([{ type: 'subtasks.merged', merged: { length: 130 } }]);
});
