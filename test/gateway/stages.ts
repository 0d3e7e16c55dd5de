// stages.ts: the stages of a task in their order; the type check holds it to all there are.

import type { Stage } from '../../protocol/progress.ts';

const order: Record<Stage, number> = {
  accepted: 0,
  preparing: 1,
  planning: 2,
  researching: 3,
  synthesizing: 4,
  closing: 5,
  closed: 6,
};

export const ALL_STAGES = (Object.keys(order) as Stage[]).sort((a, b) => order[a] - order[b]);
