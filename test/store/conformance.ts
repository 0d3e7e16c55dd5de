// conformance.ts: what every store must do. File and PostgreSQL stores run the same tests.

import type { TaskEvent } from '../../protocol/events.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { NO_COVERAGE } from '../../protocol/coverage.ts';
import { NO_USAGE } from '../../protocol/usage.ts';
import { BlobMissingError, type Store } from '../../store/store.ts';

export function storeConformance(
  name: string,
  open: () => Promise<{ store: Store; another: () => Store; remove: () => Promise<void> }>,
): void {
  describe(name, () => {
    let store: Store;
    let another: () => Store;
    let remove: () => Promise<void>;
    beforeEach(async () => ({ store, another, remove } = await open()));
    afterEach(() => remove());
    const key = { run: 'run-1', subtask: 's1', generation: 1 };

    test('gives its deployment one id, for every process that opens it', async () => {
      const ids = await Promise.all([store.deploymentId(), another().deploymentId(), another().deploymentId()]);
      expect(new Set(ids).size).toBe(1);
      expect(ids[0]).toMatch(/^[0-9a-f]{8}$/);
    });

    test('gives a later attempt what an earlier one appended', async () => {
      const first = await store.claimLog<{ n: number }>(key);
      await Promise.all([first.append({ n: 1 }), first.append({ n: 2 }), first.append({ n: 3 })]);
      await first.close();
      const second = await another().claimLog<{ n: number }>(key);
      expect(second.segment).toBe(2);
      expect(second.earlier).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
      await second.close();
    });

    test('keeps two attempts alive at once apart, for themselves and for every later one', async () => {
      const first = await store.claimLog<string>(key);
      await first.append('first before');
      const second = await another().claimLog<string>(key);
      await first.append('first after, unseen');
      await second.append('second');
      const third = await store.claimLog<string>(key);
      expect(second.earlier).toEqual(['first before']);
      expect(third.earlier).toEqual(['first before', 'second']);
      expect(await store.readLog(key)).toEqual(['first before', 'second']);
      await Promise.all([first.close(), second.close(), third.close()]);
    });

    test('gives attempts that claim at the same moment different segments', async () => {
      const claims = await Promise.all(Array.from({ length: 8 }, () => another().claimLog(key)));
      expect(new Set(claims.map((claim) => claim.segment)).size).toBe(8);
      await Promise.all(claims.map((claim) => claim.close()));
    });

    test('keeps generations, subtasks and runs apart', async () => {
      const log = await store.claimLog<string>(key);
      await log.append('mine');
      await log.close();
      for (const other of [
        { ...key, generation: 2 },
        { ...key, subtask: 's2' },
        { ...key, run: 'run-2' },
      ]) {
        expect(await store.readLog(other)).toEqual([]);
      }
    });

    test('refuses a log name that could lead out of the store', async () => {
      await expect(store.claimLog({ ...key, subtask: '../../x' })).rejects.toThrow(/can't name/);
    });

    test('keeps blobs by their content and says when one is missing', async () => {
      const hash = await store.putBlob('hello');
      expect(await another().putBlob(Buffer.from('hello'))).toBe(hash);
      expect(Buffer.from(await another().getBlob(hash)).toString()).toBe('hello');
      await expect(store.getBlob('0'.repeat(64))).rejects.toThrow(BlobMissingError);
    });

    test('keeps a corpus under its key', async () => {
      const hash = 'a'.repeat(64);
      expect(await store.getCorpus(hash)).toBeUndefined();
      expect(await store.hasCorpus(hash)).toBe(false);
      await store.putCorpus(hash, Buffer.from('index'));
      expect(Buffer.from((await another().getCorpus(hash)) ?? []).toString()).toBe('index');
      expect(await another().hasCorpus(hash)).toBe(true);
    });

    test('keeps a task’s head, events and result, and repeats change nothing', async () => {
      const record = {
        taskId: 'a/ß task',
        run: 'r',
        goal: 'g',
        className: 'quick',
        tenant: 't',
        acceptedAt: 1,
        retentionDays: 7,
      };
      await store.putTask(record);
      await store.putTask({ ...record, goal: 'other' });
      expect(await another().getTask('a/ß task')).toEqual(record);
      const event = (n: number): TaskEvent => ({ v: 1, run: 'r', n, at: n, type: 'answer.ready', citations: n });
      await store.appendEvents('a/ß task', [event(1), event(2)]);
      await another().appendEvents('a/ß task', [event(2), event(3)]);
      expect((await store.readEvents('a/ß task')).map((one) => one.n)).toEqual([1, 2, 3]);
      const result: TaskResult = {
        v: 1,
        taskId: 'a/ß task',
        run: 'r',
        outcome: 'completed',
        goal: 'g',
        coverage: NO_COVERAGE,
        usage: NO_USAGE,
        timings: { acceptedAt: 1, closedAt: 2 },
      };
      await store.putResult('a/ß task', result);
      expect(await another().getResult('a/ß task')).toEqual(result);
      expect(await store.getResult('none')).toBeUndefined();
    });
  });
}
