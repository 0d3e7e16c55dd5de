// fan-out.ts without a server: several lives of one subtask, and what ends a fan-out before all have ended.

import type { Outcome } from '../../protocol/outcome.ts';
import type { Life, SubtaskState } from '../../workflows/state/tree.ts';
import { done, failed, fan, subtask } from './fan-out-ports.ts';

// Nothing here waits for time: what hangs is a fault.
jest.setTimeout(30_000);

/** Visits that end when the test says so, by `s1/1`. */
function byHand() {
  const ends = new Map<string, (outcome: Outcome) => void>();
  return {
    visit: ({ spec }: SubtaskState, { generation }: Life) =>
      new Promise<Outcome>((end) => ends.set(`${spec.id}/${generation}`, end)),
    async end(life: string, outcome: Outcome) {
      ends.get(life)?.(outcome);
      await settle();
    },
  };
}
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('the life that is done first decides, and the other is stopped and lost', async () => {
  const hand = byHand();
  const it_ = fan(hand.visit);
  const s1 = subtask('s1');
  const running = it_.run([s1]);
  await settle();
  expect(it_.startLife(s1)).toBe(true);
  await hand.end('s1/2', done(s1, 2));
  await running;
  await it_.settled();
  expect(it_.log).toEqual(['start s1', 'start s1/2', 'end s1/2 done', 'lost s1/1 stopped']);
  expect(it_.endings.get('s1')).toMatchObject({ status: 'done', generation: 2 });
});

test('what needs a subtask starts when its first life is done, not when the others have stopped', async () => {
  const hand = byHand();
  let stop = (): void => undefined;
  const it_ = fan(hand.visit, {
    // A life that takes its time to stop.
    cancellable: (work) => ({
      done: Promise.race([work(), new Promise<never>((_done, failedTo) => (stop = () => failedTo('late')))]),
      cancel: () => undefined,
    }),
  });
  const [s1, s2] = [subtask('s1'), subtask('s2', ['s1'])];
  const running = it_.run([s1, s2]);
  await settle();
  it_.startLife(s1);
  await hand.end('s1/1', done(s1));
  expect(it_.log).toContain('start s2');
  await hand.end('s2/1', done(s2));
  await running;
  stop();
});

test('a life that fails beside another decides nothing while that one is at work', async () => {
  const hand = byHand();
  const it_ = fan(hand.visit);
  const s1 = subtask('s1');
  const running = it_.run([s1]);
  await settle();
  it_.startLife(s1);
  await hand.end('s1/1', failed(s1));
  expect(it_.endings.has('s1')).toBe(false);
  await hand.end('s1/2', failed(s1, 2));
  await running;
  expect(it_.log.slice(-2)).toEqual(['lost s1/1 failed', 'end s1/2 failed']);
});

test('another life is begun when that is what follows an ending', async () => {
  const it_ = fan(async (one, { generation }) => (generation === 1 ? failed(one) : done(one, 2)), {
    decide: (_one, ending) => (ending.status === 'failed' ? 'another life' : 'go on'),
  });
  await it_.run([subtask('s1')]);
  expect(it_.log).toEqual(['start s1', 'lost s1/1 failed', 'start s1/2', 'end s1/2 done']);
});

test('enough stops all that is at work, starts nothing that waited, and begins no other life', async () => {
  const hand = byHand();
  const it_ = fan(hand.visit, {
    decide: (_one, ending) => (ending.status === 'done' ? { enough: 'one is' } : 'another life'),
  });
  const [s1, s2, s3] = [subtask('s1'), subtask('s2'), subtask('s3', ['s1'])];
  const running = it_.run([s1, s2, s3]);
  await settle();
  await hand.end('s1/1', done(s1));
  await running;
  expect(it_.log.filter((line) => line.startsWith('start'))).toEqual(['start s1', 'start s2']);
  expect(it_.log).toEqual(expect.arrayContaining(['end s1 done', 'end s2 stopped', 'end s3 stopped']));
  // What never began says why, as what was at work does.
  for (const id of ['s2', 's3'])
    expect(it_.endings.get(id)).toMatchObject({ status: 'stopped', isLeft: true, failure: { message: 'one is' } });

  // Nor does one that was stopped alone, whatever would follow its ending.
  const alone = fan(byHand().visit, { decide: () => 'another life' });
  const ended = alone.run([s1]);
  await settle();
  alone.stop(s1);
  await settle();
  expect(alone.log).toEqual(['start s1', 'end s1 stopped']);
  await ended;
});

test('a subtask that has ended, or has not begun, gets no other life', async () => {
  const it_ = fan(async (one) => done(one));
  const [s1, s2] = [subtask('s1'), subtask('s2', ['s1'])];
  expect(it_.startLife(s1)).toBe(false);
  await it_.run([s1, s2]);
  expect(it_.startLife(s1)).toBe(false);
});

test('a subtask that is stopped alone ends with its lives, or never begins, and its siblings go on', async () => {
  const hand = byHand();
  const it_ = fan(hand.visit);
  const [s1, s2, s3] = [subtask('s1'), subtask('s2'), subtask('s3', ['s2'])];
  const running = it_.runAll([s1, s2, s3]);
  await settle();
  it_.startLife(s1);
  it_.stop(s1);
  it_.stop(s3);
  await settle();
  expect(it_.isOpen()).toBe(true);
  await hand.end('s2/1', done(s2));
  // One that began would never end here.
  expect(it_.log).not.toContain('start s3');
  await running;
  expect(it_.isOpen()).toBe(false);
  expect([...it_.endings].map(([id, { status }]) => `${id} ${status}`)).toEqual([
    's1 stopped',
    's2 done',
    's3 stopped',
  ]);
});

test('what joins an open fan-out is waited for, also a subtask that had ended', async () => {
  const hand = byHand();
  const it_ = fan(hand.visit);
  const [s1, s2, s9] = [subtask('s1'), subtask('s2', ['s1']), subtask('s9')];
  let isOver = false;
  const running = it_.runAll([s1, s2]).then(() => (isOver = true));
  await settle();
  await hand.end('s1/1', failed(s1));
  expect(isOver).toBe(true);
  expect(it_.endings.get('s2')?.status).toBe('skipped');

  const other = fan(hand.visit);
  const over = other.runAll([s1]).then(() => void other.log.push('over'));
  await settle();
  let planned = (): void => undefined;
  other.join(async () => {
    await new Promise<void>((done_) => (planned = done_));
    await other.run([s9]);
  });
  await hand.end('s1/1', done(s1));
  expect(other.isOpen()).toBe(true);
  planned();
  await settle();
  other.again(s1);
  await settle();
  await hand.end('s9/1', done(s9));
  expect(other.log).not.toContain('over');
  await hand.end('s1/2', failed(s1, 2));
  await over;
  await running;
  expect(other.log).toEqual([
    'start s1',
    'end s1 done',
    'start s9',
    'start s1/2',
    'end s9 done',
    'end s1/2 failed',
    'over',
  ]);
});

test('a bug in what joined is thrown once all have ended', async () => {
  const hand = byHand();
  const it_ = fan(hand.visit);
  const s1 = subtask('s1');
  const thrown = expect(it_.runAll([s1])).rejects.toThrow('a bug');
  await settle();
  it_.join(() => Promise.reject(new TypeError('a bug')));
  await settle();
  await hand.end('s1/1', done(s1));
  await thrown;
});
