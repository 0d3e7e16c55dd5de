// Mails and RTF: the words that a reader of them sees, and none of what carries these.

import { extractText } from '../../documents/extract/files/extract-text.ts';
import { docxOf } from './archive-of.ts';

const read = async (name: string, content: string | Uint8Array): Promise<{ text: string; lost?: string }> => {
  const extracted = await extractText(name, Buffer.from(content as string));
  return 'problem' in extracted ? { text: `problem: ${extracted.problem}` } : extracted;
};
const base64 = (content: string | Uint8Array): string =>
  Buffer.from(content as string)
    .toString('base64')
    .replace(/.{76}/g, '$&\r\n');
const mail = (...lines: string[]): string => lines.join('\r\n');
const rtf = (body: string): string => `{\\rtf1\\ansi\\ansicpg1252\\deff0 ${body}}`;

const HEAD = [
  'From: =?utf-8?B?SsO8cmdlbg==?= <j@example.org>',
  'To: Ada <ada@example.org>',
  'Subject: =?iso-8859-1?Q?Gr=F6=DFe?=',
  'Date: Tue, 3 Mar 2026 10:00:00 +0100',
  'MIME-Version: 1.0',
];

test('a mail is its subject, who and when, its decoded words and what is attached, and no code', async () => {
  const { text, lost } = await read(
    'a.eml',
    mail(
      ...HEAD,
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain; charset=windows-1252',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'It weighs 42=A0kg =96 that=92s =',
      'all.',
      '--b',
      'Content-Type: application/octet-stream; name="parts.docx"',
      'Content-Disposition: attachment; filename="parts.docx"',
      'Content-Transfer-Encoding: base64',
      '',
      base64(docxOf('<w:p><w:r><w:t>The flange is steel.</w:t></w:r></w:p>')),
      '--b',
      'Content-Type: application/zip',
      'Content-Disposition: attachment; filename="all.zip"',
      'Content-Transfer-Encoding: base64',
      '',
      base64('PK\x03\x04broken'),
      '--b--',
    ),
  );
  expect(text).toBe(
    '# Größe\n\nFrom: Jürgen <j@example.org>\nTo: Ada <ada@example.org>\nDate: 2026-03-03T09:00:00.000Z\n\n' +
      'It weighs 42\u00a0kg – that’s all.\n\n## parts.docx\n\nThe flange is steel.\n',
  );
  expect(lost).toMatch(/^what is attached as all\.zip: /);
});

test('of a mail in two forms the one that says more is read, and a page kept as a mail is read', async () => {
  const page = `<html><body><h1>Offer</h1><p>${'The press costs 900 euros. '.repeat(9)}</p></body></html>`;
  const both = mail(
    ...HEAD,
    'Content-Type: multipart/alternative; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'Your mailer shows no HTML.',
    '--b',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    base64(page),
    '--b--',
  );
  expect((await read('a.eml', both)).text).toContain('The press costs 900 euros.');
  expect((await read('a.mhtml', both)).text).not.toContain('shows no HTML');
});

test('a box of mails is all of them, each a page', async () => {
  const one = (n: number): string =>
    `From a@b Tue Mar  3 10:00:00 2026\nSubject: Mail ${n}\n\nIt says ${n}.\n>From here on.\n\n`;
  const extracted = await read('all.mbox', one(1) + one(2));
  expect(extracted.text).toBe('# Mail 1\n\nIt says 1.\nFrom here on.\n\n# Mail 2\n\nIt says 2.\nFrom here on.\n');
  expect(extracted).toMatchObject({ pages: [1, 6] });
});

test.each([
  [
    'that is encrypted',
    mail(
      ...HEAD,
      'Content-Type: application/pkcs7-mime; name=smime.p7m',
      'Content-Transfer-Encoding: base64',
      '',
      'AAAA',
    ),
    'problem: its words: they are encrypted',
  ],
  ['that is no mail', 'Only a few words of a text.', 'Only a few words of a text.'],
])('a file named .eml %s', async (_what, content, words) => {
  expect((await read('a.eml', content)).text).toBe(words);
});

test('RTF is its paragraphs, tables and notes, in the encodings of its fonts, without what is not shown', async () => {
  const fonts =
    '{\\fonttbl{\\f0\\fswiss Arial;}{\\f1\\fcharset204 Times;}{\\f2\\fcharset2 Symbol;}{\\f3\\fcharset128 MS Mincho;}}';
  const { text } = await read(
    'a.rtf',
    rtf(
      `${fonts}{\\colortbl;\\red0\\green0\\blue0;}{\\*\\generator Riched20;}{\\info{\\title GONE}}{\\stylesheet{\\s1 heading;}}` +
        "\\pard\\f0 M\\'fcller weighs 42\\~kg \\u8211?\\ldblquote all\\rdblquote .\\par\r\n" +
        "{\\f1\\'cf\\'f0\\'e8\\'e2\\'e5\\'f2} {\\f2\\'a3} 5 {\\f3\\'93\\'fa\\'96\\'7b}\\par " +
        '{\\v GONE}{\\deleted GONE}{\\field{\\*\\fldinst HYPERLINK "GONE"}{\\fldrslt the link}}{\\footnote a note}\\par ' +
        '\\trowd\\intbl Part\\cell Mass\\cell\\row\\trowd\\intbl Flange\\par steel\\cell 46 g\\cell\\row ' +
        '\\pard {\\pict 89504e47}\\{after\\}{\\bin3 }}}}x\\par',
    ),
  );
  expect(text.split(/\n+/).filter(Boolean)).toEqual([
    'Müller weighs 42\u00a0kg –“all”.',
    'Привет ≤ 5 日本',
    'the link',
    'Part | Mass',
    'Flange steel | 46 g',
    '{after}x',
    'a note',
  ]);
});

test('signs of Symbol and Wingdings in a document of Word are what they show', async () => {
  const sym = (font: string, char: string): string => `<w:r><w:sym w:font="${font}" w:char="${char}"/></w:r>`;
  const docx = docxOf(
    `<w:p><w:r><w:t>mass </w:t></w:r>${sym('Symbol', 'F0A3')}<w:r><w:t>30 </w:t></w:r>${sym('Symbol', 'F06D')}<w:r><w:t>g </w:t></w:r>` +
      `${sym('Wingdings', 'F0FC')}${sym('Nobody', 'F041')}<w:r><w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr><w:t>\uf0b1</w:t></w:r></w:p>`,
  );
  expect((await read('a.docx', docx)).text).toBe('mass ≤30 μg ✓\ufffd±\n');
});

test.each([
  ['EncryptedPackage', 'it is locked with a password'],
  ['__substg1.0_1000001F', 'a mail as Outlook keeps it; kept as .eml it is read'],
  ['WordDocument', 'an Office file of the kind before 2007'],
])('a file in the older form of Office that holds %s is told for what it is', async (part, problem) => {
  const bytes = Buffer.concat([
    Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    Buffer.alloc(600),
    Buffer.from(part, 'utf16le'),
  ]);
  expect((await read('a.docx', bytes)).text).toBe(`problem: ${problem}`);
});
