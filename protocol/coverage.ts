// coverage.ts: what an answer rests on, so that a partial failure is never silent.

import type { Failure } from './failures.ts';
import type { MergedSubtask } from './merged.ts';
import type { Round } from './rounds.ts';

export interface CoverageRow {
  subtask: string;
  title: string;
  /** `stopped`: cancelled with the task, at its deadline, or left behind when the join was decided. */
  state: 'done' | 'failed' | 'skipped' | 'stopped';
  findings: number;
  /** Blob with them; absent where there are none, and in older results. */
  findingsRef?: string;
  failure?: Failure;
  /** Blob with what its kind returned beside findings, JSON: `store.getBlob(dataRef)`. It is no part of the answer. */
  dataRef?: string;
}

export interface Coverage {
  done: number;
  failed: number;
  skipped: number;
  subtasks: CoverageRow[];
  /** Gaps in sentences: failed subtasks with their reason, claims dropped, files that could not be read. */
  gaps: string[];
  /** What was not done twice; absent where that was nothing. */
  merged?: MergedSubtask[];
  /** Further rounds, and what each added; absent where there was none. */
  rounds?: Round[];
}

export const NO_COVERAGE: Coverage = { done: 0, failed: 0, skipped: 0, subtasks: [], gaps: [] };
