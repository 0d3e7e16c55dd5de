// sorts.test.ts: what the offline model takes for an answer to each sort of question: a date, a span, a default, what an option
// does, how a thing is done; and the headings that nothing marks, in plain texts.

import { kindOf, holds } from '../../simulator/brain/question/kinds.ts';
import { unitsOf } from '../../simulator/brain/text/units.ts';
import { contentTerms, termsOf } from '../../simulator/brain/words/words.ts';
import { asked, only, planFor, research } from './support.ts';

test('when something was is answered by a date, or by what came before it: else it is a gap', () => {
  const rule = 'A closed berth opens after the tide is over.\n';
  expect(asked(rule, 'When was the berth closed?').missing).toHaveLength(1);
  expect(asked('The berth was closed in March 1921.\n', 'When was the berth closed?').missing).toEqual([]);
  expect(asked('The berth was closed after the storm.\n', 'When was the berth closed?').missing).toEqual([]);
  expect(asked(rule, 'When does a closed berth open?').missing).toEqual([]);
});

test('the number of a section is no version, and says not when a thing was', () => {
  const text = 'The closed berth is only one part of the harbour.\n';
  expect(asked(text, 'When was the closed berth introduced?', 'a.txt', '6.10 The Closed Berth').missing).toHaveLength(
    1,
  );
  expect(asked(text, 'When was the closed berth introduced?', 'a.txt', '6.10 (March 2019)').missing).toEqual([]);
});

test('how long is answered by a span of time or room, not by any number', () => {
  expect(kindOf('How long is it kept?')).toBe('how-long');
  expect(holds('how-long', 'Only the latest of a given line is kept.')).toBe(false);
  expect(holds('how-long', 'It has 3 owners.')).toBe(false);
  for (const span of ['for six months', 'at most 256 characters', '40 m', 'a few days', 'until it is closed'])
    expect([span, holds('how-long', `It is kept ${span}.`)]).toEqual([span, true]);
});

test('a default is told by the short sentence that is nothing else', () => {
  const text =
    'By a high value we mean one above the default, 5 boats or more.\n\nBounds the boats of a berth.\n\nDefaults to `12`.\n';
  const { claims } = asked(text, 'What is the default limit of a berth in the harbour?', 'harbour.md', 'API > limit');
  expect(claims[0]).toContain('Defaults to `12`');
});

test('what an option does is told by its entry in a list, whatever else has its words', () => {
  const text =
    'The `depth` option works best with `width`.\n\n- `width` (default: `2`) -- how wide it is cut.\n- `depth` (default: `5`) -- how far down it is cut.\n';
  expect(asked(text, 'What does the depth option do?').claims).toEqual([
    expect.stringMatching(/how far down it is cut/),
  ]);
});

test('what says what a thing is answers alone', () => {
  const docs = [
    only('crew.md', 'The hoist is closed on Sunday, and is slow when it is cold.'),
    only('words.md', 'A hoist is a crane that lifts boats.'),
  ];
  expect(research(docs, 'What is a hoist?').findings.map(({ claim }) => claim)).toEqual([
    expect.stringContaining('a crane that lifts boats'),
  ]);
});

test('what is done in passing, or must not be done, tells nobody how', () => {
  const text =
    'The colour can be set after mooring a small boat with `paint`.\n\nDo not moor a small boat with `wire`.\n\nA boat is held by `moor(boat)`.\n';
  const { claims } = asked(text, 'How do I moor a small boat?');
  expect(claims.join()).toContain('moor(boat)');
  expect(claims[0]).not.toContain('colour');
});

test('the document that is called as the question asks is not held back by its name', () => {
  const docs = [
    only('mooring.md', 'Moor a boat with the `ring` option.', 'Mooring'),
    only('api.md', 'You can colour the boats of the fleet with the `paint` option.', 'Colours'),
  ];
  const [first] = research(docs, 'How do I moor boats of the fleet?').findings;
  expect(first?.citations[0]?.source).toBe('mooring.md');
});

test('the rows of a table that a sentence leads in are given with it', () => {
  const text =
    'The berths and their depths are as follows:\n\n| | | |\n|---|---|---|\n| **Name** | north | south |\n| **Metres** | 12 | 7 |\n';
  const { claims } = asked(text, 'What are the berths and their depths?');
  expect(claims.join(' ')).toMatch(/north; south.*12; 7/);
});

test('titles and questions that stand alone are headings of a plain text', () => {
  const text =
    'Crew and Boats\n\nThe crew holds the keys.\n\nWhy are some berths printed as numbers?\n\n\tThere is not enough room in the column of the table.\n';
  const { claims, missing } = asked(text, 'Why are berths printed as numbers?', 'faq.txt');
  expect(claims).toEqual([expect.stringContaining('not enough room')]);
  expect(missing).toEqual([]);
  expect(asked(text, 'What is said of crew and boats?', 'faq.txt').claims.join()).toContain('keys');
});

test('a heading of Markdown with a bar in it is no row of a table', () => {
  const text =
    '#### `time` (Boolean | Function)\nAdds the time.\n\n#### `level` (String | Number)\nHow much is said.\n';
  expect(unitsOf(text).map(({ kind, under }) => [kind, under])).toEqual([
    ['heading', '#### `time` (Boolean | Function)'],
    ['sentence', '#### `time` (Boolean | Function)'],
    ['heading', '#### `level` (String | Number)'],
    ['sentence', '#### `level` (String | Number)'],
  ]);
});

test('a word that is denied is spoken of, one with a hyphen is two, and a few words mean the same', () => {
  expect(termsOf('disallowed')).toEqual(expect.arrayContaining(termsOf('allow')));
  expect(termsOf('unsupported')).toEqual(expect.arrayContaining(termsOf('support')));
  expect(termsOf('generating')).toEqual(termsOf('create'));
  expect(termsOf('max')).toEqual(termsOf('maximum'));
  expect(termsOf('general')).not.toEqual(termsOf('create'));
  expect(asked('The names are compared case insensitive.\n', 'Are names compared case-insensitive?').missing).toEqual(
    [],
  );
  expect(asked('Multiple berths are joined by `join`.\n', 'How do I join more than one berth?').missing).toEqual([]);
});

test('what a thing allows or does not is a list', () => {
  expect(kindOf('What does a closed berth not allow?')).toBe('list');
  const text =
    'A closed berth is like others, but the following is disallowed:\n\n- Mooring.\n- Painting.\n\nA closed berth may not allow mooring where its lamps are lit.\n';
  expect(asked(text, 'What does a closed berth not allow?').claims[0]).toMatch(/Mooring.*Painting/);
});

test('a version is called by its first two numbers, too', () => {
  expect(termsOf('2.39.0')).toEqual(['2.39.0', '2.39']);
  expect(termsOf('git-2.39.0')).toContain('2.39');
});

test('a document with a version behind its name is the document of that name', () => {
  const docs = [
    only('anchor.md', 'Anchor is a tool.'),
    only('anchor-2.39.0.txt', 'The `hoist` of anchor learned to lift boats.'),
  ];
  const [first] = research(docs, 'What does the hoist of anchor lift?').findings;
  expect(first?.citations[0]?.source).toBe('anchor-2.39.0.txt');
});

test('what a changelog says of a change is no word on how a thing is done', () => {
  const docs = [
    only('CHANGELOG.md', 'The `crane` lifts heavy boats of any kind again, where it had let them fall.', '4.0.1'),
    only('manual.md', 'To lift boats that are heavy, call the `crane`.', 'Cranes'),
  ];
  const first = (goal: string) => research(docs, goal).findings[0]?.citations[0]?.source;
  expect(first('How do I lift heavy boats?')).toBe('manual.md');
  expect(first('What changed in how heavy boats are lifted?')).toBe('CHANGELOG.md');
});

test('a licence is told by what names one, not by what else is released or says the word', () => {
  expect(kindOf('Under which licence is the crane released?')).toBe('licence');
  for (const goal of [
    'How is the crane licensed?',
    'What is the license of the crane?',
    'Under which terms is it licensed?',
  ])
    expect(kindOf(goal)).toBe('licence');
  for (const goal of [
    'What licence does a fisherman need?',
    'May it be sold under the licence?',
    'Can licensed crews vote?',
  ])
    expect(kindOf(goal)).not.toBe('licence');
  expect(holds('licence', 'Ein Kran mit Lizenz.')).toBe(false);
  const docs = [
    only('notes.md', 'Each crane is released with a manual and a license.', 'Crane'),
    only('readme.md', 'The crane is licensed under MIT or the Unlicense.', 'Crane'),
  ];
  const { findings, missing } = research(docs, 'Under which licence is the crane released?');
  expect(findings[0]?.citations[0]?.source).toBe('readme.md');
  expect(missing).toEqual([]);
  expect(research(docs.slice(0, 1), 'Under which licence is the crane released?').missing).toHaveLength(1);
  const list = only('list.md', 'No crane has a licence of the GPL, the LGPL, or any other of that sort.', 'Crane');
  const told = only('told.md', 'The crane is licensed under MIT.', 'Crane');
  expect(research([list, told], 'Under which licence is the crane?').findings[0]?.citations[0]?.source).toBe('told.md');
  const other = only('plates.md', 'A crane with an Apache license plate stood there.', 'Plates');
  const [first] = research([other, ...docs.slice(1)], 'Which licence has the crane?').findings;
  expect(first?.citations[0]?.source).toBe('readme.md');
});

test('what a thing is made of, or served with, is no definition of it', () => {
  for (const more of ['served with', 'made of', 'named after', 'stored in'])
    expect(kindOf(`What is the stew ${more}?`)).not.toBe('definition');
  expect(kindOf('What is a stew?')).toBe('definition');
});

test('a statement needs nearly all of its words in what answers yes or no', () => {
  const crane = 'The crane lifts boats out of the harbour at high tide.\n';
  expect(asked(crane, 'Does the crane lift boats out of the harbour at high tide?').missing).toEqual([]);
  expect(asked(crane, 'Does the crane lift boats out of the harbour in heavy storms?').missing).toHaveLength(1);
});

test('options of one letter are words, in their case, and each is told by what says it of that one', () => {
  expect(termsOf('-t')).toEqual(['-t']);
  expect(contentTerms('use `-t`, -T/--type or well-t -tx')).toEqual(['-t', '-T', 'type', 'well-t', 'tx']);
  const docs = [
    only('a.md', 'Anchor is a tool that looks for boats of any multi-x-type.', 'Anchor'),
    only('b.md', 'That is, `-t` means "only boats of this type" and `-T` means "no boats of this type."', 'Filters'),
  ];
  const { findings, missing } = research(docs, 'What does -T do?');
  expect(findings[0]?.citations[0]?.source).toBe('b.md');
  expect(missing).toEqual([]);
  expect(research(docs, 'What does -X do?').missing).toEqual(['Nothing was found about -X.']);
  expect(research(docs, 'What does -x do?').missing).toEqual(['Nothing was found about -x.']);
  expect(planFor('What is the difference between -t and -T in anchor?').map(({ goal }) => goal)).toEqual([
    'What does -t do?',
    'What does -T do?',
  ]);
});

test('where a plain question is not answered, three findings stand at most, of two things more', () => {
  const docs = [
    only('a.md', 'The old keeper of the northern berth, Tom, has a large lamp.', 'Lamps'),
    only('b.md', 'The northern berth of the keeper has a large bell.', 'Berths'),
    only('c.md', 'The large bell of the old berth hangs high above the keeper.', 'Bells'),
    only('d.md', 'The keeper of the old bell, Ann, has northern tar.', 'Tar'),
  ];
  const given = (goal: string): number => {
    const { findings, context, missing } = research(docs, goal);
    expect(missing.length).toBeGreaterThan(0);
    return findings.length + (context ? 1 : 0);
  };
  expect(
    given(
      'For which old keeper of the northern berth was the large bell painted with red oil, brushes and combs in winter?',
    ),
  ).toBe(3);
  expect(
    given(
      'For which keeper of the old northern berth, Tom or Ann, was the large bell painted with red oil, brushes and combs in winter?',
    ),
  ).toBeGreaterThan(3);
});

test('what a question itself names or counts is no answer to it', () => {
  const docs = [
    only('a.md', 'The Harbour Master may sign alone and at any time of the day.', 'Rules'),
    only('b.md', 'It is Ann Lee whom they chose as Harbour Master, and Tom Reed as clerk.', 'People'),
  ];
  const { findings, missing } = research(docs, 'Who is the Harbour Master?');
  expect(findings[0]?.citations[0]?.quote).toContain('Ann Lee');
  expect(missing).toEqual([]);
  expect(research(docs.slice(0, 1), 'Who is the Harbour Master?').missing).toHaveLength(1);
  expect(asked('Ann Lee keeps the bell of the harbour.\n', 'Who is Ann Lee?').missing).toEqual([]);
  const boats = (said: string): string[] => asked(said, 'How many boats lay in the harbour in 1921?').missing;
  expect(boats('In 1921 boats lay in the harbour for the winter.\n')).toHaveLength(1);
  expect(boats('In 1921 40 boats lay in the harbour for the winter.\n')).toEqual([]);
});

test('a default that is no number is told by what says that it is the default', () => {
  const docs = [
    only('a.md', 'A value for the colour of the lamp is one of 256 numbers of the palette.', 'Colours'),
    only('b.md', 'The lamp has the value `auto` as a default.', 'Lamps'),
  ];
  const { findings, missing } = research(docs, 'What is the default value of the colour of the lamp?');
  expect(findings[0]?.citations[0]?.source).toBe('b.md');
  expect(missing).toEqual([]);
});
