import { ReadingReport } from '../../activities/lifecycle/reading-report.ts';
import type { ReadSoFar } from '../../protocol/progress.ts';

const at = (bytes: number): ReadSoFar => ({ files: bytes, of: 100, bytes, ofBytes: 100, skipped: 0 });

test('who follows a task is told of reading at each tenth, in growing order, and of quick reading nothing', () => {
  let clock = 0;
  const sent: number[] = [];
  const report = new ReadingReport(
    ({ bytes }) => void sent.push(bytes),
    () => clock,
  );
  // All within a second.
  for (let bytes = 0; bytes < 35; bytes += 1) report.add(at(bytes));
  expect(sent).toEqual([]);
  for (let bytes = 35; bytes <= 100; bytes += 1) {
    clock += 400;
    report.add(at(bytes));
  }
  expect(sent).toEqual([37, 40, 50, 60, 70, 80, 90]);
});
