import { stem } from '../../documents/index/stem.ts';
import { termsOf } from '../../documents/index/terms.ts';
import { TitleLinks } from '../../documents/index/title-links.ts';

test.each([
  ['cache caches cached caching'],
  ['retry retries retried retrying'],
  ['configure configures configured configuration'],
  ['validate validates validating validation'],
  ['stop stops stopped stopping'],
  ['process processes processed processing'],
  ['policy policies'],
])('a stemmer brings together the forms of one word: %s', (forms) => {
  expect(new Set(forms.split(' ').map(stem)).size).toBe(1);
});

test.each(['class', 'status', 'this', 'bus', 'string', 'red', 'v12', 'größe', 'https'])(
  'a stemmer leaves %s alone or no shorter than three letters',
  (word) => {
    expect(stem(word).length).toBeGreaterThanOrEqual(3);
  },
);

test('an identifier is a term as a whole and by its parts', () => {
  expect(termsOf('--max-old-space-size')).toEqual(['max-old-space-size', 'max', 'old', 'space', 'size']);
  expect(termsOf('fs.readFileSync')).toEqual(['fs.readfilesync', 'fs', 'read', 'file', 'sync']);
  expect(termsOf('HTTPServer')).toEqual(['httpserver', 'http', 'server']);
  expect(termsOf('version 1.23.0')).toEqual([stem('version'), '1.23.0']);
});

test('an option of one letter is a term, in its case; what follows a letter or a number is none', () => {
  expect(termsOf('`-t`, -T/--type')).toEqual(['-t', '-T', 'type']);
  expect(termsOf('well-t 5-a ab/-c --t')).toEqual(['well-t', 'well', 't', '5-a', '5', 'ab', 'c', 't']);
});

test('a word in underscores is the word', () => {
  expect(termsOf('the _Great Eastern_ and __dirname')).toEqual([stem('great'), stem('eastern'), stem('dirname')]);
});

test('stop words are gone, and scripts without spaces are found by pairs', () => {
  expect(termsOf('What is the point of it?')).toEqual(['point']);
  expect(termsOf('窯を焚く')).toEqual(['窯を', 'を焚', '焚く']);
});

test('a passage is linked to documents by their titles, files and packages', () => {
  const links = new TitleLinks([
    { name: 'pkgs/p-limit/readme.md', heading: 'p-limit' },
    { name: 'people/Ada_Lovelace.txt', heading: '' },
    { name: 'docs/options-in-depth.md', heading: 'Options and their defaults' },
    { name: '@scope/kit/README.md', heading: '' },
  ]);
  const named = (text: string) => links.mentionsIn(text).flatMap(({ documents }) => documents);
  expect(named('It builds on [p-limit](x) and Ada Lovelace.')).toEqual([0, 1]);
  expect(named('see options in depth, or "@scope/kit"')).toEqual([2, 3]);
  expect(named('read me, limit p, ada')).toEqual([]);
});
