// skipped.ts: what of a task's sources was not read, a line a file, what somebody may miss first.

import type { Skipped } from '../../../protocol/skipped.ts';
import { formatCount, counted, oneLine } from '../terminal/text.ts';

/** Lines for stdout. */
export function skippedLines({ files }: Skipped): string {
  return files.map(({ path, reason }) => `${oneLine(path)}: ${oneLine(reason)}\n`).join('');
}

/** What they are, for stderr. */
export function skippedSummary({ count: lost, files }: Skipped): string {
  const ignored = files.filter((file) => file.ignored).length;
  const missing = lost + ignored - files.length;
  return [
    `${counted(lost, 'file')} not read`,
    ...(ignored > 0 ? [`${formatCount(ignored)} left out: ignored, or of a kind that has no text`] : []),
    ...(missing > 0
      ? [`${formatCount(missing)} of them not named here: the list lies in the store of the worker`]
      : []),
  ].join(' · ');
}
