// list-documents.ts: which documents a request's sources name, before any is read: what a plan needs to know of them.
// Preparing asks the same at the same moment; the folders are walked once.

import { canonicalJson } from '../../protocol/schemas/hash.ts';
import type { UrlSource } from './fetch-urls.ts';
import { findFiles, type NamedFile } from './find-files.ts';
import { shareWork, type OnProgress } from '../jobs/share-work.ts';
import { SkipList } from './skip-list.ts';
import type { KeptSource } from './kept-files.ts';
import type { SourceLimits } from './source-limits.ts';
import type { PathSource } from './walk-source.ts';

const TOLD_EVERY = 100;

interface Where {
  /** For whom: walks of one owner are shared. */
  owner: object;
  roots: readonly string[];
  limits?: SourceLimits | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: OnProgress | undefined;
}

/**
 * The files of these sources by name, and what was left out.
 * @throws CorpusError SourceNotAllowed, SourceNotFound, SourceTooLarge.
 */
export function listFiles(
  sources: readonly PathSource[],
  { owner, roots, limits, signal, onProgress }: Where,
): Promise<{ files: NamedFile[]; skipped: SkipList }> {
  return shareWork(owner, canonicalJson({ walk: sources, roots, limits }), { signal, onProgress }, async (shared) => {
    const skipped = new SkipList();
    const onFound = (files: number): void => {
      if (files % TOLD_EVERY === 0) shared.onProgress(`looks for files: ${files.toLocaleString('en')} so far`);
    };
    return { files: await findFiles(sources, roots, { limits, signal: shared.signal, skipped, onFound }), skipped };
  });
}

/** Names of all documents there may be, some of which turn out to hold no text, and the bytes of their files. @throws as `listFiles` */
export async function listDocuments(
  sources: readonly (PathSource | UrlSource | KeptSource)[],
  where: Where,
): Promise<{ documents: { name: string }[]; bytes: number }> {
  const { files } = await listFiles(
    sources.filter((source) => source.kind === 'path'),
    where,
  );
  const pages = sources.flatMap((source) => (source.kind === 'url' ? [{ name: source.url }] : []));
  const kept = sources.filter((source) => source.kind === 'blob');
  return {
    documents: [...files.map(({ name }) => ({ name })), ...pages, ...kept.map(({ name }) => ({ name }))],
    bytes: [...files, ...kept].reduce((sum, file) => sum + file.bytes, 0),
  };
}
