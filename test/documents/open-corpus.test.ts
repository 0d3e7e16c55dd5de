import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closeCorpusThread } from '../../documents/thread/corpus-thread.ts';
import { openCorpus, type Corpus } from '../../documents/open-corpus.ts';
import { corpusOf, FIXTURES, temporaryStore } from './support.ts';

let corpus: Corpus;

beforeAll(async () => {
  const names = ['kiln.md', 'damper.md', 'glaze.html'];
  const files = await Promise.all(names.map(async (name) => [name, await readFile(join(FIXTURES, name))] as const));
  corpus = await corpusOf({
    ...Object.fromEntries(files),
    'pkg/wheel/README.md': '# Wheel\n\nThe wheel turns by `WheelDriver.setSpeed` at 240 turns a minute.',
    'pkg/wheel/vendor/wheel/README.md': '# Wheel\n\nThe wheel turns by `WheelDriver.setSpeed` at 240 turns a minute!',
    'pkg/apron/readme.md': 'Aprons are washed on Sundays. Nothing here turns.',
    'decomposed-cafe\u0301.md': 'The menu lists three soups every single day.',
  });
});

afterAll(closeCorpusThread);

const sourcesOf = async (query: string): Promise<string[]> => (await corpus.search(query)).map(({ source }) => source);

test.each([
  ['a question in other forms of its words', 'Why are values under ten refused by the soaking options?', 'kiln.md'],
  ['an option by its name', '--soak-minutes', 'kiln.md'],
  ['a part of an identifier', 'set the speed of the driver', 'pkg/wheel/README.md'],
  ['an identifier in another spelling', 'ash sensor', 'damper.md'],
  ['the name of its folder', 'what is apron about', 'pkg/apron/readme.md'],
  ['a word with a slip of the pen', 'tenmokku', 'glaze.html'],
  ['the beginning of a longer word', 'control', 'kiln.md'],
])('a searcher finds a passage by %s', async (_how, query, source) => {
  expect((await sourcesOf(query))[0]).toBe(source);
});

test('a searcher is led on from a passage to a document that it names and that shares no word with the question', async () => {
  const cellar = Object.fromEntries(
    [3, 5, 8, 13, 21].map((n) => [`cellar-${n}.md`, `# Cellar ${n}\n\nThis cellar keeps ${n} barrels of cider.`]),
  );
  const mill = await corpusOf({
    ...cellar,
    'press.md': '# Press\n\nThe cider press is driven by the Bellows pump.',
    'bellows.md': '# Bellows pump\n\nIt was forged in Arlen after the great flood.',
  });
  const found = await mill.search('Where does what drives the cider press come from?', { limit: 2 });
  expect(found.map(({ source }) => source)).toEqual(['press.md', 'bellows.md']);
});

test('a searcher gets near-copies once, by the shortest name', async () => {
  const found = await sourcesOf('wheel turns a minute');
  expect(found.filter((source) => source.includes('wheel'))).toEqual(['pkg/wheel/README.md']);
});

test('a searcher gets at most what was asked for, without what is to be left out', async () => {
  const all = await corpus.search('wheel door glaze', { limit: 3 });
  expect(all).toHaveLength(3);
  const first = all[0];
  const rest = await corpus.search('wheel door glaze', { limit: 3, exclude: [first?.id ?? '', 'glaze.html'] });
  expect(rest.map(({ id }) => id)).not.toContain(first?.id);
  expect(rest.map(({ source }) => source)).not.toContain('glaze.html');
});

test('a passage stands where it says', async () => {
  for (const passage of await corpus.search('soak minutes door vents status', { limit: 10 })) {
    const read = await corpus.read(passage.source, {
      line: passage.line,
      lines: passage.endLine - passage.line + 1,
    });
    expect(read?.text).toBe(passage.text);
    expect(passage.id).toMatch(/^p\d+$/);
  }
});

test('a search for nothing, for stop words or for unknown words is empty or harmless', async () => {
  expect(await corpus.search('')).toEqual([]);
  expect(await corpus.search('   \n')).toEqual([]);
  expect(await corpus.search('qqqqzzzzx vvvvwwww')).toEqual([]);
  await expect(corpus.search('what is the')).resolves.toBeDefined();
  await expect(corpus.search('a'.repeat(50_000))).resolves.toEqual([]);
});

test('a reader gets lines within bounds, and near names for a source that is not there', async () => {
  expect(await corpus.read('damper.md', { line: 3, lines: 1 })).toEqual({
    source: 'damper.md',
    line: 3,
    endLine: 3,
    totalLines: 4,
    text: 'A thin plate in the flue. It takes its position from a sensor named ashSensor and falls back to half open.',
  });
  expect(await corpus.read('damper.md', { line: 900, lines: -5 })).toMatchObject({ line: 4, endLine: 4 });
  expect(await corpus.read('Damper.md')).toBeUndefined();
  expect(await corpus.nearNames('Damper.md')).toEqual(['damper.md']);
  expect(await corpus.nearNames('./wheel/README.md')).toContain('pkg/wheel/README.md');
  expect(await corpus.nearNames('entirely/else.rs')).toEqual([]);
});

test('a reader of an enormous line gets a bounded piece of it', async () => {
  const long = await corpusOf({ 'long.txt': `${'word '.repeat(30_000)}\nend` });
  expect((await long.read('long.txt'))?.text.length).toBeLessThanOrEqual(20_000);
});

test('a quote is located with the words, the line and the hash of its own source', async () => {
  const citation = await corpus.locateQuote('kiln.md', '"opening the door early" cracks the shelves - always');
  expect(citation).toEqual({
    source: 'kiln.md',
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    quote: '“opening the door early” cracks the shelves – always',
    place: { line: 25 },
  });
  const spanning = await corpus.locateQuote('kiln.md', '25 minutes, and a value below 10');
  expect(spanning).toMatchObject({ quote: '25 minutes, and\na value below 10', place: { line: 13 } });
});

test('a right quote from the wrong file, or from none, is located nowhere', async () => {
  expect(await corpus.locateQuote('damper.md', 'The kiln is fired twice a week.')).toBeUndefined();
  expect(await corpus.locateQuote('nowhere.md', 'The kiln is fired twice a week.')).toBeUndefined();
  expect(await corpus.locateQuote('kiln', 'The kiln is fired twice a week.')).toBeUndefined();
  expect(await corpus.locateQuote('kiln.md', 'The kiln is fired thrice a week.')).toBeUndefined();
});

test('a source goes by its name in either form of Unicode', async () => {
  const citation = await corpus.locateQuote('decomposed-caf\u00e9.md', 'three soups every single day');
  expect(citation?.source).toBe('decomposed-cafe\u0301.md');
});

test('a corpus that the store does not have is reported as lost', async () => {
  await expect(openCorpus(await temporaryStore(), 'a'.repeat(64))).rejects.toMatchObject({ type: 'CheckpointMissing' });
});
