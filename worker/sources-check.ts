// sources-check.ts: why no document of some sources could be read, as JSON in the last line of stdout: null where one could. A
// process of its own, for who is about to start or to stop a stack for them. Opens no file: what is in them shows when they are read.

import { CorpusError } from '../documents/sources/corpus-error.ts';
import { SizeTally } from '../documents/sources/size-tally.ts';
import { SkipList } from '../documents/sources/skip-list.ts';
import { SOURCE_LIMITS } from '../documents/sources/source-limits.ts';
import { walkSource, type PathSource } from '../documents/sources/walk-source.ts';

/** A few files show that there are some. */
const ENOUGH = { ...SOURCE_LIMITS, files: 1 };

async function whyNone(sources: readonly PathSource[]): Promise<string | null> {
  const skipped = new SkipList();
  for (const source of sources) {
    try {
      const walk = await walkSource(source, [source.path], { tally: new SizeTally(ENOUGH) });
      if (walk.files.length > 0) return null;
      skipped.addAll(walk.skipped);
    } catch (error) {
      if (!(error instanceof CorpusError)) throw error;
      return error.message;
    }
  }
  return skipped.describe() || 'no file is there, or none that --include selects';
}

const sources = JSON.parse(process.argv[2] ?? '[]') as PathSource[];
process.stdout.write(`\n${JSON.stringify(await whyNone(sources))}\n`);
