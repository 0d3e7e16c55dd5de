import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { extractText } from '../../documents/extract/files/extract-text.ts';
import { breakLongJsonLines } from '../../documents/extract/break-json-lines.ts';
import { pageText } from '../../documents/web/page-text.ts';
import { FIXTURES } from './support.ts';

const textOf = async (name: string, content: string | Uint8Array): Promise<string> => {
  const extracted = await extractText(name, Buffer.from(content));
  return 'text' in extracted ? extracted.text : `problem: ${extracted.problem}`;
};

test('an extractor reads UTF-8 and UTF-16 with their marks, and all line ends as one', async () => {
  const words = 'Ölofen\r\nzweite Zeile\rdritte';
  const expected = 'Ölofen\nzweite Zeile\ndritte';
  const little = Buffer.from(`\ufeff${words}`, 'utf16le');
  expect(await textOf('a.txt', `\ufeff${words}`)).toBe(expected);
  expect(await textOf('a.txt', little)).toBe(expected);
  expect(await textOf('a.txt', Buffer.from(little).swap16())).toBe(expected);
});

test('an extractor gives a reason for binary content and emptiness, whatever the name says', async () => {
  expect(await textOf('a.md', Buffer.from([80, 0, 1, 2]))).toBe('problem: binary content');
  expect(await textOf('a.md', ' \n\n')).toBe('problem: there is no text in it');
});

test('a reader of an HTML page gets its words under its headings, without scripts and navigation', async () => {
  const text = await textOf('glaze.html', await readFile(join(FIXTURES, 'glaze.html')));
  expect(text).toBe(
    [
      '# Glaze table',
      '',
      'Celadon wants a reducing atmosphere & patience.',
      '',
      '## Mixing',
      '',
      '- sieve it twice',
      '',
      '- stir the bucket',
      '',
      '| Glaze | Cone |',
      '|---|---|',
      '| Tenmoku | 10 |',
      '',
      '```',
      'ratio = ash / 3',
      'rest = 12',
      '```',
      '',
    ].join('\n'),
  );
});

test('a page without a heading goes by its title', async () => {
  expect(await textOf('x.htm', '<html><head><title>Night\n shift</title></head><body>All quiet.</body></html>')).toBe(
    '# Night shift\n\nAll quiet.\n',
  );
});

test('an extractor gives endless JSON lines without changing a value', async () => {
  const endless = `{"z":12345678901234567890,"2":[],"1":{},"text":"a, b: {c} \\" ${'x'.repeat(2_000)}","list":[1.50,true]}`;
  const text = await textOf('a.json', endless);
  expect(text.split('\n')).toEqual([
    '{',
    '  "z": 12345678901234567890,',
    '  "2": [],',
    '  "1": {},',
    `  "text": "a, b: {c} \\" ${'x'.repeat(2_000)}",`,
    '  "list": [',
    '    1.50,',
    '    true',
    '  ]',
    '}',
  ]);
  expect(breakLongJsonLines('{"short":1}')).toBe('{"short":1}');
});

test('an extractor survives markup and JSON that end in the middle', async () => {
  expect(await textOf('a.html', '<p>half a <b>page')).toContain('half a page');
  expect(await textOf('a.json', `{"a":"${'x'.repeat(3_000)}`)).toContain('xxx');
});

test.each([
  ['behind the end of the page', '<html><body><p>first</p></body></html>shown'],
  ['in its head', '<html><head><title>T</title>shown<p>also</p></head><body>first</body></html>'],
  ['without an html tag', '<head><title>T</title></head><body>shown'],
  ['in a navigation that never ends', '<nav><a href=x>Home</a><main><h1>Top</h1><p>shown'],
  ['in a form around all', '<form><p>shown</p></form>'],
  ['in tags that cross', '<b>first<p>shown</b>third</p>'],
  ['deeper than a stack is', `${'<div>'.repeat(30_000)}shown`],
  ['in a table without rows', '<table>shown<td>second</table>'],
  ['behind a tag that is no tag', '<p>a < b and shown'],
  ['in a button that was never closed', `${'<p>before</p>'.repeat(300)}<button>Go<p>shown`],
  ['in a drawing that was never closed', '<svg><path d="M0"><p>shown'],
  ['of a drawing', '<svg><title>NO</title><text>shown</text></svg>'],
  ['in a list of choices that was never closed', '<select><option>one<p>shown'],
  ['in an object that was never closed', '<object data=x><p>shown'],
  ['behind a script that closes itself', '<script src=x /><p>shown'],
  ['behind a title that closes itself', '<html><head><title/></head><body>shown'],
  ['behind a comment with the other ending', '<!-- x --!><p>shown'],
  ['behind a list that closes its hidden box', '<div hidden><ul><li>x</div>shown'],
  ['behind a hidden paragraph that was never closed', '<p hidden>x<p>shown'],
  ['of a page in a frame', '<iframe srcdoc="&lt;p&gt;shown&lt;/p&gt;"></iframe>'],
  ['of a template that is shown', '<div><template shadowrootmode="open"><p>shown</template></div>'],
  ['of a page that is all navigation', '<body role="navigation"><p>shown'],
  ['of a page that is nothing without scripts', '<noscript>shown</noscript><div id=root></div>'],
  ['of a page behind a dialog', '<div aria-hidden="true"><h1>shown</h1><p>and all the rest'],
  ['behind a paragraph that ends twice', '<p>a</p></p>shown'],
  ['in a heading that unfolds', '<h2><button>shown</button></h2><p>answer'],
])('a reader of broken HTML gets the words %s', async (_where, html) => {
  expect(await textOf('a.html', html)).toContain('shown');
});

test('a page costs time by its size and not by its depth', async () => {
  const milliseconds = async (html: string): Promise<number> => {
    const began = performance.now();
    expect(await textOf('a.html', html)).toContain('shown');
    return performance.now() - began;
  };
  const wide = '<div></div>'.repeat(300_000);
  // Were it by depth, this would take thousands of times as long.
  expect(await milliseconds(`${'<div>'.repeat(300_000)}shown`)).toBeLessThan(
    100 * (await milliseconds(`${wide}shown`)),
  );
});

test('a reader of HTML gets no word that a browser hides, wherever it stands', async () => {
  const hidden = '<i hidden>NO</i><b style="display:none">NO</b><script>NO</script><template>NO</template><!-- NO -->';
  const text = await textOf('a.html', `<h1>Top ${hidden}</h1><pre>code ${hidden}</pre><p>words ${hidden}</p>`);
  expect(text).toBe('# Top\n\n```\ncode\n```\n\nwords\n');
});

test('a page of the web and a file with the same HTML are read the same, but for the addresses of links', async () => {
  const html =
    '<title>T</title><nav>menu</nav><ul><li>see <a href="/b?c#d">the\n table</a>, <a href="x"><img></a>end</li></ul>';
  const expected = (link: string): string => `# T\n\n- see ${link}, end\n`;
  expect(await textOf('a.html', html)).toBe(expected('the table'));
  const page = await pageText({
    url: 'https://a.example/p',
    kind: 'html',
    charset: undefined,
    bytes: Buffer.from(html),
  });
  expect(page).toEqual({
    title: 'T',
    shape: 'markdown',
    text: expected('[the table](https://a.example/b?c#d)').trim(),
  });
});

test('a term of a list of definitions stands in bold over what it is; an empty one leaves nothing', async () => {
  const html = '<p>Groups.</p><dl><dt>crew <b>A</b></dt><dd>works.</dd><dt></dt><dd>sleeps.</dd></dl><p>End.</p>';
  expect(await textOf('a.html', html)).toBe('Groups.\n\n**crew A**\n\nworks.\n\nsleeps.\n\nEnd.\n');
});

test('two breaks of a line leave one blank, as a page shows it', async () => {
  const html =
    '<body><p>Release 3.18.0 (15 Oct 2021)<br>~~~~~~~~<br><br>All of it is new.<br>\n<br>\n<br>Release 3.17.0</p></body>';
  expect(await textOf('a.html', html)).toBe(
    'Release 3.18.0 (15 Oct 2021)\n~~~~~~~~\n\nAll of it is new.\n\nRelease 3.17.0\n',
  );
});

test('where a table lays out a page, a number and what stands beside it in bold are a heading', async () => {
  const rows = (question: string) =>
    `<tr><td><a name="q"></a><b>5.4.</b></td><td>${question}</td></tr><tr><td></td><td><p>No.</p><h4>More</h4></td></tr>`;
  const page = (question: string) => `<body><table>${rows(question)}</table></body>`;
  expect(await textOf('a.html', page('<b>Can it ring\n already?</b>'))).toBe(
    '###### 5.4. Can it ring already?\n\nNo.\n\n#### More\n',
  );
  expect(await textOf('a.html', page('It rings <b>already</b>'))).toContain('5.4. | It rings already');
  // With the code that is asked about.
  expect(await textOf('a.html', page('<b>Why does this fail?</b><pre>int a[5];</pre>'))).toBe(
    '###### 5.4. Why does this fail?\n\n```\nint a[5];\n```\n\nNo.\n\n#### More\n',
  );
});
