// Markdown of site generators: what only the generator reads is no text; what it shows stays, each on its line.

import { extractText } from '../../documents/extract/files/extract-text.ts';
import { pageText } from '../../documents/web/page-text.ts';
import { growth, LINEAR } from '../rig/growth.ts';

const linesOf = async (lines: readonly string[], name = 'a.md'): Promise<string[]> => {
  const extracted = await extractText(name, Buffer.from(['# Bell', ...lines, 'End.'].join('\n')));
  return 'problem' in extracted ? [extracted.problem] : extracted.text.split('\n').slice(1, -1);
};

test.each<[string, string[], string[]]>([
  [
    'imports and exports of MDX',
    ["import Tabs from '@theme/Tabs';", "import './a.css'", 'export const a = { b: 1 };'],
    ['', '', ''],
  ],
  ['remarks of MDX', ['{/* rung by hand */}'], ['']],
  [
    'components',
    ['<Tabs groupId="os">', '  <TabItem value="a" label="Linux">', 'Pull.', '  </TabItem>', '<Note>It is loud.</Note>'],
    ['', 'Linux:', 'Pull.', '', 'It is loud.'],
  ],
  [
    'notes between colons',
    [':::tip Pro tip', 'Pull.', ':::', '::: warning', ':::note[Care]'],
    ['Pro tip:', 'Pull.', '', '', 'Care:'],
  ],
  [
    'notes and tabs with an indented body',
    ['!!! note "Care"', '    It is loud.', '', '    === "Linux"', '        Pull.', 'Ring.'],
    ['Care:', 'It is loud.', '', 'Linux:', 'Pull.', 'Ring.'],
  ],
  ['the mark of an alert', ['> [!NOTE]', '> It is loud.'], ['', '> It is loud.']],
  ['the title of an alert', ['> [!note]- Ring it first', '> It is loud.'], ['> Ring it first:', '> It is loud.']],
  ['shortcodes', ['{{< callout "x" >}}', 'It is loud.', '{{% /callout %}}'], ['', 'It is loud.', '']],
  ['shortcodes beside code', ['Ring `{{< bell >}}`{{< ref "bell" >}}.'], ['Ring `{{< bell >}}`.']],
  [
    'shortcodes that tell a state',
    ['`bell` {{%deprecated%}}', 'Ring: {{<required>}}'],
    ['`bell` (deprecated)', 'Ring: (required)'],
  ],
  [
    'tags of templates',
    ['{% include note.html content="It is loud." %}', '{% highlight bash %}', 'pull', '{% endhighlight %}'],
    ['It is loud.', '```bash', 'pull', '```'],
  ],
  [
    'tags that name something within a sentence',
    ['Tell {% channel "bell-ringers" %}.', '{% channel "bell-ringers" %}', 'Ring{% include "bell" %}{% ref "a/b" %}.'],
    ['Tell bell-ringers.', '', 'Ring.'],
  ],
])('%s in Markdown are no text, and what they show is', async (_what, lines, expected) => {
  expect(await linesOf(lines)).toEqual(expected);
});

test.each<[string, string[]]>([
  ['fenced code', ['```mdx', "import a from 'b';", ':::tip', '{% x %}', '<Tabs>', '```']],
  ['indented code', ['', '    {% for a in b %}', '']],
  ['code in a sentence', ['Write `{% raw %}` and `{{< ref >}}`.']],
  ['a directive of MyST', [':::{code-block} python', 'pull']],
  ['reStructuredText', ['.. code-block:: jinja', '', '    {% for a in b %}', '', '{% is %} a tag.']],
  ['types', ['List<String> and Map<A> are types.']],
])('of %s nothing is taken for a mark of a site', async (_what, lines) => {
  expect(await linesOf(lines)).toEqual(lines);
});

test('fields in TOML above a page title it as those in YAML do, in a folder and on the web', async () => {
  const text = ['+++', 'title = "Ring it"', 'weight = 3', '+++', '', 'Pull.'].join('\n');
  const expected = ['---', 'title: "Ring it"', 'weight: 3', '---', '', 'Pull.'].join('\n');
  expect(await extractText('a.md', Buffer.from(text))).toMatchObject({ text: expected });
  expect(await extractText('a.md', Buffer.from('+++\nPull.'))).toMatchObject({ text: '+++\nPull.' });
  const page = {
    url: 'https://example.org/a.md',
    kind: 'markdown' as const,
    charset: undefined,
    bytes: Buffer.from(text),
  };
  expect(await pageText(page)).toMatchObject({ text: expected });
});

test('hostile marks of sites take a time that grows no faster than they', async () => {
  const read = async (many: number): Promise<void> => {
    const lines = [
      `:::a${' '.repeat(many)}{`,
      `!!! a${' '.repeat(many)}"`,
      '{{<'.repeat(2 * many),
      '`{{<'.repeat(many),
      '{%'.repeat(many),
      '<Aa '.repeat(many),
      `import ${"a '".repeat(many)}`,
    ];
    expect(await linesOf(lines)).toHaveLength(lines.length);
  };
  expect(await growth(12_000, read)).toBeLessThan(LINEAR);
});
