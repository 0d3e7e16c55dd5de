// conformance.ts: what every store must do. File and PostgreSQL stores run the same tests.

import type { TaskEvent } from '../../protocol/events.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { NO_COVERAGE } from '../../protocol/coverage.ts';
import { NO_USAGE } from '../../protocol/usage.ts';
import { BlobMissingError, LogTakenOverError, type Command, type Store, type TaskRecord } from '../../store/store.ts';
import { addToCounter } from '../../store/counter.ts';
import { until } from '../rig/until.ts';
import { leaseHolder } from './lease-holder.ts';

const DAY = 86_400_000;

const head = (taskId: string, more: Partial<TaskRecord> = {}): TaskRecord => ({
  taskId,
  run: `run-of-${taskId}`,
  goal: 'g',
  className: 'quick',
  tenant: 't',
  acceptedAt: Date.now(),
  retentionDays: 7,
  ...more,
});

const resultOf = ({ taskId, run, acceptedAt }: TaskRecord): TaskResult => ({
  v: 1,
  taskId,
  run,
  outcome: 'completed',
  goal: 'g',
  coverage: NO_COVERAGE,
  usage: NO_USAGE,
  timings: { acceptedAt, closedAt: acceptedAt + 1 },
});

/** A clock: says so after so many ms, which on a busy machine are more, as all others are. */
const rings = (said: string, ms: number): Promise<string> =>
  new Promise((done) => setTimeout(() => done(said), ms).unref());

export interface StoreUnderTest {
  store: Store;
  /** What opens it in another process: its folder or address. */
  place: string;
  /** The same store, opened as another process would. */
  another: () => Store;
  /** Makes the last use of every corpus and blob this many days older. */
  age: (days: number) => Promise<void>;
  remove: () => Promise<void>;
}

export function storeConformance(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let store: Store;
    let place: string;
    let another: () => Store;
    let age: (days: number) => Promise<void>;
    let remove: () => Promise<void>;
    beforeEach(async () => ({ store, place, another, age, remove } = await open()));
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
      await expect(first.append('first after')).rejects.toThrow(LogTakenOverError);
      await expect(first.append('and again')).rejects.toThrow(/taken over by a later attempt/);
      await second.append('second');
      const third = await store.claimLog<string>(key);
      expect(second.earlier).toEqual(['first before']);
      expect(third.earlier).toEqual(['first before', 'second']);
      expect(await store.readLog(key)).toEqual(['first before', 'second']);
      await Promise.all([first.close(), second.close(), third.close()]);
    });

    test('gives thirty attempts that claim at the same moment thirty different segments', async () => {
      const claims = await Promise.all(Array.from({ length: 30 }, () => another().claimLog(key)));
      expect(new Set(claims.map((claim) => claim.segment)).size).toBe(30);
      const newest = claims.find((claim) => claim.segment === 30);
      await newest?.append('only I may');
      for (const claim of claims) {
        if (claim !== newest) await expect(claim.append('late')).rejects.toThrow(LogTakenOverError);
      }
      expect(await store.readLog(key)).toEqual(['only I may']);
      await Promise.all(claims.map((claim) => claim.close()));
    });

    test('lets no acknowledged record of one attempt be missing from what the next one sees', async () => {
      // Large, so that a claim often comes while one is being written.
      const record = (n: number): string => `${n} ${'x'.repeat(200_000)}`;
      for (let round = 0; round < 25; round += 1) {
        const log = { ...key, generation: 10 + round };
        const first = await store.claimLog<string>(log);
        let acknowledged = 0;
        const writing = (async () => {
          for (;;) {
            await first.append(record(acknowledged));
            acknowledged += 1;
          }
        })();
        writing.catch(() => undefined);
        await until('something was written', () => acknowledged > round % 3);
        const second = await another().claimLog<string>(log);
        await expect(writing).rejects.toThrow(LogTakenOverError);
        expect(second.earlier.length).toBeGreaterThanOrEqual(acknowledged);
        expect(second.earlier.every((seen, n) => seen === record(n))).toBe(true);
        await Promise.all([first.close(), second.close()]);
      }
    });

    test('refuses a visit with a lower number than one that has claimed the log, which goes on undisturbed', async () => {
      const first = await store.claimLog<string>(key, { visit: 2 });
      await first.append('of visit 2');
      const retried = await another().claimLog<string>(key, { visit: 2 });
      await expect(first.append('late')).rejects.toThrow(LogTakenOverError);
      expect(retried.earlier).toEqual(['of visit 2']);
      const third = await another().claimLog<string>(key, { visit: 3 });
      for (const visit of [2, 1, undefined]) {
        const refused = another().claimLog(key, visit === undefined ? {} : { visit });
        await expect(refused).rejects.toThrow(LogTakenOverError);
      }
      await third.append('of visit 3');
      await expect(retried.append('late')).rejects.toThrow(LogTakenOverError);
      expect(await store.readLog(key)).toEqual(['of visit 2', 'of visit 3']);
      // The number outlives the one who held it.
      await Promise.all([first.close(), retried.close(), third.close()]);
      await expect(another().claimLog(key, { visit: 2 })).rejects.toThrow(LogTakenOverError);
      const fourth = await another().claimLog<string>(key, { visit: 4 });
      expect(fourth.earlier).toEqual(['of visit 2', 'of visit 3']);
      await fourth.close();
    });

    test('lets the highest of visits that claim at the same moment have the log, whatever their order', async () => {
      for (let round = 0; round < 10; round += 1) {
        const log = { ...key, generation: 100 + round };
        const visits = Array.from({ length: 12 }, (_, i) => ((i * 5 + round) % 6) + 1);
        const claims = await Promise.allSettled(visits.map((visit) => another().claimLog<string>(log, { visit })));
        const held = claims.flatMap((one, i) =>
          one.status === 'fulfilled' ? [{ visit: visits[i] ?? 0, claim: one.value }] : [],
        );
        const written = await Promise.allSettled(held.map(({ visit, claim }) => claim.append(`visit ${visit}`)));
        expect(written.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        expect(await store.readLog(log)).toContain('visit 6');
        await Promise.all(held.map(({ claim }) => claim.close()));
      }
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
      const record = head('a/ß task', { run: 'r', acceptedAt: 1 });
      await store.putTask(record);
      await store.putTask({ ...record, goal: 'other' });
      expect(await another().getTask('a/ß task')).toEqual(record);
      const event = (n: number): TaskEvent => ({ v: 1, run: 'r', n, at: n, type: 'answer.ready', citations: n });
      await store.appendEvents('a/ß task', [event(1), event(2)]);
      await another().appendEvents('a/ß task', [event(2), event(3)]);
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

    test('hands commands to a watcher in their order, each once and soon, from another process’s store', async () => {
      const seen: string[] = [];
      await store.sendCommand(key, { id: 'early', word: 'before anyone watched' });
      let came = (): void => undefined;
      const watching = await store.watchCommands(key, 0, ({ id }) => (seen.push(id), came()));
      expect(seen).toEqual(['early']);
      const sender = another();
      for (let n = 1; n <= 5; n += 1) {
        const coming = new Promise<string>((done) => (came = () => done('it came')));
        await sender.sendCommand(key, { id: `c${n}` });
        // Looked for four times a second; the other clock of this process is as late as that on a busy machine.
        expect(await Promise.race([coming, rings('it did not', 3_000)])).toBe('it came');
      }
      expect(seen).toEqual(['early', 'c1', 'c2', 'c3', 'c4', 'c5']);
      await watching.close();
      await sender.sendCommand(key, { id: 'late' });
      await new Promise((done) => setTimeout(done, 400));
      expect(seen.length).toBe(6);
    });

    test('takes a command once however often it is sent, keeps it over restarts, and goes on behind what was seen', async () => {
      const senders = Array.from({ length: 5 }, () => another());
      await Promise.all(senders.flatMap((one) => ['a', 'b', 'c'].map((id) => one.sendCommand(key, { id, more: 1 }))));
      const seen: Command[] = [];
      await (await store.watchCommands(key, 0, (command) => seen.push(command))).close();
      expect(seen.map(({ id }) => id).sort()).toEqual(['a', 'b', 'c']);
      expect(seen[0]?.more).toBe(1);
      const rest: Command[] = [];
      await (await another().watchCommands(key, 2, (command) => rest.push(command))).close();
      expect(rest).toEqual(seen.slice(2));
      const others: Command[] = [];
      await (await store.watchCommands({ ...key, subtask: 's2' }, 0, (command) => others.push(command))).close();
      expect(others).toEqual([]);
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

    test('gives the lease on a resource to one at a time among all processes, to the callers of each in the order of asking', async () => {
      const of = { run: 'run-1', resource: 'account / ß' };
      const signal = new AbortController().signal;
      const stores = [store, another(), another()];
      let inside = 0;
      let most = 0;
      const order: number[] = [];
      const first = await store.takeLease(of, 'first', signal);
      const elsewhere = await store.takeLease({ ...of, resource: 'another' }, 'not held up', signal);
      await elsewhere.release();
      const ask = async (n: number): Promise<void> => {
        const lease = await stores[n % 3]?.takeLease(of, `caller ${n}`, signal);
        order.push(n);
        most = Math.max(most, (inside += 1));
        await new Promise((done) => setTimeout(done, 15));
        inside -= 1;
        await lease?.release();
      };
      const work: Promise<void>[] = [];
      for (const n of [0, 1, 2, 3, 4, 5]) {
        work.push(ask(n));
        // One after the other, however busy the machine is.
        await new Promise((done) => setTimeout(done, 60));
      }
      await new Promise((done) => setTimeout(done, 300));
      expect(order).toEqual([]);
      await first.release();
      await first.release();
      await Promise.all(work);
      expect(most).toBe(1);
      for (const process of [0, 1, 2]) {
        expect(order.filter((n) => n % 3 === process)).toEqual([process, process + 3]);
      }
      // Nobody waits for all callers of another process.
      expect(order.slice(0, 4)).toEqual(expect.arrayContaining([0, 1, 2]));
      expect(first.lost.aborted).toBe(false);
    });

    test('lets a caller that waits for a lease give up, and the lease goes past it', async () => {
      const of = { run: 'run-1', resource: 'r' };
      const stop = new AbortController();
      const held = await store.takeLease(of, 'holder', new AbortController().signal);
      const waiting = another().takeLease(of, 'gives up', stop.signal);
      waiting.catch(() => undefined);
      await new Promise((done) => setTimeout(done, 100));
      const next = another().takeLease(of, 'waits on', new AbortController().signal);
      stop.abort(new Error('enough'));
      await expect(waiting).rejects.toThrow('enough');
      await expect(store.takeLease(of, 'too late', stop.signal)).rejects.toThrow('enough');
      await held.release();
      await (await next).release();
    });

    test('passes the lease of a killed process on at once, not after ten seconds', async () => {
      const of = { run: 'run-1', resource: 'r' };
      const holder = await leaseHolder(place, of);
      const waiting = store.takeLease(of, 'next', new AbortController().signal);
      await new Promise((done) => setTimeout(done, 300));
      holder.child.kill('SIGKILL');
      const passed = waiting.then(() => 'at once');
      expect(await Promise.race([passed, rings('after its silence', 8_000)])).toBe('at once');
      await (await waiting).release();
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
  });
}
