// How a corpus lies in the store and in memory.

import { encodePack, Pack } from '../../documents/index/pack.ts';
import { PassageIndex } from '../../documents/index/passage-index.ts';
import { SpilledBytes } from '../../documents/index/spilled-bytes.ts';
import { openCorpus } from '../../documents/open-corpus.ts';
import { closeCorpusThread } from '../../documents/thread/corpus-thread.ts';
import { sha256 } from '../../protocol/schemas/hash.ts';
import { temporaryStore, wordy } from './support.ts';

afterAll(closeCorpusThread);

test('a corpus of an earlier version is found in, read and cited as before', async () => {
  const store = await temporaryStore();
  const texts = ['# Lantern\n\nThe lantern burns whale oil.\n', 'Öl fehlt: the köttle is empty.\n'];
  const names = ['a.md', 'b.md'];
  const documents = texts.map((text, i) => ({
    name: names[i],
    sha256: sha256(text),
    lines: 3,
    bytes: Buffer.byteLength(text),
  }));
  const rows = [[[0, 39, 1, 3, 'Lantern']], [[0, 30, 1, 1, '']]];
  const parts = [
    JSON.stringify({ documents, passages: 2, skipped: [{ path: 'c.bin', reason: 'binary content' }], skippedCount: 1 }),
    texts.join(''),
    rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    '{"an index":"of then"}\n',
  ];
  const head = JSON.stringify({ v: 1, lengths: parts.map((part) => Buffer.byteLength(part)) });
  const key = sha256('an old corpus');
  await store.putCorpus(key, Buffer.from(`${head}\n${parts.join('')}`));
  const corpus = await openCorpus(store, key);
  expect([corpus.documentCount, corpus.passageCount]).toEqual([2, 2]);
  expect((await corpus.search('whale oil'))[0]).toMatchObject({ source: 'a.md', heading: 'Lantern', id: 'p1' });
  expect(await corpus.locateQuote('b.md', 'the köttle is empty')).toMatchObject({ sha256: documents[1]?.sha256 });
});

test('a pack gives back texts, passages and every term’s places, whatever its size', async () => {
  // Large enough to lie in a file, and more than a term or a count of one byte.
  const text = `${'repeated '.repeat(700)}${wordy(900_000, 5)} größe 東京 end`;
  const half = text.length >> 1;
  const chunks = [
    { start: 0, end: half, line: 1, endLine: 1, heading: '' },
    { start: half, end: text.length, line: 1, endLine: 9, heading: 'Title > Größe' },
  ];
  const common = { sha256: sha256(text), lines: 1 };
  const bytes = await encodePack([
    { ...common, name: 'small.md', text: 'end', chunks: [{ start: 0, end: 3, line: 1, endLine: 1, heading: '' }] },
    { ...common, name: 'large.md', text, chunks },
  ]);
  // As a file is read into.
  const pack = new Pack(Buffer.from(bytes));
  expect(pack.bytes).toBeLessThan(300_000);
  expect([pack.textOf(0), pack.textOf(1) === text]).toEqual(['end', true]);
  expect(pack.rowOf(2)).toEqual([half, text.length, 1, 9, 'Title > Größe']);
  // Its second passage is not in this corpus, and the first comes after the third.
  const index = new PassageIndex([{ terms: pack.terms, numbers: Int32Array.of(1, -1, 0) }], 2);
  expect([...index.postings('end')]).toEqual([0, 1, 0, 1, 1, 0]);
  expect([index.frequency('größe'), index.frequency('東京'), index.frequency('nowhere')]).toEqual([1, 1, 0]);
  expect([...index.postings('größe')]).toEqual([0, 1, 1]);
  const whole = new PassageIndex([{ terms: pack.terms, numbers: Int32Array.of(0, 1, 2) }], 3);
  const repeated = [...whole.terms()].find((term) => term.startsWith('repeat')) ?? '';
  expect([...whole.postings(repeated)]).toEqual([1, 700, 0]);
  pack.close();
});

test('bytes that were spilled are read as those in memory, and no more once they are closed', () => {
  const bytes = Uint8Array.from({ length: 1_000 }, (_, i) => i % 251);
  const [spilled, kept] = [new SpilledBytes(bytes, 1), new SpilledBytes(bytes)];
  expect([spilled.inMemory, kept.inMemory]).toEqual([0, 1_000]);
  for (const one of [spilled, kept]) expect([...one.at(500, 504)]).toEqual([249, 250, 0, 1]);
  spilled.close();
  expect(() => spilled.at(0, 1)).toThrow('closed');
});
