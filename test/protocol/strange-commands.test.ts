// What is no command, and what is no end of a task, is known as such: it may come from anybody, with anything in it.

import { isTaskEnd } from '../../protocol/background.ts';
import { isTaskCommand, taskCommandProblem } from '../../protocol/task-commands.ts';
import { SAMPLES } from '../rig/command-samples.ts';
import { specOf } from '../workflows/fan-out-ports.ts';

const SENT = { v: 1, id: 'x', at: 1, by: { name: 'anna', how: 'claimed' } };

test('a command in which a field holds what it may not is none', () => {
  for (const { body } of Object.values(SAMPLES)) expect(isTaskCommand({ ...SENT, ...body })).toBe(true);
  for (const odd of [
    { kind: 'note' },
    { kind: 'note', text: 'x', to: null },
    { kind: 'pause', to: 5 },
    { kind: 'pause', to: 'x'.repeat(101) },
    { kind: 'add' },
    { kind: 'add', goal: 'x', title: 5 },
    { kind: 'add', goal: 'x', agent: {} },
    { kind: 'swapModel' },
    { kind: 'swapModel', models: 'abc' },
    { kind: 'approve', plan: 7 },
    { kind: 'extend', seconds: -1e14 },
    { kind: 'extend', seconds: Infinity },
    { kind: 'k'.repeat(41) },
  ])
    expect([odd, isTaskCommand({ ...SENT, ...odd })]).toEqual([odd, false]);
  expect(isTaskCommand({ ...SENT, kind: 'pause', by: { name: 'anna' } })).toBe(false);
});

test('an extension beyond any limit is refused in words', () => {
  expect(taskCommandProblem({ kind: 'extend', seconds: -1e14 })).toBe('an extension is in numbers, of at most 1e9');
  expect(taskCommandProblem({ kind: 'extend', seconds: -600 })).toBeUndefined();
});

test('an end of a task with odd subtasks is none', () => {
  const end = { v: 1, run: 'r', outcome: 'completed', at: 1 };
  const found = [{ subtask: 's1', title: 't', findingsRef: 'f' }];
  expect(isTaskEnd({ ...end, corpusRef: 'c', planRef: 'p', subtasks: [{ spec: specOf('s2'), found }] })).toBe(true);
  for (const odd of [
    { subtasks: 5 },
    { subtasks: [5] },
    { subtasks: [{ spec: { id: 's2' } }] },
    { subtasks: [{ spec: specOf('s2'), found: [5] }] },
    { corpusRef: 5 },
    { planRef: {} },
  ])
    expect([odd, isTaskEnd({ ...end, ...odd })]).toEqual([odd, false]);
});
