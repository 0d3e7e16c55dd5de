// A promise raced against a time ends with whichever is first, and leaves no timer behind.

import { orLate } from '../../client/or-late.ts';

const never = new Promise<never>(() => undefined);
const fail = (): never => {
  throw new Error('late');
};

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a waiter gets the value of the work, or why it failed, and no timer stays', async () => {
  expect(await orLate(Promise.resolve(1), 1_000, fail)).toBe(1);
  await expect(orLate(Promise.reject(new Error('broken')), 1_000, fail)).rejects.toThrow('broken');
  expect(jest.getTimerCount()).toBe(0);
});

test('a waiter whose time is over gets what stands for that, or its error', async () => {
  const both = [orLate(never, 1_000, () => 'stale'), orLate(never, 1_000, fail).catch((error: Error) => error.message)];
  jest.advanceTimersByTime(1_000);
  expect(await Promise.all(both)).toEqual(['stale', 'late']);
});

test('a time that no timer can have is as long as one can be, and not over at once', async () => {
  const waiting = orLate(never, 1e12, () => 'over');
  const first = Promise.race([waiting, Promise.resolve('waits')]);
  jest.advanceTimersByTime(2 ** 31 - 2);
  expect(await first).toBe('waits');
  jest.advanceTimersByTime(1);
  expect(await waiting).toBe('over');
});

test('work that fails after its waiter left is nobody’s failure', async () => {
  const unheard: unknown[] = [];
  const hear = (error: unknown): number => unheard.push(error);
  process.on('unhandledRejection', hear);
  let break_ = (_error: Error): void => undefined;
  const waiting = orLate(new Promise<never>((_done, failed) => (break_ = failed)), 1_000, () => 'left');
  jest.advanceTimersByTime(1_000);
  expect(await waiting).toBe('left');
  break_(new Error('later'));
  jest.useRealTimers();
  await new Promise((done) => setImmediate(done));
  process.off('unhandledRejection', hear);
  expect(unheard).toEqual([]);
});
