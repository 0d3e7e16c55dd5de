// What is missing once all have ended, what a further round made up for, and when there is none: purely, from the master's state.

import type { Failure, FailureType } from '../../protocol/failures.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import type { SubtaskSpec } from '../../protocol/plan.ts';
import { roundInWords } from '../../protocol/rounds.ts';
import type { TaskRequest } from '../../protocol/task.ts';
import { roomForRound } from '../../workflows/further-rounds.ts';
import { coverageOf } from '../../workflows/state/coverage.ts';
import { newGrants, reserve, settle } from '../../workflows/state/grants.ts';
import { lacksOf, roundsIn } from '../../workflows/state/lacks.ts';
import { newState, type MasterState } from '../../workflows/state/state.ts';
import { addSubtask, change, type Life, type SubtaskState } from '../../workflows/state/tree.ts';

const MINUTE = 60_000;
const START = 1_000_000;
const request = (more: Partial<TaskRequest> = {}): TaskRequest => ({
  v: 1,
  goal: 'g',
  sources: [],
  class: BUILT_IN_CLASSES.standard,
  tenant: 't',
  ...more,
});
const failure = (type: FailureType): Failure => ({ type, message: `because of ${type}` });

interface Ended extends Partial<Life> {
  round?: SubtaskState['round'];
  isDelegated?: true;
}

/** A task whose subtasks have ended so. */
function ended(all: Record<string, Ended>, asked: Partial<TaskRequest> = {}): MasterState {
  const state = newState('t', 'r', 'r', request(asked), START);
  state.firstActivityAt = START;
  state.entered.researching = START;
  for (const [id, { round, isDelegated, ...life }] of Object.entries(all)) {
    const spec = { id, title: id, needs: [], mode: 'blocking', limits: {} } as unknown as SubtaskSpec;
    const subtask = addSubtask(state.tree, spec, {
      ...(round ? { round } : {}),
      ...(isDelegated ? { isDelegated } : {}),
    });
    if (round) state.tree.rounds = [{ round: round.round, why: ['x'] }];
    change(state.tree, subtask, () => {
      Object.assign(subtask.lives[0]!, { state: 'done', findingCount: 2, ...life });
      subtask.chosen = 1;
    });
  }
  return state;
}

test.each<[string, Ended, string | undefined]>([
  ['it has two findings', {}, undefined],
  ['it has one finding', { findingCount: 1 }, 'thin'],
  ['it has none', { findingCount: 0 }, 'nothing'],
  ['it made data of its own', { findingCount: 0, dataRef: 'd' }, undefined],
  ['it says what it did not find', { missing: ['x'] }, 'gap'],
  ['its model could not answer', { state: 'failed', failure: failure('ModelOutputInvalid') }, 'failed'],
  ['it failed after a finding', { state: 'failed', findingCount: 1, failure: failure('LimitReached') }, 'failed'],
  ['no key would help', { state: 'failed', failure: failure('ModelKeyRefused') }, undefined],
  ['it would kill the worker again', { state: 'failed', failure: failure('DiesAtOnePoint') }, undefined],
  ['what it needs failed', { state: 'skipped', failure: failure('NeedsFailed') }, 'failed'],
  ['the budget left it out', { state: 'skipped', failure: failure('LimitReached') }, undefined],
  ['it was stopped', { state: 'stopped', failure: failure('Stopped') }, undefined],
  ['it was delegated', { findingCount: 0, isDelegated: true }, undefined],
])('what is missing of a subtask where %s', (_what, one, why) => {
  expect(lacksOf(ended({ s1: one }).tree).map((lack) => lack.why)).toEqual(why === undefined ? [] : [why]);
});

const fills = (...ids: string[]): SubtaskState['round'] => ({ round: 2, fills: ids });

test.each<[string, Record<string, Ended>, { lacks: string[]; gaps: string[]; filled: string[] }]>([
  [
    'whole: nothing is open any more',
    { s1: { missing: ['a'] }, s2: { findingCount: 1, round: fills('s1') } },
    { lacks: [], gaps: [], filled: ['s1'] },
  ],
  [
    'in part: what was open stays open, and is told once',
    { s1: { missing: ['a'] }, s2: { missing: ['b'], round: fills('s1') } },
    { lacks: ['s1 gap'], gaps: ['a'], filled: [] },
  ],
  [
    'in part of one that found nothing: what the round left open is what is open',
    { s1: { findingCount: 0, missing: ['a'] }, s2: { missing: ['b'], round: fills('s1') } },
    { lacks: ['s2 gap'], gaps: ['b'], filled: ['s1'] },
  ],
  [
    'not at all: the first one’s gap is told, and no other',
    {
      s1: { state: 'failed', findingCount: 0, failure: failure('ToolsFailed') },
      s2: { state: 'failed', findingCount: 0, failure: failure('ToolsFailed'), round: fills('s1') },
    },
    { lacks: ['s1 failed'], gaps: ['“s1” failed: because of ToolsFailed'], filled: [] },
  ],
])('a further round made up for it %s', (_how, all, { lacks, gaps, filled }) => {
  const state = ended(all);
  expect(lacksOf(state.tree).map(({ subtask, why }) => `${subtask} ${why}`)).toEqual(lacks);
  const coverage = coverageOf(state);
  expect(coverage.gaps).toEqual(gaps);
  expect(coverage.rounds?.[0]?.filled).toEqual(filled);
});

test('what a round added is told in a sentence', () => {
  const { tree } = ended({ s1: { missing: ['a'] }, s2: { findingCount: 1, round: fills('s1') } });
  expect(roundsIn(tree).map(roundInWords)).toEqual([
    'Round 2 looked for what was missing, with 1 more subtask (s2): it added 1 finding, and made up for what s1 left open.',
  ]);
});

const LACKING: Record<string, Ended> = { s1: {}, s2: { findingCount: 0 } };

test.each<[string, MasterState, number, number]>([
  ['there is time and room', ended(LACKING), MINUTE, 6],
  ['a round has at most eight', ended(LACKING, { class: BUILT_IN_CLASSES.thorough }), MINUTE, 8],
  ['the class has room for no more', ended(LACKING, { class: { ...BUILT_IN_CLASSES.standard, maxSubtasks: 2 } }), 0, 0],
  ['nobody found anything', ended({ s1: { state: 'failed', findingCount: 0, failure: failure('ToolsFailed') } }), 0, 0],
  ['the deadline, or a join, ended one', ended({ ...LACKING, s3: { state: 'stopped' } }), 0, 0],
  ['less than a quarter of the time is left', ended(LACKING), 12 * MINUTE, 0],
  [
    'less than a quarter of the join’s time is left',
    ended(LACKING, { join: { kind: 'bestEffort', min: 1, deadlineSeconds: 40 } }),
    31_000,
    0,
  ],
])('how many subtasks a further round may have where %s', (_where, state, after, most) => {
  expect(roomForRound(state, START + after)).toBe(most);
});

test.each<[string, (state: MasterState) => void]>([
  ['everybody was told to finish', ({ steering }) => void (steering.isFinishing = true)],
  ['the answer was asked for', ({ steering }) => void (steering.answerAskedBy = 'somebody')],
  ['a person stopped one', ({ steering }) => void (steering.stoppedBy = { s1: 'somebody' })],
])('there is no further round where %s', (_where, change) => {
  const state = ended(LACKING);
  expect(roomForRound(state, START)).toBeGreaterThan(0);
  change(state);
  expect(roomForRound(state, START)).toBe(0);
});

test('time that the task stood still counts for none, and what a person added does', () => {
  const state = ended(LACKING);
  state.standstill.spans.push({ from: START, to: START + 5 * MINUTE });
  expect(roomForRound(state, START + 12 * MINUTE)).toBeGreaterThan(0);
  const longer = ended(LACKING);
  longer.steering.extended = { seconds: 900 };
  expect(roomForRound(longer, START + 12 * MINUTE)).toBeGreaterThan(0);
});

test('a round has its part of the budget, and not what the plan’s subtasks left', () => {
  const state = ended(LACKING, { class: { ...BUILT_IN_CLASSES.standard, budget: { tokens: 40_000 } } });
  const terms = { first: 0.6, further: 0.15, least: { tokens: 10_000 } };
  const grants = newGrants(terms, {});
  state.ledger.grants = grants;
  // 6,000 are there, of the 24,000 of the first round nothing is spent.
  expect(roomForRound(state, START)).toBeGreaterThan(0);
  reserve(grants, 's2/2', 'further', { tokens: 3_000 });
  settle(grants, 's2/2', { tokens: 3_000 });
  expect(roomForRound(state, START)).toBe(0);
});
