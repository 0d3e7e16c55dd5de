// kept-files.ts: files that a request names by their content: somebody sent them, and they lie in the store. They go by the
// names that they were sent under, which lead nowhere.

import type { SkipList } from './skip-list.ts';
import { sizeProblem, SOURCE_LIMITS, type SourceLimits } from './source-limits.ts';

export interface KeptSource {
  kind: 'blob';
  sha256: string;
  name: string;
  bytes: number;
}

/** A file in the store under the name that people and citations call it by. */
export interface KeptFile {
  name: string;
  sha256: string;
  bytes: number;
  kept: true;
}

/**
 * Each content once under each name. Where two have one name, those behind the first are told apart by their content.
 * @param taken names that other sources have.
 */
export function keptFiles(
  sources: readonly KeptSource[],
  taken: Iterable<string>,
  { skipped, limits = SOURCE_LIMITS }: { skipped: SkipList; limits?: SourceLimits | undefined },
): KeptFile[] {
  const names = new Map<string, string>([...taken].map((name) => [name, '']));
  const files: KeptFile[] = [];
  for (const { name, sha256, bytes } of sources) {
    const problem = sizeProblem(name, bytes, limits);
    if (problem !== undefined) skipped.add(name, problem);
    if (problem !== undefined || names.get(name) === sha256) continue;
    const shown = names.has(name) ? `${sha256.slice(0, 12)}/${name}` : name;
    if (names.get(shown) === sha256) continue;
    names.set(shown, sha256);
    files.push({ name: shown, sha256, bytes, kept: true });
  }
  return files;
}
