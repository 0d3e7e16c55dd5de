// What a background child whose history has become long hands to its next run, and when. No server.

import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import { MAX_CARRIED_CHARS } from '../../protocol/limits.ts';
import { NO_USAGE } from '../../protocol/usage.ts';
import { isRunOver, MOST_EVENTS } from '../../workflows/run-length.ts';
import { carriedOf, takeUp, type Carried } from '../../workflows/state/carried.ts';
import { addEvent } from '../../workflows/state/journal.ts';
import { bookWaste } from '../../workflows/state/ledger.ts';
import { newReceivers } from '../../workflows/state/receivers.ts';
import { newState, type MasterState } from '../../workflows/state/state.ts';
import { addSubtask, change, lifeOf, reviveSubtask, stateOf, usageOf } from '../../workflows/state/tree.ts';
import { specOf } from './fan-out-ports.ts';

const REQUEST = { v: 1 as const, goal: 'g', sources: [], class: BUILT_IN_CLASSES.quick, tenant: 't' };
const stateOfRun = (run: string): MasterState => newState('t/background', 'first', run, REQUEST, 7);
const handOver = (state: MasterState): MasterState => {
  const carried = carriedOf(state, { ends: ['r'], endedAt: 1, own: state.tree.ids, unplanned: 0 });
  return takeUp(stateOfRun('second'), JSON.parse(JSON.stringify(carried)) as Carried);
};

test('a run is over when the server says that it is long and nothing is at work; far from its end whatever is at work', () => {
  const at = (historyLength: number, continueAsNewSuggested: boolean) => ({ historyLength, continueAsNewSuggested });
  expect([isRunOver(at(5_000, true), false), isRunOver(at(5_000, true), true)]).toEqual([true, false]);
  expect([isRunOver(at(5_000, false), false), isRunOver(at(MOST_EVENTS, true), true)]).toEqual([false, false]);
  expect([isRunOver(at(MOST_EVENTS + 1, true), true), isRunOver(at(MOST_EVENTS + 1, false), false)]).toEqual([
    true,
    true,
  ]);
  // The server ends a run at 51,200 events, and takes 10,000 Signals of it.
  expect(MOST_EVENTS + 10_000).toBeLessThan(51_200);
});

test('the next run knows all that the one before knew, and its events go on under the same run', () => {
  const state = stateOfRun('first-run');
  state.receivers = newReceivers([{ kind: 'webhook', to: 'https://a' }]);
  state.sources = { corpusRef: 'c', documents: 1, passages: 1, skipped: [], skippedCount: 0, startedAt: 1 };
  state.remarks.push('said');
  const one = addSubtask(state.tree, specOf('b1'));
  change(state.tree, one, () => Object.assign(one.lives[0]!, { state: 'failed', turns: 3, visit: 4 }));
  addEvent(state.journal, { type: 'background.again', ids: ['b1'] }, 5);
  state.mailbox.seen['b1/1'] = 9;
  const before = structuredClone(state);
  const next = handOver(state);
  expect(next).toEqual({ ...before, taskId: 't/background', firstRun: 'first', request: REQUEST });
  addEvent(next.journal, { type: 'background.again', ids: [] }, 6);
  expect(next.journal.events.map(({ run, n }) => `${run} ${n}`)).toEqual(['first-run 1', 'first-run 2']);
});

test('a subtask that is done again for weeks hands over as much as one that was done again ten times, and what it spent', () => {
  const state = stateOfRun('r');
  const { tree } = state;
  const one = addSubtask(tree, specOf('b1'));
  let next = state;
  for (let round = 1; round <= 3_000; round += 1) {
    const subtask = next.tree.subtasks.b1 ?? one;
    const life = subtask.lives.at(-1)!;
    change(next.tree, subtask, () => {
      life.state = 'failed';
      life.turns = 1;
      life.usage = { ...NO_USAGE, modelCalls: 1, inputTokens: 10 };
      subtask.chosen = life.generation;
    });
    for (const other of subtask.lives) if (other !== life) bookWaste(next.ledger, subtask, other);
    next.mailbox.seen[`b1/${life.generation}`] = 1;
    if (round % 100 === 0) next = handOver(next);
    if (round < 3_000) reviveSubtask(next.tree, next.tree.subtasks.b1!);
  }
  const { b1 } = next.tree.subtasks;
  expect(b1?.lives.length).toBeLessThan(15);
  expect([lifeOf(b1!, 3_000)?.turns, stateOf(b1!), next.tree.totals]).toEqual([
    1,
    'failed',
    { ...tree.totals, states: { ...tree.totals.states, failed: 1, planned: 0 } },
  ]);
  expect(usageOf(b1!)).toMatchObject({ modelCalls: 3_000, inputTokens: 30_000 });
  expect(b1!.lives.reduce((sum, { retries = 0 }) => sum + retries, b1!.lives.length - 1)).toBe(2_999);
  expect(next.ledger.wasted.length).toBeLessThan(15);
  expect(next.ledger.wasted.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(29_990);
  expect(Object.keys(next.mailbox.seen).length).toBeLessThan(15);
});

test('what would not fit in a payload goes without the texts of findings, which are in the store', () => {
  const state = stateOfRun('r');
  const digest = (id: string) => ({ id, claim: 'x'.repeat(280), at: 'a:1' });
  for (let n = 1; n <= 500; n += 1) {
    const one = addSubtask(state.tree, specOf(`b${n}`));
    change(state.tree, one, () =>
      Object.assign(one.lives[0]!, {
        state: 'done',
        findingCount: 6,
        findingsRef: 'f',
        digests: [1, 2, 3, 4, 5, 6].map((at) => digest(`b${n}/g1/${at}`)),
      }),
    );
  }
  expect(JSON.stringify(state).length).toBeGreaterThan(MAX_CARRIED_CHARS);
  const next = handOver(state);
  expect(JSON.stringify(next).length).toBeLessThan(MAX_CARRIED_CHARS);
  expect(next.tree.subtasks.b7?.lives[0]).toMatchObject({ findingCount: 6, findingsRef: 'f', digests: [] });
  expect(next.tree.totals).toMatchObject({ findings: 3_000, useful: 500, draftChars: 0, draftSections: 0 });
});
