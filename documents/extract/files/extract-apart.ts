// extract-apart.ts: extraction within bounds of time and memory: what a parser must read is read in a thread of its own,
// which is stopped when a file takes too much. Plain text is decoded where it is asked for.

import { BoundedThread, JobStoppedError } from '../../jobs/bounded-thread.ts';
import { extractText, isParsed } from './extract-text.ts';
import type { Extracted } from '../extracted.ts';

/** The slowest honest file: a PDF of some thousand pages. */
const MILLISECONDS = 60_000;
const HEAP_MB = 768;
/** Of the whole process, beside the heap: buffers that a parser blows up. */
const GROWTH_MB = 1_500;

type Result = Extracted | { problem: string };

const thread = new BoundedThread<{ name: string; bytes: Uint8Array }, Result>({
  name: 'muster-extract',
  entry: compiledEntry(import.meta.url),
  memoryMb: HEAP_MB,
  growthMb: GROWTH_MB,
});

/** As `extractText`, and never longer than a minute of work. */
export async function extractApart(name: string, bytes: Uint8Array, limitMs = MILLISECONDS): Promise<Result> {
  if (!isParsed(name, bytes)) return await extractText(name, bytes);
  return await thread.run({ name, bytes }, { limitMs }).catch((error: unknown): Result => {
    const why = error instanceof JobStoppedError ? error.message : 'its text could not be found';
    return { problem: `reading it was stopped: ${why}` };
  });
}

/** A thread runs compiled code: beside this file in dist, in dist where this file is a source (under Jest). */
function compiledEntry(here: string): URL {
  return new URL(
    here.endsWith('.ts') ? '../../../dist/documents/extract/files/extract-thread.js' : './extract-thread.js',
    here,
  );
}
