// conformance.ts: what every store must do. File and PostgreSQL stores run the same tests.

import type { ClosedRows } from '../../protocol/class-history.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import { BlobMissingError, type Store } from '../../store/store.ts';
import { addToCounter } from '../../store/counter.ts';
import { until } from '../rig/until.ts';
import { head, resultOf, type StoreUnderTest } from './store-under-test.ts';
import { expiryConformance } from './expiry-conformance.ts';
import { forgetConformance } from './forget-conformance.ts';
import { logConformance } from './log-conformance.ts';

export function storeConformance(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let store: Store;
    let another: () => Store;
    let remove: () => Promise<void>;
    let all: StoreUnderTest;
    beforeEach(async () => ({ store, another, remove } = all = await open()));
    afterEach(() => remove());
    const key = { run: 'run-1', subtask: 's1', generation: 1 };

    test('gives its deployment one id, for every process that opens it', async () => {
      const ids = await Promise.all([store.deploymentId(), another().deploymentId(), another().deploymentId()]);
      expect(new Set(ids).size).toBe(1);
      expect(ids[0]).toMatch(/^[0-9a-f]{8}$/);
    });

    test('keeps a note under its kind and key, the last one put, for every process', async () => {
      const odd = 'https://example.test/v1?a=b ../../up\n';
      expect(await store.getNote('model', odd)).toBeUndefined();
      const before = Date.now();
      await store.putNote('model', odd, 'first');
      await another().putNote('model', odd, 'last');
      const note = await store.getNote('model', odd);
      expect(note?.text).toBe('last');
      // The clock of a database may be another machine's.
      expect(Math.abs((note?.at ?? 0) - before)).toBeLessThan(600_000);
      expect(await store.getNote('model', 'other')).toBeUndefined();
      expect(await store.getNote('other', odd)).toBeUndefined();
      await expect(store.putNote('../model', odd, 'x')).rejects.toThrow("can't name something");
    });

    test('a small record is written by whoever read it last, is gone when its time is over, and may be removed', async () => {
      const odd = 'a/../b\u0000é';
      expect(await store.getRecord('key', odd)).toBeUndefined();
      expect(await store.setRecord('key', odd, 'x', { version: 1 })).toBe(false);
      expect(await store.setRecord('key', 'some', 'one', { version: 0 })).toBe(true);
      expect(await another().setRecord('key', 'some', 'other', { version: 0 })).toBe(false);
      expect(await another().getRecord('key', 'some')).toEqual({ value: 'one', version: 1 });
      expect(await another().setRecord('key', 'some', 'two', { version: 1 })).toBe(true);
      expect(await store.getRecord('key', 'some')).toEqual({ value: 'two', version: 2 });
      expect(await store.listRecords('key')).toEqual([{ key: 'some', value: 'two', version: 2 }]);
      expect(await store.setRecord('key', 'some', undefined, { version: 2 })).toBe(true);
      expect([await store.getRecord('key', 'some'), await store.listRecords('key')]).toEqual([undefined, []]);
      expect(await store.setRecord('key', 'some', 'again', { version: 2 })).toBe(false);
      expect(await store.setRecord('key', 'some', 'again', { version: 0, ttlMs: 1 })).toBe(true);
      await until('its time is over', async () => (await store.getRecord('key', 'some')) === undefined);
      expect(await store.setRecord('key', 'some', 'new', { version: 0 })).toBe(true);
      expect(await store.getRecord('other', 'some')).toBeUndefined();
      await expect(store.setRecord('../key', 'some', 'x', { version: 0 })).rejects.toThrow("can't name something");
    });

    test('the first of a small record is written once, also when it was removed since or its time is over', async () => {
      const first = (of: Store, name: string, ttlMs = 600_000) =>
        of.setRecord('key', name, 'x', { version: 0, isFirst: true, ttlMs });
      expect([await first(store, 'some'), await first(another(), 'some')]).toEqual([true, false]);
      expect(await another().setRecord('key', 'some', undefined, { version: 1 })).toBe(true);
      expect(await first(store, 'some')).toBe(false);
      expect(await store.getRecord('key', 'some')).toBeUndefined();
      expect(await first(store, 'brief', 1)).toBe(true);
      await until('its time is over', async () => (await store.getRecord('key', 'brief')) === undefined);
      expect(await first(another(), 'brief')).toBe(false);
      expect(await store.setRecord('key', 'brief', 'y', { version: 0 })).toBe(true);
    });

    test('of thirty who write one small record at the same moment one is told that it did, and a counter loses none', async () => {
      const stores = [store, another(), another()];
      const of = (at: number) => stores[at % 3] as Store;
      const all = Array.from({ length: 30 }, (_one, at) => at);
      const wrote = await Promise.all(all.map((at) => of(at).setRecord('key', 'one', String(at), { version: 0 })));
      expect(wrote.filter(Boolean)).toHaveLength(1);
      expect((await store.getRecord('key', 'one'))?.value).toBe(String(wrote.indexOf(true)));
      const counts = await Promise.all(all.map((at) => addToCounter(of(at), 'counter', 'c', 1, { ttlMs: 600_000 })));
      expect(counts.map(({ count }) => count).sort((a, b) => a - b)).toEqual(all.map((at) => at + 1));
      const more = all.map((at) => addToCounter(of(at), 'counter', 'c', 2, { most: 75, ttlMs: 600_000 }));
      // No more than there is room for, and that to the last.
      expect((await Promise.all(more)).reduce((sum, { added }) => sum + added, 0)).toBe(45);
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
      const record = head('a/ß task', { run: 'r', acceptedAt: 1 });
      await store.putTask(record);
      await store.putTask({ ...record, goal: 'other' });
      expect(await another().getTask('a/ß task')).toEqual(record);
      const event = (n: number): TaskEvent => ({ v: 1, run: 'r', n, at: n, type: 'answer.ready', citations: n });
      expect(await store.appendEvents('a/ß task', [event(1), event(2)])).toEqual([event(1), event(2)]);
      expect(await another().appendEvents('a/ß task', [event(2), event(3)])).toEqual([event(3)]);
      expect(await store.appendEvents('a/ß task', [event(1), event(3)])).toEqual([]);
      expect((await store.readEvents('a/ß task')).map((one) => one.n)).toEqual([1, 2, 3]);
      const result = resultOf(record);
      await store.putResult('a/ß task', result);
      expect(await another().getResult('a/ß task')).toEqual(result);
      expect(await store.getResult('none')).toBeUndefined();
    });

    test('lists the heads of its tasks, the last accepted first, as many as are asked for', async () => {
      const made = [3, 1, 2].map((acceptedAt) => head(`task ${acceptedAt}`, { run: `r${acceptedAt}`, acceptedAt }));
      for (const one of made) await store.putTask(one);
      await store.putResult('task 2', resultOf(head('task 2', { run: 'r2', acceptedAt: 2 })));
      expect((await another().tasks(10)).map(({ taskId }) => taskId)).toEqual(['task 3', 'task 2', 'task 1']);
      expect((await store.tasks(2)).map(({ taskId }) => taskId)).toEqual(['task 3', 'task 2']);
    });

    test('keeps the newest thousand rows of a class and path, and of a class and kind, and one of each task however often told', async () => {
      const rows = (n: number, ending: 'completed' | 'failed' = 'completed'): ClosedRows => ({
        task: {
          run: `r${n}`,
          class: 'ä/quick',
          path: 'deep',
          endedAt: n,
          ending,
          totalMs: n,
          stagesMs: { planning: 1 },
          retries: 0,
          subtasks: 2,
          tokens: 7,
        },
        subtasks: ['s1', 's2'].map((subtask) => ({
          run: `r${n}`,
          subtask,
          class: 'ä/quick',
          kind: 'researcher',
          endedAt: n,
          ending: 'done',
          totalMs: 1,
          retries: 0,
          turns: 1,
          tokens: 3,
        })),
      });
      const tasks = { class: 'ä/quick', path: 'deep' } as const;
      const kind = { class: 'ä/quick', kind: 'researcher' };
      expect(await store.outcomes(tasks, 10)).toEqual([]);
      const noted = await Promise.all([store.noteOutcome(rows(1)), another().noteOutcome(rows(1))]);
      // Of those who come at once, one was the first.
      expect(noted.filter(Boolean)).toHaveLength(1);
      expect(await store.noteOutcome(rows(1, 'failed'))).toBe(false);
      expect(await another().outcomes(tasks, 10)).toEqual([rows(1).task]);
      expect(await store.outcomes(kind, 10)).toEqual(rows(1).subtasks);
      const all = Array.from({ length: 1_005 }, (_one, at) => at + 2);
      for (let at = 0; at < all.length; at += 50)
        await Promise.all(all.slice(at, at + 50).map((n) => store.noteOutcome(rows(n))));
      expect((await store.outcomes(tasks, 3)).map(({ run }) => run)).toEqual(['r1006', 'r1005', 'r1004']);
      const kept = (await another().outcomes(tasks, 5_000)).map(({ endedAt }) => endedAt);
      expect(kept).toEqual(Array.from({ length: 1_000 }, (_one, at) => 1_006 - at));
      expect((await store.outcomes(kind, 3)).map(({ run, subtask }) => `${run} ${subtask}`)).toEqual([
        'r1006 s1',
        'r1006 s2',
        'r1005 s1',
      ]);
      expect((await store.outcomes(kind, 5_000)).map(({ endedAt }) => endedAt).at(-1)).toBe(507);
      expect(await store.outcomes({ ...tasks, path: 'fast' }, 10)).toEqual([]);
    });

    test('shows the last partial text put, cut to its end at 64 KiB', async () => {
      expect(await store.getPartial(key)).toBeUndefined();
      await Promise.all(
        Array.from({ length: 200 }, (_, n) =>
          store.putPartial(key, { attempt: 2, call: 3, offset: 0, text: `draft ${n}` }),
        ),
      );
      expect(await another().getPartial(key)).toEqual({ attempt: 2, call: 3, offset: 0, text: 'draft 199' });
      await store.putPartial(key, { attempt: 3, call: 1, offset: 0, text: `${'ü'.repeat(50_000)}the end` });
      const { text = '', ...rest } = (await another().getPartial(key)) ?? {};
      expect(rest).toEqual({ attempt: 3, call: 1, offset: 50_007 - text.length });
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536);
      expect(Buffer.byteLength(text)).toBeGreaterThan(65_500);
      expect(text).toMatch(/^ü+the end$/);
    });

    const opened = (): StoreUnderTest => all;
    logConformance(opened);
    expiryConformance(opened);
    forgetConformance(opened);
  });
}
