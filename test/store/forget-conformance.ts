// forget-conformance.ts: what every store must remove when one task is forgotten, what must stay, and what it says afterwards.

import { forgetTask } from '../../store/forget.ts';
import { getTombstone } from '../../store/tombstones.ts';
import { BlobMissingError, type Store, type TaskRecord } from '../../store/store.ts';
import { head, resultOf, type StoreUnderTest } from './store-under-test.ts';

const DAY = 86_400_000;

export function forgetConformance(opened: () => StoreUnderTest): void {
  let store: Store;
  let reader: Store;
  let another: () => Store;
  let forgetParts: StoreUnderTest['forgetParts'];
  beforeEach(() => {
    ({ store, another, forgetParts } = opened());
    reader = another();
  });

  /** Another process's look, which remembers nothing. */
  const isThere = async (hash: string): Promise<boolean> => {
    try {
      await reader.getBlob(hash);
      return true;
    } catch (error) {
      if (error instanceof BlobMissingError) return false;
      throw error;
    }
  };

  /** A task with two logs, an event, a command, a text that is being written, and a result where it is closed. */
  async function keep(record: TaskRecord, refs: { corpusRef?: string; answerRef?: string }, open = false) {
    const { taskId, run } = record;
    await store.putTask(record);
    await store.appendEvents(taskId, [{ v: 1, run, n: 1, at: 1, type: 'answer.ready', citations: 1 }]);
    for (const subtask of ['s1', '_plan']) {
      const key = { run, subtask, generation: 1 };
      const log = await store.claimLog<object>(key);
      await log.append({ said: `of ${taskId}` });
      await log.close();
      await store.sendCommand(key, { id: 'c' });
      await store.putPartial(key, { attempt: 1, call: 1, offset: 0, text: 'writes' });
    }
    if (!open) await store.putResult(taskId, { ...resultOf(record), ...refs });
  }

  test('forgets a closed task with its logs and what only it used, lists that, and leaves what others use', async () => {
    const [mine, shared, upload] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
    const text = await store.putBlob('the text of a folder that only this task read');
    const both = await store.putBlob('the text of a folder that both read');
    const sent = await store.putBlob('a file that was sent');
    const answer = await store.putBlob(JSON.stringify({ cites: text }));
    // What is known of the same files beside: no task leads to it.
    const known = 'd'.repeat(64);
    await store.putCorpus(mine, Buffer.from('index'), [text, both, sent]);
    await store.putCorpus(known, Buffer.from('list'), [text]);
    await store.putCorpus(shared, Buffer.from('index'), [both]);
    await store.setRecord('upload', upload, 'x', { version: 0, blobs: [sent] });
    await keep(head('gone'), { corpusRef: mine, answerRef: answer });
    await keep(head('stays'), { corpusRef: shared });

    expect(await another().forget('gone')).toEqual({
      wasKept: true,
      logs: 2,
      events: 1,
      corpora: 2,
      blobs: 2,
      shared: 2,
      waiting: 0,
    });
    expect(await another().getTask('gone')).toBeUndefined();
    expect(await store.getResult('gone')).toBeUndefined();
    expect(await store.readEvents('gone')).toEqual([]);
    const key = { run: head('gone').run, subtask: 's1', generation: 1 };
    expect([await another().readLog(key), await another().getPartial(key)]).toEqual([[], undefined]);
    expect(await Promise.all([mine, known, shared].map((one) => reader.hasCorpus(one)))).toEqual([false, false, true]);
    expect(await Promise.all([text, answer, both, sent].map(isThere))).toEqual([false, false, true, true]);
    expect(await store.readLog({ ...key, run: head('stays').run })).toHaveLength(1);
    expect(await getTombstone(another(), 'gone')).toMatchObject({
      taskId: 'gone',
      tenant: 't',
      className: 'quick',
      why: 'forgotten',
    });
    expect(await getTombstone(store, 'stays')).toBeUndefined();
    // Again it is once.
    expect(await store.forget('gone')).toMatchObject({ wasKept: false, logs: 0, corpora: 0, blobs: 0, waiting: 0 });
  });

  test('what a task at work may use stays while it works, whatever it has said, and goes with a sweep after it', async () => {
    const findings = await store.putBlob('the same findings');
    const plan = await store.putBlob('a plan that only one had');
    await keep(head('gone'), { answerRef: findings });
    // It has put the same, and told nobody yet.
    await keep(head('works', { acceptedAt: Date.now() + 1_000 }), {}, true);
    expect(await store.forget('gone', { refs: [plan] })).toMatchObject({ wasKept: true, blobs: 0, waiting: 2 });
    expect(await store.expire(Date.now())).toMatchObject({ blobs: 0 });
    expect(await Promise.all([findings, plan].map(isThere))).toEqual([true, true]);

    await store.putResult('works', { ...resultOf(head('works')), answerRef: findings });
    expect(await another().expire(Date.now())).toMatchObject({ tasks: 0, blobs: 1 });
    expect(await Promise.all([findings, plan].map(isThere))).toEqual([true, false]);
  });

  test('what is used between the look at it and its removal stays', async () => {
    const corpus = 'f'.repeat(64);
    const blob = await store.putBlob('a text');
    const beside = await store.putBlob('another text');
    await store.putCorpus(corpus, Buffer.from('index'), [blob]);
    await keep(head('old'), { corpusRef: corpus, answerRef: beside });
    const parts = forgetParts();
    const putAgain = async (of: 'blobs' | 'corpora', hash: string, looked: number): Promise<void> => {
      for (let at = looked; at <= looked; at = (await parts.usedAt(of, [hash])).get(hash) ?? 0)
        if (of === 'corpora') await another().putCorpus(corpus, Buffer.from('index'), [blob]);
        else await another().putBlob(hash === blob ? 'a text' : 'another text');
    };
    const forgotten = await forgetTask(
      {
        ...parts,
        async removeUnused(of, hash, usedAt) {
          await putAgain(of, hash, usedAt);
          return await parts.removeUnused(of, hash, usedAt);
        },
      },
      store,
      'old',
      {},
    );
    expect(forgotten).toMatchObject({ wasKept: true, corpora: 0, blobs: 0, waiting: 3 });
    expect(await Promise.all([blob, beside].map(isThere))).toEqual([true, true]);
    expect(Buffer.from((await reader.getCorpus(corpus)) ?? []).toString()).toBe('index');
  });

  test('loses no blob or corpus that is put while tasks are forgotten', async () => {
    const corpus = 'e'.repeat(64);
    const [writer, sweeper] = [another(), another()];
    for (let round = 0; round < 3; round += 1) {
      const texts = Array.from({ length: 20 }, (_one, n) => `text ${n}`);
      const before = await Promise.all(texts.map((text) => store.putBlob(text)));
      await store.putCorpus(corpus, Buffer.from('index'), before);
      await keep(head(`old ${round}`, { run: `old-${round}` }), { corpusRef: corpus });
      const next = head(`new ${round}`, { run: `new-${round}` });
      const starts = async (): Promise<string[]> => {
        await writer.putTask(next);
        const hashes = await Promise.all(texts.map((text) => writer.putBlob(text)));
        if (!(await writer.hasCorpus(corpus))) await writer.putCorpus(corpus, Buffer.from('index'), hashes);
        return hashes;
      };
      const [hashes] = await Promise.all([starts(), store.forget(`old ${round}`), sweeper.expire(Date.now())]);
      await store.expire(Date.now());
      expect(await Promise.all(hashes.map(isThere))).toEqual(hashes.map(() => true));
      expect(Buffer.from((await reader.getCorpus(corpus)) ?? []).toString()).toBe('index');
      await store.putResult(next.taskId, resultOf(next));
      await store.forget(next.taskId);
    }
  });

  test('an expired task and one without a head leave a tombstone, for a year, and a task that never was leaves one by name', async () => {
    await store.putTask(head('old'));
    await store.putResult('old', resultOf(head('old')));
    await store.putResult('refused', resultOf(head('refused')));
    const now = Date.now();
    await store.expire(now + 31 * DAY);
    expect(await getTombstone(another(), 'old')).toEqual({
      taskId: 'old',
      tenant: 't',
      className: 'quick',
      closedAt: expect.any(Number),
      removedAt: now + 31 * DAY,
      why: 'expired',
    });
    expect(await getTombstone(store, 'refused')).toMatchObject({ why: 'expired', closedAt: expect.any(Number) });
    expect((await getTombstone(store, 'refused'))?.tenant).toBeUndefined();
    expect(await getTombstone(store, 'none')).toBeUndefined();
    // An id may be used again, and forgotten then.
    await store.putTask(head('old', { run: 'again' }));
    await store.forget('old');
    expect((await getTombstone(store, 'old'))?.why).toBe('forgotten');
    await store.forget('only Temporal had it', { tenant: 'u', closedAt: 5 });
    expect(await getTombstone(store, 'only Temporal had it')).toMatchObject({ tenant: 'u', closedAt: 5 });

    await store.expire(now + 364 * DAY);
    expect(await getTombstone(store, 'old')).toBeDefined();
    await store.expire(now + 367 * DAY);
    expect(await getTombstone(store, 'old')).toBeUndefined();
  });
}
