// The time that a step has outside is more than what the class lets its models work inside; and nothing that an answer waits
// for waits for what runs in the background, neither in the table of steps nor in a plan.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { BUILT_IN_CLASSES, writingLimits } from '../../protocol/classes.ts';
import { graphProblem, type SubtaskSpec } from '../../protocol/plan.ts';
import { addPlanned } from '../../workflows/make-plan.ts';
import { runStep } from '../../workflows/run-step.ts';
import { newSteering } from '../../workflows/state/steering.ts';
import { highestNumber, newTree } from '../../workflows/state/tree.ts';
import { activityOptions, STEPS, type BlockingStep } from '../../workflows/steps.ts';
import { specOf } from './fan-out-ports.ts';

test.each(Object.values(BUILT_IN_CLASSES))('a step of class $name is not ended while its model may work', (row) => {
  for (const { seconds } of [row.subtask, writingLimits(row)])
    for (const step of ['planTask', 'synthesize', 'verifyAnswer', 'shapeAnswer'] as const)
      expect(activityOptions(step, '', seconds).startToCloseTimeout).toBeGreaterThan(seconds * 1_000);
});

test('on the way to an answer no background step can be awaited', () => {
  const behind = Object.entries(STEPS).filter(([, { mode }]) => mode === 'background');
  expect(behind.length).toBeGreaterThan(0);
  for (const [name] of behind)
    expect(() => void runStep(name as BlockingStep, '', {} as never).catch(() => undefined)).toThrow(
      /is a background step.*no answer waits/,
    );
  const folder = join(__dirname, '../../workflows');
  const awaiting = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.ts') &&
      /import \{[^}]*\b(?:runBehind|runInBackground)\b[^}]*\} from/.test(readFileSync(join(folder, file), 'utf8')),
  );
  expect(awaiting.filter((file) => !/^(close-task|forget|background[a-z-]*)\.ts$/.test(file))).toEqual([]);
  expect(awaiting).toContain('close-task.ts');
});

test('in no plan that passes does what the answer waits for need a subtask in the background', () => {
  const subtasks = fc.array(
    fc.record({ mode: fc.constantFrom('blocking' as const, 'background' as const), needs: fc.array(fc.nat(7)) }),
    { minLength: 1, maxLength: 8 },
  );
  let passed = 0;
  fc.assert(
    fc.property(subtasks, (drawn) => {
      const plan = drawn.map(({ mode, needs }, at) => ({
        id: `s${at}`,
        mode,
        needs: needs.filter((need) => need < at).map((need) => `s${need}`),
      }));
      const reached = new Set<string>();
      const reach = (id: string): void => {
        reached.add(id);
        plan.find((one) => one.id === id)?.needs.forEach(reach);
      };
      for (const { id, mode } of plan) if (mode === 'blocking') reach(id);
      const waits = plan.some(({ id, mode }) => mode === 'background' && reached.has(id));
      if (!waits) passed += 1;
      const problem = graphProblem(plan);
      if (waits) expect(problem).toMatch(/needs s\d: but that one runs in the background, and no answer waits for it/);
      else expect(problem).toBeUndefined();
    }),
  );
  expect(passed).toBeGreaterThan(0);
});

const twoPlanned = () => {
  const state = { tree: newTree(), background: [] as SubtaskSpec[], steering: newSteering() };
  addPlanned(state, [specOf('s1'), { ...specOf('s2', ['s1']), mode: 'background' as const }]);
  return state;
};

test('a subtask in the background is no part of what the answer waits for', () => {
  const { tree, background } = twoPlanned();
  expect(tree.ids).toEqual(['s1']);
  expect(background.map(({ id }) => id)).toEqual(['s2']);
});

test('what is added has no number that a subtask in the background has', () => {
  const { tree, steering } = twoPlanned();
  expect(highestNumber(tree, steering.lastAdded)).toBe(2);
});
