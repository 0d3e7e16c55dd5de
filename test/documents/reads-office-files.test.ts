// Documents of Word, PowerPoint and Excel, and EPUBs: their words, the places of these, and what harm they may mean.

import { extractApart } from '../../documents/extract/files/extract-apart.ts';
import { extractText } from '../../documents/extract/files/extract-text.ts';
import type { Extracted } from '../../documents/extract/extracted.ts';
import { Archive } from '../../documents/extract/office/archive.ts';
import { cases } from '../rig/long.ts';
import { archiveOf, docxOf, relations, xlsxOf } from './archive-of.ts';
import { corpusOf } from './support.ts';

const read = async (name: string, bytes: Uint8Array): Promise<Extracted> => {
  const extracted = await extractText(name, bytes);
  if ('problem' in extracted) throw new Error(extracted.problem);
  return extracted;
};
const p = (words: string, more = ''): string => `<w:p>${more}<w:r><w:t>${words}</w:t></w:r></w:p>`;

test('a document of Word keeps its headings, lists, tables and words that are split over runs', async () => {
  const body =
    p('Manual', '<w:pPr><w:pStyle w:val="berschrift1"/></w:pPr>') +
    '<w:p><w:r><w:t>The Zar</w:t></w:r><w:proofErr/><w:r><w:t xml:space="preserve">von weighs </w:t></w:r><w:r><w:t>42 kg</w:t></w:r></w:p>' +
    p('first', '<w:pPr><w:numPr/></w:pPr>') +
    `<w:tbl><w:tr><w:tc>${p('Part')}</w:tc><w:tc>${p('Mass')}</w:tc></w:tr><w:tr><w:tc>${p('Flange')}${p('steel')}</w:tc><w:tc>${p('46 g')}</w:tc></w:tr></w:tbl>`;
  const docx = docxOf(body, {
    'word/_rels/document.xml.rels': relations(['s', 'styles', 'styles.xml']),
    'word/styles.xml': '<w:styles><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style></w:styles>',
  });
  expect((await read('a.docx', docx)).text).toBe(
    '# Manual\n\nThe Zarvon weighs 42 kg\n\n- first\nPart | Mass\nFlange steel | 46 g\n',
  );
});

test('a document of Word keeps its text boxes once, its notes, headers and controls, and nothing that was deleted', async () => {
  const box = `<w:txbxContent><w:sdt><w:sdtContent>${p('in a box')}</w:sdtContent></w:sdt></w:txbxContent>`;
  const body =
    `<w:p><w:r><mc:AlternateContent><mc:Choice><wps:txbx>${box}</wps:txbx></mc:Choice><mc:Fallback><v:textbox>${box}</v:textbox></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>around</w:t></w:r></w:p>` +
    `<w:sdt><w:sdtContent>${p('in a control')}</w:sdtContent></w:sdt>` +
    `<w:p><w:del><w:r><w:delText>GONE</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>GONE</w:t></w:r></w:moveFrom><w:r><w:rPr><w:vanish/></w:rPr><w:t>GONE</w:t></w:r></w:p>`;
  const docx = docxOf(body, {
    'word/_rels/document.xml.rels': relations(['f', 'footnotes', 'footnotes.xml'], ['h', 'header', 'header1.xml']),
    'word/footnotes.xml': `<w:footnotes><w:footnote>${p('a note')}</w:footnote></w:footnotes>`,
    'word/header1.xml': `<w:hdr>${p('Confidential')}</w:hdr>`,
  });
  const { text } = await read('a.docx', docx);
  expect(text.split(/\n+/).filter(Boolean)).toEqual([
    'in a box',
    'around',
    'in a control',
    'new',
    'a note',
    'Confidential',
  ]);
});

test('slides are read in the order in which they are shown, each a page, with their notes', async () => {
  const slide = (title: string, words: string): string =>
    `<p:sld><p:sp><p:nvPr><p:ph type="title"/></p:nvPr><a:p><a:r><a:t>${title}</a:t></a:r></a:p></p:sp><p:sp><a:p><a:r><a:t>${words}</a:t></a:r></a:p></p:sp></p:sld>`;
  const pptx = archiveOf({
    '_rels/.rels': relations(['r', 'officeDocument', 'ppt/presentation.xml']),
    'ppt/presentation.xml':
      '<p:presentation><p:sldIdLst><p:sldId id="2" r:id="b"/><p:sldId id="1" r:id="a"/></p:sldIdLst></p:presentation>',
    'ppt/_rels/presentation.xml.rels': relations(
      ['a', 'slide', 'slides/slide1.xml'],
      ['b', 'slide', 'slides/slide2.xml'],
    ),
    'ppt/slides/slide1.xml': slide('Later', 'Buy 43 bolts'),
    'ppt/slides/slide2.xml': slide('First', 'Wait'),
    'ppt/slides/_rels/slide2.xml.rels': relations(['n', 'notesSlide', '../notesSlides/n.xml']),
    'ppt/notesSlides/n.xml': '<p:notes><p:sp><a:p><a:r><a:t>Say it slowly</a:t></a:r></a:p></p:sp></p:notes>',
  });
  const corpus = await corpusOf({ 'plan.pptx': pptx });
  expect(await corpus.locateQuote('plan.pptx', 'Say it slowly')).toMatchObject({ place: { page: 1 } });
  expect(await corpus.locateQuote('plan.pptx', 'Buy 43 bolts')).toMatchObject({ place: { page: 2 } });
});

test('a row of a workbook says under which headers its values stand, and its line is that of the row', async () => {
  const sheet =
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Mass g</t></is></c><c r="C1" t="str"><v>When</v></c><c t="s"><v>1</v></c></row>' +
    '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2"><v>0.30000000000000004</v></c><c r="C2" s="1"><v>45356.5</v></c><c r="D2" s="2"><v>0.125</v></c></row>' +
    '<row r="5"><c t="s"><v>3</v></c><c r="D5"><f>B2*2</f></c></row>';
  const xlsx = xlsxOf(sheet, {
    'xl/sharedStrings.xml':
      '<sst><si><t>Part</t></si><si><t>Share</t></si><si><r><t>Flan</t></r><r><t>ge</t></r><rPh><t>NO</t></rPh></si><si><t>Bolt_x000D_\nlong</t></si></sst>',
    'xl/styles.xml':
      '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-409]d&quot;.&quot;mmm yyyy hh:mm"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="10"/></cellXfs></styleSheet>',
  });
  const { text, pages } = await read('a.xlsx', xlsx);
  expect(text.split('\n').slice(0, 6)).toEqual([
    '## Parts',
    'Part | Mass g | When | Share',
    'Part: Flange | Mass g: 0.3 | When: 2024-03-05 12:00 | Share: 12.5%',
    '',
    '',
    'Part: Bolt long | Share: =B2*2',
  ]);
  expect(pages).toEqual([1]);
});

test('a question about a row of a long workbook finds it with its headers', async () => {
  const rows = Array.from(
    { length: 5_000 },
    (_, i) =>
      `<row><c t="str"><v>gadget ${i}</v></c><c><v>${i * 7}</v></c><c t="str"><v>${i === 3_777 ? 'quartz' : 'tin'}</v></c></row>`,
  );
  const header =
    '<row><c t="str"><v>Name</v></c><c t="str"><v>Mass in grams</v></c><c t="str"><v>Material</v></c></row>';
  const corpus = await corpusOf({ 'stock.xlsx': xlsxOf(header + rows.join('')) });
  const [best] = await corpus.search('What is made of quartz?');
  expect(best?.text).toContain('Name: gadget 3777 | Mass in grams: 26439 | Material: quartz');
});

test('a value that stands over several rows stands in each of them', async () => {
  const sheet =
    '<row><c t="str"><v>Team</v></c><c t="str"><v>Who</v></c></row><row><c t="str"><v>Red</v></c><c t="str"><v>Ann</v></c></row>' +
    '<row><c r="B3" t="str"><v>Bob</v></c></row></sheetData><mergeCells><mergeCell ref="A2:A3"/></mergeCells><sheetData>';
  expect((await read('a.xlsx', xlsxOf(sheet))).text).toContain('Team: Red | Who: Bob');
});

test('a book is read chapter by chapter, and a chapter that is missing is told', async () => {
  const epub = archiveOf({
    mimetype: 'application/epub+zip',
    'META-INF/container.xml': '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
    'OEBPS/book.opf':
      '<package><manifest><item id="b" href="b.xhtml"/><item id="a" href="a%20b.xhtml"/><item id="c" href="c.xhtml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/><itemref idref="c"/></spine></package>',
    'OEBPS/a b.xhtml':
      '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><a id="x"/><h1>One</h1><p>It says 84 litres.</p></body></html>',
    'OEBPS/b.xhtml': '<html><body><p>The second chapter.</p></body></html>',
  });
  expect(await read('book.epub', epub)).toEqual({
    text: '# One\n\nIt says 84 litres.\n\nThe second chapter.\n\n',
    shape: 'markdown',
    pages: [1, 5],
    lost: 'OEBPS/c.xhtml: it is not in the book',
  });
});

const OPF = (inner: string): string => `<package>${inner}</package>`;
const LIST = '<manifest><item id="b" href="b.xhtml"/><item id="a" href="a.xhtml"/></manifest>';
const ORDER = '<spine><itemref idref="b"/><itemref idref="a"/></spine>';
test.each<[string, Record<string, string>, string]>([
  ['names another list than it has', { 'x.opf': OPF(LIST + ORDER) }, 'b a'],
  ['names no list, and has one', { 'META-INF/container.xml': '<container/>', 'x.opf': OPF(LIST + ORDER) }, 'b a'],
  ['has no list at all', {}, 'a b'],
  ['says the order before the list', { 'book.opf': OPF(ORDER + LIST) }, 'b a'],
  ['says no order', { 'book.opf': OPF(LIST) }, 'b a'],
  ['says an order of what is not there', { 'book.opf': OPF(LIST + '<spine><itemref idref="z"/></spine>') }, 'b a'],
])('a book that %s is read all the same', async (_what, parts, order) => {
  const epub = archiveOf({
    'META-INF/container.xml': '<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>',
    'a.xhtml': '<p>a</p>',
    'b.xhtml': '<p>b</p>',
    ...parts,
  });
  expect((await read('book.epub', epub)).text.split(/\s+/).join(' ').trim()).toBe(order);
});

test('hours that go on beyond a day are no date', async () => {
  const styles =
    '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[h]:mm"/></numFmts><cellXfs><xf numFmtId="164"/><xf numFmtId="46"/></cellXfs></styleSheet>';
  const cells = '<row><c s="0"><v>1.5</v></c><c s="1"><v>-2.2500115741</v></c></row>';
  expect((await read('a.xlsx', xlsxOf(cells, { 'xl/styles.xml': styles }))).text).toContain('36:00 | -54:00:01');
});

test('sheets that are not in a workbook, or are charts, are told, and its comments are read', async () => {
  const workbook = archiveOf({
    '_rels/.rels': relations(['r1', 'officeDocument', 'xl/workbook.xml']),
    'xl/workbook.xml':
      '<workbook><sheets><sheet name="A" r:id="r1"/><sheet name="B" r:id="r2"/><sheet name="C" r:id="r3"/><sheet name="D" r:id="r4"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': relations(
      ['r1', 'worksheet', 'a.xml'],
      ['r2', 'worksheet', 'b.xml'],
      ['r3', 'chartsheet', 'c.xml'],
    ),
    'xl/a.xml': '<worksheet><sheetData><row r="1"><c r="A1"><v>5</v></c></row></sheetData></worksheet>',
    'xl/_rels/a.xml.rels': relations(['r1', 'comments', 'remarks.xml']),
    'xl/remarks.xml':
      '<comments><comment ref="A1"><text><r><t>weighed </t></r><r><t>twice</t></r></text></comment></comments>',
  });
  expect(await read('a.xlsx', workbook)).toEqual({
    text: '## A\n5\nComment at A1: weighed twice\n\n',
    shape: 'markdown',
    pages: [1],
    lost: 'sheet “B” is not in it; sheet “C”: it is a chartsheet; sheet “D” is not in it',
  });
});

test('a page that a web program put whole into a document is read, and what is no page is told', async () => {
  const chunks = {
    'word/_rels/document.xml.rels': relations(['r1', 'aFChunk', 'page.html'], ['r2', 'aFChunk', 'page.mht']),
    'word/page.html': '<p>It says 84 litres.</p>',
    'word/page.mht': 'x',
  };
  expect(await read('a.docx', docxOf('<w:altChunk/>', chunks))).toMatchObject({
    text: expect.stringContaining('It says 84 litres.') as string,
    lost: 'word/page.mht: it is of another kind',
  });
});

test('the chart of a slide is read, and a slide that is nowhere is told', async () => {
  const slides = archiveOf({
    '_rels/.rels': relations(['r1', 'officeDocument', 'ppt/presentation.xml']),
    'ppt/presentation.xml': '<p><sldIdLst><sldId r:id="r1"/><sldId r:id="r9"/></sldIdLst></p>',
    'ppt/_rels/presentation.xml.rels': relations(['r1', 'slide', 's.xml']),
    'ppt/s.xml': '<sld/>',
    'ppt/_rels/s.xml.rels': relations(['r1', 'chart', 'c.xml']),
    'ppt/c.xml': '<chart><title><p><r><t>Sold</t></r></p></title><numCache><pt><v>77</v></pt></numCache></chart>',
  });
  const { text, lost } = (await read('a.pptx', slides)) as { text: string; lost?: string };
  expect([text.split(/\s+/).join(' ').trim(), lost]).toEqual(['Sold 77', 'slides 2 are not in it']);
});

test.each([
  ['cut off in the middle', docxOf(p('x')).subarray(0, 200), /archive is broken/],
  ['that is another archive', archiveOf({ 'a.txt': 'x' }), /no document of Word/],
  ['of before 2007', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /of the kind before 2007$/],
  ['without a word', docxOf(''), /no text/],
])('an office file %s is left out with a reason', async (_what, bytes, reason) => {
  expect(await extractText('a.docx', bytes)).toMatchObject({ problem: expect.stringMatching(reason) as string });
});

test('an archive that unpacks to more than is allowed is read no further, whatever it says of its sizes', async () => {
  const bomb = archiveOf({ 'a.xml': Buffer.alloc(30_000_000) }, { 'a.xml': 10 });
  const archive = await Archive.open(bomb, 1_000_000);
  let bytes = 0;
  await expect(
    (async () => {
      for await (const piece of archive.read('a.xml')) bytes += piece.length;
    })(),
  ).rejects.toThrow('larger than what is read of one file');
  expect(bytes).toBeLessThanOrEqual(1_000_000);
});

const TOO_LONG: [string, () => Buffer, RegExp][] = [
  ['a paragraph of 22 million characters', () => docxOf(p('words '.repeat(3_700_000))), /first 20 million characters/],
  [
    'more than a million cells',
    () => xlsxOf('<row><c><v>1</v></c><c><v>2</v></c></row>'.repeat(660_000)),
    /from row \d+ on: more than 20 million/,
  ],
  [
    'a header that is longer than all rows',
    () =>
      xlsxOf(
        `<row><c t="str"><v>${'x'.repeat(100_000)}</v></c><c t="str"><v>b</v></c></row>${'<row><c><v>1</v></c><c><v>2</v></c></row>'.repeat(210_000)}`,
      ),
    /from row \d+ on: more than 20 million/,
  ],
];
test.each(cases(TOO_LONG, ([what]) => what !== 'more than a million cells'))(
  'of %s as much is read as of a plain text, and the rest is told',
  async (_what, bytes, lost) => {
    const extracted = await read('a', bytes());
    expect(extracted.lost).toMatch(lost);
    expect(extracted.text.length).toBeLessThan(21_000_000);
  },
);

test('a document that is nested without end is refused', async () => {
  expect(await extractText('a.docx', docxOf('<w:tbl><w:tr><w:tc>'.repeat(100_000)))).toEqual({
    problem: 'its elements are nested deeper than any program writes them',
  });
});

test('entities that a document makes up are not expanded', async () => {
  const names = 'abcdefghij';
  const bomb = Array.from(names)
    .map((name, i) => `<!ENTITY ${name} "${`&${names[i - 1] ?? 'lol'};`.repeat(10)}">`)
    .join('');
  const docx = docxOf('', {
    'word/document.xml': `<!DOCTYPE d [${bomb}]><w:document><w:body>${p('before &j; after &amp; on')}</w:body></w:document>`,
  });
  expect((await read('a.docx', docx)).text).toBe('before &j; after & on\n');
});

test('a file that takes too long is stopped where it is read, and the next one is read', async () => {
  const deep = Buffer.from(`<p>${'<b>'.repeat(3_000_000)}x`);
  expect(await extractApart('deep.html', deep, 100)).toEqual({
    problem: 'reading it was stopped: it took longer than 100 ms',
  });
  expect(await extractApart('a.html', Buffer.from('<p>all is well'))).toMatchObject({ text: 'all is well\n' });
});
