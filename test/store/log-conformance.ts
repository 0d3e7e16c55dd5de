// log-conformance.ts: what logs, commands and leases of every store must do.

import { LogTakenOverError, type Command, type Store } from '../../store/store.ts';
import { until } from '../rig/until.ts';
import { leaseHolder } from './lease-holder.ts';
import type { StoreUnderTest } from './store-under-test.ts';

/** A clock: says so after so many ms, which on a busy machine are more, as all others are. */
const rings = (said: string, ms: number): Promise<string> =>
  new Promise((done) => setTimeout(() => done(said), ms).unref());

export function logConformance(opened: () => StoreUnderTest): void {
  let store: Store;
  let another: () => Store;
  let inLine: StoreUnderTest['inLine'];
  let place: string;
  beforeEach(() => {
    ({ store, another, place, inLine } = opened());
  });
  const key = { run: 'run-1', subtask: 's1', generation: 1 };

  test('gives all that a list has behind a place before the watch of it is there', async () => {
    const list = { run: 'run-1', subtask: '_board', generation: 1 };
    const sent = Array.from({ length: 30 }, (_, i) => `i${String(i).padStart(2, '0')}`);
    for (const id of sent) await (Number(id.slice(1)) % 2 ? store : another()).sendCommand(list, { id });
    const seen: string[] = [];
    await (await store.watchCommands(list, 4, ({ id }) => void seen.push(id))).close();
    expect(seen).toEqual(sent.slice(4));
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
    // Who has no connection yet is in no line, on a busy machine.
    const line = inLine;
    if (line) await until('one of each process stands in line', async () => (await line()) === stores.length);
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
}
