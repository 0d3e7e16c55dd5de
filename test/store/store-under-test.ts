// store-under-test.ts: a store as the tests of all stores get it, and what they put into it.

import type { TaskResult } from '../../protocol/result.ts';
import { NO_COVERAGE } from '../../protocol/coverage.ts';
import { NO_USAGE } from '../../protocol/usage.ts';
import type { ForgetParts, KeptTask } from '../../store/forget.ts';
import type { Store, TaskRecord } from '../../store/store.ts';

export const head = (taskId: string, more: Partial<TaskRecord> = {}): TaskRecord => ({
  taskId,
  run: `run-of-${taskId}`,
  goal: 'g',
  className: 'quick',
  tenant: 't',
  acceptedAt: Date.now(),
  retentionDays: 7,
  ...more,
});

export const resultOf = ({ taskId, run, acceptedAt }: TaskRecord): TaskResult => ({
  v: 1,
  taskId,
  run,
  outcome: 'completed',
  goal: 'g',
  coverage: NO_COVERAGE,
  usage: NO_USAGE,
  timings: { acceptedAt, closedAt: acceptedAt + 1 },
});

export interface StoreUnderTest {
  store: Store;
  /** What opens it in another process: its folder or address. */
  place: string;
  /** The same store, opened as another process would. */
  another: () => Store;
  /** Makes the last use of every corpus and blob this many days older. */
  age: (days: number) => Promise<void>;
  remove: () => Promise<void>;
  /** What forgetting does in this store, to be held in the middle. */
  forgetParts: () => ForgetParts<KeptTask>;
  /** How many of its callers stand in line for a lease; absent where who asks stands there at once. */
  inLine?: () => Promise<number>;
}
