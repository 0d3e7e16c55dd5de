// coordinate.ts: are the outcomes enough? Pure, recomputed on replay. More policies, second rounds and conflicts come here.

import type { Failure } from '../protocol/failures.ts';
import type { JoinPolicy } from '../protocol/join.ts';
import type { SubtaskState } from './state.ts';

export type Verdict = { enough: true } | { enough: false; failure: Failure };

/** Whether an answer can be written from these endings. A stopped subtask counts when it had findings. */
export function coordinate(subtasks: readonly SubtaskState[], join: JoinPolicy): Verdict {
  const min = join.kind === 'bestEffort' ? Math.max(1, join.min) : subtasks.length;
  const useful = subtasks.filter((one) => one.state === 'done' || one.findingCount > 0).length;
  if (useful >= min) return { enough: true };
  const reasons = subtasks.flatMap((one) =>
    one.failure ? [`${one.spec.id} “${one.spec.title}”: ${one.failure.message}`] : [],
  );
  const all = useful === 0 ? 'no subtask succeeded' : `only ${useful} of the ${min} subtasks asked for succeeded`;
  return {
    enough: false,
    failure: { type: 'AllSubtasksFailed', message: `${all}. ${reasons.slice(0, 8).join('; ')}`.trim() },
  };
}
