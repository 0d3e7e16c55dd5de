// What is let in at the door of starts: nobody waits behind a start that takes long.

import { ADMISSION, Admission } from '../../gateway/doors/admission.ts';
import { Outages } from '../../gateway/doors/outages.ts';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('while a start takes longer than a second others are refused, and let in again once it is through', async () => {
  const admission = new Admission(ADMISSION, new Outages([]), () => Promise.resolve(0));
  let through = (_said: string): void => undefined;
  const first = admission.run(() => new Promise<string>((done) => (through = done)));
  await jest.advanceTimersByTimeAsync(900);
  expect(await admission.run(() => Promise.resolve('second'))).toBe('second');
  await jest.advanceTimersByTimeAsync(200);
  const refused = { code: 'overloaded', message: expect.stringMatching(/takes longer to answer/) };
  await expect(admission.run(() => Promise.resolve('third'))).rejects.toMatchObject(refused);
  await expect(admission.refuseIfFull()).rejects.toMatchObject(refused);
  through('first');
  expect(await first).toBe('first');
  expect(await admission.run(() => Promise.resolve('fourth'))).toBe('fourth');
});
