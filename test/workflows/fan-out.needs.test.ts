// fan-out.ts without a server: needs, waits, delegation, failures as data, bugs that are loud.

import type { Ending } from '../../workflows/fan-out.ts';
import { delegated, done, failed, fan, retryAt, subtask, waiting } from './fan-out-ports.ts';

test('a subtask starts only after all that it needs is done', async () => {
  const { run, log } = fan(async (one) => done(one));
  await run([subtask('s1'), subtask('s2', ['s1', 's3']), subtask('s3')]);
  expect(log.indexOf('start s2')).toBeGreaterThan(log.indexOf('end s1 done'));
  expect(log.indexOf('start s2')).toBeGreaterThan(log.indexOf('end s3 done'));
});

test('a subtask whose need failed is skipped with the reason, and others go on', async () => {
  const { run, endings } = fan(async (one) => {
    if (one.spec.id === 's1') throw 'no luck';
    return done(one);
  });
  await run([subtask('s1'), subtask('s2', ['s1']), subtask('s3')]);
  expect(endings.get('s1')).toMatchObject({ status: 'failed' });
  expect(endings.get('s2')).toMatchObject({ status: 'skipped', failure: { type: 'NeedsFailed' } });
  expect(endings.get('s3')).toMatchObject({ status: 'done' });
});

test('what a failed subtask found goes to those that need it: they begin', async () => {
  const { run, endings } = fan(
    async (one) => (one.spec.id === 's1' || one.spec.id === 's3' ? failed(one) : done(one)),
    {
      handsOn: (id) => id === 's1',
    },
  );
  await run([subtask('s1'), subtask('s2', ['s1']), subtask('s3'), subtask('s4', ['s3'])]);
  expect(endings.get('s2')).toMatchObject({ status: 'done' });
  expect(endings.get('s4')).toMatchObject({ status: 'skipped', failure: { type: 'NeedsFailed' } });
});

test('a subtask whose need was done before, and is not run again, runs; one whose need was not is skipped', async () => {
  const { run, endings } = fan(async (one) => done(one), { wasMet: (id) => id === 's1' });
  await run([subtask('s2', ['s1']), subtask('s4', ['s1', 's3'])]);
  expect(endings.get('s2')).toMatchObject({ status: 'done' });
  expect(endings.get('s4')).toMatchObject({ status: 'skipped', failure: { type: 'NeedsFailed' } });
});

test('a subtask that is to be tried again waits until its time and delays nobody', async () => {
  let visits = 0;
  const { run, log } = fan(async (one) => (one.spec.id !== 's1' || (visits += 1) > 1 ? done(one) : retryAt(one, 77)));
  await run([subtask('s1'), subtask('s2')]);
  expect(log).toEqual(expect.arrayContaining(['wait s1 retryAt', 'end s1 done']));
  expect(log.indexOf('end s2 done')).toBeLessThan(log.indexOf('end s1 done'));
});

test('a bug is thrown, but only after the others have ended', async () => {
  let release = (): void => undefined;
  const slow = new Promise<void>((resolve) => (release = resolve));
  const { run, log } = fan(async (one) => {
    if (one.spec.id === 's1') throw new Error('a bug');
    await slow;
    return done(one);
  });
  let thrown: unknown;
  const running = run([subtask('s1'), subtask('s2')]).catch((error: unknown) => (thrown = error));
  await new Promise((resolve) => setImmediate(resolve));
  expect(thrown).toBeUndefined();
  release();
  await running;
  expect(thrown).toEqual(new Error('a bug'));
  expect(log).toContain('end s2 done');
});

test('a cancelled subtask is stopped, neither done nor failed, and keeps what it said at the end', async () => {
  const last: Ending = { status: 'stopped', last: done(subtask('s1')) };
  const { run, endings } = fan(() => Promise.reject('cancelled'), { endingOf: () => last });
  await run([subtask('s1')]);
  expect(endings.get('s1')).toMatchObject({ status: 'stopped', last: { subtask: 's1' } });
});

test('a subtask that waits is visited again once its replies are there', async () => {
  let visits = 0;
  const { run, log } = fan(async (one) => ((visits += 1) === 1 ? waiting(one) : done(one)));
  await run([subtask('s1')]);
  expect(log).toEqual(['start s1', 'wait s1 waiting', 'end s1 done']);
});

test('a subtask that delegates is visited again once all its own have ended, each of which runs once', async () => {
  const visits: string[] = [];
  const children = [subtask('s1-1'), subtask('s1-2')];
  const it_ = fan(
    async (one) => {
      visits.push(one.spec.id);
      const again = visits.filter((id) => id === one.spec.id).length > 2;
      // The same delegation twice, as after a crash before its children had ended.
      return one.spec.id !== 's1' || again ? done(one) : delegated(one);
    },
    { waitForNext: () => it_.run(children) },
  );
  await it_.run([subtask('s1')]);
  expect(visits.filter((id) => id === 's1-1')).toHaveLength(1);
  expect(it_.log.at(-1)).toBe('end s1 done');
  expect(it_.log.indexOf('end s1-2 done')).toBeLessThan(it_.log.indexOf('end s1 done'));
});
