// tables-in-markup.test.ts: tables of HTML, alone and in Markdown, and of reStructuredText are read as rows with their head,
// each on the line where its file has it; what is no table stays as it was written.

import { extractText } from '../../documents/extract/files/extract-text.ts';
import { chunkText } from '../../documents/index/chunk-text.ts';

async function linesOf(name: string, content: string): Promise<string[]> {
  const extracted = await extractText(name, Buffer.from(content));
  if ('problem' in extracted) throw new Error(extracted.problem);
  return extracted.text.split('\n');
}

const filled = (lines: readonly string[]): string[] => lines.filter((line) => line !== '');

test('a cell of a table of HTML is one cell, whatever stands in it, an empty corner too', async () => {
  const table = `<table><caption>Berths</caption>
    <tr><th></th><th>Free</th><th>Let</th></tr>
    <tr><th>Price</th><td><p>nothing</p><p>at all</p></td><td>10 a | month<br>in advance</td></tr>
    <tr><th>Tools</th><td><ul><li>rope</li><li>hook</li></ul></td><td><pre>haul\n  --slow</pre></td></tr></table>`;
  expect(filled(await linesOf('a.html', table))).toEqual([
    'Berths',
    '|  | Free | Let |',
    '|---|---|---|',
    '| Price | nothing at all | 10 a \\| month in advance |',
    '| Tools | rope; hook | `haul; --slow` |',
  ]);
});

test('what spans rows is said in each of them, and a name above several columns in each of these', async () => {
  const table = `<table><thead><tr><th rowspan="2">Ship</th><th colspan="2">Crew</th></tr><tr><th>day</th><th>night</th></tr></thead>
    <tr><td rowspan="2">Swan</td><td>4</td><td>2</td></tr><tr><td>5</td><td>3</td></tr></table>`;
  expect(filled(await linesOf('a.html', table))).toEqual([
    '| Ship | Crew day | Crew night |',
    '|---|---|---|',
    '| Swan | 4 | 2 |',
    '| Swan | 5 | 3 |',
  ]);
});

test.each([
  ['marked', '<tr><th>Team</th><th>Lead</th></tr>', '| Team | Lead |'],
  ['all in bold', '<tr><td><b>Team 1</b></td><td><strong>Lead</strong></td></tr>', '| Team 1 | Lead |'],
  ['of names alone', '<tr><td>Team</td><td>Lead</td></tr>', '| Team | Lead |'],
  ['of values, which is no head', '<tr><td>Swan</td><td>1 May</td></tr>', '|  |  |'],
  ['of a field and its value, which is no head', '<tr><td>Name:</td><td>Swan</td></tr>', '|  |  |'],
])('the head of a table of HTML is its first row where that is %s', async (_how, first, head) => {
  const rows = '<tr><td>Harbour</td><td>Ada</td></tr><tr><td>Mole</td><td>Bob</td></tr>';
  expect((await linesOf('a.html', `<table>${first}${rows}</table>`)).slice(0, 2)).toEqual([head, '|---|---|']);
});

test.each([
  ['holds a table', '<table><tr><td>a</td><td><table><tr><td>b</td></tr></table></td></tr><tr><td>c</td></tr></table>'],
  ['holds a heading', '<table><tr><td><h2>a</h2></td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>'],
  [
    'holds a page in a cell',
    `<table><tr><td>a</td><td>${'b '.repeat(600)}</td></tr><tr><td>c</td><td>d</td></tr></table>`,
  ],
  ['says so', '<table role="presentation"><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>'],
  [
    'has a cell without a row',
    '<table><td>shown</td><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>',
  ],
  ['has one column', '<table><tr><td>a</td></tr><tr><td>b</td></tr></table>'],
  ['has words outside of its cells', '<table>shown<tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>'],
])('a table that only lays out a page is none: it %s', async (_why, table) => {
  const text = (await linesOf('a.html', table)).join('\n');
  expect(text).not.toContain('|---');
  if (table.includes('shown')) expect(text).toContain('shown');
});

test('what spans more rows than a page may repeat is said in as many as it may', async () => {
  const row = `<tr>${'<td rowspan="9999">a name that is said in every row of a table, if it were asked to</td>'.repeat(90)}</tr>`;
  const lines = await linesOf('a.html', `<table>${row}${'<tr><td>x</td></tr>'.repeat(2_000)}</table>`);
  expect(lines.join('').length).toBeLessThan(2_000_000);
});

test('one long row does not make many short ones long', async () => {
  const html = `<table><tr>${'<td>x</td>'.repeat(99)}</tr>${'<tr><td>x</td></tr>'.repeat(20_000)}</table>`;
  expect((await linesOf('a.html', html)).join('').length).toBeLessThan(html.length);
  const rst = `.. list-table::\n\n   * - x\n${'     - x\n'.repeat(999)}${'   * - x\n'.repeat(20_000)}\nthe end\n`;
  expect((await linesOf('a.rst', rst)).join('\n')).toBe(rst);
});

const IN_MARKDOWN = `# Flags

<table class="flags">
  <!-- <tr><td>an old one</td></tr> -->
  <tr><th>Flag</th><th>Usage</th></tr>
  <tr>
    <td><code>-level</code></td>
    <td>Least level.
      <br>One of LOW and HIGH.</td>
  </tr>
  <tr><td><code>-quiet</code></td><td>No words.</td></tr>
</table>

Behind it.
`;

test('a table of HTML in Markdown is one of Markdown, each row on the line where it begins', async () => {
  const lines = await linesOf('a.md', IN_MARKDOWN);
  expect(lines.length).toBe(IN_MARKDOWN.split('\n').length);
  expect(lines.map((line, at) => `${at + 1} ${line}`).filter((line) => /\d [^\s]/.test(line))).toEqual([
    '1 # Flags',
    '3 | Flag | Usage |',
    '5 |---|---|',
    '6 | `-level` | Least level. One of LOW and HIGH. |',
    '11 | `-quiet` | No words. |',
    '14 Behind it.',
  ]);
});

test('rows with blank lines between them are one table, whose head goes with each passage of it', async () => {
  const rows = Array.from(
    { length: 40 },
    (_, at) => `  <tr>\n    <td>ship ${at}</td>\n    <td>berth ${at} at the long mole</td>\n  </tr>\n`,
  );
  const table = `<table><caption>All of them</caption>\n  <tr><th>Ship</th><th>Berth</th></tr>\n${rows.join('')}</table>\n`;
  const extracted = await extractText('a.md', Buffer.from(`# Berths\n\n${table}`));
  if ('problem' in extracted) throw new Error(extracted.problem);
  const chunks = chunkText(extracted);
  expect(chunks.length).toBeGreaterThan(1);
  expect(chunks.slice(1).map(({ heading }) => heading)).toEqual(chunks.slice(1).map(() => 'Berths > Ship | Berth'));
});

const RST = `Ships
=====

=====  ==============
Ship   Command
=====  ==============
Swan   \`\`haul swan\`\`
       or by hand
Tern   \`the pilot\`_
Gull\t\tby the crew
=====  ==============

+--------+---------+
| Ship   | Berth   |
+========+=========+
| Swan   | one, in |
|        | summer  |
+--------+---------+
| Tern   | two     |
+--------+---------+

.. list-table:: Crews
   :header-rows: 1

   * - Ship
     - Crew
   * - Swan
     - four men
       and a cook

.. csv-table:: Prices
   :header: "Ship", "Price"

   "Swan, white", 2.99

====  ====
1     2
====  ====

The end.
`;

test('the tables of reStructuredText are rows with their heads, each on its line', async () => {
  const lines = await linesOf('a.rst', RST);
  const written = RST.split('\n');
  expect(lines.length).toBe(written.length);
  expect(lines.filter((line) => line.startsWith('|'))).toEqual([
    '| Ship | Command |',
    '|---|---|',
    '| Swan | ``haul swan`` or by hand |',
    '| Tern | the pilot |',
    '| Gull | by the crew |',
    '| Ship | Berth |',
    '|---|---|',
    '| Swan | one, in summer |',
    '| Tern | two |',
    '| Ship | Crew |',
    '|---|---|',
    '| Swan | four men and a cook |',
    '| Ship | Price |',
    '|---|---|',
    '| Swan, white | 2.99 |',
    '| 1 | 2 |',
  ]);
  for (const row of ['Tern   `the', '| Tern   |', '"Swan, white"', 'The end.'])
    expect([row, lines[written.findIndex((line) => line.includes(row))]]).toEqual([row, expect.stringMatching(/\w/)]);
});

test('what a table in markup is called stands above it', async () => {
  const html =
    '<table>\n<caption>Berths of the mole</caption>\n<tr><th>Ship</th><th>Berth</th></tr>\n<tr><td>Swan</td><td>1</td></tr>\n</table>\n';
  const table = ['| Ship | Berth |', '|---|---|', '| Swan | 1 |'];
  expect((await linesOf('a.md', html)).slice(0, 4)).toEqual(['Berths of the mole', ...table]);
  const rst = '.. csv-table:: Berths of the mole\n   :header: Ship, Berth\n\n   Swan, 1\n';
  expect((await linesOf('a.rst', rst)).slice(0, 4)).toEqual(['Berths of the mole', ...table]);
});

test.each([
  ['in a fence', '```\n<table>\n<tr><td>a</td><td>b</td></tr>\n<tr><td>c</td><td>d</td></tr>\n</table>\n```\n'],
  ['that has no end', '<table>\n<tr><td>a</td><td>b</td></tr>\n<tr><td>c</td><td>d</td></tr>\n'],
  ['drawn with cells that span', '+---+---+\n| a | b |\n+   +---+\n|   | c |\n+---+---+\n'],
  ['with words across its columns', '===  ===\na    b\nlonger  c\n===  ===\n'],
  ['of reStructuredText without its last rule', '===  ===\na    b\nwords go on here\n'],
  ['in a table', '<table>\n<tr><td>\n<table>\n<tr><td>a</td></tr>\n</table>\n</td></tr>\n</table>\n'],
])('what only looks like a table stays as it is written: one %s', async (_where, text) => {
  expect((await linesOf('a.md', text)).join('\n')).toBe(text);
});

test('a table, or code, of very many lines is read to its end', async () => {
  const code = `\`\`\`\n<table>\n${'x\n'.repeat(300_000)}\`\`\`\nthe end\n`;
  expect(await linesOf('a.md', code)).toEqual(code.split('\n'));
  const table = `<table>\n${'<tr><td>one</td><td>2</td></tr>\n'.repeat(200_000)}</table>\nthe end\n`;
  expect((await linesOf('a.md', table)).filter((line) => line === '| one | 2 |')).toHaveLength(200_000);
});

test('a file of nothing but beginnings of tables is read to its end', async () => {
  const text = `${'<table>\n'.repeat(300_000)}${'===  ===\n'.repeat(20_001)}the end\n`;
  expect((await linesOf('a.md', text)).at(-2)).toBe('the end');
});
