// read-bytes.ts: a file's bytes, whatever became of it since it was found: others write, replace and delete while it is read.

import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { sizeProblem, SOURCE_LIMITS } from '../sources/source-limits.ts';

/** How often one is read that is written to meanwhile. */
const READS = 3;

/** The bytes of a file, as it was at one moment where it holds still that long. What it is now may be none any more. */
export function readBytes(path: string): { bytes: Uint8Array } | { problem: string } {
  try {
    // The walk resolved all links; one that was put in its place since then is not followed.
    if (realpathSync(path) !== path) return { problem: 'it was replaced by a link while it was read' };
    // A pipe in its place would be waited for without an end.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return readWhole(file, path);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return { problem: `it can't be opened (${String((error as NodeJS.ErrnoException).code)})` };
  }
}

/** Reads again what changed meanwhile; in the end as it comes, since some are written to all the time. */
function readWhole(file: number, path: string): { bytes: Uint8Array } | { problem: string } {
  for (let left = READS; ; left -= 1) {
    const before = fstatSync(file, { bigint: true });
    if (!before.isFile()) return { problem: 'it was replaced by what is no file while it was read' };
    const size = Number(before.size);
    const problem = sizeProblem(path, size, SOURCE_LIMITS);
    if (problem !== undefined) return { problem };
    const bytes = Buffer.allocUnsafe(size);
    let end = 0;
    for (let got = -1; got !== 0 && end < size; end += got) got = readSync(file, bytes, end, size - end, end);
    const after = fstatSync(file, { bigint: true });
    if (left === 1 || (after.mtimeNs === before.mtimeNs && after.size === before.size))
      return { bytes: bytes.subarray(0, end) };
  }
}
