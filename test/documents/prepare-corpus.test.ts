import { readFile, writeFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { closeCorpusThread } from '../../documents/thread/corpus-thread.ts';
import { openCorpus } from '../../documents/open-corpus.ts';
import { prepareCorpus } from '../../documents/prepare-corpus.ts';
import { sha256 } from '../../protocol/schemas/hash.ts';
import { corpusOf, FIXTURES, folderOf, temporaryStore } from './support.ts';

afterAll(closeCorpusThread);

const path = (folder: string) => [{ kind: 'path' as const, path: folder }];

test('a named folder becomes a corpus, and a text that is cited is in the store under its hash', async () => {
  const store = await temporaryStore();
  const phases: string[] = [];
  const prepared = await prepareCorpus(path(FIXTURES), {
    store,
    roots: [FIXTURES],
    onProgress: (phase) => void phases.push(phase),
  });
  expect(prepared).toMatchObject({ documents: 4, skippedCount: 0, skipped: [] });
  const corpus = await openCorpus(store, prepared.corpusRef);
  expect(corpus.documents().map(({ name }) => name)).toEqual([
    'damper.md',
    'glaze.html',
    'kiln.md',
    'signal-towers.pdf',
  ]);
  const citation = await corpus.locateQuote('kiln.md', 'fired twice a week');
  const text = Buffer.from(await store.getBlob(citation?.sha256 ?? '')).toString();
  expect(text.split('\n')[(citation?.place.line ?? 0) - 1]).toContain('fired twice a week');
  expect(phases).toEqual(expect.arrayContaining(['looks for files', 'reads file 4 of 4']));
});

test('a reader of a PDF gets its words with their page', async () => {
  const corpus = await corpusOf({ 'towers.pdf': await readFile(join(FIXTURES, 'signal-towers.pdf')) });
  const [best] = await corpus.search('green rocket of the keeper');
  expect(best).toMatchObject({ source: 'towers.pdf', page: 2 });
  const quote = await corpus.locateQuote('towers.pdf', 'no answer within nine minutes must fire a single green rocket');
  expect(quote).toMatchObject({ place: { page: 2 }, quote: expect.stringContaining('minutes\nmust') as string });
});

test('a broken PDF and a binary are left out with reasons, and the rest is read', async () => {
  const whole = await readFile(join(FIXTURES, 'signal-towers.pdf'));
  const folder = await folderOf({
    'good.md': 'All is well in the harbour.',
    'broken.pdf': whole.subarray(0, 300),
    'nonsense.pdf': '%PDF-1.7\nnothing',
    'latin.txt': Buffer.from('caf\xe9', 'latin1'),
    program: Buffer.from([127, 69, 76, 70, 0, 0]),
  });
  const store = await temporaryStore();
  const first = await prepareCorpus(path(folder), { store, roots: [folder] });
  expect(first).toMatchObject({ documents: 2, skippedCount: 3 });
  const reasons = Object.fromEntries(first.skipped.map((one) => [one.path, one.reason]));
  expect(reasons['broken.pdf']).toMatch(/PDF|page/);
  expect(reasons['nonsense.pdf']).toMatch(/PDF|page/);
  expect(reasons['program']).toBe('binary content');
  expect(await prepareCorpus(path(folder), { store, roots: [folder] })).toEqual(first);
});

test('a folder in which nothing can be read is refused with the reasons of its first files', async () => {
  const folder = await folderOf({ 'a.png': 'x', 'b.txt': Buffer.from([0, 1]) });
  const store = await temporaryStore();
  await expect(prepareCorpus(path(folder), { store, roots: [folder] })).rejects.toMatchObject({
    type: 'SourceUnreadable',
    message: expect.stringMatching(/b\.txt: binary content.*a\.png/) as string,
  });
  const none = [{ kind: 'path' as const, path: folder, include: ['*.md'] }];
  await expect(prepareCorpus(none, { store, roots: [folder] })).rejects.toMatchObject({
    message: expect.stringContaining('include') as string,
  });
});

test('the same files are read and indexed once, wherever they lie; a changed byte makes another corpus', async () => {
  const files = { 'a.md': '# One\n\nsome words', 'b/c.md': 'more words' };
  const store = await temporaryStore();
  const blobs = jest.spyOn(store, 'putBlob');
  const corpora = jest.spyOn(store, 'putCorpus');
  const here = await folderOf(files);
  const there = await folderOf(files);
  const first = await prepareCorpus(path(here), { store, roots: [here] });
  const second = await prepareCorpus(path(there), { store, roots: [there] });
  await closeCorpusThread();
  const third = await prepareCorpus(path(here), { store, roots: [here] });
  expect([second, third]).toEqual([first, first]);
  const kept = corpora.mock.calls.filter(([key]) => key === first.corpusRef);
  expect([blobs.mock.calls.length, kept.length]).toEqual([1, 1]);

  await writeFile(join(here, 'a.md'), '# One\n\nsome Words');
  const changed = await prepareCorpus(path(here), { store, roots: [here] });
  await rename(join(here, 'a.md'), join(here, 'z.md'));
  const renamed = await prepareCorpus(path(here), { store, roots: [here] });
  expect(new Set([first, changed, renamed].map(({ corpusRef }) => corpusRef)).size).toBe(3);
});

test('identical calls that run at once share the work, and one that aborts leaves it to the other', async () => {
  const folder = await folderOf({ 'a.md': 'some words here', 'b.md': 'and others there' });
  const store = await temporaryStore();
  const blobs = jest.spyOn(store, 'putBlob');
  const stop = new AbortController();
  const phases: string[] = [];
  const all = [
    prepareCorpus(path(folder), { store, roots: [folder], signal: stop.signal }),
    prepareCorpus(path(folder), { store, roots: [folder], onProgress: (phase) => void phases.push(phase) }),
  ] as const;
  stop.abort(new Error('no longer wanted'));
  await expect(all[0]).rejects.toThrow('no longer wanted');
  expect((await all[1]).documents).toBe(2);
  expect(blobs).toHaveBeenCalledTimes(1);
  expect(phases.length).toBeGreaterThan(0);
});

test('a call that everybody has left stops, and leaves no corpus behind', async () => {
  const folder = await folderOf(Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`${i}.md`, `text ${i}`])));
  const store = await temporaryStore();
  const corpora = jest.spyOn(store, 'putCorpus');
  const stop = new AbortController();
  const blobs = jest.spyOn(store, 'putBlob').mockImplementation(async (bytes) => {
    stop.abort(new Error('stop'));
    await new Promise((resolve) => setImmediate(resolve));
    return sha256(bytes);
  });
  await expect(prepareCorpus(path(folder), { store, roots: [folder], signal: stop.signal })).rejects.toThrow('stop');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(blobs.mock.calls.length).toBeLessThan(50);
  expect(corpora).not.toHaveBeenCalled();
});

test('a corpus that could not be stored is not taken for prepared', async () => {
  const folder = await folderOf({ 'a.md': 'some words here' });
  const store = await temporaryStore();
  const put = jest.spyOn(store, 'putCorpus').mockRejectedValue(new Error('the disk is full'));
  await expect(prepareCorpus(path(folder), { store, roots: [folder] })).rejects.toThrow('the disk is full');
  put.mockRestore();
  const { corpusRef } = await prepareCorpus(path(folder), { store, roots: [folder] });
  expect(await store.hasCorpus(corpusRef)).toBe(true);
});

test('documents of several sources go by names that tell them apart, and one file goes by one name', async () => {
  const folder = await folderOf({
    'x/docs/readme.md': 'first readme',
    'y/docs/readme.md': 'second readme',
    'notes.md': 'loose notes',
  });
  const store = await temporaryStore();
  const sources = ['x/docs', 'y/docs', 'notes.md', 'x/docs/readme.md'].map((name) => ({
    kind: 'path' as const,
    path: join(folder, name),
  }));
  const { corpusRef } = await prepareCorpus(sources, { store, roots: [folder] });
  const names = (await openCorpus(store, corpusRef)).documents().map(({ name }) => name);
  expect(names).toEqual(['notes.md', 'x/docs/readme.md', 'y/docs/readme.md']);
});

test('a second store in the same process gets the corpus of its own', async () => {
  const folder = await folderOf({ 'one.md': '# One\n\nThe same text for both of these stores.\n' });
  for (const store of [await temporaryStore(), await temporaryStore()]) {
    const { corpusRef } = await prepareCorpus([{ kind: 'path', path: folder }], { store, roots: [folder] });
    expect(await store.hasCorpus(corpusRef)).toBe(true);
  }
});
