// A log that has lost records of which its master was told: nobody may pay for them again in silence.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SubtaskLog } from '../../activities/loop/subtask-log.ts';
import { fileStore } from '../../store/file-store.ts';

test('whose log holds fewer records than were told of fails with CheckpointMissing, and writes nothing to it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-lost-'));
  const store = fileStore(folder);
  const key = { run: 'run', subtask: 's1', generation: 1 };
  const first = await SubtaskLog.open(store, key, { expected: 0, worker: 'one' });
  await first.append({ t: 'threw', message: 'kept', at: 1 });
  await first.close();
  await expect(SubtaskLog.open(store, key, { expected: 3, worker: 'two' })).rejects.toMatchObject({
    failure: { type: 'CheckpointMissing', message: 'the log of s1 holds 2 records, 3 were written' },
  });
  expect((await store.readLog<{ t: string }>(key)).map(({ t }) => t)).toEqual(['attempt', 'threw']);
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});
