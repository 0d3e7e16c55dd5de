// search.test.ts: which passages a search of the corpus finds, and in which order.

import { Pack } from '../../documents/index/pack.ts';
import { LoadedCorpus } from '../../documents/search/loaded-corpus.ts';
import { PackBuild } from '../../documents/thread/pack-build.ts';
import type { TextShape } from '../../documents/extract/extracted.ts';

interface File {
  name: string;
  text: string;
  shape?: TextShape;
}

async function corpusOf(files: readonly File[]): Promise<LoadedCorpus> {
  const made = new PackBuild();
  files.forEach(({ name, text, shape = 'plain' }, place) => made.addText({ place, name, extracted: { text, shape } }));
  const { bytes = new Uint8Array() } = await made.finish();
  const documents = files.map((_, i): [number, number] => [0, i]);
  return new LoadedCorpus(
    { v: 3, packs: ['all'], documents, skipped: [], skippedCount: 0 },
    new Map([['all', new Pack(bytes)]]),
  );
}

const found = async (files: readonly File[], query: string, limit = 5): Promise<string[]> =>
  (await corpusOf(files)).search(query, { limit }).map(({ source }) => source);

const FILLER: File[] = Array.from({ length: 20 }, (_, n) => ({
  name: `x${n}.txt`,
  text: `Filler number ${n}\n\nThis river is long, this mayor is old, and the film of the year ${1900 + n} was made in colour.\n`,
}));

test('a title that stands in the first line of a plain text is the heading of its passages', async () => {
  const [passage] = (await corpusOf([{ name: 'p1.txt', text: 'Alma Vint\n\nShe was a painter of ships.\n' }])).search(
    'Vint',
    {},
  );
  expect(passage).toMatchObject({ heading: 'Alma Vint', line: 1 });
});

test('a paragraph that begins a text is no title', async () => {
  const text = 'This is the first paragraph, it goes on\nfor two lines.\n\nAnd another one.\n';
  expect((await corpusOf([{ name: 'p1.txt', text }])).search('paragraph', {})[0]?.heading).toBe('');
});

test('a passage that a good one names is found, though it shares no word with what is asked of it', async () => {
  const files = [
    { name: 'a.txt', text: 'The Salt Road\n\nThe Salt Road is a film made by Orla Penhallow.\n' },
    { name: 'b.txt', text: 'Orla Penhallow\n\nShe came to the world in Trondheim.\n' },
    ...FILLER,
  ];
  expect(await found(files, 'Where was the maker of the film The Salt Road born?', 2)).toEqual(['a.txt', 'b.txt']);
});

test('a link to what many passages name is worth less than one to what nobody else names', async () => {
  const many = Array.from({ length: 15 }, (_, n) => ({
    name: `m${n}.txt`,
    text: `Note ${n}\n\nIt was seen in Norway.\n`,
  }));
  const files = [
    { name: 'a.txt', text: 'The Salt Road\n\nThe Salt Road is a film made by Orla Penhallow in Norway.\n' },
    { name: 'b.txt', text: 'Orla Penhallow\n\nShe came to the world in Trondheim.\n' },
    { name: 'c.txt', text: 'Norway\n\nA country of the north.\n' },
    ...many,
  ];
  expect(await found(files, 'Who made The Salt Road?', 2)).toEqual(['a.txt', 'b.txt']);
});

test('passages are chosen together: the second adds what the first leaves open, not the same again', async () => {
  const files = [
    { name: 'a.txt', text: 'One\n\nThe pump needs oil and the pump needs a filter.\n' },
    { name: 'b.txt', text: 'Two\n\nThe pump needs oil, and a filter for the pump.\n' },
    { name: 'c.txt', text: 'Three\n\nThe valve is closed by hand.\n' },
    ...FILLER,
  ];
  const [first, second] = await found(files, 'Which oil and filter has the pump, and how is the valve closed?', 2);
  expect(['a.txt', 'b.txt']).toContain(first);
  expect(second).toBe('c.txt');
});

test('the first five of ten are the five that are found alone', async () => {
  const query = 'long river of the old mayor 1905';
  expect((await found(FILLER, query, 10)).slice(0, 5)).toEqual(await found(FILLER, query, 5));
});

test('a word that no passage has is found as what is spelt nearly so', async () => {
  const files = [{ name: 'a.txt', text: 'Care\n\nThe compressor is cleaned in spring.\n' }, ...FILLER];
  expect(await found(files, 'compresor', 1)).toEqual(['a.txt']);
});

test('what a query writes in two words is found where one has them, and one where two have it', async () => {
  const files = [
    { name: 'a.txt', text: 'Care\n\nA lockfile is kept in the harbour.\n' },
    { name: 'b.txt', text: 'Clocks\n\nEach time zone of the world is kept in the harbour.\n' },
    ...FILLER,
  ];
  expect(await found(files, 'lock file', 1)).toEqual(['a.txt']);
  expect(await found(files, 'timezone', 1)).toEqual(['b.txt']);
});

test('a word with a capital inside is found as the word that it is', async () => {
  const near = { name: 'b.txt', text: 'Kinds\n\nThe nautikes, nautikep and nautikeb are kept in the harbour.\n' };
  const files = [near, { name: 'a.txt', text: 'Care\n\nA Nautikey opens the lock of the door.\n' }, ...FILLER];
  expect(await found(files, 'NautiKey', 1)).toEqual(['a.txt']);
});

test('rows of a table that is cut into passages have its head with them', async () => {
  const rows = Array.from({ length: 120 }, (_, n) => `Team ${n},Lead Number${n},Oslo`);
  const passages = (
    await corpusOf([{ name: 'teams.csv', text: `team,lead,city\n${rows.join('\n')}\n`, shape: 'table' }])
  ).search('Number97', { limit: 1 });
  expect(passages[0]?.text).toContain('Number97');
  expect(passages[0]?.heading).toBe('team | lead | city');
});

test('numbered and capital headings of a plain text are headings, sentences are none', async () => {
  const text =
    'RFC of Boats\n\n1.  Scope\n\n   Boats float.\n\n2.1.  Oars and Sails\n\n   Oars are of wood.\n\n   1. Row.\n\nLICENCE OF BOATS\n\n   Nobody may sink.\n';
  const corpus = await corpusOf([
    { name: 'boats.txt', text: text.replaceAll('float.', `float. ${'So it is. '.repeat(30)}`) },
  ]);
  const headings = corpus.search('boats oars sink float', { limit: 10 }).map(({ heading }) => heading);
  expect([...headings].sort()).toEqual([
    'RFC of Boats > 1. Scope',
    'RFC of Boats > 1. Scope > 2.1. Oars and Sails',
    'RFC of Boats > LICENCE OF BOATS',
  ]);
});

test('what has words side by side as the question has them is found before what has them in another order', async () => {
  const files = [
    ...FILLER,
    ...['harbour master keeps', 'old mayor writes', 'river board burns', 'film club lends'].map((who, n) => ({
      name: `review${n}.txt`,
      text: `Note ${n}\n\nA collaborator's nomination is what the ${who} in its cellar.\n`,
    })),
    {
      name: 'z1.txt',
      text: 'Note 9\n\nOnly members nominate a collaborator, which the smith forgets in its cellar.\n',
    },
  ];
  expect(await found(files, 'Who can nominate collaborators?', 1)).toEqual(['z1.txt']);
});
