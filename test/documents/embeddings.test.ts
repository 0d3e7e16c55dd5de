// Embeddings through real HTTP, a real store and the real corpus thread.

import { closeCorpusThread } from '../../documents/thread/corpus-thread.ts';
import { embedCorpus } from '../../documents/embed-corpus.ts';
import { fuseRanks } from '../../documents/search/fuse-ranks.ts';
import { openCorpus } from '../../documents/open-corpus.ts';
import { prepareCorpus } from '../../documents/prepare-corpus.ts';
import { searchDocuments } from '../../activities/tools/documents.ts';
import { runTool } from '../../activities/tools/tool.ts';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../../store/store.ts';
import { held, meaningServer, soon, type MeaningServer } from './meaning-server.ts';
import { folderOf, temporaryStore } from './support.ts';

let server: MeaningServer;
let store: Store;

beforeEach(async () => {
  server = await meaningServer();
  store = await temporaryStore();
});
afterEach(async () => {
  await server.close();
  await store.close();
});
afterAll(closeCorpusThread);

const GARAGE = {
  'garage.md': '# Garage\n\nEvery automobile is serviced in spring by the two brothers.',
  'bakery.md': '# Bakery\n\nBread is baked at four in the morning, and sold at six.',
  'harbour.md': '# Harbour\n\nBoats are painted in autumn, before the storms.',
};
const QUESTION = 'When do cars get looked after?';
const ONCE = { maxAttempts: 1, baseMs: 1, capMs: 1 };

/** About 500 passages, which make about ten batches. */
const many = (): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: 50 }, (_, file) => [
      `file-${file}.md`,
      Array.from({ length: 10 }, (__, part) => `Passage ${file} and ${part}. ${'It tells of ropes. '.repeat(55)}`).join(
        '\n\n',
      ),
    ]),
  );

async function prepared(files: Record<string, string>): Promise<{ corpusRef: string; folder: string }> {
  const folder = await folderOf(files);
  const { corpusRef } = await prepareCorpus([{ kind: 'path', path: folder }], { store, roots: [folder] });
  return { corpusRef, folder };
}

const { signal } = new AbortController();

async function search(corpusRef: string, embeddings?: ReturnType<MeaningServer['provider']>): Promise<string> {
  const corpus = await openCorpus(store, corpusRef, { embeddings });
  const result = await runTool(
    [searchDocuments],
    'search_documents',
    { query: QUESTION, limit: 2 },
    { corpus, signal },
  );
  return 'content' in result ? result.content : '';
}

const sourcesIn = (content: string): string[] =>
  (JSON.parse(content) as { passages: { source: string }[] }).passages.map(({ source }) => source);
const flat = (texts: string[][]): string[] => texts.flat().sort();

test('a searcher finds a passage that shares no word with the question by its meaning, and not without embeddings', async () => {
  const { corpusRef } = await prepared(GARAGE);
  const embeddings = server.provider();
  expect(await embedCorpus(corpusRef, { store, embeddings })).toMatchObject({
    usage: { modelCalls: 1, byModel: { meaning: { calls: 1 } } },
  });
  expect(sourcesIn(await search(corpusRef, embeddings))[0]).toBe('garage.md');
  expect(sourcesIn(await search(corpusRef))).not.toContain('garage.md');
});

test('a searcher without embeddings gets the same result to the byte, whether or not the store has vectors', async () => {
  const { corpusRef } = await prepared({ ...GARAGE, 'cars.md': '# Cars\n\nCars are looked after in May.' });
  const before = await search(corpusRef);
  expect(sourcesIn(before)).toContain('cars.md');
  const embeddings = server.provider();
  // Not embedded yet: words alone, and no request.
  expect(await search(corpusRef, embeddings)).toBe(before);
  expect(server.asked).toHaveLength(0);
  await embedCorpus(corpusRef, { store, embeddings });
  await search(corpusRef, embeddings);
  expect(await search(corpusRef)).toBe(before);
});

test('a folder that was embedded is never paid again, and a changed file costs its own batches only', async () => {
  const files = many();
  const { corpusRef, folder } = await prepared(files);
  const embeddings = server.provider();
  await embedCorpus(corpusRef, { store, embeddings });
  const batches = server.asked.length;
  expect(batches).toBeGreaterThan(5);
  expect(Math.max(...server.asked.map(({ length }) => length))).toBeLessThanOrEqual(96);
  const nothing = await embedCorpus(corpusRef, { store, embeddings });
  expect(nothing.usage.modelCalls).toBe(0);
  expect(server.asked).toHaveLength(batches);

  await writeFile(join(folder, 'file-25.md'), `${files['file-25.md']}\n\nA last word on automobiles.`);
  const changed = await prepareCorpus([{ kind: 'path', path: folder }], { store, roots: [folder] });
  expect(changed.corpusRef).not.toBe(corpusRef);
  await embedCorpus(changed.corpusRef, { store, embeddings });
  expect(server.asked.length - batches).toBeLessThanOrEqual(2);
  expect(sourcesIn(await search(changed.corpusRef, embeddings))[0]).toBe('file-25.md');

  // Another model's vectors are another's.
  const before = server.asked.length;
  await embedCorpus(corpusRef, { store, embeddings: server.provider({ dimensions: 32 }) });
  expect(server.asked.length - before).toBe(batches);
});

test('a preparation that is stopped in the middle pays no finished batch again', async () => {
  const { corpusRef } = await prepared(many());
  const embeddings = server.provider();
  const gate = held();
  server.meet = (request) => (request > 3 ? gate.wait : undefined);
  const stop = new AbortController();
  const phases: string[] = [];
  const first = embedCorpus(corpusRef, {
    store,
    embeddings,
    signal: stop.signal,
    onProgress: (phase) => void phases.push(phase),
  });
  first.catch(() => undefined);
  // Four on their way after three that were answered: each of the three is in the store.
  await soon(() => server.asked.length === 7);
  stop.abort(new Error('the worker goes'));
  await expect(first).rejects.toThrow('the worker goes');
  expect(phases.at(-1)).toMatch(/^embeds passage \d+ of 500$/);
  const paid = server.answered.slice(0, 3);
  gate.release();
  server.meet = () => undefined;

  const from = server.asked.length;
  expect((await embedCorpus(corpusRef, { store, embeddings })).problem).toBeUndefined();
  const again = new Set(server.asked.slice(from).flat());
  expect(paid.flat().filter((text) => again.has(text))).toEqual([]);
  expect(flat([...paid, ...server.asked.slice(from)])).toHaveLength(500);
});

test('a provider that is down costs the vectors and not the preparation, and what was paid stays', async () => {
  const { corpusRef } = await prepared(many());
  const embeddings = server.provider();
  server.meet = (request) => (request > 3 ? 503 : undefined);
  const { problem, usage } = await embedCorpus(corpusRef, { store, embeddings, retry: ONCE });
  expect(problem).toContain('503');
  expect(usage.modelCalls).toBe(3);
  expect(sourcesIn(await search(corpusRef, embeddings))).not.toContain('garage.md');
  const paid = new Set(server.answered.flat());
  const from = server.asked.length;
  server.meet = () => undefined;
  await embedCorpus(corpusRef, { store, embeddings: server.provider(), retry: ONCE });
  expect(
    server.asked
      .slice(from)
      .flat()
      .filter((text) => paid.has(text)),
  ).toEqual([]);
});

test('a preparation waits for vectors as long as it may, says so, and leaves what was made to the next', async () => {
  const { corpusRef } = await prepared(many());
  const embeddings = server.provider();
  const gate = held();
  server.meet = (request) => (request > 3 ? gate.wait : undefined);
  const { problem, usage } = await embedCorpus(corpusRef, { store, embeddings, withinMs: 3_000 });
  expect(problem).toBe('they could not all be made within 3 s; those made are kept for the next task');
  expect(usage.modelCalls).toBe(3);
  gate.release();
  server.meet = () => undefined;
  const paid = new Set(server.asked.slice(0, 3).flat());
  const from = server.asked.length;
  expect((await embedCorpus(corpusRef, { store, embeddings, withinMs: 200_000 })).problem).toBeUndefined();
  const again = server.asked.slice(from).flat();
  expect(again.length + paid.size).toBe(500);
  expect(again.filter((text) => paid.has(text))).toEqual([]);
});

test('a 429 and a 503 in between are waited out', async () => {
  const { corpusRef } = await prepared(GARAGE);
  server.meet = (request) => [429, 503][request - 1];
  const retry = { maxAttempts: 3, baseMs: 5, capMs: 1_000 };
  expect((await embedCorpus(corpusRef, { store, embeddings: server.provider(), retry })).problem).toBeUndefined();
  expect(server.asked).toHaveLength(3);
});

test('two tasks that prepare the same documents at once pay once, and one of them has the bill', async () => {
  const { corpusRef } = await prepared(many());
  const embeddings = server.provider();
  const both = await Promise.all([1, 2].map(() => embedCorpus(corpusRef, { store, embeddings })));
  expect(new Set(server.asked.flat()).size).toBe(server.asked.flat().length);
  expect(both.map(({ usage }) => usage.modelCalls).sort((a, b) => a - b)).toEqual([0, server.asked.length]);
});

test('a searcher whose question gets no vector is answered by words, told so in a line, and asks again next time', async () => {
  const { corpusRef } = await prepared({ ...GARAGE, 'cars.md': '# Cars\n\nCars are looked after in May.' });
  const embeddings = server.provider();
  await embedCorpus(corpusRef, { store, embeddings });
  server.meet = () => 500;
  const worded = JSON.parse(await search(corpusRef, embeddings)) as { hint: string; passages: { source: string }[] };
  expect(worded.passages[0]?.source).toBe('cars.md');
  expect(worded.hint).toMatch(/^Searched by words alone, not by meaning: .*500/);
  server.meet = () => undefined;
  const content = await search(corpusRef, embeddings);
  expect(content).not.toContain('words alone');
  expect(sourcesIn(content)).toContain('garage.md');
});

test('a question is asked for its vector once a worker, however often and by how many it is searched', async () => {
  const { corpusRef } = await prepared(GARAGE);
  const embeddings = server.provider();
  await embedCorpus(corpusRef, { store, embeddings });
  const before = server.asked.length;
  await Promise.all([1, 2, 3].map(() => search(corpusRef, embeddings)));
  await search(corpusRef, embeddings);
  expect(server.asked.slice(before)).toEqual([[QUESTION]]);
});

test('a searcher whose corpus thread died gets corpus and vectors back from the store', async () => {
  const { corpusRef } = await prepared(GARAGE);
  const embeddings = server.provider();
  await embedCorpus(corpusRef, { store, embeddings });
  const corpus = await openCorpus(store, corpusRef, { embeddings });
  const first = await corpus.search(QUESTION);
  await closeCorpusThread();
  expect(await corpus.search(QUESTION)).toEqual(first);
  expect(first[0]?.source).toBe('garage.md');
});

test('a server that refuses base64 is asked for floats, and stays asked so', async () => {
  const { corpusRef } = await prepared(GARAGE);
  server.refusesBase64 = true;
  const embeddings = server.provider();
  expect((await embedCorpus(corpusRef, { store, embeddings, retry: ONCE })).problem).toBeUndefined();
  expect(sourcesIn(await search(corpusRef, embeddings))[0]).toBe('garage.md');
  expect(server.encodings).toEqual(['base64', 'float', 'float']);
});

test('a key that is refused is said without the key, and no second request follows it', async () => {
  const { corpusRef } = await prepared(GARAGE);
  server.meet = () => 401;
  const key = 'sk-embeddings-3c1d-never-to-be-seen';
  const { problem } = await embedCorpus(corpusRef, { store, embeddings: server.provider({ apiKey: key }) });
  expect(problem).toContain('refused the API key');
  expect(problem).not.toContain(key);
  expect(server.asked).toHaveLength(1);
});

test('ranks are fused by the sum of their reciprocals above sixty', () => {
  const ranking = (...passages: number[]) => passages.map((passage) => ({ passage, score: 1 }));
  const fused = fuseRanks([ranking(1, 2, 3), ranking(3, 4)]);
  expect(fused.map(({ passage }) => passage)).toEqual([3, 1, 2, 4]);
  expect(fused[0]?.score).toBeCloseTo(1 / 63 + 1 / 61, 12);
});
