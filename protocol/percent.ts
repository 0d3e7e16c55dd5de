// percent.ts: how far a task is, in whole percent, from its stage and how many of its subtasks have ended. For people:
// nothing decides by it. What was said once never goes back: the master keeps the highest.

import type { Stage } from './progress.ts';

/** Where a stage begins. Research has most of the time, and moves from its beginning to that of synthesis. */
const BEGINS: Readonly<Record<Stage, number>> = {
  accepted: 0,
  answering: 1,
  preparing: 2,
  planning: 6,
  researching: 12,
  synthesizing: 85,
  closing: 97,
  closed: 100,
};

export function percentOf(stage: Stage, subtasks: { ended: number; all: number }): number {
  const begins = BEGINS[stage];
  if (stage !== 'researching' || subtasks.all === 0) return begins;
  return begins + Math.floor(((BEGINS.synthesizing - begins) * subtasks.ended) / subtasks.all);
}
