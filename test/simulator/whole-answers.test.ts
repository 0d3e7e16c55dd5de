// whole-answers.test.ts: what the offline model quotes so that an answer is whole: both sides of a difference, all cases of a
// list, the section of a cause; and what is said above a table of its rows.

import { holds, kindOf } from '../../simulator/brain/kinds.ts';
import { unitsOf } from '../../simulator/brain/units.ts';
import { research, type Doc } from './support.ts';

const only = (source: string, text: string, heading = ''): Doc => ({ source, line: 1, heading, text });
const asked = (text: string, goal: string, source = 'harbour.md', heading = '') => {
  const { findings, missing } = research([only(source, text, heading)], goal);
  return { claims: findings.map(({ claim }) => claim), missing };
};

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
    only('paint.md', 'Use the brush to paint a boat.'),
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
});

test('what leads a quote in has no marks of its own', () => {
  const text = '- **keep** <span id="keep"/> is how many ropes stay.\n\n  Default: `10`\n';
  const { claims } = asked(text, 'What is the default of the ropes that stay?');
  expect(claims.join('\n')).toContain('keep is how many ropes stay: Default: `10`');
  expect(claims.join('\n')).not.toMatch(/\*\*|<span/);
});
