// support.ts: folders and stores made for one test.

import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { prepareCorpus, type PrepareOptions } from '../../documents/prepare-corpus.ts';
import { openCorpus, type Corpus } from '../../documents/open-corpus.ts';
import { fileStore } from '../../store/file-store.ts';
import type { Store } from '../../store/store.ts';

export const FIXTURES = resolve(__dirname, '../fixtures/corpus');

export async function temporaryFolder(): Promise<string> {
  return await realpath(await mkdtemp(join(tmpdir(), 'muster-corpus-')));
}

export async function temporaryStore(): Promise<Store> {
  return fileStore(join(await temporaryFolder(), 'store'));
}

/** A folder with these files, by their paths in it. */
export async function folderOf(files: Record<string, string | Uint8Array>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** A corpus of these files, prepared and opened. */
export async function corpusOf(
  files: Record<string, string | Uint8Array>,
  options: Partial<PrepareOptions> = {},
): Promise<Corpus> {
  const folder = await folderOf(files);
  const store = await temporaryStore();
  const { corpusRef } = await prepareCorpus([{ kind: 'path', path: folder }], { store, roots: [folder], ...options });
  return await openCorpus(store, corpusRef);
}

/** Text of many different words, so that the index is as large as that of real documents. */
export function wordy(bytes: number, seed: number): string {
  const parts: string[] = [];
  let state = seed + 1;
  for (let size = 0; size < bytes;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const word = `${(state % 30_000).toString(36)}${state % 17 === 0 ? '.\n\n' : ' '}`;
    parts.push(word);
    size += word.length;
  }
  return parts.join('');
}
