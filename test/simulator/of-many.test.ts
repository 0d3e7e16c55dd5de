// of-many.test.ts: one answer among many passages that have its words: what a thing is, one version of several, the sentence that
// holds what is asked for, and lines that only list what stands elsewhere.

import { only, research, type Doc } from './support.ts';

const first = (docs: readonly Doc[], question: string): string => research(docs, question).findings[0]?.claim ?? '';

test('what a thing is is told by the sentence that begins with it, and not by where it is used', () => {
  const docs = [
    only('dh.md', 'You need to run your program under Dhat to gather what it shows.', 'Tools > Using Dhat'),
    only('intro.md', 'There are several tools. Dhat is primarily a profiler of the heap.', 'Tools > An overview'),
  ];
  expect(first(docs, 'What is Dhat?')).toContain('Dhat is primarily a profiler of the heap.');
  expect(research(docs, 'What is Dhat?').queries).toContain('Dhat overview introduction');
});

test('what a thing is is read at the beginning of the document that most was found in', () => {
  const much = Array.from({ length: 6 }, (_, n) =>
    only('hg.md', `Step ${n}: tell Holgrind what goes on in thread ${n} of Holgrind.`, `Hints ${n}`, 100 + n),
  );
  // What no search finds, for the thing has another name there: reading brings the whole document.
  const start: Doc = { source: 'hg.md', line: 1, heading: '', text: 'Holgrind is a tool for locks.' };
  const all = research([...much, start], 'What is Holgrind?');
  expect(all.findings[0]?.claim).toContain('Holgrind is a tool for locks.');
  expect(
    all.messages.some(({ tool_calls: calls }) => calls?.some((call) => call.function.name === 'read_document')),
  ).toBe(true);
});

test('a question about one version is answered from its notes, not from those of another one', () => {
  const notes = (version: string, text: string): Doc =>
    only(`${version}.0.txt`, `${text}\n`, `Git ${version} Release Notes > Backward compatibility notes`);
  const docs = [
    notes('2.20', 'The backward compatibility of branch -l is gone.'),
    notes('2.21', 'The backward compatibility of cherry-pick -m is gone.'),
    notes('2.35', 'Underscores are like any other letter now.'),
  ];
  const { findings } = research(docs, 'Which backward compatibility notes does Git 2.35 have?');
  expect(findings.map(({ citations }) => citations[0]?.source)).toEqual(['2.35.0.txt']);
  // Of another series the number says nothing.
  const other = only('send/2.20.0.txt', 'Git keeps its backward compatibility notes: send them.', 'Send');
  expect(
    research([...docs, other], 'Which backward compatibility notes does Git 2.35 have?').findings.map(
      ({ citations }) => citations[0]?.source,
    ),
  ).toContain('send/2.20.0.txt');
  const later = research(docs, 'Which backward compatibility is gone in versions before Git 2.35?').findings;
  expect(later.map(({ citations }) => citations[0]?.source)).toContain('2.20.0.txt');
});

test('notes of a release tell its version', () => {
  const docs = [
    only('a.txt', '* "git stash" learned the "--staged" option.\n', 'Git 2.35 Release Notes > Updates since Git 2.34'),
  ];
  const { findings, missing } = research(docs, 'Which version of Git added the --staged option to git stash?');
  expect(findings[0]?.claim).toContain('Git 2.35 Release Notes');
  expect(missing).toEqual([]);
});

test('what is led in by "when:" says when, and is quoted before what only has the words', () => {
  const text =
    'A pull request is _author ready_ when:\n\n* There is a CI run.\n* There is an approval.\n\nPlease always add the `author ready` label to the pull request in that case.\n';
  const { findings, missing } = research(
    [only('guide.md', text, 'Author ready pull requests')],
    'When is a pull request author ready?',
  );
  expect(findings[0]?.claim).toContain('There is a CI run');
  expect(missing).toEqual([]);
});

test('an address is an email, whatever stands around it', () => {
  const docs = [
    only('security.md', 'For an escalation you may write to `cna@lists.example.org`.'),
    only('label.md', 'An escalation is pinged, and labels are added to the issue.'),
    only('fork.md', 'You can use any email that you prefer here.'),
  ];
  const { findings, missing } = research(docs, 'Which email is for escalation?');
  expect(findings.map(({ citations }) => citations[0]?.source)).toEqual(['security.md']);
  expect(missing).toEqual([]);
});

test('how much slower a thing is is said by a number', () => {
  const docs = [only('nul.md', 'Programs run roughly 5 times more slowly under Nulgrind.', 'Nulgrind')];
  const { findings, missing } = research(docs, 'How much slower is Nulgrind?');
  expect(findings[0]?.claim).toContain('5 times');
  expect(missing).toEqual([]);
});

test('what "these" points at is not said again: half of a question is no answer to it', () => {
  const text =
    'The tool runs the program uninstrumented.\n\nThese steps need not be followed exactly: you can choose other names.\n';
  const { missing } = research([only('new.md', text)], 'How can I make the tool follow programs that mine launches?');
  expect(missing).toHaveLength(1);
});

test('lines of a table of contents, and those that lead to other pages, are no findings', () => {
  const text = `**9.1. Measuring All Memory**

* [Measuring All Memory](#measuring-all-memory)

| << Measuring | Up | All Memory >> |

By default it measures the heap alone.
`;
  const { findings } = research([only('ms.md', text)], 'What does measuring all memory measure?');
  expect(findings.map(({ claim }) => claim)).toEqual([expect.stringContaining('the heap alone')]);
  // Marks of shifting lead to no pages.
  const shifts = only(
    'ops.md',
    '| Operator | Meaning |\n|---|---|\n| `<<` | shifts to the left |\n| `>>` | to the right |\n',
  );
  expect(first([shifts], 'Which operator shifts to the left?')).toContain('shifts to the left');
});

test('two things that differ are told by what says what each means', () => {
  const text =
    '- "definitely lost" means your program is leaking memory.\n\n- "possibly lost" means it may be.\n\nIn general, have no definitely lost or possibly lost blocks at exit.\n';
  const claim = first([only('faq.md', text)], 'What is the difference between definitely lost and possibly lost?');
  expect(claim).toContain('"definitely lost" means your program is leaking memory');
});

test('what an option of one program does is not told by the same option of another one', () => {
  const docs = [
    only('bzip.md', '**-k**\n\nKeep the input files.\n', 'Options'),
    only('strace.md', 'Added an option -k that prints a stack after each call.', 'Improvements'),
  ];
  const { findings } = research(docs, 'What does the -k option of strace do?');
  expect(findings.map(({ citations }) => citations[0]?.source)).toEqual(['strace.md']);
});

test('what stands under the name of an option is asked for with "which option"', () => {
  const text =
    '**-k --keep**\n\nKeep the input files.\n\nNames with a dash of files are given as: squeeze -- -my-file.\n';
  const claim = first([only('squeeze.md', text, 'Options')], 'Which option makes squeeze keep its input files?');
  expect(claim).toContain('-k --keep: Keep the input files.');
});

test('where to send a thing is said by an address', () => {
  const docs = [
    only('readme.md', 'Reports of bugs: `bugs@lists.example.org`.'),
    only('news.md', 'Bugs of reports that one sends in the dark are mended now.'),
  ];
  const { findings, missing } = research(docs, 'Where do I send reports of bugs?');
  expect(findings[0]?.citations[0]?.source).toBe('readme.md');
  expect(missing).toEqual([]);
});

test('a text that begins inside a block with a name ends it at its bare mark, where a named one follows', () => {
  const text =
    '`box` helps with levels.\n```\n\nA box has three levels of files:\n\n- `low`: the files of a user.\n- `high`: the files of all.\n\n```{note}\nNone.\n```\n';
  expect(first([only('levels.md', text, 'Files')], 'What levels of files does a box have?')).toBe(
    'levels › A box has three levels of files: `low`: the files of a user. `high`: the files of all.',
  );
});

test('a body that is called by its letters may be who did a thing', () => {
  const { missing } = research([only('board.md', 'Each year, the TSC elects a chair.')], 'Who elects the chair?');
  expect(missing).toEqual([]);
});
