// stages.ts: the stages of a task in their order; the type check holds it to all there are.

import type { Stage } from '../../protocol/progress.ts';

const order: Record<Stage, number> = {
  accepted: 0,
  answering: 1,
  preparing: 2,
  planning: 3,
  researching: 4,
  synthesizing: 5,
  closing: 6,
  closed: 7,
};

export const ALL_STAGES = (Object.keys(order) as Stage[]).sort((a, b) => order[a] - order[b]);
