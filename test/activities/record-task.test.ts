// What a worker had begun to write of a task that is forgotten meanwhile goes with it; a later task of the same id is another one.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordOnce } from '../../activities/record-task.ts';
import { fileStore } from '../../store/file-store.ts';
import { getTombstone } from '../../store/tombstones.ts';
import { head, resultOf } from '../store/store-under-test.ts';

test('what a worker still writes of a task that is forgotten, or of what went on behind its answer, goes as well', async () => {
  const store = fileStore(mkdtempSync(join(tmpdir(), 'muster-record-')));
  const task = head('t', { tenant: 'anna' });
  await store.putTask(task);
  await store.putResult('t', resultOf(task));
  const askedAt = Date.now();
  await store.forget('t');
  for (const taskId of ['t/background', 't']) {
    const run = `run-of-${taskId.replace('/', '-')}`;
    const { goal, tenant, className, retentionDays, acceptedAt } = task;
    const input = {
      taskId,
      run,
      events: [{ v: 1 as const, run, n: 1, at: 1, type: 'answer.ready' as const, citations: 1 }],
      head: { goal, tenant, className, retentionDays, acceptedAt },
      result: { ...resultOf(task), taskId, run },
    };
    await recordOnce(store, input, askedAt);
    expect(await store.getTask(taskId)).toBeUndefined();
    expect(await store.readEvents(taskId)).toEqual([]);
    expect(await store.getResult(taskId)).toBeUndefined();
    expect(await getTombstone(store, 't')).toMatchObject({ why: 'forgotten', tenant: 'anna' });
    await recordOnce(store, input, Date.now() + 1_000);
    expect(await store.getResult(taskId)).toBeDefined();
    await store.forget(taskId);
  }
  await store.close();
});
