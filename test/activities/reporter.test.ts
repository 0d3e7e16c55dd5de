// What a pod tells its master while it works: enough for whoever watches, too little to fill a history.

import { ReportBucket, type BucketOptions } from '../../activities/lifecycle/report-bucket.ts';
import { reportsResumed } from '../../activities/lifecycle/reporter.ts';
import type { ReportItem } from '../../protocol/reports.ts';

test('a worker that dies a thousand times under one visit is told of three times, and the first attempt is none', () => {
  const attempts = Array.from({ length: 1_000 }, (_, i) => i + 1);
  expect(attempts.filter(reportsResumed)).toEqual([2, 3, 4]);
});

describe('a pod that reports', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const finding = (subtask: string, seq: number): ReportItem => ({
    subtask,
    generation: 1,
    seq,
    kind: 'finding',
    finding: { id: `${subtask}/g1/${seq}`, claim: 'c', at: 'a:1' },
  });
  const resumed: ReportItem = { subtask: 's1', generation: 1, seq: 0, kind: 'resumed', attempt: 2, turns: 1 };
  const bucket = (options: Partial<BucketOptions> = {}) => {
    const signals: ReportItem[][] = [];
    const made = new ReportBucket({
      budget: 100,
      sent: 0,
      endings: 0,
      send: (items) => signals.push(items),
      ...options,
    });
    return { bucket: made, signals };
  };

  test('sends a first finding soon, and what comes in the pause after it together in one Signal', () => {
    const { bucket: it_, signals } = bucket();
    it_.add(finding('s1', 1));
    jest.advanceTimersByTime(600);
    expect(signals).toHaveLength(1);
    it_.add(finding('s1', 2));
    it_.add(finding('s2', 1));
    jest.advanceTimersByTime(100);
    expect(signals).toHaveLength(1);
    jest.advanceTimersByTime(500);
    expect(signals.map((items) => items.length)).toEqual([1, 2]);
  });

  test('slows as time goes on: ten minutes in, two Signals are half a minute apart', () => {
    const { bucket: it_, signals } = bucket();
    jest.advanceTimersByTime(600_000);
    it_.add(finding('s1', 1));
    jest.advanceTimersByTime(1_000);
    it_.add(finding('s1', 2));
    jest.advanceTimersByTime(28_000);
    expect(signals).toHaveLength(1);
    jest.advanceTimersByTime(3_000);
    expect(signals).toHaveLength(2);
  });

  test('never sends more Signals than its budget, interruptions and earlier attempts counted', () => {
    const { bucket: it_, signals } = bucket({ budget: 5, sent: 2 });
    it_.addAtOnce(resumed);
    for (let seq = 1; seq <= 50; seq += 1) {
      it_.add(finding('s1', seq));
      jest.advanceTimersByTime(60_000);
    }
    expect(signals).toHaveLength(3);
    expect(it_.sent).toBe(5);
  });

  test('keeps a Signal for each ending: findings wait for the end, never an ending for findings', () => {
    const { bucket: it_, signals } = bucket({ budget: 3, endings: 2 });
    for (let seq = 1; seq <= 9; seq += 1) {
      it_.add(finding('s1', seq));
      jest.advanceTimersByTime(60_000);
    }
    expect(signals).toHaveLength(1);
    it_.drop('s1');
    it_.end(resumed);
    it_.end(resumed);
    expect(signals).toHaveLength(3);
  });

  test('tells of what was shared at the latest when it closes: no outcome holds it', () => {
    const { bucket: it_, signals } = bucket();
    it_.add({ ...(finding('s1', 1) as Extract<ReportItem, { kind: 'finding' }>), kind: 'shared' });
    it_.add(finding('s1', 1));
    it_.drop('s1');
    it_.close();
    expect(signals.map((items) => items.map(({ kind }) => kind))).toEqual([['shared']]);
    jest.advanceTimersByTime(60_000);
    expect(signals).toHaveLength(1);
  });

  test('needs no Signal for findings that their outcome follows at once', () => {
    const { bucket: it_, signals } = bucket();
    it_.add(finding('s1', 1));
    it_.drop('s1');
    it_.close();
    jest.advanceTimersByTime(60_000);
    expect(signals).toEqual([]);
  });
});
