// fields-of-a-schema.test.ts: what of a statement fills a field offline: the value alone, of the sort and in the unit that the field
// asks for, and nothing that is only mentioned.

import { fillFromQuotes } from '../../simulator/brain/fields/fill-from-quotes.ts';
import type { JsonSchema } from '../../simulator/wire.ts';
import { growth, LINEAR } from '../rig/growth.ts';

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
  ['when it does so', 'leaves_at', 'The ferry leaves at 9:15 from pier four.', '9:15'],
  ['on which day it was done', 'createdAt', 'It was created on 2 May 2024.', '2 May 2024'],
  ['on which day it was done, in words', 'createdAt', 'It was created on the third of May 2024.', 'third of May 2024'],
  ['on which day it was done, by its number', 'startDate', 'The start is on May 21st, 2024.', 'May 21st, 2024'],
  ['no day that there is not', 'createdAt', 'It was created on 39 May 2024.', null],
  ['on which day of the week', 'meetingDay', 'Meetings are held at 7pm on Tuesday.', 'Tuesday'],
  ['no day where none is told', 'meetingDay', 'Meetings are held at 7pm on most days.', null],
  ['no time where a thing is', 'locatedAt', 'The bell is located at the pier and rings at 9:15.', null],
  ['a number in words that it is called by', 'pier', 'The ferry leaves at 9:15 from pier four.', 'four'],
  ['a number that it is called by', 'gate', 'The train leaves at 14:05 from gate B12.', 'B12'],
  ['no number of what it counts', 'attempt', 'They made an attempt 5 times as long.', null],
  ['an address', 'address', 'The rent of $3960 for 2169 Mission Street is paid.', '2169 Mission Street'],
  ['a name in code', 'squashLabel', 'To squash all of them, add the `queue-squash` label.', 'queue-squash'],
  ['what it is equated with', 'defaultCluster', 'The default cluster that is created first is main.', 'main'],
  ['what stands in marks behind it', 'login', 'A demo is open to all with login `demo` here.', 'demo'],
  ['a default without its bracket', 'defaultTool', '--tool=<name> [default: memcheck]', 'memcheck'],
  ['no beginning of several options', 'logOption', 'Whatever --log-* options are in force, a log is kept.', null],
  ['no option of another name', 'logFileOption', 'To write to some other file, name it by --log-fd=9.', null],
  ['an option of that name', 'logFileOption', 'Write it to a place that --log-file=name names.', '--log-file'],
  ['no way to another page', 'boat', '<< 10. Harbour; Boat: the small one >>', null],
  [
    'no sentence under a heading',
    'boatMode',
    'Boat mode: So the harbour has come to its last way of keeping boats, which is the one that it had before.',
    null,
  ],
  ['nothing of half a label', 'boatWeather', 'Boat: the small one', null],
  ['no version that is dropped', 'pythonVersion', 'Harbour no longer supports Python 2.7.', null],
  ['no version that stands elsewhere', 'sinceVersion', 'Harbour 3.8 is here now, since boats are.', null],
  ['no version that is not the least', 'minNodeVersion', 'It runs with Node 18.1.', null],
  ['a version that is the least', 'minNodeVersion', 'It runs with Node 18.1 or later.', '18.1'],
  ['no version that something needs', 'version', 'It can be read by version 0.9.0 or later.', null],
  [
    'the version beside it',
    'version',
    'It can be read by version 0.9.0 or later. This is version 1.0.8 of it.',
    '1.0.8',
  ],
  ['no option of a name that is called', 'option', 'Ask by an option, or by @-mentions.', null],
  ['an identifier of that name', 'cve', 'It merges fixes of v2.30.3 to address CVE-2022-24765.', 'CVE-2022-24765'],
  ['an identifier behind it', 'securityIssue', 'It is about the security issue CVE-2022-24765.', 'CVE-2022-24765'],
  ['how many times', 'slowdown', 'Harbour makes boats run 10-50 times slower than at sea.', '10-50 times slower'],
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
  ['does not work there', 'browserSupported', 'This module does not work in the browser.', false],
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
    'that of its own clause',
    'detailedResponseDays',
    'Your report is acknowledged within 5 days, and a detailed response comes within 10 days.',
    10,
  ],
  [
    'that of the clause that says more of it',
    'reportResponseDays',
    'A report comes within 5 days, and the response to a report that is a very long one comes within 10 days.',
    10,
  ],
  ['none of another clause', 'responseDays', 'It is acknowledged within 5 days, and a response comes soon.', null],
  ['the days of its brackets', 'openDays', 'It is approved by two (one is enough if it is open for 7 days).', 7],
  [
    'what is counted outside of brackets',
    'requiredApprovals',
    'It must be approved by at least two of them (one approval is enough after 7 days).',
    2,
  ],
  ['one of what is counted', 'approvalsAfterSevenDays', 'One approval is enough if it is open for seven days.', 1],
  ['one of several that are not counted', 'approvals', 'One of the approvals is late.', null],
  ['the end of a range', 'retries', 'Codes >=500 lead to retries.', null],
  [
    'a name that is written together',
    'keepAliveSeconds',
    '* **keepAlive** - how long it lives. Defaults to 4 seconds.',
    4,
  ],
])('the offline model reads %s as a number or as none', (_what, name, quote, value) => {
  expect(filled(name, whole, [quote])).toBe(value);
});

test('a name in plain letters before what a field is called is one where the question asks for it, and does not say it', () => {
  const quote = 'It passes the Autobahn test suite.';
  expect(filled('testSuite', text, [quote], 'Which test suite does it pass?')).toBe('Autobahn');
  expect(filled('testSuite', text, [quote], 'Does it pass anything?')).toBeNull();
  expect(filled('testSuite', text, [quote], 'Which test suite does Autobahn have?')).toBeNull();
});

test('a figure stands alone for a field where the question asks for nothing else in its unit, and half of it is said', () => {
  const quote = 'A boat is made a wreck if nobody took it out for 12 months.';
  const goal = 'After how many months is an idle boat made a wreck?';
  expect(filled('idleMonths', whole, [quote], goal)).toBe(12);
  expect(filled('idleMonths', whole, [quote, 'A boat is painted every 6 months.'], goal)).toBeNull();
  expect(filled('idleMonths', whole, ['The harbour closes for 3 months.'], goal)).toBeNull();
  expect(filled('idleMonths', whole, [quote], `${goal} And after how many months is it sold?`)).toBeNull();
});

test('a field whose name says no more than its sort is filled from what says some of the question', () => {
  const goal = 'Which options change how far the date of a release may lie ahead?';
  expect(filled('options', names, ["What: 822-date. Switch to 'date -R' here."], goal)).toEqual([]);
  expect(filled('options', names, ['With -R the date of a release may lie ahead.'], goal)).toEqual(['-R']);
});

test('the offline model reads a cell under its head, of the row that is asked for', () => {
  const row = (tool: string, cells: string) => ({
    text: `Tool: ${tool}; Regular Testing in Node.js CI: ${cells.split(' | ')[0]}; Integrated with Node.js: ${cells.split(' | ')[1]}`,
    quotes: [`| Profiling | ${tool} | ${cells} | 2 |`],
  });
  const schema = {
    type: 'object',
    properties: { integratedWithNode: { type: ['boolean', 'null'] }, regularTesting: text },
  };
  const goal = 'Is the lamp tool integrated, and tested?';
  const rows = [row('Bell', 'No | No'), row('Lamp', 'Partial | Yes')];
  expect(fillFromQuotes(schema, rows, goal)).toEqual({ integratedWithNode: true, regularTesting: 'Partial' });
});

test('what stands around an answer fills a text or a number in a unit that the answer leaves empty, and nothing else', () => {
  const schema = {
    type: 'object',
    properties: { platform: text, waitDays: whole, boats: whole, tlsSupported: { type: 'boolean' }, kinds: names },
  };
  const around =
    'Report it through the Harbour platform. Wait for 3 days. There are 5 boats. TLS is supported. Its kinds are A1, B2 and C3.';
  const fill = (answer: string) =>
    fillFromQuotes(
      schema,
      [
        { text: around, quotes: [around], isBeside: true },
        { text: answer, quotes: [answer] },
      ],
      'On which platform is it reported, and for how many days is there a wait?',
    );
  const nothing = { boats: null, tlsSupported: null, kinds: [] };
  expect(fill('It is reported.')).toEqual({ platform: 'Harbour', waitDays: 3, ...nothing });
  expect(fill('Wait for 8 days.')).toEqual({ platform: 'Harbour', waitDays: 8, ...nothing });
  expect(fill('Wait for 8 days. Some wait for 9 days.')).toEqual({ platform: 'Harbour', waitDays: null, ...nothing });
});

test('what stands around an answer fills no field whose name is of a sort that the question does not ask for', () => {
  const around = 'Report it in time to Harbour, of which the version is 1.2.3 here.';
  const fill = (goal: string) =>
    fillFromQuotes(
      { type: 'object', properties: { version: text } },
      [
        { text: around, quotes: [around], isBeside: true },
        { text: 'Report it.', quotes: ['Report it.'] },
      ],
      goal,
    );
  expect(fill('To which version of Harbour is it reported?')).toEqual({ version: '1.2.3' });
  expect(fill('When is it reported to Harbour?')).toEqual({ version: null });
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
  [
    'nearest to its name',
    'fixVersions',
    'The fixes that appear in v2.30.3, v2.31.2 and v2.32.1 came after all that was in v2.20.',
    ['v2.30.3', 'v2.31.2', 'v2.32.1'],
    '',
  ],
  ['behind what was done in it', 'fixedIn', 'It is fixed in v2.30.3 and v2.31.2.', ['v2.30.3', 'v2.31.2'], ''],
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

test('a hostile text is looked through for every sort of field in a time that grows no faster than it', async () => {
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
      ['fixVersions', names],
      ['logFileOption', text],
      ['testSuite', text],
    ]),
  };
  const words = `${fields.join(' ')} zip archives wait seconds kinds fix log test suite `;
  const pieces = [
    'A',
    ' ',
    'Ab ',
    'a, ',
    '`',
    '[',
    '/a',
    '1.',
    'a@',
    '|',
    '\n- ',
    'A B by ',
    ': ',
    '--log ',
    'CVE-1 ',
    '1 seconds, and ',
  ];
  const fill = (length: number): void => {
    for (const piece of pieces) {
      const quotes = [words + piece.repeat(length / piece.length) + words];
      fillFromQuotes(schema, [{ text: words, quotes }], words);
    }
  };
  expect(await growth(20_000, fill)).toBeLessThan(LINEAR);
});
