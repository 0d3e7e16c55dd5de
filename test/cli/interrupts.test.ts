// interrupts.test.ts: what one, two and three presses of Ctrl-C ask for, and which two are one; by a clock of the test's own.

import { onInterrupt } from '../../client/cli/interrupts.ts';

let asked: string[];
let hearing: ReturnType<typeof onInterrupt>;
const press = (): boolean => process.emit('SIGINT');

beforeEach(() => {
  jest.useFakeTimers();
  asked = [];
  const note = (what: string) => (): void => void asked.push(what);
  hearing = onInterrupt({ first: note('how to come back'), second: note('cancel'), leave: note('leave') });
});
afterEach(() => {
  hearing.off();
  jest.useRealTimers();
});

test('one press leaves after two seconds', () => {
  press();
  expect(asked).toEqual(['how to come back']);
  jest.advanceTimersByTime(1_999);
  expect(asked).toHaveLength(1);
  jest.advanceTimersByTime(1);
  expect(asked).toEqual(['how to come back', 'leave']);
});

test('a second press within them cancels, and a third leaves at once', () => {
  press();
  jest.advanceTimersByTime(1_900);
  press();
  jest.advanceTimersByTime(10_000);
  expect(asked).toEqual(['how to come back', 'cancel']);
  press();
  expect(asked).toEqual(['how to come back', 'cancel', 'leave']);
});

test('a press that npm hands on once more is one', () => {
  press();
  jest.advanceTimersByTime(249);
  press();
  jest.advanceTimersByTime(10_000);
  expect(asked).toEqual(['how to come back', 'leave']);
});

test('SIGTERM and SIGHUP leave at once, and nothing is heard once it is over', () => {
  process.emit('SIGTERM');
  process.emit('SIGHUP');
  hearing.off();
  expect(asked).toEqual(['leave', 'leave']);
  expect(process.listenerCount('SIGHUP')).toBe(0);
});
