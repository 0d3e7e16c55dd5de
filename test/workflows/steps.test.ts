// The time that a step has outside is more than what the class lets its models work inside.

import { BUILT_IN_CLASSES, writingLimits } from '../../protocol/classes.ts';
import { activityOptions } from '../../workflows/steps.ts';

test.each(Object.values(BUILT_IN_CLASSES))('a step of class $name is not ended while its model may work', (row) => {
  for (const { seconds } of [row.subtask, writingLimits(row)])
    for (const step of ['planTask', 'synthesize', 'verifyAnswer', 'shapeAnswer'] as const)
      expect(activityOptions(step, '', seconds).startToCloseTimeout).toBeGreaterThan(seconds * 1_000);
});
