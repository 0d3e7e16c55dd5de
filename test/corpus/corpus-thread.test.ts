import { execFileSync } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { resolve } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { closeCorpusThread, CorpusThread, startWorker } from '../../activities/corpus/corpus-thread.ts';
import { openCorpus } from '../../activities/corpus/open-corpus.ts';
import { prepareCorpus } from '../../activities/corpus/prepare-corpus.ts';
import { folderOf, temporaryStore } from './support.ts';

afterAll(closeCorpusThread);

/** Text of many different words, so that the index is as large as that of real documents. */
function wordy(bytes: number, seed: number): string {
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

test('a worker’s event loop stays free while 30 MB of text are read, indexed, opened and searched', async () => {
  const folder = await folderOf(
    Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`${i}.txt`, wordy(500_000, i)])),
  );
  const store = await temporaryStore();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const { corpusRef, passages } = await prepareCorpus([{ kind: 'path', path: folder }], { store, roots: [folder] });
  await closeCorpusThread();
  const corpus = await openCorpus(store, corpusRef);
  await corpus.search('1a2 b3 q7z 4kd');
  delay.disable();
  expect(passages).toBeGreaterThan(20_000);
  // In one thread it would be thousands of ms; the bound leaves room for a busy machine.
  expect(delay.max / 1e6).toBeLessThan(250);
}, 180_000);

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
  const thread = new CorpusThread(() => startWorker({ maxOldGenerationSizeMb: 40 }));
  const folder = await folderOf(
    Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`${i}.txt`, wordy(3_000_000, i)])),
  );
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
    const { prepareCorpus } = await import(${dist('activities/corpus/prepare-corpus.js')});
    const { openCorpus } = await import(${dist('activities/corpus/open-corpus.js')});
    const { fileStore } = await import(${dist('store/file-store.js')});
    const store = fileStore(${JSON.stringify(`${folder}-store`)});
    const { corpusRef } = await prepareCorpus([{ kind: 'path', path: ${JSON.stringify(folder)} }], { store, roots: [${JSON.stringify(folder)}] });
    console.log((await (await openCorpus(store, corpusRef)).search('lantern'))[0].text);`;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], { timeout: 20_000 }).toString();
  expect(out).toBe('The lantern burns whale oil.\n');
});
