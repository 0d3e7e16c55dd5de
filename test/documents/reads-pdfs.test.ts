// PDFs: Chinese, Japanese and Korean text whose fonts are not in the file, and why there is no text where there is none.

import { extractApart } from '../../documents/extract/files/extract-apart.ts';
import { corpusOf } from './support.ts';
import { drawn, pdfOf } from './pdf-of.ts';

const read = async (bytes: Uint8Array, name = 'a.pdf'): Promise<string> => {
  const extracted = await extractApart(name, bytes);
  return 'text' in extracted ? extracted.text.trim() : `problem: ${extracted.problem}`;
};
/** UTF-16 as such fonts have it. */
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

test('the Chinese words of a PDF are read, alone and beside English ones', async () => {
  const chinese = '装置的电压是八十二伏特。';
  expect(await read(pdfOf(drawn('C', wide(chinese))))).toBe(chinese);
  const mixed = await read(pdfOf(`${drawn('E', Buffer.from('Data sheet, page one.'))} ${drawn('C', wide(chinese))}`));
  expect(mixed).toContain('Data sheet, page one.');
  expect(mixed).toContain(chinese);
});

test('the Japanese and Korean words of a PDF are read, in the encodings of old programs', async () => {
  // 装置の電圧 in Shift-JIS, 전압 in the Korean code page.
  expect(await read(pdfOf(drawn('J', Buffer.from('9195927582cc93648db3'.slice(0, 16), 'hex'))))).toBe('装置の電');
  expect(await read(pdfOf(drawn('K', Buffer.from('c0fcbed0', 'hex'))))).toBe('전압');
});

test('what was filled into the form of a PDF, or written onto it, is read after the words of its page', async () => {
  const at = '/Type /Annot /F 4 /Rect [10 10 90 30]';
  const annotations = [
    `<< ${at} /Subtype /Widget /FT /Tx /T (weight) /V (42 kilograms) >>`,
    `<< ${at} /Subtype /Widget /FT /Tx /T (colour) >>`,
    `<< ${at} /Subtype /Widget /FT /Btn /T (tested) /V /Yes /AS /Yes >>`,
    `<< ${at} /Subtype /Widget /FT /Btn /T (broken) /V /Off /AS /Off >>`,
    `<< ${at} /Subtype /FreeText /DA (/E 12 Tf) /Contents (Approved by Ada) >>`,
  ].join(' ');
  const written = ['weight: 42 kilograms', 'tested: Yes', 'Approved by Ada'];
  const lines = async (draws: string): Promise<string[]> => (await read(pdfOf({ draws, annotations }))).split('\n');
  expect((await lines(drawn('E', Buffer.from('Data')))).sort()).toEqual(['Data', ...written].sort());
  expect((await lines('')).sort()).toEqual([...written].sort());
});

test('they are found in the thread of an installed package, too', async () => {
  const corpus = await corpusOf({
    'a.pdf': pdfOf(drawn('E', Buffer.from('one')), drawn('C', wide('这里电压是八十二伏特的装置'))),
  });
  expect(await corpus.locateQuote('a.pdf', '这里电压是八十二伏特的装置')).toMatchObject({ place: { page: 2 } });
});

test.each([
  ['pictures', 'q 500 0 0 700 0 0 cm /P Do Q', 'there are pictures and no text on its page (a scan?)'],
  ['drawings', '10 10 m 300 300 l S', 'there are drawings and no text on its page'],
  ['nothing', '', 'there is nothing on its page'],
])('a PDF that holds only %s is left out with that reason', async (_what, content, reason) => {
  expect(await read(pdfOf(content))).toBe(`problem: ${reason}`);
});

test('a PDF is known by its content: under another name, behind what a server sent before it, and a page that is none', async () => {
  const pdf = pdfOf(drawn('E', Buffer.from('It says 80 litres.')));
  expect(await read(pdf, 'report.txt')).toBe('It says 80 litres.');
  expect(await read(Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), pdf]))).toBe('It says 80 litres.');
  expect(await read(Buffer.from('<!DOCTYPE html><html><p>Not found: 404'))).toBe('Not found: 404');
});
