// pdf-of.ts: PDFs made for one test: a page for each content stream, with a Latin font, two Asian ones that no PDF holds
// itself, and a picture.

const FONTS = {
  E: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  C: cid('STSong-Light', 'UniGB-UCS2-H', 'GB1'),
  J: cid('HeiseiMin-W3', '90ms-RKSJ-H', 'Japan1'),
  K: cid('HYSMyeongJo-Medium', 'KSCms-UHC-H', 'Korea1'),
};

function cid(name: string, map: string, ordering: string): string {
  const info = `<< /Registry (Adobe) /Ordering (${ordering}) /Supplement 0 >>`;
  const descriptor = `<< /Type /FontDescriptor /FontName /${name} /Flags 6 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 752 /Descent -271 /CapHeight 737 /StemV 58 >>`;
  const font = `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /${name} /CIDSystemInfo ${info} /FontDescriptor ${descriptor} >>`;
  return `<< /Type /Font /Subtype /Type0 /BaseFont /${name}-${map} /Encoding /${map} /DescendantFonts [${font}] >>`;
}

const fonts = Object.entries(FONTS).map(([name, font]) => `/${name} ${font}`);
const PICTURE =
  '<< /Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 4 >>\nstream\nabcd\nendstream';

/** @param pages what each page draws, and what is written onto it */
export function pdfOf(...pages: (string | { draws: string; annotations: string })[]): Buffer {
  const all = pages.map((page) => (typeof page === 'string' ? { draws: page, annotations: '' } : page));
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${pages.map((_, i) => `${4 + 2 * i} 0 R`).join(' ')}] /Count ${pages.length} >>`,
    PICTURE,
    ...all.flatMap(({ draws: content, annotations }, i) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << ${fonts.join(' ')} >> /XObject << /P 3 0 R >> >> /Contents ${5 + 2 * i} 0 R /Annots [${annotations}] >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ]),
  ];
  let out = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const here = out.length;
    out += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return here;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${out.length}\n%%EOF\n`;
  return Buffer.from(`${out}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}${trailer}`, 'latin1');
}

/** Draws bytes in one of the fonts. */
export const drawn = (font: keyof typeof FONTS, bytes: Uint8Array): string =>
  `BT /${font} 14 Tf 60 700 Td <${Buffer.from(bytes).toString('hex')}> Tj ET`;
