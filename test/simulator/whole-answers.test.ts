// whole-answers.test.ts: what the offline model quotes so that an answer is whole: both sides of a difference, all cases of a
// list, the section of a cause; and what is said above a table of its rows.

import { holds, kindOf } from '../../simulator/brain/question/kinds.ts';
import { unitsOf } from '../../simulator/brain/text/units.ts';
import { asked, only, research } from './support.ts';

test('what is to be done is told by what asks for it, whatever else has a word of the question', () => {
  const docs = [
    only('lost.md', 'If your boat is stolen, please ring the pilot as soon as possible.', 'Your boat is stolen'),
    only('paint.md', 'Using work clothes is usual where a boat is painted with the brush.'),
  ];
  const { findings, missing } = research(docs, 'What should I do if my work boat gets stolen?');
  expect(findings[0]?.claim).toContain('please ring the pilot');
  expect(missing).toEqual([]);
  for (const said of ['please ring the pilot', 'you also need to tell the pilot', 'Contact the pilot at once'])
    expect([said, holds('how-to', said)]).toEqual([said, true]);
});

test('the quote that fits a how-to best stays, though it has no word of one', () => {
  const docs = [
    only('lost.md', 'A stolen boat is a case for the pilot, who looks for it at once.', 'Stolen boat'),
    only('paint.md', 'Use the brush to paint what is no stolen boat.'),
  ];
  const { findings } = research(docs, 'How do I report a stolen boat?');
  expect(findings.map(({ claim }) => claim).join('\n')).toContain('a case for the pilot');
});

test('an item that has items of its own is one of its list', () => {
  const text =
    '**breaking changes**\n- Closes berth one\n  - the crane of it moves\n- Moves the market\n- Opens the long mole\n\n**fixes**\n- Mends a rope\n';
  const { claims } = asked(text, 'What were the breaking changes in 3.0.0?', 'history.md', '3.0.0 / 2024-11-04');
  expect(claims[0]).toContain('Closes berth one; the crane of it moves; Moves the market; Opens the long mole');
  expect(claims.join('\n')).not.toContain('Mends a rope');
});

test('two things that share a noun are told apart by what stands first under the heading of each', () => {
  const docs = [
    only('boats.md', 'Slow tug boats pull one ship.\n\nThey are green.', 'Boats > Slow tug boats'),
    { ...only('boats.md', 'Fast tug boats carry the mail.\n\nThey are red.', 'Boats > Fast tug boats'), line: 9 },
    only('rules.md', 'On Sunday slow and fast tug boats lie still, but not on Monday.'),
  ];
  const { findings, missing } = research(docs, 'What is the difference between slow and fast tug boats?');
  expect(findings.slice(0, 2).map(({ claim }) => claim)).toEqual([
    expect.stringContaining('pull one ship'),
    expect.stringContaining('carry the mail'),
  ]);
  expect(missing).toEqual([]);
});

test('what is said above a table is said of its rows', () => {
  const text =
    'The crew keeps charts in a locker, by ship.\n\nIts place varies:\n\nShip | Place\n---|---\n**Swan** | `deck/two`\n**Tern** | `deck/five`\n';
  const { claims, missing } = asked(text, 'Where does the crew keep charts on the Tern?', 'harbour.md', 'Lockers');
  expect(claims[0]).toContain('Tern: `deck/five`');
  expect(missing).toEqual([]);
});

test('of items that each say a number for a case of their own all are given', () => {
  const text =
    'This is the notice that we expect:\n\n- For 1 day: at least 3 days notice\n- For 2 days: at least 1 week notice\n- For a week: at least 4 weeks notice\n- For longer: 3 months notice\n';
  const { claims } = asked(text, 'How much notice must I give before a week off?');
  expect(claims[0]).toContain('3 days notice; For 2 days: at least 1 week notice; For a week: at least 4 weeks notice');
  const bounds = 'The bounds:\n\n- Oars of a boat: 3\n- Ropes of a boat: 4\n- Men of a boat: 5\n';
  expect(asked(bounds, 'How many ropes of a boat are allowed?').claims[0]).not.toContain('Men of a boat');
});

test('whom to contact is told by what says how, not by any name', () => {
  const question = 'Whom should I contact about a security hole?';
  const guide = 'The Harbour Guide speaks of a security hole in the Long Market.';
  const how = 'Of each security hole write to pilot@harbour.example.';
  const { findings } = research([only('guide.md', guide), only('report.md', how)], question);
  expect(findings[0]?.claim).toContain('pilot@harbour.example');
  expect([guide, how].map((text) => holds(kindOf(question), text))).toEqual([false, true]);
});

test('under the heading of a cause stands the reason, and all of it is quoted', () => {
  const docs = [
    only(
      'trouble.md',
      'The crane is not fed before the tide. Its rope then runs dry. In that gap the crane stops.',
      'Crane stops > Cause',
    ),
    { ...only('trouble.md', 'With a wet rope the crane stops when the tide is fed.', 'Crane stops > Signs'), line: 20 },
  ];
  const { findings } = research(docs, 'Why does the crane stop?');
  expect(findings[0]?.claim).toContain('not fed before the tide. Its rope then runs dry. In that gap');
});

test('a program in a page is not quoted', () => {
  const text =
    '<script>\nready(function() {\n  // The berth is closed on Monday.\n});\n</script>\n\nThe mole is long.\n';
  expect(unitsOf(text).map((unit) => unit.text)).toEqual(['The mole is long.']);
  // Never closed, as in a passage that ends in it.
  expect(unitsOf('The mole is long.\n\n<script>\nlet berth = 1;\n').map((unit) => unit.text)).toEqual([
    'The mole is long.',
  ]);
});

test('what leads a quote in has no marks of its own', () => {
  const text = '- **keep** <span id="keep"/> is how many ropes stay.\n\n  Default: `10`\n';
  const { claims } = asked(text, 'What is the default of the ropes that stay?');
  expect(claims.join('\n')).toContain('keep is how many ropes stay: Default: `10`');
  expect(claims.join('\n')).not.toMatch(/\*\*|<span/);
  const bound = '`<bound>` counts ropes:\n\n- each rope of a boat counts once\n';
  expect(unitsOf(bound).at(-1)?.lead).toBe('`<bound>` counts ropes');
});

test('an item that is no sentence is quoted with the items of its own', () => {
  const text =
    '#### Breaking changes\n\n- `onTideTurning`\n  - This option does not exist. Instead, use `mole.on`.\n- `onEbbTurning`\n  - Gone, too.\n';
  const { claims } = asked(text, 'What replaces onTideTurning when I move?');
  expect(claims[0]).toContain('Instead, use `mole.on`');
  expect(claims[0]).not.toContain('onEbbTurning');
});

test('what stands above a page as its fields is not quoted, and what looks like a place for a name stays', () => {
  const fields = '---\ntitle: The long mole\nkeywords: tide, crane\n---\n\nThe mole is long.\n';
  expect(unitsOf(fields).map(({ text }) => text)).toEqual(['The mole is long.']);
  const rule = '---\n\n- Monday is for ropes\n\n---\n';
  expect(unitsOf(rule).map(({ kind }) => kind)).toContain('item');
  const { claims } = asked('The keys of a crew lie in /home/<user>/<b>keys</b>.\n', 'Where are the keys of a crew?');
  expect(claims[0]).toContain('/home/<user>/keys');
});

test('under a question that is answered by yes or no, yes answers one that asks nearly the same', () => {
  const docs = [
    only('faq.md', 'Yes, you can! Even at once.', 'FAQ > Can I moor from many boats at one single wooden mole?'),
    only('rules.md', 'Vessels pay for cargo.'),
  ];
  const { findings, missing } = research(docs, 'Can several vessels with cargo moor at the same mole?');
  expect(findings.map(({ claim }) => claim).join('\n')).toContain('Yes, you can! Even at once.');
  expect(missing).toEqual([]);
});

test('what a thing costs is told by a price, not by any number', () => {
  expect(kindOf('How much does a berth cost?')).toBe('price');
  expect(kindOf('Above what amount do I need a receipt?')).toBe('price');
  const holding = ['A berth costs 12 euros.', 'Receipts are needed over $75.', 'A berth is free of charge.'];
  for (const said of holding) expect([said, holds('price', said)]).toEqual([said, true]);
  expect(holds('price', 'A berth of 12 ounces is costly.')).toBe(false);
});

test('who does a thing may stand in an item below the line that says what is done', () => {
  const text = 'Those who approve travel:\n\n- Mole: Ada Pilot\n- Market: Grace Crane\n';
  const { claims, missing } = asked(text, 'Who approves travel for the Mole?');
  expect(claims[0]).toContain('Ada Pilot');
  expect(missing).toEqual([]);
});

test('what is told before a question asks nothing', () => {
  const text = 'To drop a lost ship from the fleet, type `.drop SHIP`.\n';
  const { missing } = asked(text, 'A ship has sunk for good. How do I drop it from the fleet?');
  expect(missing.join('\n')).not.toContain('has sunk');
});

test('of what a document points at, only what says something new, or fits as well, stands beside the answer', () => {
  const docs = [
    only('GUIDE.md', 'To search hidden holds of a ship, call `--hidden`; the FAQ says more of holds.', 'Guide'),
    only('FAQ.md', 'A long story of ships, of their holds and of much else that nobody needs.', 'FAQ'),
  ];
  const { findings } = research(docs, 'How do I search hidden holds?');
  expect(findings).toHaveLength(1);
});

test('where what a question names is nowhere, two quotes at most stand near', () => {
  const docs = ['crane', 'mole', 'market', 'rope'].map((word) =>
    only(`${word}.md`, `The harbour can run the ${word} on a tide of its own.`),
  );
  const { findings, missing } = research(docs, 'Can Harbour run on a Zeppelin?');
  expect(missing.join('\n')).toContain('Nothing was found about Zeppelin');
  expect(findings.length).toBeLessThanOrEqual(2);
});

test('without headings of their own, two things are told apart by what begins with each', () => {
  const docs = [
    only('pay.md', 'Sea time is when a crew is paid for the hours on board. It counts twice.'),
    only('rest.md', 'Shore time is when a crew rests. Sea time and shore time are asked for in one form.'),
  ];
  const { findings, missing } = research(docs, 'What is the difference between sea time and shore time?');
  expect(findings.slice(0, 2).map(({ claim }) => claim)).toEqual([
    expect.stringContaining('paid for the hours'),
    expect.stringContaining('a crew rests'),
  ]);
  expect(missing).toEqual([]);
});

test('titles of reStructuredText are headings, whatever marks stand under them', () => {
  const text =
    'Usage\n#####\n\nThe crane lifts.\n\nLimits\n~~~~~~\n\nThe rope holds.\n\n.. _mole: https://mole.example\n';
  expect(unitsOf(text).map(({ kind, under }) => [kind, under])).toEqual([
    ['heading', 'Usage'],
    ['sentence', 'Usage'],
    ['heading', 'Limits'],
    ['sentence', 'Limits'],
    ['noise', 'Limits'],
  ]);
});

test('a heading that asks nearly the same, or whether there is a way, is the answer’s place', () => {
  const alike = [
    only('faq.md', 'Nobody can alone. Winches help.', 'FAQ > How can I search and lift with a crane?'),
    only('cargo.md', 'Ropes lie in holds.'),
  ];
  const { findings, missing } = research(alike, 'How do I lift ropes in holds with a crane?');
  expect(findings.map(({ claim }) => claim).join('\n')).toContain('Nobody can alone. Winches help.');
  expect(missing).toEqual([]);
  const way = 'FAQ > Is there a way to limit the winch?';
  expect(
    asked('The winch has no bound. Stones help anyway.\n', 'How can I limit the winch?', 'faq.md', way).claims[0],
  ).toContain('Stones help anyway');
});

test('a field that is called as what is asked for tells it', () => {
  const text = 'A rope is lost when the code of the last knot is none.\n\n**Code: `E_ROPE_LOST`**\n';
  const { claims } = asked(text, 'What is the code of RopeError?', 'errors.md', 'Errors > RopeError');
  expect(claims[0]).toContain('E_ROPE_LOST');
});

test('what must be in a thing is a list, and the line that leads to nothing asked is not quoted', () => {
  expect(kindOf("What must the doctor's note include?")).toBe('list');
  expect(kindOf('What should the note contain?')).toBe('list');
  const text = 'Ships and moles:\n\n    curl mole.example\n\nIn the harbour the pilot keeps moles.\n';
  expect(asked(text, 'Where are ships and moles?').claims.join('\n')).not.toContain('Ships and moles:');
});

test('a power is said as it is written, and emphasis is not', () => {
  const text = 'At most 2**16 ropes of **2 metres** lie in <em class="a">one</em> __hold__.\n';
  expect(asked(text, 'How many ropes lie in one hold?').claims[0]).toContain(
    '2**16 ropes of 2 metres lie in one hold.',
  );
});
