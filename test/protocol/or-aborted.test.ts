// A promise raced against a signal ends with whichever is first and leaves nothing on the signal.

import { getEventListeners } from 'node:events';
import { orAborted } from '../../protocol/or-aborted.ts';

const never = new Promise<never>(() => undefined);

test('a waiter gets the value of the work, or why it failed, and the signal is left alone', async () => {
  const { signal } = new AbortController();
  expect(await orAborted(Promise.resolve(1), signal)).toBe(1);
  expect(await orAborted(Promise.resolve(2), undefined)).toBe(2);
  await expect(orAborted(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('a waiter whose signal aborts stops waiting with its reason, also when it had aborted before', async () => {
  const stop = new AbortController();
  const waiting = orAborted(never, stop.signal);
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1);
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  await expect(orAborted(Promise.resolve(1), stop.signal)).rejects.toThrow('enough');
});

test('work that fails after its waiter left is nobody’s failure', async () => {
  const unheard: unknown[] = [];
  const hear = (error: unknown): number => unheard.push(error);
  process.on('unhandledRejection', hear);
  const stop = new AbortController();
  let fail = (_error: Error): void => undefined;
  const waiting = orAborted(new Promise<never>((_done, failed) => (fail = failed)), stop.signal);
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  fail(new Error('late'));
  await new Promise((done) => setImmediate(done));
  process.off('unhandledRejection', hear);
  expect(unheard).toEqual([]);
});
