// What no answer waits for takes few of a provider's places, and none while an answer waits for one.

import { Places } from '../../activities/models/places.ts';

interface Calls {
  begin(mode: 'blocking' | 'background'): Promise<void>;
  /** Calls under way, of this mode. */
  running(mode: string): number;
  /** Ends the oldest call of this mode. */
  end(mode: string): Promise<void>;
}

function callsTo(places: Places): Calls {
  const running: { mode: string; end: () => void }[] = [];
  const soon = (): Promise<void> => new Promise((done) => setImmediate(done));
  return {
    async begin(mode) {
      void places.take(() => new Promise<void>((end) => void running.push({ mode, end })), mode);
      await soon();
    },
    running: (wanted) => running.filter(({ mode }) => mode === wanted).length,
    async end(wanted) {
      const at = running.findIndex(({ mode }) => mode === wanted);
      running.splice(at, 1)[0]?.end();
      await soon();
    },
  };
}

test('calls that no answer waits for have a quarter of the places at most', async () => {
  const calls = callsTo(new Places(8));
  for (let i = 0; i < 20; i += 1) await calls.begin('background');
  expect(calls.running('background')).toBe(2);
  for (let i = 0; i < 8; i += 1) await calls.begin('blocking');
  expect(calls.running('blocking')).toBe(6);
  await calls.end('background');
  await calls.end('background');
  // Two blocking ones waited: they come first.
  expect([calls.running('blocking'), calls.running('background')]).toEqual([8, 0]);
});

test('of few places one is theirs, and that only while no blocking call waits', async () => {
  const calls = callsTo(new Places(2));
  await calls.begin('background');
  await calls.begin('background');
  expect(calls.running('background')).toBe(1);
  for (let i = 0; i < 3; i += 1) await calls.begin('blocking');
  await calls.end('background');
  expect([calls.running('blocking'), calls.running('background')]).toEqual([2, 0]);
  await calls.end('blocking');
  expect([calls.running('blocking'), calls.running('background')]).toEqual([2, 0]);
  await calls.end('blocking');
  expect([calls.running('blocking'), calls.running('background')]).toEqual([1, 1]);
});
