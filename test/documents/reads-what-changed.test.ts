// What was read once is not read again: of a folder in which one file changed, that one is opened.

import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCorpus } from '../../documents/open-corpus.ts';
import { prepareCorpus, type PreparedCorpus } from '../../documents/prepare-corpus.ts';
import { decodeCorpus } from '../../documents/index/corpus-format.ts';
import { CorpusThread } from '../../documents/thread/corpus-thread.ts';
import type { ReadSoFar } from '../../protocol/progress.ts';
import { fileStore } from '../../store/file-store.ts';
import { folderOf, temporaryFolder } from './support.ts';

/** Long after the files were written. */
const later = (): number => Date.now() + 3_600_000;

async function setUp(files: Record<string, string>) {
  const folder = await folderOf(files);
  const storeFolder = await temporaryFolder();
  let store = fileStore(storeFolder);
  const thread = new CorpusThread();
  const calls = jest.spyOn(thread, 'call');
  const told: ReadSoFar[] = [];
  /** The corpus, and which files were opened for it. */
  const prepare = async (now = later): Promise<PreparedCorpus & { opened: string[] }> => {
    calls.mockClear();
    const prepared = await prepareCorpus([{ kind: 'path', path: folder }], {
      store,
      roots: [folder],
      thread,
      now,
      onProgress: (_phase, read) => void (read && told.push(read)),
    });
    const paths = calls.mock.calls.flatMap(([method, input]) => {
      if (method === 'hash') return (input as { paths: string[] }).paths;
      return method === 'add' ? [(input as { from: string }).from] : [];
    });
    return { ...prepared, opened: [...new Set(paths.map((path) => path.slice(folder.length + 1)))].sort() };
  };
  const search = async ({ corpusRef }: PreparedCorpus, words: string) =>
    await (await openCorpus(store, corpusRef, { thread })).search(words);
  /** As another process finds it: this one has its last blobs in memory. */
  const openAnew = (): void => void (store = fileStore(storeFolder));
  return { folder, storeFolder, store, thread, prepare, search, told, openAnew };
}

const numbered = (count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`${String(i).padStart(3, '0')}.md`, `Lamp ${i} is lit.`]),
  );

test('of two hundred files of which one changed, one is read again, and it is told how far that is', async () => {
  const { folder, prepare, search, thread, told } = await setUp({ ...numbered(199), 'no-text.md': ' ' });
  const first = await prepare();
  expect(first).toMatchObject({ documents: 199, lostCount: 1 });
  expect(first.opened).toHaveLength(200);
  expect((await prepare()).opened).toEqual([]);
  await writeFile(join(folder, '120.md'), 'The kettle whistles.');
  told.length = 0;
  const changed = await prepare();
  expect(changed.opened).toEqual(['120.md']);
  expect(changed).toMatchObject({ documents: 199, lostCount: 1 });
  // What was read before counts as done.
  expect(told.map(({ files }) => files)).toEqual(told.map(({ files }) => files).sort((a, b) => a - b));
  expect(told.at(-1)).toMatchObject({ files: 200, of: 200, skipped: 1 });
  // Its place among the others is by its name, though it was read last.
  const [found] = await search(changed, 'kettle');
  expect(found).toMatchObject({ source: '120.md', id: 'p121', text: 'The kettle whistles.' });
  const [other] = await search(changed, 'lamp 121');
  expect(other).toMatchObject({ source: '121.md', id: 'p122' });
  await rm(join(folder, '000.md'));
  const fewer = await prepare();
  expect([fewer.documents, fewer.opened]).toEqual([198, []]);
  await thread.close();
});

test('files that changed just before they were read are opened again, and not once more', async () => {
  const { prepare, thread } = await setUp(numbered(3));
  expect((await prepare(Date.now)).opened).toHaveLength(3);
  expect((await prepare()).opened).toHaveLength(3);
  expect((await prepare()).opened).toEqual([]);
  await thread.close();
});

test('a folder that changes again and again has no more parts for each of it', async () => {
  const { folder, prepare, search, store, thread } = await setUp(numbered(30));
  let last = await prepare();
  for (let i = 0; i < 25; i += 1) {
    await writeFile(join(folder, `${String(i).padStart(3, '0')}.md`), `Kettle ${i} whistles.`);
    last = await prepare();
  }
  const kept = decodeCorpus((await store.getCorpus(last.corpusRef)) ?? new Uint8Array());
  expect(kept.v === 3 && kept.packs.length).toBeLessThanOrEqual(18);
  expect(await search(last, 'kettle 7')).toEqual(
    expect.arrayContaining([expect.objectContaining({ source: '007.md' })]) as unknown,
  );
  await thread.close();
});

test('a store that lost what was read reads it anew', async () => {
  const { folder, storeFolder, prepare, search, thread, openAnew } = await setUp(numbered(4));
  await prepare();
  await thread.close();
  for (const name of await readdir(join(storeFolder, 'blobs')))
    await rm(join(storeFolder, 'blobs', name), { recursive: true });
  openAnew();
  await writeFile(join(folder, '001.md'), 'The kettle whistles.');
  const again = await prepare();
  expect(again.opened).toHaveLength(4);
  expect((await search(again, 'lamp'))[0]?.text).toMatch(/Lamp \d is lit/);
  await thread.close();
});
