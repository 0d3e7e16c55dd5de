// When a subtask counts as slow, from the class history.

import { usualTimes } from '../../activities/agents/usual-times.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import type { SubtaskRow, SubtaskRowsOf } from '../../protocol/class-history.ts';
import type { TaskRequest } from '../../protocol/task.ts';
import type { Store } from '../../store/store.ts';

const request = (more: Partial<TaskRequest>): TaskRequest => ({
  v: 1,
  goal: 'g',
  sources: [],
  class: BUILT_IN_CLASSES.quick,
  tenant: 'default',
  ...more,
});
const rowOf = (kind: string, totalMs: number, ending: SubtaskRow['ending'] = 'done'): SubtaskRow => ({
  run: 'r',
  subtask: 's1',
  class: 'quick',
  kind,
  endedAt: 0,
  ending,
  totalMs,
  retries: 0,
  turns: 1,
  tokens: 1,
});
const store = (rows: SubtaskRow[]): Pick<Store, 'outcomes'> =>
  ({ outcomes: async ({ kind }: SubtaskRowsOf) => rows.filter((row) => row.kind === kind) }) as unknown as Store;

test('a kind’s usual time is that of 95 of 100, once 20 are known, and only where a hedge asks for it', async () => {
  const known = Array.from({ length: 20 }, (_, at) => rowOf('researcher', (at + 1) * 100));
  const failed = Array.from({ length: 40 }, () => rowOf('researcher', 9_999, 'failed'));
  const few = Array.from({ length: 19 }, () => rowOf('checker', 50));
  const kinds = [{ kind: 'researcher' }, { kind: 'checker' }, { kind: 'researcher' }];
  const of = (more: Partial<TaskRequest>) => usualTimes(store([...known, ...failed, ...few]), request(more), kinds);
  expect(await of({ hedge: {} })).toEqual({ usualMs: { researcher: 1_900 } });
  expect(await of({ join: { kind: 'all', hedge: {} } })).toEqual({ usualMs: { researcher: 1_900 } });
  expect(await of({ hedge: { afterMs: 5 } })).toEqual({});
  expect(await of({})).toEqual({});
});
