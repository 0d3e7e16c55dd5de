// Embeddings servers that take few texts at once, short texts only, or not every text: they are used within their bounds.

import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { openaiEmbeddings } from '../../activities/models/embeddings.ts';
import { embedCorpus } from '../../documents/embed-corpus.ts';
import { openCorpus } from '../../documents/open-corpus.ts';
import { prepareCorpus } from '../../documents/prepare-corpus.ts';
import { folderOf, temporaryStore } from './support.ts';

type Refusal = { status: number; message: string } | 'never' | undefined;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** @param refusal why a request is refused; undefined when it is answered */
async function serverWith(
  refusal: (input: string[]) => Refusal,
  vectorOf = (text: string) => [1, text.length % 7, 2],
  tokensOf = (_input: string[]) => 1,
  options: { timeoutMs?: number } = {},
) {
  const asked: string[][] = [];
  const served: string[][] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { input } = JSON.parse(Buffer.concat(pieces).toString()) as { input: string[] };
      asked.push(input);
      const why = refusal(input);
      if (why === 'never') return;
      if (!why) served.push(input);
      response.writeHead(why?.status ?? 200, { 'content-type': 'application/json' });
      const data = input.map((text) => ({ object: 'embedding', index: 0, embedding: vectorOf(text) }));
      response.end(
        JSON.stringify(why ? { error: { message: why.message } } : { data, usage: { prompt_tokens: tokensOf(input) } }),
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return {
    asked,
    served,
    embeddings: openaiEmbeddings({ name: 'own', model: 'e', apiKey: 'none', baseURL, ...options }),
  };
}

const signal = new AbortController().signal;
const texts = (count: number, length = 60): string[] =>
  Array.from({ length: count }, (_, i) => `text ${i} ${'word '.repeat(length)}`.slice(0, length));

test.each([
  ['400', 400, 'batch size is invalid, it should not be larger than 10'],
  ['413 without a word', 413, ''],
  ['422', 422, 'batch size 40 > maximum allowed batch size 10'],
  ['500 that names the size', 500, 'too many inputs: maximum batch is 10'],
])(
  'a server that takes ten texts at once and says so by %s gets no more, once it has said so',
  async (_how, status, message) => {
    const { asked, served, embeddings } = await serverWith((input) =>
      input.length > 10 ? { status, message } : undefined,
    );
    const first = await embeddings.embed(texts(40), { signal });
    expect(first.vectors.every((vector) => vector?.length === 3)).toBe(true);
    const before = asked.length;
    await embeddings.embed(texts(40), { signal });
    expect(asked.slice(before).map(({ length }) => length)).toEqual([10, 10, 10, 10]);
    expect(served.flat().toSorted()).toEqual([...texts(40), ...texts(40)].toSorted());
  },
);

test('a server that takes short texts only gets the beginnings of the long ones, and batches as large as before', async () => {
  const { asked, embeddings } = await serverWith((input) =>
    input.some((text) => text.length > 900)
      ? {
          status: 500,
          message: 'input (681 tokens) is too large to process. increase the physical batch size (current: 512)',
        }
      : undefined,
  );
  const { vectors, refused } = await embeddings.embed(texts(16, 1_200), { signal });
  expect(vectors.filter((vector) => vector === undefined)).toEqual([]);
  expect(refused).toBeUndefined();
  const before = asked.length;
  await embeddings.embed(texts(16, 1_200), { signal });
  expect(asked.length - before).toBe(1);
  expect(asked.at(-1)?.[3]?.length).toBeGreaterThan(450);
});

test('a text with many more tokens than its length lets expect shortens itself and none of the others', async () => {
  // As a tokenizer counts: a word is one token, and so is each digit.
  const count = (text: string): number => text.match(/\d|[^\s\d]+/g)?.length ?? 0;
  const { asked, embeddings } = await serverWith(
    (input) => (Math.max(...input.map(count)) > 512 ? { status: 413, message: 'too long' } : undefined),
    undefined,
    (input) => input.reduce((sum, text) => sum + count(text), 0),
  );
  const words = Array.from({ length: 12 }, (_, i) => `text no. ${i} ${'some words '.repeat(180)}`);
  await embeddings.embed(['0123456789 '.repeat(400), ...words], { signal });
  const before = asked.length;
  await embeddings.embed(words, { signal });
  // 363 words are within the bound, and go as they are.
  expect(asked.slice(before).map((input) => input.map(count))).toEqual([words.map(count)]);
});

test('a server that is too slow for a batch gets smaller ones from then on, and one that is away ends it soon', async () => {
  let isAway = false;
  // Never answers what it can't do in time; how long that is has no part in this.
  const { asked, served, embeddings } = await serverWith(
    (input) => (isAway || input.length > 4 ? 'never' : undefined),
    undefined,
    undefined,
    { timeoutMs: 300 },
  );
  await embeddings.embed(texts(16), { signal });
  const before = asked.length;
  await embeddings.embed(texts(16), { signal });
  expect(asked.slice(before).map(({ length }) => length)).toEqual([4, 4, 4, 4]);
  expect(served.flat()).toHaveLength(32);
  isAway = true;
  const until = asked.length;
  await expect(embeddings.embed(texts(16), { signal })).rejects.toThrow();
  expect(asked.length - until).toBeLessThan(5);
});

test('an empty text is not asked about', async () => {
  const { asked, embeddings } = await serverWith((input) =>
    input.some((text) => text.trim() === '') ? { status: 400, message: 'input cannot be an empty string' } : undefined,
  );
  const { vectors } = await embeddings.embed(['one', ' \n', 'two'], { signal });
  expect(vectors.map((vector) => vector !== undefined)).toEqual([true, false, true]);
  expect(asked).toEqual([['one', 'two']]);
});

test('a refusal that is about none of the texts is an error, and asked about a bounded number of times', async () => {
  const { asked, embeddings } = await serverWith(() => ({ status: 400, message: 'dimensions are not supported' }));
  await expect(embeddings.embed(texts(64), { signal })).rejects.toThrow('dimensions are not supported');
  expect(asked.length).toBeLessThan(12);
});

test('texts that were paid before another one failed are not paid again', async () => {
  let isBusy = true;
  const { served, embeddings } = await serverWith((input) => {
    if (input.length > 10) return { status: 413, message: '' };
    return input.includes('text 35') && isBusy ? { status: 429, message: 'slow down' } : undefined;
  });
  const all = Array.from({ length: 40 }, (_, i) => `text ${i}`);
  await expect(embeddings.embed(all, { signal })).rejects.toThrow();
  isBusy = false;
  await embeddings.embed(all, { signal });
  expect(served.flat().toSorted()).toEqual(all.toSorted());
});

test('a passage that a server refuses alone is found by its words, the others by vectors, and it is said once', async () => {
  const { asked, embeddings } = await serverWith((input) =>
    input.some((text) => text.includes('Xylograph')) ? { status: 400, message: 'this text is not allowed' } : undefined,
  );
  const section = (words: string): string =>
    `## ${words}\n\n${`The ${words} is described here at length. `.repeat(20)}\n\n`;
  const folder = await folderOf({ 'a.md': ['Lantern', 'Xylograph', 'Compass', 'Sextant'].map(section).join('') });
  const store = await temporaryStore();
  const { corpusRef } = await prepareCorpus([{ kind: 'path', path: folder }], { store, roots: [folder] });
  const told = await embedCorpus(corpusRef, { store, embeddings });
  expect(told.problem).toBeUndefined();
  expect(told.refused).toMatch(/^1 of 4 passages: .*this text is not allowed/);
  expect(told.usage.modelCalls).toBeGreaterThan(1);
  const before = asked.length;
  expect(await embedCorpus(corpusRef, { store, embeddings })).not.toHaveProperty('refused');
  expect(asked.length).toBe(before);
  const corpus = await openCorpus(store, corpusRef, { embeddings });
  const found = await corpus.search('xylograph', { limit: 2 });
  expect(found.map(({ heading }) => heading)).toContain('Xylograph');
});
