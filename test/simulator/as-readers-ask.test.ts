// as-readers-ask.test.ts: questions as readers asked them who did not know the engine: told before they ask, about a thing that
// has a file of its own, for a price in strange money, for all of a list; and documents in reStructuredText.

import { cleanMarkdown } from '../../simulator/brain/text/clean.ts';
import { holds, kindOf } from '../../simulator/brain/question/kinds.ts';
import { readQuestion } from '../../simulator/brain/question/question.ts';
import { contentTerms } from '../../simulator/brain/words/words.ts';
import { unitsOf } from '../../simulator/brain/text/units.ts';
import { asked, only, research } from './support.ts';

test('a document that is called like a word of the question does not hide what another one says of it', () => {
  const docs = [
    only('winch.md', 'The winch shows a state of its own, as a lamp: green, red, or none.', 'States'),
    only('usage.md', 'Pull the lever down twice, and then ring the bell.', 'How do I reset the winch brake?'),
  ];
  const { findings } = research(docs, 'How do I reset the winch brake?');
  expect(findings[0]?.claim).toContain('Pull the lever down twice');
  // What speaks of another thing stays out, however well it fits.
  const cart = only('trade.md', 'Reset the brake of a cart: pull it up.', 'How do I reset the brake?');
  const others = research([docs[0] ?? cart, cart], 'How do I reset the winch brake?').findings;
  expect(others.map(({ claim }) => claim).join('\n')).not.toContain('of a cart');
});

test('what is told before a question asks nothing, and belongs to it', () => {
  const parts = (text: string): string[] => readQuestion(text, () => false, []).parts;
  expect(parts('Two pilots took the same boat at once, which of them must give it back?')).toEqual([]);
  expect(parts('Which boat did the pilots take at once, and who must give it back?').length).toBeGreaterThan(1);
  expect(parts('Give me the boats of the pilots, and which of them are given back?').length).toBeGreaterThan(1);
});

test('what stands in ticks is code, also where it ends like the mark of a role', () => {
  const said =
    '`DELETE /sessions/{id}` forgets it; while a task is at work it is 409 `task_open`, and nothing is removed.';
  expect(cleanMarkdown(said)).toBe(said);
  expect(cleanMarkdown('``/tasks/{id}`` and {ref}`the list <tasks>`')).toBe('`/tasks/{id}` and the list');
  expect(cleanMarkdown('`a :b:` or `c`')).toBe('`a :b:` or `c`');
});

test('roles, links and notes of reStructuredText are read as a reader sees them, its lists of contents not at all', () => {
  const text =
    'See :ref:`the list <ignoring>` or :doc:`/users/config`, use :option:`--quiet`, ask `the crew <https://crew.example>`_, `the pilot`_ [#note]_.';
  expect(cleanMarkdown(text)).toBe('See the list or `/users/config`, use `--quiet`, ask the crew, the pilot.');
  expect(cleanMarkdown('delete :conf:opt:`<user> <gui.user>`')).toBe('delete `<user>`');
  expect(cleanMarkdown('the {ref}`list of wheels <wheels>` and {term}`hull`')).toBe('the list of wheels and `hull`');
  expect(cleanMarkdown('.. note::\n   It is old,*very* old.')).toBe('It is old,very old.');
  expect(unitsOf('#. Pull it\n#. Ring it\n').map((unit) => [unit.kind, cleanMarkdown(unit.text)])).toEqual([
    ['item', 'Pull it'],
    ['item', 'Ring it'],
  ]);
  const units = unitsOf(
    '.. toctree::\n   :hidden:\n\n   berths\n   masts\n\nThe mole is long.\n\n.. note::\n   It is old.\n',
  );
  expect(units.map((unit) => unit.text).join('\n')).not.toContain('berths');
  expect(units.map((unit) => unit.text).join('\n')).toContain('The mole is long.\n');
  expect(units.map((unit) => unit.text).join('\n')).toContain('It is old.');
});

test('what a thing costs is told with its amount, in whatever money', () => {
  const kind = kindOf('How much does it cost to berth a boat?');
  expect(kind).toBe('price');
  expect(holds(kind, 'It typically costs Cr100 to berth for six days.')).toBe(true);
  expect(holds(kind, 'Berth 7 is the long one.')).toBe(false);
});

test('where an item says little of the question and what leads it in says much, all of its list is given', () => {
  const text =
    'With a local gate, you will need to open the following doors of the harbour:\n\n- Door **22**: for the crew\n- Door **23**: for carts\n- Door **24**: for the night\n';
  const { claims } = asked(text, 'Which doors of the harbour need to be open with a local gate?');
  expect(claims[0]).toContain('Door 22: for the crew; Door 23: for carts; Door 24: for the night');
});

test('two things that are terms, or stand in italics, are told apart by what is said of each, whole', () => {
  const terms =
    '**High Berth**\n\nThe best one is called so. A roof is over it. Guests like the view. Music is heard at night. Ten crowns are paid.\n\n**Low Berth**\n\nIt is given where the other is full. Four crowns are paid.\n';
  const { findings } = research(
    [only('berths.md', terms, 'Berths')],
    'What is the difference between high berth and low berth?',
  );
  const claims = findings.map(({ claim }) => claim);
  expect(claims[0]).toContain('Ten crowns are paid');
  expect(claims[0]).not.toContain('Four crowns');
  expect(claims[1]).toContain('Four crowns are paid');
  const items =
    '- Every crew sends a *Kickoff* for the next round, on the second Friday.\n- *Heartbeats* are asked of all crews, and tell what was done.\n';
  const both = 'You know of kickoffs and heartbeats alike, and of other things.';
  const told = research(
    [only('work.md', items, 'Rounds'), only('titles.md', both, 'Titles')],
    'What is the difference between a kickoff and a heartbeat?',
  ).findings.map(({ claim }) => claim);
  expect(told.slice(0, 2)).toEqual([
    expect.stringContaining('for the next round'),
    expect.stringContaining('tell what was done'),
  ]);
});

test('of columns that all have a word of the question the one with most of them is said', () => {
  const text =
    '| Work | Tug pilot (new) | Lead tug pilot |\n|---|---|---|\n| Teams | Helps the others of the crew where it can | Leads two or three of the crews at once |\n';
  const { claims } = asked(text, 'How many teams does a lead tug pilot have?', 'titles.md', 'Titles');
  expect(claims[0]).toContain('Leads two or three');
  expect(claims[0]).not.toContain('Helps the others');
});

test('the nearest thing to a question that is one is what is quoted first', () => {
  const docs = [
    only('start.md', 'A failed haul is tried twice.', 'Hauls'),
    only('tips.md', 'The default number of times that the crane hauls may be set to another default number.', 'Tips'),
  ];
  const { findings, missing } = research(docs, 'How many times does the crane try a failed haul again by default?');
  expect(missing[0]).toContain(`The nearest is in ${findings[0]?.citations[0]?.source}`);
});

test('a row with nothing but a name names the rows below it', () => {
  const text =
    '| | One boat | Two boats |\n|---|---|---|\n| **Long mole** | | |\n| Day | $2 | $3 |\n| Week | $6 | $7 |\n| **Short mole** | | |\n| Day | $4 | $5 |\n| Week | $8 | $9 |\n';
  const { claims } = asked(text, 'How much do two boats pay for a week at the short mole?', 'prices.md', 'Prices');
  expect(claims[0]).toContain('Short mole');
  expect(claims[0]).toContain('$9');
  expect(
    unitsOf(text)
      .filter(({ kind }) => kind === 'row')
      .map(({ lead }) => lead),
  ).toEqual(['**Long mole**', '**Long mole**', '**Short mole**', '**Short mole**']);
});

test('what stands below "::" and below a directive for code is code, its comments head nothing, and a note is prose', () => {
  const text =
    'Berths\n======\n\nRun it::\n\n  dock --all\n  # which comes first\n  moor\n\n.. code-block:: sh\n   :linenos:\n\n   cast off\n\n.. note::\n\n   It is old.\n\nThe mole is long.\n';
  const units = unitsOf(text);
  const kinds = (kind: string): string[] => units.filter((unit) => unit.kind === kind).map((unit) => unit.text);
  expect(kinds('code')).toEqual(['dock --all', 'moor', 'cast off']);
  expect(kinds('sentence').join('\n')).toContain('It is old.');
  expect(kinds('heading')).toEqual(['Berths']);
});

test('two modes of one thing are told apart by the sentences that set each of them', () => {
  const text =
    'The bell rings at each hour, loud or low, by its mode.\n\nTo hear it on the mole, set the `loud` option to yes.\n\n' +
    'For the night there is another way: set the `low` option to yes.\n';
  const { findings } = research(
    [only('a.md', text, 'Options')],
    'How do the loud and the low mode of the bell differ?',
  );
  const said = findings.map(({ claim }) => claim).join('\n');
  expect(said).toContain('hear it on the mole');
  expect(said).toContain('For the night');
});

test('a digit in a name is no version', () => {
  const docs = [
    only('a.md', 'The release is made by `bell-cli2-action` for the bell tool.\n', 'Release of the bell tool'),
  ];
  expect(research(docs, 'Which release of the bell tool added the loud rope?').missing).toHaveLength(1);
  expect(['1.2', 'v3', 'Node.js 20', 'ES2015'].map((text) => holds('version', text))).toEqual([true, true, true, true]);
  expect(['bell-cli2-action', 'utf8', 'a2b'].map((text) => holds('version', text))).toEqual([false, false, false]);
});

test('since when a thing is there is told by a changelog, though the thing has a document of its own', () => {
  const docs = [
    only('rules/bell42.md', 'The bell42 rule rings on each long line.\n\nIt has no options.\n', 'bell42'),
    only('CHANGELOG.md', '- Add bell42 for long lines\n', '2.1.0 (2024-02-03)'),
  ];
  const { findings } = research(docs, 'When was bell42 added?');
  expect(findings.map(({ claim }) => claim).join('\n')).toContain('2.1.0');
});

test('a month is no name, and is the same word in short', () => {
  const text = '| Boat | Keeper | Since |\n| --- | --- | --- |\n| Swan | Ann Lee | 2023-Feb-16 |\n';
  const docs = [only('crew.md', text, 'Keepers')];
  const { findings, missing } = research(docs, 'Who became the keeper of the Swan in February 2023?');
  expect(findings[0]?.claim).toContain('Ann Lee');
  expect(missing.join()).not.toContain('Nothing was found about');
  expect(contentTerms('in February')).toEqual(contentTerms('Feb'));
  const far = ['when I’ll be away', "when I'll be away", 'in October', 'on Monday'];
  for (const goal of far.map((when) => `Who keeps the Swan ${when}?`))
    expect(research(docs, goal).missing.join()).not.toContain('Nothing was found about');
});

test('what is called like a version and is none asks for no version, and a port or a range is a number', () => {
  for (const goal of ['Which version control systems does it know?', 'What release notes are there?'])
    expect(kindOf(goal)).not.toBe('version');
  expect(kindOf('Which version has it?')).toBe('version');
  for (const goal of ['Which port does the bell use?', 'Which UID range is for the crew?'])
    expect(kindOf(goal)).toBe('how-many');
  expect(kindOf('What is port 7233 for?')).not.toBe('how-many');
});

test('items that say behind a dash what they are tell two things apart', () => {
  const text =
    'Boats of grade 1 and of grade 2 lie at the pier, and grade 1 is as old as grade 2.\n\n- Grade 1 - The boat must sail each day.\n- No grade - It is new.\n\nOil is kept below.\n\n- Grade 2 - It must sail once a week, unless it storms.\n';
  const { claims } = asked(text, 'What is the difference between grade 1 and grade 2?');
  expect(claims.slice(0, 2).join('\n')).toMatch(/each day.*once a week/s);
});

test('what one is told not to do is no way to do it', () => {
  const text =
    'The lamp of the pier is put out by the `--dark` switch.\n\nIt is, however, recommended to NOT put out the lamp of the pier unless there is a moon.\n';
  const { claims, missing } = asked(text, 'How do I put out the lamp of the pier?');
  expect(claims[0]).toContain('--dark');
  expect(missing).toEqual([]);
  expect(holds('how-to', 'It is not recommended to use `rope`.')).toBe(false);
});

test('a key or a certificate is quoted by nobody', () => {
  const line = 'MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQG';
  expect(unitsOf(`${line}\n${line}\n\nThe mole is long.\n`).filter(({ kind }) => kind !== 'noise')).toMatchObject([
    { text: 'The mole is long.' },
  ]);
});

test('a question may begin with any small word of time: each has what is told before it', () => {
  const { parts } = readQuestion(
    'If I broke the rule once, within how many days must I mend it, and until which hour is the bell heard?',
    () => false,
  );
  expect(parts).toEqual([
    'If I broke the rule once, within how many days must I mend it',
    'If I broke the rule once, until which hour is the bell heard?',
  ]);
});
