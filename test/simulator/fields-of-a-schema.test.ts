// fields-of-a-schema.test.ts: what of a statement fills a field offline: the value alone, of the sort and in the unit that the field
// asks for, and nothing that is only mentioned.

import { fillFromQuotes } from '../../simulator/brain/fields/fill-from-quotes.ts';
import type { JsonSchema } from '../../simulator/wire.ts';

const filled = (name: string, field: JsonSchema, quotes: readonly string[], goal = ''): unknown =>
  (
    fillFromQuotes(
      { type: 'object', properties: { [name]: field } },
      quotes.map((quote) => ({ text: quote, quotes: [quote] })),
      goal,
    ) as Record<string, unknown>
  )[name];

const text: JsonSchema = { type: ['string', 'null'] };
const names: JsonSchema = { type: 'array', items: { type: 'string' } };
const whole: JsonSchema = { type: ['integer', 'null'] };

test.each<[string, string, string, string | null]>([
  ['who wrote it', 'author', 'Harbour was written by Ada Lovelace in 1911.', 'Ada Lovelace'],
  ['who did it, by the verb', 'wroteIt', 'Ada Lovelace wrote Harbour.', 'Ada Lovelace'],
  ['who is it', 'maintainer', 'The maintainer is Bo Lind.', 'Bo Lind'],
  ['nobody, but a place', 'maintainer', 'The maintainer of it lives in New York.', null],
  ['nobody, but a word in capitals', 'releaseManager', 'Regular MINOR releases are made.', null],
  ['an e-mail address', 'maintainerEmail', 'Mail the maintainer at bo@lind.example.', 'bo@lind.example'],
  ['a licence', 'license', 'Harbour is released under the MIT licence.', 'MIT'],
  ['no licence to fish', 'license', 'Harbour needs no licence to fish.', null],
  ['a command', 'startCommand', 'Run `harbour --start` to start the server.', 'harbour --start'],
  ['an option', 'colorOption', 'Use --no-color to turn colours off.', '--no-color'],
  ['a path', 'cachePath', 'The cache lies in ~/.cache/harbour on Linux.', '~/.cache/harbour'],
  ['no path of an example', 'suppressionFile', 'Name a suppression file with --use=/path/to/file.supp here.', null],
  ['a version', 'nodeVersion', 'Node.js v6+ & browsers support.', 'v6'],
  ['no version of another thing', 'nodeVersion', '"version": "1.1.1",', null],
  ['how often', 'releaseInterval', 'Releases are performed every six weeks.', 'every six weeks'],
  ['a time of day', 'time', 'Meetings are held at 7pm on Tuesday.', '7pm'],
  ['an address', 'address', 'The rent of $3960 for 2169 Mission Street is paid.', '2169 Mission Street'],
  ['a name in code', 'squashLabel', 'To squash all of them, add the `queue-squash` label.', 'queue-squash'],
  ['what it is equated with', 'defaultCluster', 'The default cluster that is created first is main.', 'main'],
  ['what stands in marks behind it', 'login', 'A demo is open to all with login `demo` here.', 'demo'],
  ['no predicate', 'language', 'The language of the tool is being changed.', null],
  [
    'no sentence that says it in passing',
    'reason',
    'Whoever takes the boat out of the harbour at night for no good reason must light the lamp.',
    null,
  ],
  [
    'a sentence where one is asked for',
    'reason',
    'The reason is that the wall is low.',
    'The reason is that the wall is low.',
  ],
])('the offline model cuts %s out of what speaks of the field', (_what, name, quote, value) => {
  expect(filled(name, text, [quote])).toBe(value);
});

test('the author of another thing than the one asked about is no author', () => {
  const quote = 'Bo Lind, author of Lighthouse, likes Harbour.';
  expect(filled('author', text, [quote], 'Who is the author of Harbour?')).toBeNull();
  expect(filled('author', text, ['Bo Lind, author of Harbour, likes ships.'], 'Who is the author of Harbour?')).toBe(
    'Bo Lind',
  );
});

test('of two values that are said of a field the one stands that is said with more of the question, and else none', () => {
  const quotes = ['Heat the milk to 90°C.', 'Bake the strudel at 180°C.'];
  expect(filled('temperatureCelsius', whole, quotes, 'How hot is the strudel baked?')).toBe(180);
  expect(filled('temperatureCelsius', whole, quotes, 'How hot is it?')).toBeNull();
});

test.each<[string, string, string, boolean | null]>([
  ['can be done', 'zipArchives', 'Zip archives can be made with minizip.', true],
  ['is not done', 'zipArchives', 'Zip archives are not handled.', false],
  ['is only mentioned', 'zipArchives', 'A zip archive holds the logs of the harbour.', null],
  ['is so in a case', 'zipArchives', 'If zip archives are supported, the option is shown.', null],
  ['was so once', 'tlsSupported', 'TLS was supported formerly.', null],
  ['is so while another thing is not', 'retried', 'Requests are retried, but not by the proxy.', true],
  [
    'stands in an address',
    'cvsSupported',
    'CVS may be read about under [topics](https://x.example/is-supported).',
    null,
  ],
  ['is denied, by a field that denies', 'unsupported', 'Swap is not supported.', true],
])('the offline model takes what %s for what it is', (_what, name, quote, value) => {
  expect(filled(name, { type: ['boolean', 'null'] }, [quote])).toBe(value);
});

test.each<[string, string, string, number | null]>([
  [
    'half of a name beside the one figure',
    'deprecationNoticeMonths',
    'If DEPRECATED, it stays for at least three months.',
    3,
  ],
  ['a word of tens', 'claimDays', 'A claim is kept for twenty-five days.', 25],
  ['a unit with what sort of it', 'noticeDays', 'They are notified at least one business day before.', 1],
  ['a sign of money', 'monthlyRentUsd', 'The monthly rent is $3960 for 2169 Mission Street.', 3960],
  ['a rate', 'feeUsdPerMonth', 'The fee is $12 per month.', 12],
  ['another rate', 'feeUsdPerMonth', 'The fee is $12 per year.', null],
  ['every so many', 'intervalMinutes', 'The action runs every five minutes.', 5],
  ['a year that is no count', 'boats', 'In 2014 the harbour had boats.', null],
  ['a year', 'foundedYear', 'It was founded in 1998.', 1998],
  ['the mark of an item', 'boats', '2. the boats of the harbour', null],
  [
    'a name that is written together',
    'keepAliveSeconds',
    '* **keepAlive** - how long it lives. Defaults to 4 seconds.',
    4,
  ],
])('the offline model reads %s as a number or as none', (_what, name, quote, value) => {
  expect(filled(name, whole, [quote])).toBe(value);
});

test('half of a name is too little where the question asks for the rest', () => {
  const quote = 'A notice of 14 days is given to the crew.';
  expect(filled('holidayNoticeDays', whole, [quote], 'How long before is the notice?')).toBe(14);
  expect(filled('holidayNoticeDays', whole, [quote], 'How long before a holiday is the notice?')).toBeNull();
});

test.each<[string, string, string, string[], string]>([
  ['behind "are"', 'compressors', 'The compressors are gzip, bzip2 and xz.', ['gzip', 'bzip2', 'xz'], ''],
  [
    'behind its name',
    'compressors',
    'It has the compressors gzip, bzip2 and xz, and is fast.',
    ['gzip', 'bzip2', 'xz'],
    '',
  ],
  [
    'before its name',
    'units',
    'At the moment, device, swap, and target units exist.',
    ['device', 'swap', 'target'],
    '',
  ],
  ['that is denied', 'supportedFormats', 'The formats PNG, JPEG and WebP are not supported.', [], ''],
  ['of what is done', 'compressors', 'Compressors read a file, change it and write it again.', [], ''],
  ['of people', 'authors', 'Ada Lovelace and Bo Lind wrote Harbour.', ['Ada Lovelace', 'Bo Lind'], ''],
  ['of items', 'systems', '- Git -- `git+`\n- Mercurial -- `hg+`', ['Git', 'Mercurial'], 'Which systems are there?'],
  ['of items of something else', 'systems', '- Git -- `git+`\n- Mercurial -- `hg+`', [], 'Which colours are there?'],
])('the offline model lists what is enumerated %s by its names', (_where, name, quote, value, goal) => {
  expect(filled(name, names, [quote], goal)).toEqual(value);
});

test('the offline model makes an object of each row, called by its first cell, and of each item', () => {
  const rows: JsonSchema = {
    type: 'array',
    items: { type: 'object', properties: { name: text, ratio: { type: ['number', 'null'] }, company: text } },
  };
  const row = '| **zstd 1.5.1 -1** | 2.887 | 530 MB/s |';
  const said = [{ text: 'Benchmarks: zstd 1.5.1 -1: Ratio: 2.887; Compression: 530 MB/s', quotes: [row] }];
  expect(fillFromQuotes({ type: 'object', properties: { compressors: rows } }, said)).toEqual({
    compressors: [{ name: 'zstd 1.5.1 -1', ratio: 2.887, company: null }],
  });
  const items = '- [bo](https://x.example/bo), Harbour LLC\n- [ada](https://x.example/ada), Swan, Inc.';
  expect(filled('maintainers', rows, [items])).toEqual([
    { name: 'bo', ratio: null, company: 'Harbour LLC' },
    { name: 'ada', ratio: null, company: 'Swan, Inc.' },
  ]);
});

test('the offline model gives none of several words where one statement says two, or denies the one', () => {
  const tide = { enum: ['high', 'low'] };
  expect(filled('tide', tide, ['The tide is either high or low.'])).toBeNull();
  expect(filled('tide', tide, ['The tide is not high.'])).toBeNull();
  expect(filled('tide', tide, ['The tide is high.'])).toBe('high');
});

test('a hostile text is looked through for every sort of field in a time that grows no faster than it', () => {
  const fields =
    'author email url license company interval timeout version option command path file label address default'.split(
      ' ',
    );
  const schema: JsonSchema = {
    type: 'object',
    properties: Object.fromEntries([
      ...fields.map((name): [string, JsonSchema] => [name, text]),
      ['zipArchives', { type: 'boolean' }],
      ['waitSeconds', whole],
      ['kinds', names],
    ]),
  };
  const words = `${fields.join(' ')} zip archives wait seconds kinds `;
  const started = performance.now();
  for (const piece of ['A', ' ', 'Ab ', 'a, ', '`', '[', '/a', '1.', 'a@', '|', '\n- ', 'A B by '])
    fillFromQuotes(schema, [{ text: words, quotes: [words + piece.repeat(40_000 / piece.length) + words] }], words);
  expect(performance.now() - started).toBeLessThan(30_000);
});
