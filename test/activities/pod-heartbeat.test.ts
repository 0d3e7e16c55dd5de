// A pod's heartbeat is part of the Workflow's mutable state at the server: it is small, however many seats there are.

import { podHeartbeat } from '../../activities/lifecycle/pod-heartbeat.ts';
import type { SubtaskPhase } from '../../protocol/progress.ts';
import { MAX_HEARTBEAT_BYTES } from '../../protocol/limits.ts';

const line = (n: number, phase: string): SubtaskPhase => ({
  id: `s${n}`,
  generation: 1,
  records: 12,
  turn: 3,
  tokens: 45_678,
  phase,
});
const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

test.each([
  ['one seat', 1, 'turn 1: asks the model'],
  ['thirty seats with phases in Japanese', 30, '検'.repeat(120)],
  ['a thousand seats', 1_000, 'turn 1: asks the model'],
])('a pod with %s never tells more than 8 KiB', (_what, seats, phase) => {
  const lines = Array.from({ length: seats }, (_, i) => line(i, phase));
  expect(bytes(podHeartbeat(lines, [], 500))).toBeLessThanOrEqual(MAX_HEARTBEAT_BYTES);
});

test('a pod that fits tells every seat whole, in the order of its seats', () => {
  const lines = [line(1, 'a'), line(2, 'b'), line(3, 'c')];
  expect(podHeartbeat(lines, [1, 3, 2], 7)).toEqual({ v: 1, reports: 7, subtasks: lines });
});

test('a pod that does not fit leaves phases out first, and then those seats that did not change for longest', () => {
  const lines = Array.from({ length: 200 }, (_, i) => line(i, 'x'.repeat(100)));
  const told = podHeartbeat(
    lines,
    lines.map((_, i) => i),
    0,
  ).subtasks;
  expect(told.every(({ phase }) => phase === '')).toBe(true);
  expect(told.length).toBeGreaterThan(60);
  expect(told.map(({ id }) => id)).toEqual(lines.slice(-told.length).map(({ id }) => id));
});
