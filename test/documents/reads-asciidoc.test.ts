// AsciiDoc: the words that its reader sees, as Markdown, each on the line of the file where it stands.

import { extractText } from '../../documents/extract/files/extract-text.ts';
import { chunkText } from '../../documents/index/chunk-text.ts';
import { pageText } from '../../documents/web/page-text.ts';
import { growth, LINEAR } from '../rig/growth.ts';

const linesOf = async (lines: readonly string[]): Promise<string[]> => {
  const extracted = await extractText('bell.adoc', Buffer.from(lines.join('\n')));
  return 'problem' in extracted ? [extracted.problem] : extracted.text.split('\n');
};

test('a document in AsciiDoc is its headings, lists, terms and code as Markdown, each on its line', async () => {
  const source = [
    '= The bell',
    ':rope: 3 m of rope',
    '// Rung by hand.',
    '[#ring]',
    '== Ring it',
    '',
    'You need {rope}.',
    '[NOTE]',
    '====',
    'It is loud.',
    '====',
    '* noon',
    '** Sundays',
    '. pull',
    '',
    '.By hand',
    '[source,bash]',
    '----',
    '= pull 3 # <1>',
    '----',
    '<1> Three times.',
    '',
    ' $ bell --stop',
    '',
    'clapper:: what rings',
    'yoke::',
    'what it hangs from',
    '////',
    'never said',
    '////',
    'include::other.adoc[]',
    'Care',
    '~~~~',
    '----',
    'left open',
  ];
  expect(await linesOf(source)).toEqual([
    '# The bell',
    '',
    '',
    '',
    '## Ring it',
    '',
    'You need 3 m of rope.',
    '',
    '',
    'It is loud.',
    '',
    '- noon',
    '  - Sundays',
    '1. pull',
    '',
    'By hand:',
    '',
    '```bash',
    '= pull 3',
    '```',
    '1. Three times.',
    '',
    '     $ bell --stop',
    '',
    '- **clapper**: what rings',
    '**yoke**',
    ': what it hangs from',
    '',
    '',
    '',
    '',
    '### Care',
    '',
    '',
    'left open',
  ]);
});

test.each([
  ['<<ring,how to ring it>>', 'how to ring it'],
  ['xref:care.adoc#oil[Oil it] with link:oil.html[oil^]', 'Oil it with oil'],
  ['https://example.org/bell[The maker^,role=x]', '[The maker](https://example.org/bell)'],
  ['{url-bells}/tower[The tower^]', 'The tower'],
  ['[.path]_bell.conf_ and `+{rope}+`', '_bell.conf_ and `{rope}`'],
  ['kbd:[Ctrl+R], menu:Bell[Stop], btn:[OK]', '`Ctrl+R`, Bell > Stop, OK'],
  ['It is *loud*footnote:[At noon.] +', 'It is **loud** (At noon.)'],
  ['2 * 3 * 4, a*b* and C++ or a+b', '2 * 3 * 4, a*b* and C++ or a+b'],
])('a line of AsciiDoc, %j, reads %j', async (line, expected) => {
  expect(await linesOf(['', line])).toEqual(['', expected]);
});

test('a table of AsciiDoc is rows of Markdown, with cells on lines of their own or on one', async () => {
  const apart = [
    '[cols="1,2a"]',
    '|===',
    '|Bell |Rung by',
    '',
    '|Great',
    '|Ann +',
    'and Bo',
    '',
    '|Small',
    '|C \\| D',
    '|===',
  ];
  expect(await linesOf(apart)).toEqual([
    '',
    '| Bell | Rung by |',
    '|---|---|',
    '',
    '| Great | Ann and Bo |',
    '',
    '',
    '',
    '| Small | C \\| D |',
    '',
    '',
  ]);
  expect(await linesOf(['|===', '|a |b', '|c |d', '|==='])).toEqual(['', '| a | b |', '| c | d |', '']);
  expect(await linesOf(['|===', '|never', 'closed'])).toEqual(['', '|never', 'closed']);
});

test('no bound of a block heads passages, and a document on the web is read as in a folder', async () => {
  const text = ['== Ring it', '', '[NOTE]', '====', 'It is loud.', '====', '', '[source]', '----', 'pull', '----'].join(
    '\n',
  );
  const extracted = await extractText('bell.asciidoc', Buffer.from(text));
  if ('problem' in extracted) throw new Error(extracted.problem);
  expect(chunkText(extracted).map(({ heading }) => heading)).toEqual(['Ring it']);
  const page = {
    bytes: Buffer.from(text),
    charset: undefined,
    kind: 'text' as const,
    url: 'https://x.example/bell.adoc',
  };
  expect(await pageText(page)).toMatchObject({ text: extracted.text, shape: 'markdown' });
});

test('hostile AsciiDoc takes a time that grows no faster than it', async () => {
  const read = async (many: number): Promise<void> => {
    const bounds = Array.from({ length: Math.sqrt(many) }, (_, n) => '-'.repeat(4 + n));
    for (const text of [
      bounds.join('\n'),
      '|===\n'.repeat(many),
      `|===\n${'|'.repeat(many)}`,
      '<<'.repeat(many),
      '*a '.repeat(many),
      '{a}['.repeat(many),
      'a::\n'.repeat(many),
      `a::${'['.repeat(many)}`,
      `----\n${' '.repeat(many)}x\n----`,
    ])
      expect((await linesOf([text, 'end'])).join('\n')).toContain('end');
  };
  expect(await growth(14_400, read)).toBeLessThan(LINEAR);
});
