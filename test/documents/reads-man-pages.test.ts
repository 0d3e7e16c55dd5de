// Man pages: the words that their reader sees, each on the line of the file where it stands, and none of the requests.

import { extractText } from '../../documents/extract/files/extract-text.ts';
import { chunkText } from '../../documents/index/chunk-text.ts';
import { fileProblem } from '../../documents/sources/ignore-rules.ts';
import { pageText } from '../../documents/web/page-text.ts';

const read = async (lines: readonly string[], name = 'bell.1'): Promise<{ text: string; shape: string }> => {
  const extracted = await extractText(name, Buffer.from(lines.join('\n')));
  return 'problem' in extracted ? { text: `problem: ${extracted.problem}`, shape: '' } : extracted;
};
const linesOf = async (...lines: string[]): Promise<string[]> =>
  (await read(['.TH BELL 1', ...lines])).text.split('\n').slice(1);

test('the source of a man page is its headings, options with what they do, items and code, each on its line', async () => {
  const source = [
    String.raw`'\" t`,
    String.raw`.\" Rung by hand.`,
    '.nh',
    '.TH "BELL" "1" "July 2025" "bell 3" "User Commands"',
    '.SH NAME',
    String.raw`bell \- ring a bell`,
    '.SH',
    'OPTIONS',
    '.TP',
    String.raw`\fB\-p\fR, \fB\-\-pull\fR=\fIn\fR`,
    'Pulls the rope',
    '.I n',
    'times, as',
    '.BR rope (5)',
    String.raw`says it\(aqs done. \" by whom`,
    '.IP "--loud" 4',
    String.raw`Rings like \(lqthunder\(rq.`,
    '.PP',
    'It rings:',
    String.raw`.IP \(bu 2`,
    'at noon,',
    '.IP 2. 4',
    'at night.',
    '.SS Example',
    '.nf',
    String.raw`  bell \-p 3 \e`,
    '    # twice',
    '.fi',
    '.ad l',
  ];
  const { text, shape } = await read(source);
  expect(shape).toBe('markdown');
  expect(text.split('\n')).toEqual([
    '',
    '',
    '',
    '# BELL(1)',
    '## NAME',
    'bell - ring a bell',
    '',
    '## OPTIONS',
    '',
    '**-p, --pull=n**',
    ': Pulls the rope',
    'n',
    'times, as',
    'rope(5)',
    "says it's done.",
    '**--loud**',
    ': Rings like “thunder”.',
    '',
    'It rings:',
    '',
    '- at noon,',
    '',
    '2. at night.',
    '### Example',
    '```',
    '  bell -p 3 \\',
    '    # twice',
    '```',
    '',
  ]);
  expect(chunkText({ text, shape: 'markdown' }).map(({ heading }) => heading)).toContain('BELL(1) > OPTIONS');
});

test('the source of a man page of BSD is the words that its macros stand for', async () => {
  const source = [
    '.Dd July 1, 2025',
    '.Dt BELL 1',
    '.Os',
    '.Sh NAME',
    '.Nm bell',
    '.Nd ring a bell',
    '.Sh SYNOPSIS',
    '.Nm',
    '.Op Fl lq',
    '.Op Fl o Ar file | Fl -out Ns = Ns Ar file',
    '.Ar',
    '.Sh DESCRIPTION',
    'See',
    '.Xr rope 5 ,',
    '.Dq Li loud ;',
    'and',
    '.Pq Pa /etc/bell .',
    '.Bl -tag -width Ds',
    '.It Fl l',
    'Rings',
    '.Em loud .',
    '.It Fl D Xo',
    '.Sm off',
    '.Oo Ar tower : Oc Ar port',
    '.Sm on',
    '.Xc',
    'Rings there.',
    '.El',
    '.Bl -bullet',
    '.It',
    'At noon.',
    '.El',
    '.Bd -literal -offset indent',
    'bell  -l',
    '.Ed',
    '.Ex -std',
  ];
  expect((await read(source)).text.split('\n')).toEqual([
    '',
    '# BELL(1)',
    '',
    '## NAME',
    'bell',
    '– ring a bell',
    '## SYNOPSIS',
    'bell',
    '[-lq]',
    '[-o file | --out=file]',
    'file ...',
    '## DESCRIPTION',
    'See',
    'rope(5),',
    '“loud”;',
    'and',
    '(/etc/bell).',
    '',
    '**-l**',
    ': Rings',
    'loud.',
    '**-D [tower:]port**',
    '',
    '',
    '',
    '',
    ': Rings there.',
    '',
    '',
    '',
    '- At noon.',
    '',
    '```',
    'bell  -l',
    '```',
    'The bell utility exits 0 on success, and >0 if an error occurs.',
  ]);
});

test('a line alone above indented words is their term, as programs write man pages', async () => {
  expect(
    await linesOf(
      '.SH OPTIONS',
      String.raw`\fB-l\fP, \fB--loud\fP[=false]`,
      '\trings louder',
      '.PP',
      String.raw`\-\-pull <n>\&...`,
      '.RS 4',
      'Pulls it\\&.',
      '.RE',
      '.PP',
      'The bell rings so:',
      '.RS 4',
      'Ding.',
    ),
  ).toEqual([
    '## OPTIONS',
    '**-l, --loud[=false]**',
    ': rings louder',
    '',
    '**--pull <n>...**',
    '',
    ': Pulls it.',
    '',
    '',
    'The bell rings so:',
    '',
    'Ding.',
  ]);
});

test('of conditions, macros and strings of a man page what a terminal shows is read', async () => {
  expect(
    await linesOf(
      String.raw`.ie \n(.g .ds Aq \(aq`,
      String.raw`.el       .ds Aq "`,
      '.de Vx',
      '.SH NOT SHOWN',
      '..',
      '.if t \\{\\',
      'On paper.',
      String.raw`.\}`,
      '.ie n \\{\\',
      String.raw`\h'-04'\(bu\h'+03'\c`,
      String.raw`.\}`,
      '.el \\{\\',
      '.IP X 2',
      String.raw`.\}`,
      String.raw`It\*(Aqs on.`,
      '.Vx 2 words',
      '.NOTE These words are kept.',
      String.raw`na\(:ive \[u00E9]t\['e] a\~b \s-1BIG\s0 \f(CWcode\fR \*[Unknown]\(xx`,
      '.ie t On paper.',
      '.el On a screen.',
      '.TS',
      'tab(:) allbox;',
      'l l.',
      String.raw`Bell:Weight`,
      '_',
      String.raw`\fBTom\fR:4 t`,
      '.TE',
    ),
  ).toEqual([
    ...Array.from({ length: 14 }, () => ''),
    "- It's on.",
    '',
    'These words are kept.',
    'naïve été a b BIG code',
    '',
    'On a screen.',
    '',
    '',
    '',
    'Bell | Weight',
    '',
    'Tom | 4 t',
    '',
  ]);
});

test('running text of a man page makes no headings and no code, and code that nothing ends is ended by a heading', async () => {
  expect(
    await linesOf('# a mark', '', 'The end is', String.raw`\-\-`, '.EX', 'bell', '', '.SH FILES', '.EX', 'x'),
  ).toEqual(['    # a mark', '', 'The end is', '    --', '```', 'bell', '```', '## FILES', '```', 'x', '```']);
});

test.each([
  ['CHANGES.1', ['Version 1', '', '.TH is a macro'], false],
  ['bell.txt', ['.TH BELL 1', '.SH NAME', 'bell'], false],
  ['bell.3pm', ['', '.\\" by a program', '.de Sp', '..', '.TH BELL 3'], true],
  ['bell.man', ['.Dd today', '.Dt BELL 8'], true],
  ['a.1', ["'tis the first line", '.gitignore is a file'], false],
])('%s is a man page by its name and by what it begins with, or it is not: %j', async (name, lines, isPage) => {
  expect(fileProblem(name)).toBeUndefined();
  const { text } = await read(lines, name);
  if (isPage) expect(text).toMatch(/^\n*# BELL\(\d\)$/m);
  else expect(text).toBe(lines.join('\n'));
});

test('a man page that leads to another has no text, and one on the web is read as in a folder', async () => {
  expect((await read(['.so man1/bell.1'])).text).toBe('problem: there is no text in it');
  const bytes = Buffer.from('.TH BELL 1\n.SH NAME\nbell \\- rings');
  const page = await pageText({ url: 'https://example.org/a/bell.1?raw', kind: 'text', charset: undefined, bytes });
  expect(page).toMatchObject({ text: '# BELL(1)\n## NAME\nbell - rings', shape: 'markdown' });
});

test('man pages made to be long are read in time that grows with them', async () => {
  const hostile = [
    '\\'.repeat(200_001),
    "\\h'".repeat(70_000),
    '\\['.repeat(100_000),
    '\\*('.repeat(70_000),
    `.B ${'"'.repeat(200_001)}`,
    `.B ${'a '.repeat(100_000)}`,
    '.if n '.repeat(35_000),
    `.if ${'\\{'.repeat(100_000)}`,
    '\\}'.repeat(100_000),
    `.Op ${'Op '.repeat(70_000)}`,
    `.Oo ${'Fl Ns '.repeat(35_000)}`,
    `.ds x ${'\\*x'.repeat(70_000)}`,
    `a${' '.repeat(200_000)}b`,
    `.${' '.repeat(200_000)}b`,
    ...Array.from({ length: 50_000 }, () => '.Bl\n.It Xo\n.RS\n\tx'),
  ];
  expect(await linesOf(...hostile)).not.toHaveLength(0);
});
