// find-files.ts: the files of all sources of a request under the names that citations will use, each file once.

import { SizeTally } from './size-tally.ts';
import { SkipList } from './skip-list.ts';
import { SOURCE_LIMITS, type SourceLimits } from './source-limits.ts';
import { sourceLabels } from './source-names.ts';
import { walkSource, type FoundFile, type PathSource, type WalkedSource } from './walk-source.ts';

/** A file under the name that people and citations call it by. */
export type NamedFile = FoundFile;

/**
 * Files in the order of their names. The limits hold for all sources together.
 * @throws CorpusError SourceTooLarge, and as `walkSource`.
 */
export async function findFiles(
  sources: readonly PathSource[],
  roots: readonly string[],
  {
    limits = SOURCE_LIMITS,
    signal,
    skipped,
    onFound,
  }: {
    limits?: SourceLimits | undefined;
    signal: AbortSignal;
    skipped: SkipList;
    /** Told how many files were found so far. */
    onFound?: ((files: number) => void) | undefined;
  },
): Promise<NamedFile[]> {
  const walks: WalkedSource[] = [];
  const tally = new SizeTally(limits);
  let before = 0;
  for (const source of sources) {
    const walk = await walkSource(source, roots, {
      limits,
      signal,
      tally,
      onFound: onFound && ((files) => onFound(before + files)),
    });
    before += walk.files.length;
    walks.push(walk);
    if (tally.isFull) break;
  }
  tally.refuseTooLarge(sources.map(({ path }) => path));

  const paths = [...new Set(walks.map(({ path }) => path))];
  const labels = new Map(sourceLabels(paths).map((label, i) => [paths[i], label]));
  const seen = new Set<string>();
  const found: NamedFile[] = [];
  for (const walk of walks) {
    const label = labels.get(walk.path) ?? '';
    const prefix = paths.length === 1 ? '' : walk.isFolder ? `${label}/` : '';
    skipped.addAll(walk.skipped, prefix);
    for (const file of walk.files) {
      if (seen.has(file.path)) continue;
      seen.add(file.path);
      const name = prefix + (walk.isFolder || paths.length === 1 ? file.name : label);
      found.push(name === file.name ? file : { ...file, name });
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
