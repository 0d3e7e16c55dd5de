// layout.test.ts: what the offline model makes of numbered items, terms with what they are, versions behind a name, commands
// below a sentence, names in code, and lists longer than a claim.

import { kindOf } from '../../simulator/brain/question/kinds.ts';
import { only, research } from './support.ts';

const claims = (text: string, goal: string, source = 'harbour.md'): string[] =>
  research([only(source, text)], goal).findings.map(({ claim }) => claim);

test('the mark of a numbered item ends no sentence', () => {
  const text = 'The drawbacks of the crane are:\n\n1. It is slow.\n2. The motor is loud.\n3. Few can drive it.\n';
  expect(claims(text, 'What are the drawbacks of the crane?')[0]).toBe(
    'harbour › The drawbacks of the crane are: It is slow. The motor is loud. Few can drive it.',
  );
  const { findings } = research([only('a.md', text)], 'How loud is the motor of the crane?');
  expect(findings[0]?.citations[0]?.quote).toBe('2. The motor is loud.');
});

test('what is compared is a list where one is asked for', () => {
  expect(kindOf('What are the drawbacks of the crane compared to the hoist?')).toBe('list');
  expect(kindOf('How does the crane do compared to the hoist?')).toBe('difference');
  expect(kindOf('What does the crane lift?')).not.toBe('definition');
});

test('a list longer than a claim may be is said in two, each from its first item on', () => {
  const items = Array.from({ length: 10 }, (_, at) => `- Berth ${at}: ${'for ships of every kind '.repeat(6)}.`);
  const said = claims(
    `The harbour offers these berths:\n\n${items.join('\n')}\n`,
    'Which berths does the harbour offer?',
  );
  expect(said.slice(0, 2).map((claim) => claim.length <= 1_000)).toEqual([true, true]);
  expect(said[1]).toContain('Berth 5');
});

test('the sentence of an item that goes on in another line leads what follows it', () => {
  const text =
    '# Cranes\n\n- Since the new motor the crane has lifted twice\n  what it did.  This has scared the gulls of the pier away.\n';
  expect(claims(text, 'What has scared the gulls of the pier?')[0]).toContain(
    'the crane has lifted twice what it did: This has scared',
  );
});

test('an address in angle brackets is no markup', () => {
  expect(claims('The warden is Ada Lovelace <ada@harbour.example>.', 'Who is the warden?')).toEqual([
    'The warden is Ada Lovelace ada@harbour.example.',
  ]);
});

test('the heading of a version behind a name says when it was released, and answers alone', () => {
  const text =
    'crane 2.1.0 (4 February 2022)\n=============================\n\n * Mend the motor.\n\ncrane 2.0.0 (1 March 2021)\n==========================\n\n * Since crane 2.1.0 was released late, nothing else changed.\n';
  expect(claims(text, 'When was crane 2.1.0 released?', 'news.md')).toEqual(['news: crane 2.1.0 (4 February 2022)']);
});

test('a sentence that runs into a command is quoted with it', () => {
  const text =
    'The crane is not enabled by default; run\n\n    cranectl enable crane\n\nif you want to use it. Cats sleep.\n';
  expect(claims(text, 'Is the crane enabled by default?', 'README')[0]).toContain(
    'The crane is not enabled by default; run cranectl enable crane if you want to use it.',
  );
});

test('a how-to is answered with all commands of the block below it, without what they print', () => {
  const led = 'To start the crane:\n\n```\nmake crane\n./crane --start\n```\n';
  expect(claims(led, 'How do I start the crane?')[0]).toContain('`make crane`; `./crane --start`');
  const told = 'You start the crane from the shell of the pier.\n\n```\n$ crane --start\nstarting\n```\n';
  expect(claims(told, 'How do I start the crane?')[1]).toMatch(/`\$ crane --start`$/);
});

test('a how-to that leads to its command has no gap', () => {
  const text = 'A motor checker checks cranes like so:\n\n```\nchecker crane\n```\n';
  expect(research([only('a.md', text)], 'How do I check a crane with a motor checker?').missing).toEqual([]);
});

test('two names that code calls are told apart by what leads the code in', () => {
  const text =
    'To lift everything there is:\n\n```\npier.lift_all("crane")\n```\n\nTo lift what is set:\n\n```\npier.lift_set("crane")\n```\n\nNearly all that is lifted was set by default.\n';
  const { findings, missing } = research([only('a.md', text)], 'What is the difference between lift_all and lift_set?');
  expect(findings.map(({ claim }) => claim.replace(/^.*(?=To lift)/, ''))).toEqual([
    'To lift everything there is: `pier.lift_all("crane")`',
    'To lift what is set: `pier.lift_set("crane")`',
  ]);
  expect(missing).toEqual([]);
});

test('what stands under both names tells the two apart, whole', () => {
  const text =
    '## liftBox, mustLiftBox\n\nIf the box is broken `liftBox` leaves it. `mustLiftBox` will fail otherwise.\n\n## others\n\nThe others are liftBag and dropBox.\n';
  const { findings, missing } = research(
    [only('a.md', text)],
    'What is the difference between liftBox and mustLiftBox?',
  );
  expect(findings[0]?.claim).toBe('If the box is broken `liftBox` leaves it. `mustLiftBox` will fail otherwise.');
  expect(missing).toEqual([]);
});

test('a term in bold leads in the paragraph below it, and "members of this group" are read with the sentence before', () => {
  const text =
    '**crew**\n\nGroup crew works on board. Members of this group may drive the crane.\n\n**guests**\n\nMembers of this group may look.\n';
  expect(claims(text, 'What may members of the crew group drive?')[0]).toBe(
    'Group crew works on board. Members of this group may drive the crane.',
  );
  expect(claims(text, 'What may guests do?')[0]).toBe('guests: Members of this group may look.');
});
