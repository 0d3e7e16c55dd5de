import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { closeCorpusThread, CorpusThread, startWorker } from '../../documents/thread/corpus-thread.ts';
import { openCorpus } from '../../documents/open-corpus.ts';
import { prepareCorpus } from '../../documents/prepare-corpus.ts';
import { folderOf, temporaryStore, wordy } from './support.ts';

afterAll(closeCorpusThread);

test('a corpus outlives the thread’s death, and a call in flight is answered all the same', async () => {
  const started: Worker[] = [];
  const thread = new CorpusThread(() => {
    const worker = startWorker();
    started.push(worker);
    return worker;
  });
  const folder = await folderOf({ 'a.md': 'The lantern burns whale oil.' });
  const store = await temporaryStore();
  const { corpusRef } = await prepareCorpus([{ kind: 'path', path: folder }], { store, roots: [folder], thread });
  const corpus = await openCorpus(store, corpusRef, { thread });
  const inFlight = corpus.search('lantern');
  await started[0]?.terminate();
  expect((await inFlight)[0]?.source).toBe('a.md');
  expect((await corpus.search('whale oil'))[0]?.source).toBe('a.md');
  expect(started).toHaveLength(2);

  await thread.close();
  expect(await corpus.locateQuote('a.md', 'burns whale oil')).toBeDefined();
  expect(started).toHaveLength(3);
  await thread.close();
});

test('text that does not fit in memory is a refusal that says what to do', async () => {
  const thread = new CorpusThread(() => startWorker({ maxOldGenerationSizeMb: 20 }));
  const folder = await folderOf({ 'one.txt': wordy(15_000_000, 1) });
  const store = await temporaryStore();
  await expect(
    prepareCorpus([{ kind: 'path', path: folder }], { store, roots: [folder], thread }),
  ).rejects.toMatchObject({ type: 'SourceUnreadable', message: expect.stringContaining('include') as string });
  await thread.close();
});

test('a process with an open corpus ends by itself, and one that waits for an answer does not', async () => {
  const folder = await folderOf({ 'a.md': 'The lantern burns whale oil.' });
  const dist = (path: string): string => JSON.stringify(resolve(__dirname, '../../dist', path));
  const program = `
    const { prepareCorpus } = await import(${dist('documents/prepare-corpus.js')});
    const { openCorpus } = await import(${dist('documents/open-corpus.js')});
    const { fileStore } = await import(${dist('store/file-store.js')});
    const store = fileStore(${JSON.stringify(`${folder}-store`)});
    const { corpusRef } = await prepareCorpus([{ kind: 'path', path: ${JSON.stringify(folder)} }], { store, roots: [${JSON.stringify(folder)}] });
    console.log((await (await openCorpus(store, corpusRef)).search('lantern'))[0].text);`;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], { timeout: 240_000 }).toString();
  expect(out).toBe('The lantern burns whale oil.\n');
});

test('a process that only warmed the thread ends by itself', () => {
  const entry = resolve(__dirname, '../../dist/documents/thread/corpus-thread.js');
  const code = `const { CorpusThread } = await import(${JSON.stringify(entry)}); new CorpusThread().warm();`;
  // It waits for the end; one that stays is killed, and fails here.
  execFileSync(process.execPath, ['--input-type=module', '-e', code], { timeout: 60_000 });
});
