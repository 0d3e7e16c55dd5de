// html-in-markdown.test.ts: HTML that stands in Markdown says where things stand, line by line; code about HTML stays code.

import { asText } from '../../documents/extract/as-text.ts';
import { withoutHtml } from '../../documents/extract/html-in-markdown.ts';
import { termsOf } from '../../documents/index/terms.ts';

const linesOf = (...lines: string[]): string[] => withoutHtml(lines.join('\n')).split('\n');

test('headings, terms with what they mean, items and paragraphs are Markdown, each on its line', () => {
  expect(
    linesOf(
      '<h2 id="bell">The <code>bell</code> <a class="anchor" href="#bell" title="Permalink">¶</a></h2>',
      '<dl class="wide">',
      '    <dt id="loud"><a href="#loud"><code>LOUD_BELL</code></a></dt>',
      '    <dd>',
      '        <p>Number of <em>strokes</em>. Set to <code>-1</code> for none.</p>',
      '        <p><em>Default is 3.</em></p>',
      '    </dd>',
      '    <dt>HIGH</dt>',
      '    <dd>It hangs high.</dd>',
      '</dl>',
      '<ul>',
      '  <li><a href="x">Rope</a> of <b>hemp</b></li>',
      '</ul>',
    ),
  ).toEqual([
    '## The `bell`',
    '',
    '**LOUD_BELL**',
    '',
    'Number of strokes. Set to `-1` for none.',
    'Default is 3.',
    '',
    '**HIGH**',
    ': It hangs high.',
    '',
    '',
    '- Rope of hemp',
    '',
  ]);
});

test('a heading that is written over several lines is one, on the first of them; one that never ends is none', () => {
  expect(linesOf('<h3 name="bell">', 'How is the', 'bell rung?', '</h3>', '', 'By hand.')).toEqual([
    '### How is the bell rung?',
    '',
    '',
    '',
    '',
    'By hand.',
  ]);
  const endless = ['<h3>', ...Array.from({ length: 9 }, (_, at) => `Bell ${at}`), '</h3>'];
  expect(linesOf(...endless)).toEqual(['', ...endless.slice(1, -1), '']);
});

test.each([
  ['in a fence', ['```html', '<h2>Bell</h2>', '```']],
  ['in a fence of more', ['~~~~', '<p>Bell</p>', '~~~', '<p>Bell</p>', '~~~~']],
  ['in an element that is verbatim', ['<pre>', '<h2>Bell</h2>', '  a   b', '</pre>']],
  ['indented as code', ['So it is written:', '', '    <h2>Bell</h2>', '    <p>It rings.</p>']],
  ['in a sentence', ['The tag <p> begins <b>a</b> paragraph, and <pre> what is as it is.']],
])('HTML that stands %s stays as it is', (_where, lines) => {
  const around = ['<p>It rings.</p>', '', ...lines, '', '<p>It rings.</p>'];
  expect(linesOf(...around)).toEqual(['It rings.', '', ...lines, '', 'It rings.']);
});

test('what Pandoc says of looks goes: attributes of headings and boxes; what stands in braces elsewhere stays', () => {
  const text = [
    '## Bells {.page-break-before}',
    '### Ropes ¶',
    '::: {.wide}',
    'A {.class} of ropes',
    ':::',
    '## Use {name}',
  ];
  expect(linesOf(...text)).toEqual(['## Bells', '### Ropes', '', 'A {.class} of ropes', '', '## Use {name}']);
});

test('a document of Markdown is read so, with its tables, and plain Markdown is what it was', async () => {
  const read = async (text: string): Promise<string> => (await asText('markdown', text)).text;
  const table = '<table><tr><th>Ship</th><th>Mast</th></tr>\n<tr><td>Swan</td><td>high</td></tr></table>';
  expect((await read(`<h2>Bells</h2>\n\n${table}\n`)).split('\n').filter((line) => line !== '')).toEqual([
    '## Bells',
    expect.stringMatching(/^\| Ship +\| Mast +\|$/),
    expect.stringMatching(/^\|[ -]+\|[ -]+\|$/),
    expect.stringMatching(/^\| Swan +\| high +\|$/),
  ]);
  const plain = '# Bells\n\nA *loud* one, <b>old</b>.\n\n- of `<p>`\n';
  expect(await read(plain)).toBe(plain);
});

test('very long lines and very many tags are read in time that grows with them', () => {
  const hostile = [
    `<h2 ${'a '.repeat(50_000)}`,
    `<dt>${'<a '.repeat(50_000)}`,
    `<p>${'<b>'.repeat(50_000)}`,
    `${'<div>'.repeat(50_000)}`,
    `# a${' '.repeat(200_000)}b`,
    `:::${' '.repeat(200_000)}b`,
    `# ${'{.a '.repeat(50_000)}`,
  ];
  for (const line of hostile) expect(linesOf(line)).toHaveLength(1);
  expect(linesOf(...Array.from({ length: 50_000 }, () => '<p>x'))).toHaveLength(50_000);
});

test('British and American spellings of a word are one', () => {
  expect(termsOf('mould colours organisation grey')).toEqual(termsOf('mold colors organization gray'));
  expect(termsOf('hour rise acre')).toEqual(['hour', 'rise', 'acr']);
});
