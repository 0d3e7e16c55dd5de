// However findings, interruptions and endings fall, and whatever of it is lost, doubled or late on the way: a pod keeps its
// budget, every ending has its Signal, and the master counts nothing twice.

import fc from 'fast-check';
import { ReportBucket } from '../../activities/lifecycle/report-bucket.ts';
import { isNew, type ReportItem, type SeenReports } from '../../protocol/reports.ts';

const SEATS = 3;
const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('finding' as const), seat: fc.nat(SEATS - 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resumed' as const), seat: fc.nat(SEATS - 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), seat: fc.nat(SEATS - 1) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(20_000) }) },
);
const outcome = { subtask: 's' } as unknown as Extract<ReportItem, { kind: 'finished' }>['outcome'];

test('a pod of several seats', () => {
  jest.useFakeTimers();
  fc.assert(
    fc.property(
      fc.array(act, { maxLength: 60 }),
      fc.integer({ min: SEATS, max: 12 }),
      fc.array(fc.nat(99), { minLength: 30, maxLength: 30 }),
      (acts, budget, disorder) => {
        const signals: ReportItem[][] = [];
        const bucket = new ReportBucket({ budget, sent: 0, endings: SEATS, send: (items) => signals.push(items) });
        const seqs = Array.from({ length: SEATS }, () => 0);
        const over = new Set<number>();
        const end = (seat: number): void => {
          if (over.has(seat)) return;
          over.add(seat);
          bucket.drop(`s${seat}`);
          bucket.end({ subtask: `s${seat}`, generation: 1, seq: 0, kind: 'finished', visit: 1, outcome });
        };
        for (const one of acts) {
          if (one.do === 'wait') jest.advanceTimersByTime(one.ms);
          else if (one.do === 'end') end(one.seat);
          else if (over.has(one.seat)) continue;
          else if (one.do === 'finding') {
            const seq = (seqs[one.seat] = (seqs[one.seat] ?? 0) + 1);
            const finding = { id: `s${one.seat}/g1/${seq}`, claim: '', at: '' };
            bucket.add({ subtask: `s${one.seat}`, generation: 1, seq, kind: 'finding', finding });
          } else
            bucket.addAtOnce({ subtask: `s${one.seat}`, generation: 1, seq: 0, kind: 'resumed', attempt: 2, turns: 0 });
        }
        for (let seat = 0; seat < SEATS; seat += 1) end(seat);
        bucket.close();
        jest.advanceTimersByTime(60_000);
        expect(signals.length).toBeLessThanOrEqual(budget);
        expect(signals.flat().filter(({ kind }) => kind === 'finished')).toHaveLength(SEATS);

        // Out of order, twice, or not at all: the master counts a finding once, and never one that was not told.
        const arrived = signals.flatMap((items, i) =>
          Array.from({ length: (disorder[i % disorder.length] ?? 0) % 3 }, (_, copy) => ({
            items,
            at: (disorder[(i + 7 * copy) % disorder.length] ?? 0) + copy,
          })),
        );
        const seen: SeenReports = {};
        const counted = arrived
          .sort((a, b) => a.at - b.at)
          .flatMap(({ items }) => items)
          .flatMap((item) => (item.kind === 'finding' && isNew(seen, item) ? [item.finding.id] : []));
        expect(new Set(counted).size).toBe(counted.length);
      },
    ),
    { numRuns: 2_000, seed: 1 },
  );
  jest.useRealTimers();
});
