// own-words.test.ts: what people ask in words that documents do not have, and what documents say in forms of their own: an option and
// the word in it, who has the credit, since which version a thing is there.

import { cleanMarkdown } from '../../simulator/brain/text/clean.ts';
import { isAddressFor } from '../../simulator/brain/quotes/told-by-place.ts';
import { asksIt } from '../../simulator/brain/quotes/asking-headings.ts';
import { asWritten } from '../../simulator/brain/question/joined-words.ts';
import { askedWords, readQuestion } from '../../simulator/brain/question/question.ts';
import { contentTerms } from '../../simulator/brain/words/words.ts';
import { only, planFor, research, type Doc } from './support.ts';
import { growth, LINEAR } from '../rig/growth.ts';

const first = (docs: readonly Doc[], question: string): string => research(docs, question).findings[0]?.claim ?? '';

test('what a thing with a hyphen in its name is stands under that name', () => {
  const docs = [
    only('use.md', 'Hash-checking mode is a way to save the labour of a server of your own.', 'Hash-checking'),
    only('secure.md', 'This mode protects against tampering with what is fetched.', 'Secure > Hash-checking mode'),
    only('force.md', 'It is possible to force the hash checking mode to be on.', 'Forcing hash-checking mode'),
  ];
  expect(first(docs, 'What is hash-checking mode?')).toContain('This mode protects');
});

test('a directive tells since which version what its section speaks of is there', () => {
  const docs = [
    only('news.md', 'Starting with 1.4, gadget lifts stable versions.', 'News'),
    only('lift.md', '```{versionadded} 22.3\n```\n\nWith `--pulley` the gadget lifts.', 'More to lift with'),
  ];
  const { findings, missing } = research(docs, 'Which version of gadget added --pulley?');
  expect(findings[0]?.claim).toBe('More to lift with: Added in version 22.3.');
  expect(missing).toEqual([]);
  const rst = only('wind.rst', 'With ``--wind`` it winds.\n\n.. deprecated:: 3.9\n   It did so once.\n', 'Winding');
  expect(first([rst], 'In which version was --wind deprecated?')).toContain(
    'Deprecated since version 3.9: It did so once.',
  );
});

test('the mark that ends a block is no part of what goes on behind it', () => {
  const text = '```{versionadded} 8.0\n```\n\nThis mode lifts with both ropes, and protects the load.';
  const claim = first([only('modes.md', text, 'Two-rope Mode')], 'What is two-rope mode?');
  expect(claim).toContain('Added in version 8.0: This mode lifts with both ropes');
  expect(cleanMarkdown('It lifts.\n:::\nThen `it` stops.')).toBe('It lifts. Then `it` stops.');
});

test('what stands in a note of Markdown is text, and no code', () => {
  const text = 'The lamp burns.\n\n```{note}\nThe wick is trimmed at dusk by the keeper.\n```\n\nIt is bright.\n';
  expect(first([only('lamp.md', text, 'Lamp')], 'When is the wick trimmed?')).toBe(
    'The wick is trimmed at dusk by the keeper.',
  );
});

test('an option is asked for by its name, and not by the word in it', () => {
  const docs = [
    only('wire.md', 'Lines get what wires of copper have.', 'Wires'),
    only('draw.md', 'With `--copper` a colour is drawn.', 'Drawing'),
  ];
  const { findings } = research(docs, 'How are lines drawn with --copper?');
  expect(findings.map(({ citations }) => citations[0]?.source)).toEqual(['draw.md']);
});

test('who found or made a thing is told by credit and notice', () => {
  const text =
    'Fixes:\n\n* CVE-2022-1: Links of Git are not followed.\n\n  Credit for finding CVE-2022-1 goes to Cory Snider.\n';
  const { findings, missing } = research([only('2.37.txt', text, 'Notes')], 'Who discovered CVE-2022-1?');
  expect(findings[0]?.claim).toMatch(/^(?:2\.37, )?(?:Notes: )?Credit for finding CVE-2022-1 goes to Cory Snider\.$/);
  expect(missing).toEqual([]);
  const notice = only(
    'manual.md',
    'No Claim is made by those who wrote it.\n\nThis program, squeeze, is copyright © 1996 Julian Seward.\n',
    'Squeeze',
  );
  expect(first([notice], 'Who wrote squeeze?')).toContain('Julian Seward');
});

const LONG = 'Where a change that somebody has sent for review waits for long, and nobody has said a word against it,';

test('two things that one section tells of, each in a sentence, are told apart', () => {
  const text =
    'To have all of the commits of a change that somebody has sent for review put into one, add the `queue-squash` label. To keep each of the commits of a change that somebody has sent for review as it is, add the `queue-rebase` label.\n';
  const asked = 'What is the difference between the queue-squash and queue-rebase label?';
  expect(research([only('queue.md', text, 'Overview')], asked).missing).toEqual([]);
  const apart = [
    only('a.md', `${LONG} add the \`queue-squash\` label.`, 'One'),
    only('b.md', `${LONG} add the \`queue-rebase\` label.`, 'Two'),
  ];
  expect(research(apart, asked).missing).toHaveLength(1);
});

test('what the sentence beside a quote says counts for whether that answers', () => {
  const text =
    'The environment of Muninn differs from that of normal programs. Therefore Muninn has to control a process from its very start.\n';
  const { missing } = research(
    [only('faq.md', text, 'Questions')],
    'Why does Muninn control the process of normal programs in their environment?',
  );
  expect(missing).toEqual([]);
});

test.each([
  ['How do I turn off the cache?', 'Disable the cache with `cache = none`.'],
  ['How do I get rid of the lock?', 'Remove the lock with `unlock --all`.', 'remove lock delete erase uninstall'],
  ['How do I leave out the tests?', 'Exclude the tests with `only = src`.', 'exclude tests ignore skip'],
  ['Why are members kicked out?', 'Members are disconnected because they are slow.'],
  ['Can the bell ring more than one rope?', 'The bell can ring multiple ropes.', 'bell ring multiple rope several'],
])('a verb that is asked in two words is found in one: "%s"', (question, said, same = '') => {
  const docs = [only('do.md', said, 'Doing'), only('other.md', 'The cache, the lock and the tests turn up here.', 'X')];
  const { findings, missing, queries } = research(docs, question);
  expect(findings[0]?.claim).toContain(said.slice(0, 12));
  expect(missing).toEqual([]);
  expect(queries).toEqual([question, expect.any(String), ...(same === '' ? [] : [same])]);
});

test.each([
  ['How do I upgrade the winch?', 'Update the winch with `lift --new`.', 'upgrade winch update'],
  ['How do I stop a boat from being listed twice?', 'Set `LIST_ONCE` to reject duplicates of a boat.', undefined],
  ['How many levels deep can racks be?', 'Racks stand in each other, to a maximum depth of 5 levels.', undefined],
  [
    'How do I protect the config?',
    'Protect the configuration with `lock --all`.',
    'protect config configuration configurations',
  ],
  ['Why is the processor busy?', 'The winch keeps the CPU busy because it polls.', 'processor busy cpu'],
])('a word that is asked for is found as another one that means the same: "%s"', (question, said, same) => {
  const docs = [
    only('do.md', said, 'Doing'),
    only('other.md', 'The winch, the boat and the racks turn up here, and the levels.', 'X'),
  ];
  const { findings, missing, queries } = research(docs, question);
  expect(findings[0]?.claim).toContain(said.slice(0, 12));
  expect(missing).toEqual([]);
  if (same !== undefined) expect(queries).toContain(same);
});

test.each([
  ['Who writes the lock file of a berth?', 'The Harbour Master writes the lockfile of a berth.'],
  ['Who sets the timezone of a berth?', 'The Harbour Master sets the time zone of a berth.'],
])('what one writes in two words and another in one is the same: "%s"', (question, said) => {
  const docs = [
    only('other.md', 'Ann Lee writes a file with each lock of a berth, and sets the flag of a berth.', 'X'),
    only('do.md', said, 'Doing'),
  ];
  const { findings, missing } = research(docs, question);
  expect(findings[0]?.claim).toContain('The Harbour Master');
  expect(missing).toEqual([]);
});

test('what can be set for each of some things is no word on how often, and a rate is', () => {
  const gaps = (said: string): number =>
    research([only('do.md', said, 'Sweeping')], 'How often are berths swept?').missing.length;
  expect(gaps('How berths are swept can be set per site with `sweep`.')).toBe(1);
  expect(gaps('Berths are swept once per tide.')).toBe(0);
  expect(gaps('Berths are swept three times per week.')).toBe(0);
});

test('what a page that is called like a word of code says without its name has that before it', () => {
  const claim = (heading: string): string =>
    first([only('docs/berth_lock.md', 'Closes a berth for all boats.', heading)], 'What closes a berth for all boats?');
  expect(claim('berth_lock')).toBe('berth_lock: Closes a berth for all boats.');
  expect(claim('Berths and boats')).toBe('Closes a berth for all boats.');
});

test('a question keeps the words that most of what was found writes as it does', () => {
  const asked = readQuestion('Who writes the lock file?', () => false);
  const apart = asWritten(asked, ['The lock file is new.', 'A lock file is old.', 'Its lockfile is written.']);
  expect(apart.words.map(({ text }) => text)).toEqual(['writes', 'lock', 'file']);
  const joined = asWritten(asked, ['The lockfile is new.']);
  expect(joined.words.map(({ text }) => text)).toEqual(['writes', 'lockfile']);
  expect(joined.text).toBe(asked.text);
});

test.each([
  ['How long does it wait?', 'It waits with a timeout of 5 min.'],
  ['Why are berths left out?', 'Berths are left out, which ensures that nobody drops anchor there.'],
  ['How are berths given by hand?', 'Berths are given manually with `berth give`.'],
  ['May a lock have a clear text key?', 'A lock may have a plaintext key.'],
  ['Which mole is older?', 'The old mole is the north mole.'],
  ['How do I protect a berth?', 'Enables a bolt of iron, which can be used to protect a berth.'],
])('what such a question wants is told in short forms, too: "%s"', (question, said) => {
  const { findings, missing } = research([only('do.md', said, 'Doing')], question);
  expect(findings[0]?.claim).toContain(said.slice(0, 12));
  expect(missing).toEqual([]);
});

test('a comparison that a cell or a line begins with is no mark of a quote', () => {
  const text = '| Skua asks for | Boats allowed |\n|---|---|\n| ^0.2.3 | >=0.2.3 <0.3.0 |\n';
  expect(first([only('boats.md', text, 'Carets')], 'Which boats does ^0.2.3 allow?')).toContain('>=0.2.3 <0.3.0');
  expect(cleanMarkdown('> It is quoted.\n>> Twice.\n>5 of them stay')).toBe('It is quoted. Twice. >5 of them stay');
});

test('two kinds of a thing are told apart by the sections that have their names in full', () => {
  const docs = [
    only('kinds.md', 'They go to the dock when they are replaced on a remote pier.', 'Kinds > Simple Boat Storing'),
    only('kinds.md', 'Those go by their age, up to a limit of many days.', 'Kinds > Staggered Boat Storing', 9),
    only('set.md', 'For storing boats in simple and in staggered docks select a storing, simple or staggered.', 'Set'),
    only('old.md', 'Simple storing came before staggered storing in the simple harbour of storing.', 'History'),
  ];
  const { findings } = research(docs, 'What is the difference between simple and staggered storing?');
  expect(findings.slice(0, 2).map(({ citations }) => citations[0]?.source)).toEqual(['kinds.md', 'kinds.md']);
});

test('how big a thing may be is told by what says its size', () => {
  const docs = [
    only('set.md', 'The size of messages is set to 3 MB, and may be raised up to 64 MB.', 'Settings'),
    only('ends.md', 'A single message that can be sent is a message that ends with a bell of 2 kB.', 'Ends'),
  ];
  const { findings, missing } = research(docs, 'How big can a single message be?');
  expect(findings[0]?.claim).toContain('set to 3 MB');
  expect(missing).toEqual([]);
});

test('whom to write to is told by an address under what the question speaks of', () => {
  const docs = [
    only('faq.md', 'Send an email to the contact for security, and tell of the hole.', 'Issues'),
    only('help.md', 'Ann Lee <ann@skua.example>', 'Help > Security'),
  ];
  const { findings, missing } = research(docs, 'Who do I email if I find a security hole?');
  expect(findings[0]?.claim).toContain('ann@skua.example');
  expect(missing).toEqual([]);
  const under = (heading: string) => ({ quotable: { unit: { text: 'Ann Lee <ann@skua.example>' }, heading } }) as never;
  const isOf = (heading: string): boolean => isAddressFor(under(heading), 'contact', (term) => term === 'secur');
  expect([isOf('Security'), isOf('Boats')]).toEqual([true, false]);
});

test('a question of one word is a part where the next one leans on it', () => {
  const partsOf = (question: string): string[] => readQuestion(question, () => false).parts;
  expect(partsOf('Who came up with the name skua and what does it stand for?')).toEqual([
    'Who came up with the name skua',
    'what does it stand for?',
  ]);
  expect(partsOf('Who came up with the name skua and what do gulls eat?')).toEqual([]);
});

test.each([
  'if I don’t choose one',
  'when nobody sets it',
  'if nothing is given',
  'if we name none',
  'if I change nothing',
  'if I don’t change anything',
  'if I set no options',
])('what holds %s is what holds by default', (unset) => {
  const docs = [
    only('zip.md', 'Boats are packed with lz4 by default. To have another packer, name it.', 'Packing'),
    only('log.md', 'No packer might be chosen if one packer is given, named or set by no one.', 'Log'),
  ];
  expect(first(docs, `Which packer is used ${unset}?`)).toContain('lz4 by default');
});

test('how a thing is to be done says nothing of what it is about: "completely" is no completion', () => {
  const docs = [
    only('tab.md', 'Remove the completion of Skua from the shell with `skua tab --off`.', 'Completion'),
    only('gone.md', 'Remove Skua from the machine with `skua leave`.', 'Leaving'),
  ];
  expect(first(docs, 'How do I completely remove Skua from my machine?')).toContain('skua leave');
});

test('what the whole folder is about has no document of its own, whatever file has its name', () => {
  const others = Array.from({ length: 14 }, (_, n) =>
    only(`part-${n}.md`, `Skua has part ${n} for the fleet.`, 'Parts'),
  );
  const docs = [
    only('skua/index.md', 'Skua is a single binary that you can install.', 'Skua'),
    only('fits.md', 'For the billing of customers Skua is no good choice, as it loses some of their data.', 'Not for'),
    ...others,
  ];
  const { findings } = research(docs, 'Is Skua good for the billing of customers?', { count: 16 });
  expect(findings[0]?.citations[0]?.source).toBe('fits.md');
});

test('what fits a plain question much worse than the best quote does not stand beside it', () => {
  const docs = [
    only('mast.md', 'A mast of the Skua carries three yards.', 'Rig'),
    only('a.md', 'Two winters are long.', 'A'),
    only('b.md', 'An anchor holds 3.', 'B'),
    only('c.md', 'No harbour is near.', 'C'),
    only('d.md', 'The storm comes.', 'D'),
  ];
  const asked = 'How many yards does a mast of the Skua carry in a storm in winter at anchor in a harbour?';
  expect(research(docs, asked).findings.map(({ citations }) => citations[0]?.source)).toEqual(['mast.md']);
});

test('what a thing is is asked for by itself behind another question', () => {
  const goals = planFor('What is CITGM, and what is a backport?').map(({ goal }) => goal);
  expect(goals).toEqual(['What is CITGM', 'What is a backport?']);
});

test('a heading that asks the same in part in other words has the answer under it, and that stands alone', () => {
  const faq = 'In some cases the protection by antivirus software interferes. You can disable it to find out.';
  const docs = [
    only('faq.md', faq, 'FAQ > Why does holdall perform so poorly on Windows?'),
    only('names.md', 'If Windows has another name for a file, holdall will not read it.', 'Names'),
  ];
  const goal = 'Why is holdall so slow on my Windows machine?';
  const { findings, missing } = research(docs, goal);
  expect(findings.map(({ citations }) => citations[0]?.source)).toEqual(['faq.md']);
  expect(missing).toEqual([]);
  const asks = (heading: string): boolean =>
    asksIt(
      heading,
      new Set(contentTerms(heading)),
      readQuestion(goal, () => false),
      0.45,
    );
  expect(asks('Why does holdall perform so poorly on Windows?')).toBe(true);
  expect(asks('Why does holdall not read names of files from a share on Windows?')).toBe(false);
});

test('a figure in the setting of an example is not how many there are', () => {
  const text =
    'How many connections of the backend are open at the same time is set with `-o rest.connections=7`.\n\nBy default 5 connections are open for the backend.\n';
  const { findings } = research(
    [only('tune.md', text, 'Tuning')],
    'How many connections to the backend are open at the same time?',
  );
  expect(findings[0]?.claim).toBe('By default 5 connections are open for the backend.');
});

test('the sentence that opens a section is quoted with the short one behind it', () => {
  const text =
    '### Retries\n\nSome errors are retried 2 times, with a short pause. Errors of the connection and failed requests will be retried by default. There is more.\n';
  const claim = first([only('client.md', text, 'Client')], 'How does the client retry failed requests?');
  expect(claim).toContain('Some errors are retried 2 times, with a short pause. Errors of the connection');
  const other = text.replace('are retried', 'occur');
  expect(first([only('client.md', other, 'Client')], 'How does the client retry failed requests?')).not.toContain(
    'pause',
  );
});

test('why a thing should not be done is told by what advises against it', () => {
  const docs = [
    only('server.md', 'Do not use the development server in production. It is made for local work.', 'Server'),
    only('deploy.md', 'The server of production is one of three.', 'Deploy'),
  ];
  const { findings, missing } = research(docs, "Why shouldn't I use the development server in production?");
  expect(findings[0]?.claim).toBe('Do not use the development server in production. It is made for local work.');
  expect(missing).toEqual([]);
  expect(askedWords("why shouldn't they use what they've got").map(({ text }) => text)).toEqual([]);
});

test('directives without end are read in a time that grows no faster than they', async () => {
  const read = (many: number): void => {
    const docs = [only('lift.md', 'The gadget lifts.\n\n```{versionadded} 1.2\n```\n'.repeat(many), 'Lifts')];
    expect(research(docs, 'Which version of gadget added --lifts?').findings).not.toEqual([]);
  };
  expect(await growth(2_000, read)).toBeLessThan(LINEAR);
});

test('of a how-to that is done in numbered steps all steps are quoted', () => {
  const text =
    'It is done by recording. There are three steps:\n\n1. Press `q` and the name of a register.\n2. Type your commands.\n3. To finish recording a macro, press `q` again.\n\nThen execute it.\n';
  const docs = [only('use.md', text, 'Repeating')];
  const claim = first(docs, 'How do I record a macro?');
  for (const step of ['the name of a register', 'Type your commands', 'To finish recording a macro'])
    expect(claim).toContain(step);
  expect(first(docs, 'What finishes recording a macro?')).not.toContain('Type your commands');
});

test('"the extension" is the one that the sentence before names', () => {
  const text =
    'It supports the bell-deflate extension, which lets both sides agree. The extension is disabled by default on the server.';
  const docs = [only('use.md', text, 'Compression')];
  const { findings, missing } = research(docs, 'Is bell-deflate enabled by default on the server?');
  expect(findings[0]?.claim).toContain('disabled by default');
  expect(missing).toEqual([]);
});

test('a program that has the name of what is asked about is not all that tells of it where a text does', () => {
  const docs = [
    only('lib/bell-deflate.js', 'const server = bell.DEFAULT_SERVER;', ''),
    only('use.md', 'The bell-deflate is off by default on the server.', 'Compression'),
  ];
  expect(first(docs, 'Is bell-deflate on by default on the server?')).toContain('off by default');
});
