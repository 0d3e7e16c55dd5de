// Org: the words that its reader sees, as Markdown, each on the line of the file where it stands.

import { extractText } from '../../documents/extract/files/extract-text.ts';
import { chunkText } from '../../documents/index/chunk-text.ts';
import { pageText } from '../../documents/web/page-text.ts';
import { growth, LINEAR } from '../rig/growth.ts';

const linesOf = async (lines: readonly string[]): Promise<string[]> => {
  const extracted = await extractText('bell.org', Buffer.from(lines.join('\n')));
  return 'problem' in extracted ? [extracted.problem] : extracted.text.split('\n');
};

test('a document in Org is its headings, lists, terms and code as Markdown, each on its line', async () => {
  const source = [
    '#+title: The bell',
    '#+author: Ann',
    '# Rung by hand.',
    '* TODO Ring it  :loud:noon:',
    ':PROPERTIES:',
    ':CUSTOM_ID: ring',
    ':END:',
    ':NOTES:',
    'You need rope.',
    ':END:',
    '- noon',
    '  + [X] Sundays',
    '2) pull',
    '- clapper :: what rings',
    '#+begin_src bash :results output',
    '  pull 3',
    '  ,* twice',
    '#+end_src',
    '#+BEGIN_QUOTE',
    'It is loud.',
    '#+END_QUOTE',
    '#+begin_comment',
    'never said',
    '#+end_comment',
    ': $ bell --stop',
    '** Care',
    '#+results:',
    '#+begin_src',
    'left open',
    ':LOGBOOK:',
    'left open, too',
  ];
  expect(await linesOf(source)).toEqual([
    '# The bell',
    '',
    '',
    '## TODO Ring it',
    '',
    '',
    '',
    '',
    'You need rope.',
    '',
    '- noon',
    '  - Sundays',
    '2. pull',
    '- **clapper**: what rings',
    '```bash',
    '  pull 3',
    '  * twice',
    '```',
    '',
    'It is loud.',
    '',
    '',
    '',
    '',
    '    $ bell --stop',
    '### Care',
    '',
    '',
    'left open',
    '',
    'left open, too',
  ]);
});

test.each([
  [
    'See [[https://example.org/bell][the maker]] and [[file:care.org][how to oil it]]',
    'See [the maker](https://example.org/bell) and how to oil it',
  ],
  ['[[https://example.org]], [[*Ring it]], [[#ring]]', 'https://example.org, Ring it, ring'],
  ['Set ~rope_length~ or =a /b/ c=, not a~b~c', 'Set `rope_length` or `a /b/ c`, not a~b~c'],
  ['It is *loud*, /very/ _loud_ and +soft+[fn:1]', 'It is **loud**, very loud and ~~soft~~'],
  ['Pull[fn:: three times] it at <2026-05-02 Sat 10:00>', 'Pull (three times) it at 2026-05-02 Sat 10:00'],
  ['2 * 3 * 4, and/or, x = y = z, /usr/bin/env', '2 * 3 * 4, and/or, x = y = z, /usr/bin/env'],
  ['Type {{{kbd(C-x g)}}} in {{{nothing}}}it', 'Type `C-x g` in it'],
])('a line of Org, %j, reads %j', async (line, expected) => {
  expect(await linesOf(['', line, 'end'])).toEqual(['', expected, 'end']);
});

test('a link of Org that goes on in the next line, and what a macro of the file stands for, are read', async () => {
  expect(await linesOf(['#+macro: rope $1 m of rope', 'See [[*Ring', 'it]], with {{{rope(3)}}}.'])).toEqual([
    '',
    'See Ring',
    'it, with 3 m of rope.',
  ]);
});

test('a table of Org is rows of Markdown, with a head where a rule stands below its first row', async () => {
  const table = [
    '#+caption: The bells.',
    '| Bell | Rung by |',
    '|------+---------|',
    '| <l>  | <10>    |',
    '| Great | ~Ann~ |',
  ];
  expect(
    await linesOf([...table, '|------+---------|', '| Small | Bo |', '', '| a | b |', '|---+---|', '#+TBLFM: $2=3']),
  ).toEqual([
    'The bells:',
    '| Bell | Rung by |',
    '|---|---|',
    '',
    '| Great | `Ann` |',
    '',
    '| Small | Bo |',
    '',
    '| a | b |',
    '|---|---|',
    '',
  ]);
});

test('headings of Org head passages, and a document on the web is read as in a folder', async () => {
  const text = ['* The bell', '** Ring it', 'Pull three times.'].join('\n');
  const extracted = await extractText('bell.org', Buffer.from(text));
  if ('problem' in extracted) throw new Error(extracted.problem);
  expect(chunkText(extracted).map(({ heading }) => heading)).toEqual(['The bell > Ring it']);
  const page = {
    bytes: Buffer.from(text),
    charset: undefined,
    kind: 'text' as const,
    url: 'https://x.example/bell.org',
  };
  expect(await pageText(page)).toMatchObject({ text: extracted.text, shape: 'markdown' });
});

test('hostile Org takes a time that grows no faster than it', async () => {
  const read = async (many: number): Promise<void> => {
    for (const text of [
      '#+begin_src\n'.repeat(many),
      `${'#+begin_src\n'.repeat(many)}#+end_example`,
      `${':LOGBOOK:\n'.repeat(many)}:END: x`,
      '[['.repeat(many),
      '[[a]['.repeat(many),
      '*a '.repeat(many),
      '~a '.repeat(many),
      '{{{a('.repeat(many),
      '|'.repeat(many),
      `* a${' :a'.repeat(many)}`,
      `* a ${':a'.repeat(many)}`,
      `* a${' '.repeat(3 * many)}:`,
      `- a ${' ::'.repeat(many)}`,
      `- ${'a'.repeat(many)} ::${' '.repeat(many)}x`,
      '@@a:'.repeat(many),
      '<<a'.repeat(many),
      '[fn:a:'.repeat(many),
    ])
      expect((await linesOf([text, 'end'])).join('\n')).toContain('end');
  };
  expect(await growth(12_000, read)).toBeLessThan(LINEAR);
});
