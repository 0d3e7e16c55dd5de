// What is too large to be read is refused before any of it is, in a sentence that says what to leave out.

import { hostname } from 'node:os';
import { join } from 'node:path';
import { prepareCorpus } from '../../documents/prepare-corpus.ts';
import { SizeTally } from '../../documents/sources/size-tally.ts';
import { limitsWith } from '../../documents/sources/source-limits.ts';
import { CorpusThread } from '../../documents/thread/corpus-thread.ts';
import { folderOf, temporaryStore } from './support.ts';

/** Files are opened by the thread alone. */
const opensNothing = new CorpusThread(() => {
  throw new Error('a file was to be opened');
});

const many = (folder: string, count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${folder}/${i}.md`, `text ${i}`]));

test('a folder of too many files is refused before any is opened, by its largest folders and with what to leave out', async () => {
  const folder = await folderOf({ ...many('data/raw [old]', 12), ...many('data/new', 5), ...many('notes', 2) });
  const prepare = (limits: { files?: number; bytes?: number }, exclude: string[] = []) =>
    temporaryStore().then((store) =>
      prepareCorpus([{ kind: 'path', path: folder, exclude }], {
        store,
        roots: [folder],
        limits: limitsWith(limits),
        thread: opensNothing,
      }),
    );
  const refusal = await prepare({ files: 10 }).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ type: 'SourceTooLarge' });
  const { message } = refusal as Error;
  const said = [folder, hostname(), '19 files', 'at most 10 files', 'nothing was read', '"corpus"', '--include'];
  for (const part of said) expect(message).toContain(part);
  // Nearly all is in "data": what is in that says more.
  expect(message).toMatch(/data\/raw \[old\]\/ with 12 files .*data\/new\/ with 5 files/);
  const pattern = /--exclude '([^']+)'/.exec(message)?.[1] ?? '';
  await expect(prepare({ files: 10 }, [pattern])).rejects.toThrow('a file was to be opened');
  await expect(prepare({ bytes: 100 })).rejects.toMatchObject({ type: 'SourceTooLarge' });
});

test('limits hold for all sources of a request together', async () => {
  const one = await folderOf(many('a', 2));
  const two = await folderOf(many('b', 1));
  const store = await temporaryStore();
  const sources = [one, two].map((path) => ({ kind: 'path' as const, path }));
  const options = { store, roots: [one, two], thread: opensNothing };
  await expect(prepareCorpus(sources, { ...options, limits: limitsWith({ files: 2 }) })).rejects.toMatchObject({
    type: 'SourceTooLarge',
    message: expect.stringContaining(`${one}, ${two}`) as string,
  });
});

test('a disk is not walked to its end to refuse it', () => {
  const tally = new SizeTally(limitsWith({ files: 10 }));
  let counted = 0;
  for (; !tally.isFull && counted < 1_000; counted += 1) tally.add(join('a', `${counted}.md`), 1);
  expect(counted).toBe(41);
  // What was counted is not all that there is.
  expect(() => tally.refuseTooLarge(['/disk'])).toThrow(
    /more than 41 files \(41 bytes\)[^]*The largest folders of what was counted are a\/ with 41 files/,
  );
});
