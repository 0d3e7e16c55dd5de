// structure.test.ts: what the offline model reads of how a text is laid out: lists whole, entries whole, questions with
// their marks, words in italics, sentences as long as a page.

import { unitsOf } from '../../simulator/brain/text/units.ts';
import { contentTerms, termsOf } from '../../simulator/brain/words/words.ts';
import { type Doc, only, research } from './support.ts';

const claims = (docs: readonly Doc[], goal: string): string[] =>
  research(docs, goal).findings.map(({ claim }) => claim);

test('a list that passages cut is read around and quoted whole', () => {
  const docs = [
    only('waits.md', 'The available wait generators are:\n\n- `evenWait`: the default\n- `noWait`: none at all'),
    only('waits.md', '- `fullWait`: anything below the bound\n- `halfWait`: from half of it on', '', 9),
  ];
  expect(claims(docs, 'Which wait generators does the library offer?')[0]).toBe(
    'waits › The available wait generators are: `evenWait`: the default; `noWait`: none at all; `fullWait`: anything below the bound; `halfWait`: from half of it on',
  );
});

test('an item of several sentences ends neither its list nor the line that leads it in', () => {
  const text =
    'The harbour offers these berths:\n\n- North berth: for ships. It is deep.\n- South berth: for boats. It is\n  shallow.\n- East berth: for all.\n';
  expect(claims([only('berths.md', text)], 'Which berths does the harbour offer?')[0]).toBe(
    'berths › The harbour offers these berths: North berth: for ships. It is deep. South berth: for boats. It is shallow. East berth: for all.',
  );
});

test('what changed in a version is the whole of its entry', () => {
  const text =
    'tool 2.1.0 (8 January 2023)\n===========\n\nFixes:\n\n * Mend a leak.\n * Mend a crash.\n\nImprovements:\n\n * Look for stray files.\n\ntool 2.0.0\n==========\n\nFixes:\n\n * Mend the build.\n';
  const [first, ...others] = claims([only('tool-news.md', text)], 'What changed in tool 2.1.0?');
  for (const change of ['Mend a leak', 'Mend a crash', 'Look for stray files']) expect(first).toContain(change);
  expect([first, ...others].join('\n')).not.toContain('Mend the build');
});

test('a question with its mark, over several lines, heads the answer below it', () => {
  const text =
    'Q:  The ferry is late as a rule. Can I\n    still take the night train?\n\nA:  Yes, the guard waits. The platform is the same.\n\nQ:  Who sells tickets?\n\nA:  The kiosk.\n';
  const { findings } = research([only('faq.txt', text)], 'Can I take the night train when the ferry is late?');
  expect(findings[0]?.citations[0]?.quote).toContain('Yes, the guard waits.');
  expect(findings[0]?.claim).not.toContain('A:');
});

test('a question with a number, or a point behind its mark, heads its answer, which may hang and has no mark of its own', () => {
  const text =
    'Q1.2. Why was the ferry ended?\n\nA1.2. The owner wanted it. Take it\n   as it is, or swim.\n\nQ. Can I swim there?\nA. Yes, and back.\n';
  const [ended] = claims([only('faq.txt', text)], 'Why was the ferry ended?');
  expect(ended).toMatch(/The owner wanted it\. Take it as it is, or swim\.$/);
  expect(ended).not.toContain('A1.2');
  expect(claims([only('faq.txt', text)], 'Can I swim there?')[0]).toBe('Yes, and back.');
});

test('what stands in underscores is found by its words', () => {
  const docs = [
    only('others.txt', 'The other ships did carry 20 people each.\n'),
    only('ship.txt', 'They spoke of the _Aurora_ with 400 people.\n'),
  ];
  const { findings, missing } = research(docs, 'How many people did the Aurora carry?');
  expect(findings[0]?.claim).toContain('400');
  expect(missing).toEqual([]);
});

test('of a sentence that is longer than a quote the clause that answers is quoted', () => {
  const others = Array.from({ length: 30 }, (_, at) => `of the wreck number ${at} off the cape`).join('; ');
  const text = `The talk went on, ${others}; of the bark Aurora, which left Bergen with ninety-one people aboard.\n`;
  const { findings } = research([only('sea.txt', text)], 'How many people were aboard the bark Aurora?');
  expect(findings[0]?.citations[0]?.quote).toContain('ninety-one people');
});

test('what goes on in a list item is read with what the item begins with', () => {
  const text =
    '## 4.3\n\n* New: grouped targets\n  A rule makes several files at once. Contributed by Kaz Holm.\n\n* New: sorted wildcards\n  The order is kept. Nobody asked. It costs no time. It was due. Contributed by Ada Reyes.\n';
  expect(claims([only('news.md', text)], 'Who contributed sorted wildcards?')[0]).toContain('Ada Reyes');
});

test('a part of a question that speaks of the part before is asked about the same', () => {
  const text =
    '## 4.3\n\n* New: pattern rules\n  Contributed by Ada Reyes. They are short.\n\n* New: grouped targets\n  A rule makes several files at once. Nobody asked. It costs no time. It was due. Contributed by Kaz Holm.\n';
  const question = 'In which version were grouped targets introduced, and who contributed them?';
  const first = claims([only('news.md', text)], question)
    .slice(0, 2)
    .join('\n');
  expect(first).toContain('4.3');
  expect(first).toContain('Kaz Holm');
});

test('each condition of a question is asked of the same', () => {
  const docs = [
    only('circuit.md', 'Calls while the circuit is open throw a BrokenError.', '', 1),
    only('full.md', 'The queue is full with ninety of them.', '', 1),
    only('queue.md', 'A queue that is full makes calls throw a RejectedError.', '', 1),
    only('time.md', 'When the time-out is reached, calls throw a CancelledError.', '', 1),
  ];
  const question = 'What is thrown when the circuit is open, when the queue is full, and when the time-out is reached?';
  const { findings, missing } = research(docs, question);
  expect(findings.slice(0, 3).map(({ claim }) => /\w+Error/.exec(claim)?.[0])).toEqual([
    'BrokenError',
    'RejectedError',
    'CancelledError',
  ]);
  expect(missing).toEqual([]);
});

test('the irregular form of a verb is the verb', () => {
  const { findings, missing } = research(
    [only('hall.md', 'She left the hall in June.')],
    'When did she leave the hall?',
  );
  expect(findings[0]?.claim).toBe('She left the hall in June.');
  expect(missing).toEqual([]);
});

test('a noun that is made of a verb is that verb, however different the two are written', () => {
  const pairs =
    'died deaths, decide decisions, lost losses, verify verification, deliver deliveries, maintains maintenance';
  for (const [verb = '', noun = ''] of pairs.split(', ').map((pair) => pair.split(' ')))
    expect([noun, ...contentTerms(noun)]).toEqual([noun, ...contentTerms(verb)]);
  expect(contentTerms('element comment glasses')).toEqual(['element', 'comment', 'glass']);
  const head = '| Kind | Year | Deaths |\n|---|---|---|\n';
  const docs = [
    only('disasters.md', `${head}| Flood | 1931 | 3700 |\n`),
    ...['north', 'south', 'west'].map((name) =>
      only(`${name}.md`, `${head}| Flood | 1999 | 34 |\n| Storm | 1931 | 5 |\n`),
    ),
    only('town.md', 'The people of the town built a wall, and then another wall for themselves.'),
  ];
  const { findings, missing } = research(docs, 'How many people died in floods in 1931?');
  expect(findings[0]?.claim).toContain('3700');
  expect(missing).toEqual([]);
});

test('what one thing is to another tells them apart before what is said of both', () => {
  const text =
    'Documenting Alpha and Alpha2 is planned, but not yet done, as both are young. Alpha2 is an updated form of Alpha.\n';
  expect(claims([only('alpha.md', text)], 'What is the difference between Alpha and Alpha2?')[0]).toContain(
    'an updated form',
  );
  // Nor where it does not begin with its name.
  const other = `Documenting Alpha and Alpha2 is planned, but not yet done, as both are young. Unlike Alpha, Alpha2 needs no oil.\n`;
  const told = claims([only('a.md', other)], 'What is the difference between Alpha and Alpha2?');
  expect(told[0]).not.toContain('planned');
});

test('how long is answered by a number, whether or not it is called long', () => {
  const { missing } = research([only('reed.md', 'The bridge measures 40 m.')], 'How long is the bridge?');
  expect(missing).toEqual([]);
});

test('passages that are cut out of one long line are all read', () => {
  const docs = [
    only('address.txt', 'The pilots of the harbour were paid 200 crowns for the year.'),
    only('address.txt', 'The purchase of the island will add nearly 13 millions to the debt.'),
  ];
  const question = 'How much were the pilots paid, and how much will the purchase of the island add to the debt?';
  expect(claims(docs, question).join('\n')).toMatch(/200 crowns[^]*13 millions|13 millions[^]*200 crowns/);
});

test('small words that stand beside each other tell one sentence from another', () => {
  const text =
    '- Silence a rule on the current line: `quiet-line`\n- Silence a rule on the next line: `quiet-next-line`\n';
  expect(claims([only('rules.md', text)], 'How do I silence a rule on the next line?')[0]).toContain('quiet-next-line');
});

test('the list below the paragraph that answers is quoted where a list was asked for', () => {
  const text =
    'The library has tools that are released along with it. They are some days apart.\n\n1. `north`\n2. `north-cli`\n3. `north-web`\n';
  expect(claims([only('release.md', text)], 'Which tools are released along with the library?')[0]).toContain(
    '`north`; `north-cli`; `north-web`',
  );
});

test('a row with an empty cell does not answer what its column asks', () => {
  const table = (cell: string): Doc =>
    only('ports.csv', `Name,Berths of the port,Landlocked\nArvo,twenty-four,${cell}\nBirk,twenty-two,no\n`);
  expect(research([table('')], 'Is Arvo landlocked?').missing).toHaveLength(1);
  expect(research([table('yes')], 'Is Arvo landlocked?').missing).toEqual([]);
});

test('rows whose bars stand under each other, without any at their ends, are rows', () => {
  const text =
    '## Types\n\nship type    | berth that it gets\n------------ | ------------------\nFerry        | north berth (deep)\nTug          | south berth (small or large)\n';
  expect(claims([only('types.md', text)], 'Which berth does a Tug get?')).toEqual([
    'Tug: south berth (small or large)',
  ]);
});

test('a condition before two questions asks nothing, and belongs to each', () => {
  const question = 'If I lose a ticket, what becomes of the North pass and what becomes of the South pass?';
  const { queries } = research([only('north.md', 'If you lose a ticket, the North pass ends at once.')], question);
  expect(queries).toContainEqual(expect.stringMatching(/^If I lose a ticket, what becomes of the South pass\?/));
});

test('of two names with a stroke between them each is a term', () => {
  expect(termsOf('MD058/blank-tables')).toEqual(expect.arrayContaining(['md058', 'blank-tables']));
});

test('the reason that stands in the next sentence completes what only names a purpose', () => {
  const text =
    'Set `marks` to a shorter list to allow headings that end with an exclamation mark. `?` is let through because of lists of questions.\n';
  const [first] = claims([only('marks.md', text)], 'Why may headings end with marks?');
  expect(first).toContain('because of lists of questions');
});

test('an item is said with its heading, which tells whose it is', () => {
  const text =
    '# Leave by region\n\n## North\n\n- Leave to bond with a child, up to 16 weeks.\n\n## South\n\n- Leave to bond with a child, up to 8 weeks.\n';
  expect(claims([only('leave.md', text)], 'In which region is leave to bond up to 16 weeks?')[0]).toContain('North');
});

test('of a row with several descriptions each is said with its column', () => {
  const text =
    '| Skill | Junior | Senior |\n|---|---|---|\n| Tools | Knows one of the tools with some help. | Knows all of the tools and teaches them well. |\n';
  expect(claims([only('levels.md', text)], 'Which level teaches the tools?')[0]).toContain('Senior: Knows all');
});

test('a heading in HTML heads what stands below it', () => {
  const text =
    '<h3 name="rip">\nWhat does the "rip" in ripper mean?\n</h3>\n\nIt stands for speed. Nothing else was meant.\n\n<h3 name="pay">\nHow is it paid?\n</h3>\n\nBy gifts alone.\n';
  expect(claims([only('faq.md', text)], 'What does the rip in ripper mean?')[0]).toContain('It stands for speed.');
});

test('neither a version nor a name that begins with a digit is a number of something', () => {
  const text = 'Guests of 12harbours with days in their bank are paid.\n\nDays roll over with a bank of 27 days.\n';
  expect(claims([only('days.md', text)], 'How many days can be in the bank?')[0]).toContain('27 days');
});

test.each([
  'The tower is slow (eg. 20 times slower than the bell).',
  'It is said with a short i, ie. Val with an open vowel.',
  'It rings for many, e.g. pilots, crews etc. and then stops.',
])('a sentence goes on behind an abbreviation: %s', (text) => {
  expect(unitsOf(`${text} It is loud.`).map((unit) => unit.kind)).toEqual(['sentence', 'sentence']);
});
