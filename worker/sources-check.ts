// sources-check.ts: why a task could read nothing of some sources, as JSON in the last line of stdout: null where it could. A
// process of its own, for who is about to start or to stop a stack for them. Opens no file of a folder: what is in them shows when they
// are read; of a file that is named itself, its beginning.

import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { readConfigFile } from '../protocol/schemas/config.ts';
import { readConfigValue } from '../settings/config-file.ts';
import { withoutEmptyVariables } from '../settings/variables.ts';
import { decodeText } from '../documents/extract/decode-text.ts';
import { isParsed } from '../documents/extract/files/extract-text.ts';
import { CorpusError } from '../documents/sources/corpus-error.ts';
import { SizeTally } from '../documents/sources/size-tally.ts';
import { SkipList } from '../documents/sources/skip-list.ts';
import { limitsWith, SOURCE_LIMITS, type SourceLimits } from '../documents/sources/source-limits.ts';
import { walkSource, type FoundFile, type PathSource } from '../documents/sources/walk-source.ts';

/** `whole` counts all that there is against what one task may read; else a few files show that there are some. */
const [asked = '[]', how] = process.argv.slice(2);
const isWhole = how === 'whole';

/** `none`: nothing is there that can be read; `refused`: a sentence of its own that names the sources. */
type Why = { none: string } | { refused: string };

async function whyNone(sources: readonly PathSource[]): Promise<Why | null> {
  const skipped = new SkipList();
  const limits = isWhole ? limitsOf(withoutEmptyVariables(process.env).MUSTER_CONFIG) : { ...SOURCE_LIMITS, files: 1 };
  const tally = new SizeTally(limits);
  let files = 0;
  try {
    for (const source of sources) {
      const walk = await walkSource(source, [source.path], { tally });
      skipped.addAll(walk.skipped);
      const problem = walk.isFolder ? undefined : await beginningProblem(walk.files);
      if (problem) skipped.add(basename(walk.path), problem);
      else files += walk.files.length;
      if (files > 0 && !isWhole) return null;
      if (tally.isFull) break;
    }
    tally.refuseTooLarge(sources.map(({ path }) => path));
  } catch (error) {
    if (!(error instanceof CorpusError)) throw error;
    return { refused: error.message };
  }
  if (files > 0) return null;
  return { none: skipped.describe() || 'no file is there, or none that --include selects' };
}

const BEGINNING_BYTES = 65_536;

/** Why the file that a source is can't be read as a text, as far as its beginning tells. What a parser reads may be anything. */
async function beginningProblem([file]: readonly FoundFile[]): Promise<string | undefined> {
  if (!file) return undefined;
  const bytes = await beginningOf(file.path);
  if (isParsed(file.name, bytes)) return undefined;
  const decoded = await decodeText(bytes);
  return 'problem' in decoded ? decoded.problem : undefined;
}

async function beginningOf(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING_BYTES));
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** What this terminal's config file says; one that can't be used is refused elsewhere. */
function limitsOf(path: string | undefined): SourceLimits {
  const file = path === undefined ? undefined : readConfigValue(path);
  const read = file && 'value' in file ? readConfigFile(file.value) : undefined;
  return limitsWith(read && 'config' in read ? read.config.corpus : {});
}

process.stdout.write(`\n${JSON.stringify(await whyNone(JSON.parse(asked) as PathSource[]))}\n`);
