// What Sphinx documents by directives: headings with their text, each line on the line of the file.

import { extractText } from '../../documents/extract/files/extract-text.ts';
import { chunkText } from '../../documents/index/chunk-text.ts';

const read = async (lines: readonly string[]): Promise<{ text: string; headings: string[] }> => {
  const extracted = await extractText('bell.rst', Buffer.from(lines.join('\n')));
  if ('problem' in extracted) throw new Error(extracted.problem);
  return { text: extracted.text, headings: chunkText(extracted).map(({ heading }) => heading) };
};

test('what Sphinx documents by a directive is a heading, and what stands indented below it is its text', async () => {
  const source = [
    'Settings',
    '========',
    '',
    '.. py:data:: ROPE_LENGTH',
    '   :no-index:',
    '',
    '   How long it is, as in::',
    '',
    '       ROPE_LENGTH = 3',
    '',
    '   :default: 3',
    '   :param str who: pulls it',
    '',
    '   .. method:: pull(times, *, hard=False)',
    '',
    '      Pulls it.',
    '',
    '   It is of hemp.',
    '',
    'Behind it::',
    '',
    '    ring()',
    '',
    '.. autoclass:: bell.Bell',
    '   :members:',
    '',
    '.. option:: -q, --quiet',
    '',
    '   Rings no more.',
  ];
  expect((await read(source)).text.split('\n')).toEqual([
    'Settings',
    '========',
    '',
    '###### ROPE_LENGTH',
    '',
    '',
    'How long it is, as in::',
    '',
    '    ROPE_LENGTH = 3',
    '',
    'Default: 3',
    '- **who**: pulls it',
    '',
    '###### pull(times, *, hard=False)',
    '',
    'Pulls it.',
    '',
    'It is of hemp.',
    '',
    'Behind it::',
    '',
    '    ring()',
    '',
    '',
    '',
    '',
    '###### -q, --quiet',
    '',
    'Rings no more.',
  ]);
});

test('passages of a documented object stand under its name, and directives that show text stay as they are', async () => {
  const words = (word: string): string => `   ${Array(60).fill(word).join(' ')}.`;
  const source = [
    'Settings',
    '========',
    '',
    '.. envvar:: ROPE',
    '',
    words('hemp'),
    '',
    '.. confval:: yoke',
    '',
    words('oak'),
  ];
  expect((await read(source)).headings).toEqual(['Settings > ROPE', 'Settings > yoke']);
  const others = ['.. versionadded:: 2', '   At last.', '', '.. code-block:: sh', '', '   pull', '', ':orphan: yes'];
  expect((await read(others)).text).toBe(others.join('\n'));
  const shown = ['```rst', '.. option:: --quiet', '   Rings no more.', '```'];
  expect((await read(shown)).text).toBe(shown.join('\n'));
});

test('what a note or a tab says is its text, and no code', async () => {
  const source = [
    '.. note:: It is loud.',
    '',
    '    Very.',
    '',
    '.. tabs::',
    '',
    '   .. group-tab:: Linux',
    '      :sync: a',
    '',
    '      Pull it::',
    '',
    '          pull',
    '',
    'Behind it.',
  ];
  const expected = [
    '.. note:: It is loud.',
    '',
    'Very.',
    '',
    '',
    '',
    'Linux:',
    '',
    '',
    'Pull it::',
    '',
    '    pull',
    '',
    'Behind it.',
  ];
  expect((await read(source)).text.split('\n')).toEqual(expected);
});
