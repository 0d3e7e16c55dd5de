// quotes.test.ts: which sentences, rows and lists the offline model quotes for which kind of question, and what it says is
// missing.

import { readQuestion } from '../../simulator/brain/question/question.ts';
import { nameOfSource } from '../../simulator/brain/words/names.ts';
import { asked, LIBRARY, only, research, type Doc } from './support.ts';

test('a row of a table is read with the head of its table, wherever that stands', () => {
  const first = (doc: Doc) => research([doc], 'Who leads team Blue?').findings[0];
  const rows = 'Red,Ada Lovelace,Oslo\nBlue,Grace Hopper,Turin\n';
  const claim = 'teams: Blue: lead: Grace Hopper; city: Turin';
  expect(first(only('teams.csv', `team,lead,city\n${rows}`))?.claim).toBe(claim);
  expect(first(only('teams.csv', rows, 'team | lead | city'))).toEqual({
    claim,
    citations: [{ source: 'teams.csv', quote: 'Blue,Grace Hopper,Turin' }],
  });
  const spaced = 'Team      Lead            City\nRed       Ada Lovelace    Oslo\nBlue      Grace Hopper    Turin\n';
  expect(first(only('teams.txt', spaced))?.claim).toBe('teams: Blue: Lead: Grace Hopper; City: Turin');
  const bare = 'Team | Lead | City\nRed | Ada Lovelace | Oslo\nBlue | Grace Hopper | Turin\n';
  expect(first(only('teams.html', bare))?.claim).toBe('teams: Blue: Lead: Grace Hopper; City: Turin');
});

test('of a list that was asked for all items are quoted, with the line that leads it in', () => {
  const text = '## 4.0.0\n\n* add a thing\n* remove:\n  - the old router\n  - the basic parser\n* fix a bug\n';
  const { findings } = research([only('history.md', text)], 'What did 4.0.0 remove?');
  expect(findings[0]?.claim).toBe('4.0.0 › remove: the old router; the basic parser');
});

test('the sentence that completes the best one is quoted with it', () => {
  const text =
    'Logs are kept in a folder. The maximum number of log files is set by max-logs. If it is 0, none is written. Cats sleep.';
  const { findings } = research([only('logs.md', text)], 'How is the number of log files limited?');
  expect(findings[0]?.claim).toBe('The maximum number of log files is set by max-logs. If it is 0, none is written.');
});

test('what stands under the heading that asks the very question is its answer', () => {
  const text =
    '## Other things\n\nThe spec of the format is long, and a spec is read by few.\n\n## Why is a spec needed?\n\nThe first description left much open.\n';
  const { findings } = research([only('spec.md', text)], 'Why is a spec needed?');
  expect(findings[0]?.citations[0]?.quote).toBe('The first description left much open.');
});

test('lint directives, badges and licence lines are no findings', () => {
  const text =
    '<!-- markdownlint-disable-next-line rule-names -->\n\nThe rule names of the linter are short.\n\n[![rule names](https://img.shields.io/rule-names.svg)](https://example.org)\n';
  const docs = [only('rules.md', text), only('licence.md', 'The rule names of the linter are licensed under MIT.')];
  const quotes = research(docs, 'Which rule names does the linter have?').findings.map(
    ({ citations }) => citations[0]?.quote,
  );
  expect(quotes).toEqual(['The rule names of the linter are short.']);
});

test('what holds no number does not answer how many, and the nearest thing is named', () => {
  const docs = [only('registry.md', 'The public registry holds packages of all kinds.')];
  const { missing } = research(docs, 'How many packages does the public registry hold?');
  expect(missing).toEqual([
    'No sure answer was found to "How many packages does the public registry hold?". The nearest is in registry.md: "The public registry holds packages of all kinds."',
  ]);
});

test('what happens again and again answers how often, not whatever has a number', () => {
  const docs = [
    only(
      'a.md',
      'The probe reads the tank with 3 sensors of 5 volts.\n\nThe probe reads the tank each minute of the day.',
    ),
  ];
  const { findings, missing } = research(docs, 'How often does the probe read the tank?');
  expect([findings[0]?.claim, missing]).toEqual(['The probe reads the tank each minute of the day.', []]);
  const twice = [only('b.md', 'A call that nobody takes is repeated after 4 minutes, at most three times.')];
  expect(research(twice, 'How often is a call repeated that nobody takes?').missing).toEqual([]);
});

test('a sentence that speaks of "it" is read with the one before, which says what', () => {
  const docs = [
    only('a.md', 'The crane lifts the anchors. It needs two men. The ship needs 9 men who lift its sails.'),
  ];
  const { findings } = research(docs, 'How many men does the crane that lifts anchors need?');
  expect(findings[0]?.citations[0]?.quote).toMatch(/^The crane lifts the anchors\. It needs two men\./);
});

test('a sentence that speaks of "it" is quoted with the one before, as one piece', () => {
  const text = 'The crane stands on the pier.\nIt lifts anchors of up to nine tons.';
  const { findings } = research([only('a.md', text)], 'How heavy may anchors be that are lifted on the pier?');
  expect(findings[0]).toEqual({
    claim: 'The crane stands on the pier. It lifts anchors of up to nine tons.',
    citations: [{ source: 'a.md', quote: text }],
  });
});

test('a row is said by its subject and its prose, without the file and columns that say no more', () => {
  const text =
    '## What survives what\n\n| what happens | what it does | shown by |\n|---|---|---|\n| the disk is full | the record fails and nothing may follow it | `a file that can grow no further fails the append, and nothing follows` |\n';
  const { findings } = research([only('promises.md', text)], 'What happens when the disk is full?');
  expect(findings[0]?.claim).toBe('the disk is full: the record fails and nothing may follow it');
});

test('of a narrow row what is short is said with its columns, of a wide one what is asked for', () => {
  const narrow = '| flag | default | what it does |\n|---|---|---|\n| `--port` | 0 | the port on which it listens |\n';
  expect(research([only('flags.md', narrow)], 'What is the default of `--port`?').findings[0]?.claim).toBe(
    '`--port`: default: 0; the port on which it listens',
  );
  const wide = 'name,a,b,c,d,e,f,g,h,melting point,j\nGallium,1,2,3,4,5,6,7,8,303,10\n';
  expect(research([only('elements.csv', wide)], 'What is the melting point of Gallium?').findings[0]?.claim).toBe(
    'elements: Gallium: melting point: 303',
  );
});

test('a list item that is a whole sentence is not led by its file and heading', () => {
  const text =
    '# Sessions\n\n- Sessions of the server end after nine quiet hours.\n- Other things are said here, too.\n';
  const { findings } = research([only('server-notes.md', text)], 'When do sessions of the server end?');
  expect(findings[0]?.claim).toBe('Sessions of the server end after nine quiet hours.');
});

test('two words that name one document are one name, and what follows a name is none', () => {
  const docs = [
    only('cargo-load.md', 'This command fills the hold with all crates that the list has.'),
    only('load.md', 'Here is told how much load a bridge of cargo can bear in all.'),
    only('client.md', 'A part of the harbour where crates of cargo are told apart.'),
  ];
  const first = (goal: string) => research(docs, goal).findings.map(({ citations }) => citations[0]?.source)[0];
  expect(first('What does cargo load do with the crates?')).toBe('cargo-load.md');
  const { queries } = research([...docs, ...LIBRARY], 'How does the fetchly client retry failed requests?');
  expect(queries).not.toContain('client retry failed requests');
});

test('a directive in ticks is spoken of, and may be the answer', () => {
  const docs = [
    only('use.md', 'Disable all rules for one line: `<!-- markdownlint-disable-line -->`'),
    only('other.md', 'Rules for one line are good to have, says the author of the rules.'),
  ];
  const { findings } = research(docs, 'How do I disable all rules for one line?');
  expect(findings[0]?.citations[0]?.source).toBe('use.md');
});

test('what is asked with "and why" is told by what answers it, with the reason behind', () => {
  const docs = [
    only('a.md', 'The pilot crew needs a group of its own, which it takes for reasons of safety.\n', 'Crews'),
    only('b.md', 'The tower must have the number 5. That is because its lamp is counted from the sea.\n', 'Towers'),
  ];
  const { findings, missing } = research(docs, 'Which number must the tower have, and why?');
  expect(findings[0]?.claim).toMatch(/number 5.*because/);
  expect(missing).toEqual([]);
  // The number is looked for, not the reason.
  expect(readQuestion('Which number must the tower have, and why?', () => false).kind).not.toBe('why');
  const bare = [only('b.md', 'The tower must have the number 5. It is old.\n', 'Towers')];
  expect(research(bare, 'Which number must the tower have, and why?').missing).toHaveLength(1);
});

test('what leads a quote in is quoted, too, where the claim has a figure from there', () => {
  const text =
    'The 12 towers have these lamps:\n\n- red lamps for the pilots\n- green lamps for the crews\n\nThe old towers have these bells:\n\n- iron bells for the pilots\n';
  const cited = (goal: string): string[] =>
    (research([only('a.md', text)], goal).findings[0]?.citations ?? []).map(({ quote }) => quote);
  expect(cited('Which red lamps are for the pilots?')).toContain('The 12 towers have these lamps:');
  expect(cited('Which iron bells are for the pilots?')).not.toContain('The old towers have these bells:');
  // And not once more as what stands around it.
  expect(research([only('a.md', text)], 'Which iron bells are for the pilots?').context).toBeUndefined();
});

test('items with letters in brackets are a list, given whole with what leads it in', () => {
  const text =
    'Boats may be lent if these conditions are met:\n\n(a) You must give the pilot a copy of this page; and\n(b) You must paint the bow; and\n(c) You must keep the log.\n';
  const { claims } = asked(text, 'Which conditions must be met to lend boats?');
  for (const said of ['a copy of this page', 'paint the bow', 'keep the log'])
    expect(claims.join('\n')).toContain(said);
});

test('the number at the end of a name is no ending of a file', () => {
  expect(['licences/Apache-2.0', 'man/ls.1', 'notes.md', 'a/zstd-1.5.2.txt'].map(nameOfSource)).toEqual([
    'Apache-2.0',
    'ls',
    'notes',
    'zstd-1.5.2',
  ]);
});

test('what a line on numbers leads to is no number by that', () => {
  const text =
    '- 12…15 → berths of pilots are given from this range.\n\nIf you wonder how many berths of pilots to give, here is what to heed:\n\n- Pilots of 40 boats want berths near the pier, and the range of pilots is short of berths.\n';
  const { findings } = research([only('a.md', text)], 'Which range are berths of pilots given from?');
  expect(findings[0]?.claim).toContain('12…15');
});

test('the list that a line about differences leads to answers what differs', () => {
  const text =
    'The crane and the winch are both for ropes, and a crane or a winch is cheap.\n\nThe main differences between the crane and the winch are:\n\n- A crane lifts anchors out of the deep.\n- A winch pulls ships to the pier.\n';
  const { findings } = research([only('a.md', text)], 'What is the difference between the crane and the winch?');
  expect(findings[0]?.citations[0]?.quote).toBe(
    '- A crane lifts anchors out of the deep.\n- A winch pulls ships to the pier.',
  );
});

test('the first findings are those that answer each part of a question, in the order of the parts', () => {
  const docs = [
    only('run.md', 'The harbour needs a Node of version 20 or later.'),
    only(
      'talk.md',
      'A version of the Node harbour without any needs has been spoken of, and a licence to speak of it.',
    ),
    only('law.md', 'The licence of the harbour office is kept in a drawer.'),
  ];
  const { findings } = research(docs, 'Where is the licence of the office kept, and which Node version does it need?');
  expect(findings.slice(0, 2).map(({ citations }) => citations[0]?.source)).toEqual(['law.md', 'run.md']);
});

test('which version is asked for is answered by what has a number', () => {
  const docs = [
    only('a.md', 'The engine of the crane needs a good version of its gear.'),
    only('b.md', 'The crane engine needs gear 20, in its later version.'),
  ];
  const { findings } = research(docs, 'Which version of the gear does the engine of the crane need?');
  expect(findings[0]?.citations[0]?.source).toBe('b.md');
});

test('what stands under a heading of nothing but what is asked comes before what is said elsewhere', () => {
  const docs = [
    only('a.md', '## Undocumented things\n\nRetries of a request that a crane does are heeded.'),
    only('b.md', '## Retries\n\nErrors of a crane are met by retries of the request, two times.'),
  ];
  const { findings } = research(docs, 'How does a crane do retries of a request?');
  expect(findings[0]?.citations[0]?.source).toBe('b.md');
});

test('what is named as an example is an answer only after what is said of it', () => {
  const docs = [
    only('a.md', 'Settings of the crane, such as the anchor retries, are heeded when it lifts anything.'),
    only('b.md', '## Anchor chains\n\nThe retries of a crane end after nine times of waiting.'),
  ];
  const { findings } = research(docs, 'How does the crane do anchor retries?');
  expect(findings[0]?.citations[0]?.source).toBe('b.md');
});

test('beside an answer, another sentence of its passage is quoted only where it says nearly as much', () => {
  const text =
    'Ada and Bob lift the anchors of ships at the pier. They rest at night, on Mondays and whenever the wind blows hard.\n\nEach man watches the sails with great care in winter.';
  const { findings } = research([only('a.md', text)], 'Where do Ada and Bob lift anchors of ships that sailors watch?');
  expect(findings.map(({ citations }) => citations[0]?.quote).join('|')).not.toContain('Each man');
});

test('what a question asks of two versions is searched for by the number of each', () => {
  const { queries } = research(LIBRARY, 'What did fetchly fix in 2.1.0, and what in 2.2.0?');
  for (const version of ['2.1.0', '2.2.0'])
    expect(queries.some((query) => query.startsWith(version) && query.includes('fix'))).toBe(true);
});

const MANUAL = [
  only('manual.md', '## omit\n\nLeaves kinds of parts out of the tree.\n\nThe `--omit` option may be given twice.\n'),
  only('more.md', '## retain\n\nThe `--retain` option is the inverse of `--omit`. It wins over it.\n'),
  only('other.md', 'The option of a tool may differ between two versions of it.\n'),
];

test('two options are told apart by the sentence that names both', () => {
  const { findings, queries } = research(MANUAL, 'What is the difference between --omit and --retain?');
  expect(findings[0]?.claim).toContain('is the inverse of `--omit`');
  expect(queries).toEqual(expect.arrayContaining(['omit', 'retain']));
});

test('of a choice between two rows of figures both are quoted', () => {
  const head = 'state,number,people,share of engineers,storms\n';
  const rows = 'North Hill,371,101467881,0.00422695312,46\nSouth Hill,381,78262596,0.0043201291,59\n';
  const { findings, missing } = research(
    [only('storms.csv', head + rows)],
    'Had North Hill or South Hill more storms?',
  );
  const quotes = findings.map(({ citations }) => citations[0]?.quote ?? '');
  expect(quotes.slice(0, 2).sort()).toEqual(rows.trim().split('\n'));
  expect(missing).toEqual([]);
});

test('the date above an entry answers when it was', () => {
  const text = '1.4.0 / 2022-04-25\n===================\n\n  * Fix the parser of headers\n  * Add a thing\n';
  const { findings, missing } = research([only('history.md', text)], 'When was the parser of headers fixed?');
  expect(findings[0]?.claim).toBe('1.4.0 / 2022-04-25: Fix the parser of headers');
  expect(missing).toEqual([]);
});

test('beside a quote that answers a plain question whole, none is given that only shares its words', () => {
  const docs = [
    only('limits.md', 'The folder that holds the cache of pages is called store.'),
    only('history.md', 'The cache of pages in a folder was once a matter of taste.'),
  ];
  const { findings, missing } = research(docs, 'Which folder holds the cache of pages?');
  expect(findings.map(({ citations }) => citations[0]?.source)).toEqual(['limits.md']);
  expect(missing).toEqual([]);
  // Nor where the answer has some of the words only by its heading.
  const headed = [
    only('limits.md', 'The folder that holds it is called store.', 'Cache of pages'),
    only('history.md', 'The cache of pages was once a matter of taste.'),
  ];
  const { findings: given } = research(headed, 'Which folder holds the cache of pages?');
  expect(given.map(({ citations }) => citations[0]?.source)).toEqual(['limits.md']);
});

test('each part of a question that is not answered is named, and only these', () => {
  const docs = [only('harbour.md', 'Harbour was built in 1911 by Ada Lovelace. Its pilots meet on Mondays.')];
  const { missing } = research(docs, 'When was Harbour built, and how many pilots has the crew?');
  expect(missing).toHaveLength(1);
  expect(missing[0]).toMatch(/^No sure answer was found to "How many pilots has the crew/);
});

test('what stands under a part of a version in a changelog is said to be of that version', () => {
  const text =
    '## 8.2.0 (2026-05-04)\n\n### New features\n\nAdd a thing.\n\n## 8.1.0 (2026-03-02)\n\n### Bug fixes\n\nReject broken escapes in strings.\n';
  const { findings, missing } = research([only('changes.md', text)], 'When were broken escapes rejected?');
  expect(findings[0]?.claim).toBe('8.1.0 (2026-03-02), Bug fixes: Reject broken escapes in strings.');
  expect(missing).toEqual([]);
});

test('what a thing is, is said by the entry of a glossary for it before whatever speaks of it', () => {
  const docs = [
    only('a.md', 'The pod of a wide plan is a pod with several seats, and a pod is sent again when its worker died.'),
    only('words.md', '| word | meaning |\n|---|---|\n| pod | what one Activity carries |\n| seat | a place in a pod |'),
  ];
  expect(research(docs, 'What is a pod?').findings[0]?.claim).toBe('pod: what one Activity carries');
  const told = [docs[0] ?? only('a.md', ''), only('words.md', 'A pod is what one Activity carries.')];
  expect(research(told, 'What is a pod?').findings[0]?.claim).toContain('what one Activity carries');
});

test('how often a thing is done is not told by "each" of something else', () => {
  const docs = [
    only('lamps.md', 'The lamp is polled each minute.'),
    only('berths.md', 'Each lamp that is polled has a colour.'),
  ];
  const { findings } = research(docs, 'How often is the lamp polled?');
  expect(findings.map(({ citations }) => citations[0]?.source)).toEqual(['lamps.md']);
});

test('an option is asked for: a sentence with none is not the answer, however many of the words it has', () => {
  const docs = [
    only('rows.md', 'The table can print every row with the colour of the parent row.'),
    only('help.md', 'Print the parent row with -R.'),
  ];
  const { findings } = research(docs, 'Which option prints the colour of the parent row?');
  expect(findings[0]?.citations[0]?.source).toBe('help.md');
});

test('a numbered question in a text is answered from its first word', () => {
  const text =
    '3.7 Will the tool show hosts of others?\n\nNever. It says what runs here. The tool has no hosts of others that it could show.\n';
  const { findings } = research([only('faq.txt', text)], 'Will the tool show hosts of others?');
  expect(findings[0]?.citations[0]?.quote).toMatch(/^Never\. It says what runs here\. The tool/);
});

test('directives of reStructuredText are no findings', () => {
  const text = '.. tab:: Linux and the cache of pages\n\nThe cache of pages lies in /var/pages.\n';
  const { findings } = research([only('cache.rst', text)], 'Where is the cache of pages on Linux?');
  expect(findings.map(({ citations }) => citations[0]?.quote)).toEqual(['The cache of pages lies in /var/pages.']);
});

test('an order that is asked for is quoted as the whole list', () => {
  const text =
    'Files are loaded in this order:\n\n- files that are named in the order, loaded if given\n- the global one\n- that of the user\n';
  const { findings } = research([only('files.md', text)], 'In which order are files loaded?');
  expect(findings[0]?.citations[0]?.quote).toContain('that of the user');
});
