// Text in whatever encoding it was written: nothing is lost but the characters that can't be read.

import { execFileSync } from 'node:child_process';
import { extractText } from '../../documents/extract/files/extract-text.ts';
import { pageText } from '../../documents/web/page-text.ts';

const textOf = async (name: string, content: Uint8Array): Promise<string> => {
  const extracted = await extractText(name, content);
  return 'text' in extracted ? extracted.text : `problem: ${extracted.problem}`;
};

/** Python knows how to write them all: one process for many of them. */
function allWritten(texts: readonly (readonly [encoding: string, text: string])[]): Buffer[] {
  const script =
    'import base64,json,sys\nfor e,t in json.load(sys.stdin): print(base64.b64encode(t.encode(e)).decode())';
  const lines = execFileSync('python3', ['-c', script], { input: JSON.stringify(texts), encoding: 'utf8' });
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => Buffer.from(line, 'base64'));
}
const written = (text: string, encoding: string): Buffer => allWritten([[encoding, text]])[0]!;

const TEXTS: [string, string][] = [
  ['cp1252', 'The café unit costs 41 € a month – never more.'],
  ['latin-1', 'Der Ofen für Müller wiegt größer als 42 Kilogramm.'],
  ['cp1252', 'Prénom;Nom\ninvitéàçù01;un\ninvitéàçù02;deux'],
  ['cp1252', 'It costs £40 at 45° of warmth'],
  ['mac_roman', 'Der Ofen für Müller wiegt größer als 42 Kilogramm.'],
  ['mac_roman', 'Le café à Orléans coûte 42 francs ; ça déçoit.'],
  ['mac_roman', 'The “unit” costs £40 – don’t panic at 45° of warmth'],
  ['cp437', 'Der Ofen für Müller wiegt größer als 42 Kilogramm.'],
  ['cp437', 'The unit costs £40 at 45° of warmth, ±2'],
  ['cp850', 'O avião não é português: custa 42 réis, e são três.'],
  ['cp850', 'Größe'],
  ['cp1252', 'Größe'],
  ['cp1252', 'Avis : 3ème étage, « ÉTÉ », à 45 °C — l’œuvre coûte 42 €'],
  ['cp1250', 'Urządzenie waży 42 kilogramy, źródło: łódź.'],
  ['cp1251', 'Напряжение устройства составляет 82 вольта.'],
  ['koi8-r', 'Напряжение устройства составляет 82 вольта.'],
  ['cp1253', 'Η συσκευή ζυγίζει 42 κιλά.'],
  ['cp1256', 'جهاز القياس يزن 68 كيلوغراما.'],
  ['cp874', 'เครื่องนี้หนัก 69 กิโลกรัม'],
  ['shift_jis', 'この装置の電圧は43ボルトです。'],
  ['euc_jp', 'この装置の電圧は43ボルトです。'],
  ['iso2022_jp', 'この装置の電圧は43ボルトです。'],
  ['gbk', '这台装置的电压是82伏特。'],
  ['big5', '這台裝置的電壓是82伏特。'],
  ['euc_kr', '이 장치의 전압은 82볼트입니다.'],
  ['utf-16-le', 'The pitch is 45 degrees.\nAnd no mark says so.'],
  ['utf-16-be', 'The pitch is 45 degrees.\nAnd no mark says so.'],
  ['utf-16-le', 'この装置の電圧は43ボルトです。\n二行目。'],
  ['utf-32', 'The pitch is 45 degrees, with a mark.'],
  ['utf-32-le', 'The pitch is 45 degrees, without one.'],
];
const files = allWritten(TEXTS);
test.each(TEXTS.map(([encoding, text], at) => [encoding, text, files[at]!] as const))(
  'a file in %s that says nowhere in which encoding it is keeps its words: %s',
  async (_encoding, text, file) => {
    expect(await textOf('notes.txt', file)).toBe(text);
  },
);

test('a table with a few Japanese words under an English header and many numbers is read as Japanese', async () => {
  const rows = '2,りんご,200\n3,みかん,50\n';
  const numbers = Array.from({ length: 2_000 }, (_, i) => `${i},row,${i * 3}\n`).join('');
  expect(await textOf('export.csv', written(`id,name,price\n${numbers}${rows}`, 'cp932'))).toContain(rows);
});

test.each([
  ['an HTML page by its meta tag', 'page.html', '<meta charset="iso-8859-1"><p>Herr Müller'],
  [
    'an HTML page by its older meta tag',
    'a.htm',
    '<META http-equiv=Content-Type content="text/html; charset=windows-1252"><p>Müller',
  ],
  ['an XML document by its first line', 'data.xml', "<?xml version='1.0' encoding='windows-1252'?><a>Müller"],
])('%s says in which encoding it is', async (_what, name, text) => {
  expect(await textOf(name, Buffer.from(text, 'latin1'))).toContain('Müller');
  // One that was converted and says the old thing still.
  expect(await textOf(name, Buffer.from(text))).toContain('Müller');
});

test('a page of the web is decoded as its server says, else as it says, else as a file would be', async () => {
  const page = (content: Buffer, charset?: string) =>
    pageText({ url: 'https://a.example/', kind: 'html', charset, bytes: content });
  const text = async (...of: Parameters<typeof page>) => ((await page(...of)) as { text: string }).text;
  expect(await text(written('<p>装置の電圧', 'shift_jis'), 'Shift_JIS')).toBe('装置の電圧');
  expect(await text(written('<meta charset=euc-jp><p>装置の電圧', 'euc_jp'))).toBe('装置の電圧');
  expect(await text(written('<p>この装置の電圧は43ボルトです。', 'shift_jis'))).toBe('この装置の電圧は43ボルトです。');
});

test('a bad byte costs a character, not a file', async () => {
  const good = 'Größe und Höhe, müde Öfen.\n'.repeat(5);
  const damaged = Buffer.concat([Buffer.from(good), Buffer.from([0xff, 0x0a]), Buffer.from('ende')]);
  expect(await textOf('a.md', damaged)).toBe(`${good}\ufffd\nende`);
  expect(await textOf('a.txt', Buffer.from('rated 48 ampere\n\0\n'))).toBe('rated 48 ampere\n\ufffd\n');
  expect(await textOf('cut.md', Buffer.from(good).subarray(0, -1 - 'fen.\n'.length))).toContain('müde');
});

test.each([
  ['a program', Buffer.from([127, 69, 76, 70, 2, 1, 1, 0, 0, 0, 0, 0, 3, 0, 62, 0, 1, 0, 0, 0])],
  ['packed data', Buffer.from(Array.from({ length: 4_096 }, (_, i) => (i * i * 31 + i * 7) % 251))],
  ['a picture', Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010806', 'hex')],
])('%s under the name of a text is no text', async (_what, bytes) => {
  expect(await textOf('a.txt', bytes)).toBe('problem: binary content');
});
