// expiry-conformance.ts: what every store must remove, when, and nothing else.

import { BlobMissingError, type Store } from '../../store/store.ts';
import { head, resultOf, type StoreUnderTest } from './store-under-test.ts';

const DAY = 86_400_000;

export function expiryConformance(opened: () => StoreUnderTest): void {
  let store: Store;
  let another: () => Store;
  let age: (days: number) => Promise<void>;
  beforeEach(() => {
    ({ store, another, age } = opened());
  });
  const key = { run: 'run-1', subtask: 's1', generation: 1 };

  test('a small record is forgotten a day after it is over, and the blobs that one needs stay as long as it does', async () => {
    const [needed, free] = [await store.putBlob('needed'), await store.putBlob('free')];
    await store.setRecord('upload', 'short', 'x', { version: 0, ttlMs: 2 * DAY, blobs: [needed] });
    await store.setRecord('upload', 'removed', 'x', { version: 0, blobs: [free] });
    await store.setRecord('upload', 'removed', undefined, { version: 1 });
    await store.setRecord('upload', 'stays', 'x', { version: 0 });
    await age(40);
    const now = Date.now();
    await store.expire(now);
    await expect(store.getBlob(free)).rejects.toThrow(BlobMissingError);
    await store.getBlob(needed);
    // Its number goes on while anybody may have read it.
    expect(await store.setRecord('upload', 'removed', 'again', { version: 0, ttlMs: 1 })).toBe(true);
    expect((await store.getRecord('upload', 'stays'))?.version).toBe(1);
    await age(40);
    await another().expire(now + 3.1 * DAY);
    await expect(store.getBlob(needed)).rejects.toThrow(BlobMissingError);
    for (const gone of ['short', 'removed']) {
      expect(await store.setRecord('upload', gone, 'anew', { version: 0 })).toBe(true);
      expect((await store.getRecord('upload', gone))?.version).toBe(1);
    }
    expect(await store.getRecord('upload', 'stays')).toEqual({ value: 'x', version: 1 });
  });

  test('removes a closed task with its logs when its class’s days are over, and nothing of the others', async () => {
    const now = Date.now();
    const old = head('old', { acceptedAt: now - 1_000 });
    const kept = head('kept', { retentionDays: 30, acceptedAt: now - 500 });
    const open = head('open', { acceptedAt: now });
    for (const record of [old, kept, open]) {
      await store.putTask(record);
      await store.appendEvents(record.taskId, [
        { v: 1, run: record.run, n: 1, at: 1, type: 'answer.ready', citations: 1 },
      ]);
      const log = await store.claimLog<string>({ ...key, run: record.run });
      await log.append('paid');
      await log.close();
      await store.sendCommand({ ...key, run: record.run }, { id: 'c' });
      await store.putPartial({ ...key, run: record.run }, { attempt: 1, call: 1, offset: 0, text: 'writes' });
    }
    await store.putResult('old', resultOf(old));
    await store.putResult('kept', resultOf(kept));
    expect(await store.expire(now + 6.9 * DAY)).toMatchObject({ tasks: 0 });
    expect(await store.getResult('old')).toBeDefined();

    const [mine, theirs] = await Promise.all([store.expire(now + 7.1 * DAY), another().expire(now + 7.1 * DAY)]);
    expect(mine.tasks + theirs.tasks).toBe(1);
    expect(await another().getTask('old')).toBeUndefined();
    expect(await store.getResult('old')).toBeUndefined();
    expect(await store.readEvents('old')).toEqual([]);
    expect(await store.readLog({ ...key, run: old.run })).toEqual([]);
    expect(await store.getPartial({ ...key, run: old.run })).toBeUndefined();
    for (const record of [kept, open]) {
      expect(await store.getTask(record.taskId)).toEqual(record);
      expect(await store.readEvents(record.taskId)).toHaveLength(1);
      expect(await store.readLog({ ...key, run: record.run })).toEqual(['paid']);
      expect(await store.getPartial({ ...key, run: record.run })).toMatchObject({ text: 'writes' });
    }
    expect(await store.expire(now + 7.1 * DAY)).toEqual({ tasks: 0, strayLogs: 0, corpora: 0, blobs: 0 });
  });

  test('removes what went on behind an answer when its task’s days are over, however late that came to an end', async () => {
    const now = Date.now();
    const behind = head('t/background', { run: 'run-t', keptUntil: now + 2 * DAY });
    const open = head('u/background', { run: 'run-u', keptUntil: now + 2 * DAY });
    for (const record of [behind, open]) await store.putTask(record);
    await store.putResult(behind.taskId, resultOf(behind));
    expect((await store.expire(now + 1.9 * DAY)).tasks).toBe(0);
    // Closed just now, it would stay for seven days by its class.
    expect((await another().expire(now + 2.1 * DAY)).tasks).toBe(1);
    expect(await store.getTask(behind.taskId)).toBeUndefined();
    expect(await store.getTask(open.taskId)).toEqual(open);
  });

  test('keeps a task that never closed until it can’t be at work any more, and then removes it', async () => {
    const open = head('open');
    await store.putTask(open);
    expect((await store.expire(Date.now() + 60 * DAY)).tasks).toBe(0);
    expect((await store.expire(Date.now() + 100 * DAY)).tasks).toBe(1);
    expect(await store.getTask('open')).toBeUndefined();
  });

  test('keeps what left a result but no head, then removes it, and a log that belongs to no task in the end', async () => {
    await store.putResult('refused', resultOf(head('refused')));
    await (await store.claimLog({ ...key, run: 'run-of-none' })).close();
    expect(await store.expire(Date.now() + 20 * DAY)).toMatchObject({ tasks: 0, strayLogs: 0 });
    expect(await store.expire(Date.now() + 31 * DAY)).toMatchObject({ tasks: 1, strayLogs: 0 });
    expect(await store.getResult('refused')).toBeUndefined();
    expect(await store.expire(Date.now() + 80 * DAY)).toMatchObject({ tasks: 0, strayLogs: 1 });
    const anew = await store.claimLog({ ...key, run: 'run-of-none' });
    expect(anew.segment).toBe(1);
    await anew.close();
  });

  test('removes blobs and corpora that nobody used since before the oldest remaining task', async () => {
    const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
    const text = await store.putBlob('the text of corpus a');
    await store.putCorpus(a, Buffer.from('index a'), [text]);
    await store.putCorpus(b, Buffer.from('index b'));
    const again = await store.putBlob('put again later');
    const unused = await store.putBlob('nobody’s');
    expect(await store.expire(Date.now())).toMatchObject({ corpora: 0, blobs: 0 });

    // What a task uses nine days later is used from then on, the rest is nobody’s.
    await age(9);
    await store.putTask(head('later'));
    expect(await another().hasCorpus(a)).toBe(true);
    await another().putBlob('put again later');
    expect(await store.expire(Date.now())).toEqual({ tasks: 0, strayLogs: 0, corpora: 1, blobs: 1 });
    expect(await store.hasCorpus(b)).toBe(false);
    await expect(store.getBlob(unused)).rejects.toThrow(BlobMissingError);
    expect(Buffer.from((await store.getCorpus(a)) ?? []).toString()).toBe('index a');
    expect(Buffer.from(await store.getBlob(text)).toString()).toBe('the text of corpus a');
    expect(Buffer.from(await store.getBlob(again)).toString()).toBe('put again later');
  });

  test('loses no blob that is put while sweeps run', async () => {
    const texts = Array.from({ length: 40 }, (_, n) => `text ${n}`);
    for (let round = 0; round < 8; round += 1) {
      const writer = another();
      const [hashes] = await Promise.all([
        Promise.all(texts.map((text) => writer.putBlob(text))),
        store.expire(Date.now()),
        another().expire(Date.now()),
      ]);
      for (const hash of hashes) await store.getBlob(hash);
      await age(5);
    }
  });
}
