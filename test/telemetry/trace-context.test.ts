// What is read of, and written into, the headers that carry a trace and its session.

import { sessionBaggage, sessionOfBaggage } from '../../protocol/session-baggage.ts';
import { readTraceparent, spanIdOf, traceIdOf, traceparentOf } from '../../telemetry/trace-context.ts';

const GOOD = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('a traceparent', () => {
  test('of a caller comes back as it was', () => {
    const read = readTraceparent(GOOD);
    expect(read).toEqual({ traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', isSampled: true });
    expect(read && traceparentOf(read)).toBe(GOOD);
    expect(readTraceparent(GOOD.replace(/01$/, '00'))?.isSampled).toBe(false);
  });

  test('of a later version is read as far as it is known', () => {
    expect(readTraceparent(`01${GOOD.slice(2)}-what-comes-later`)?.spanId).toBe('00f067aa0ba902b7');
  });

  test.each([
    ['nothing', undefined],
    ['words', 'hello'],
    ['the version that is none', `ff${GOOD.slice(2)}`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['a span of zeros', `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`],
    ['capitals', GOOD.toUpperCase()],
    ['one that was cut', GOOD.slice(0, 50)],
  ])('is refused where it is %s', (_what, text) => {
    expect(readTraceparent(text)).toBeUndefined();
  });
});

test('a session comes through baggage whatever it is made of, and others’ entries are passed by', () => {
  for (const session of ['s-1', 'Größe, a=b; c'])
    expect(sessionOfBaggage(`other=1,${sessionBaggage(session)};kept,last=2`)).toBe(session);
  expect(sessionOfBaggage('other=1')).toBeUndefined();
  expect(sessionOfBaggage('agent_session_id=%')).toBeUndefined();
  expect(sessionOfBaggage(undefined)).toBeUndefined();
});

test('ids are the same for the same work, and others for each part of it', () => {
  expect(spanIdOf('run', 's1', 1, 'turn-1')).toBe(spanIdOf('run', 's1', 1, 'turn-1'));
  const ids = [
    spanIdOf('run'),
    spanIdOf('run', 's1', 1),
    spanIdOf('run', 's1', 11),
    spanIdOf('run', 's1', 1, '1'),
    spanIdOf('run', 's11'),
    spanIdOf('other', 's1', 1),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/);
  expect(traceIdOf('run')).toMatch(/^[0-9a-f]{32}$/);
});
