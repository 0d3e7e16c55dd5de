// if-and-by-default.test.ts: what holds where nothing is set, what happens if, the largest of all, on which systems; and answers with
// the code that they lead in. Each is a kind that readers asked for who had not read the documents.

import { holds, kindOf } from '../../simulator/brain/question/kinds.ts';
import { inOneWord } from '../../simulator/brain/words/two-words.ts';
import { contentTerms } from '../../simulator/brain/words/words.ts';
import { asked, only, research } from './support.ts';

test('an answer whose last words lead in code has it in the same claim, and it is quoted, too', () => {
  const text =
    'The bell greets the keeper. Change `bell_greeting` to silence the greeting of the bell. For example, to remove the greeting use::\n\n    set bell_greeting off\n\nOr ring it by hand.\n';
  const { findings } = research([only('bell.rst', text, 'Bell')], 'How do I silence the greeting of the bell?');
  expect(findings[0]?.claim).toMatch(/to remove the greeting use: `set bell_greeting off`$/);
  expect(findings[0]?.citations.map(({ quote }) => quote)).toEqual([
    expect.stringMatching(/greeting use::$/),
    'set bell_greeting off',
  ]);
  expect(findings.filter(({ claim }) => /^[^a-z]*`?set bell_greeting off/.test(claim))).toEqual([]);
});

test('a number is told by the default in the sentence behind', () => {
  const docs = [
    only('delay.md', 'Sets how long the bell waits for another rope after a pull. The default is 30ms.', 'delay'),
    only('old.md', 'Another rope of the bell is 20 years old. It has its own hook.', 'Ropes'),
  ];
  const { findings, missing } = research(docs, 'How long does the bell wait for another rope after a pull?');
  expect(findings[0]?.claim).toContain('The default is 30ms');
  expect(missing).toEqual([]);
  expect(research(docs, 'Why does the bell wait for another rope?').missing).toHaveLength(1);
  const apart = only('a.md', 'It sets how long the bell waits for another rope.\n\nThe default is 30ms.', 'delay');
  expect(research([apart], 'How long does the bell wait for another rope?').findings[0]?.claim).toContain('30ms');
});

test('the claim goes on to the default that it was chosen for, also where its own number is another one', () => {
  const text =
    'Bell 1.26 added a new `maxropes` setting that controls the maximum number of ropes that the bell will accept. If there are more, they are cut off. The default value is `maxropes=3000`.';
  const { findings, missing } = research([only('bell.md', text, 'Bell')], 'How many ropes will the bell accept?');
  expect(findings[0]?.claim).toMatch(/The default value is `maxropes=3000`\.$/);
  expect(missing).toEqual([]);
});

test('a default under words that are asked for answers before what only names another default', () => {
  const docs = [
    only(
      'help.md',
      'The bell prefers a log key inside a message instead of the default level key that others use.',
      'Keys',
    ),
    only('api.md', "Default: `'info'`\n\nThe least level to tell: the bell tells nothing below it.", 'level (String)'),
  ];
  const { findings, missing } = research(docs, 'What is the default log level?');
  expect(findings[0]?.claim).toContain("Default: `'info'`");
  expect(missing).toEqual([]);
});

test('a number that an example reckons with comes behind what is so', () => {
  const text =
    '- As a share of the racks (e.g. `10%`):\n\n  - at most 10% of the boats may be unused in the racks\n\nAt most 5% of the boats may be unused in racks.\n';
  const { claims } = asked(text, 'How many of the boats may be unused in the racks?');
  expect(claims[0]).toContain('5%');
});

test('the largest of all is a number, and what speaks of another thing is none', () => {
  const question = "What's the biggest boat of the guild that I can moor at the pier?";
  expect(
    [
      question,
      'What is the longest rope that is possible?',
      'What are the big boats?',
      'What is the longest pier of the harbour?',
      'What is the longest day of May?',
    ].map(kindOf),
  ).toEqual([
    'how-many',
    'how-many',
    expect.not.stringMatching('how-many'),
    expect.not.stringMatching('how-many'),
    expect.not.stringMatching('how-many'),
  ]);
  expect(contentTerms('the biggest')).toEqual(contentTerms('the largest'));
  const other = only('a.md', 'Any of 5000 ropes will do to moor a boat at the pier.', 'Ropes');
  expect(research([other], question).missing).toHaveLength(1);
  const largest = only('b.md', 'The largest boat of the guild that can moor at the pier is 90 feet long.', 'Size');
  const { findings, missing } = research([other, largest], question);
  expect(findings[0]?.claim).toContain('90 feet');
  expect(missing).toEqual([]);
});

test('on which systems a thing runs is told by their names', () => {
  const question = 'On which operating systems can I mount the crane?';
  expect([question, 'Which platforms does it run on?'].map(kindOf)).toEqual(['platform', 'platform']);
  expect(kindOf('Which platforms of the station have a roof?')).not.toBe('platform');
  expect(contentTerms(inOneWord(question))).toEqual(contentTerms('mount the crane'));
  const docs = [
    only('a.md', 'The system that operates the crane is mounted on it.', 'Crane'),
    only('b.md', 'Mounting cranes by rope is only possible on Linux and macOS.', 'Ropes'),
  ];
  const { findings, missing } = research(docs, question);
  expect(findings[0]?.claim).toContain('Linux and macOS');
  expect(missing).toEqual([]);
});

test('what is got back is recovered, whatever stands between the two words', () => {
  expect(inOneWord('Can I get my lost rope back?')).toBe('Can I recover my lost rope ?');
  expect(inOneWord('I get the rope and go back.')).toBe('I get the rope and go back.');
});

test('what happens if something is so is told by a condition, or by what will be', () => {
  const docs = [
    only('lamp.md', 'The lamp of the pier is left on at night by its keeper.', 'Lamp'),
    only('oil.md', 'If the lamp of the pier is left on, its keeper pays for the oil.', 'Oil'),
    only('help.md', 'Should a lamp of the pier be left on, call its keeper.', 'Help'),
  ];
  const claims = (question: string): string[] => research(docs, question).findings.map(({ claim }) => claim);
  expect(claims('What happens if the lamp of the pier is left on at night by its keeper?')[0]).toContain('pays for');
  expect(claims('Who has left the lamp of the pier on at night?')[0]).not.toContain('pays for');
  expect(claims('What if a lamp of the pier is left on?').slice(0, 2)).not.toContain(docs[0]?.text);
});

test('a page that says what it is about answers behind what it says of that', () => {
  const text =
    'NOTE: This page documents how the crane lifts a boat.\n\nThe crane lifts a boat by using `hook --slow`.\n';
  const { claims } = asked(text, 'How does the crane lift a boat?');
  expect(claims[0]).toContain('hook --slow');
});

test('a heading that asks another kind of question is no place for the answer', () => {
  const docs = [
    only('faq.md', 'Use `ring --off` while the crane is new.', 'Why is my first crane not the lift?'),
    only('lifts.md', 'To make a crane the first lift of all, set `lift = crane`.', 'Lifts'),
  ];
  const { findings } = research(docs, 'How do I make the crane my first lift?');
  expect(findings[0]?.claim).toContain('lift = crane');
});

test('"a result of this" tells a reason, and "the result" none', () => {
  expect(holds('why', 'A result of this is that the rope tears.')).toBe(true);
  expect(holds('why', 'The result is shown below.')).toBe(false);
});
