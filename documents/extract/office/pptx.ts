// pptx.ts: slides to text in the order in which they are shown: a page each, its title a heading, its notes after it.

import type { Extracted } from '../extracted.ts';
import type { Archive } from './archive.ts';
import { partsOf, relationsOf } from './relations.ts';
import { readXml, type XmlHandlers } from './read-xml.ts';
import { TextLines } from './text-lines.ts';

/** What belongs to a slide and has words of its own. */
const OF_SLIDE = ['diagramData', 'chart', 'notesSlide', 'comments'];
const TITLES = new Set(['title', 'ctrTitle']);
/** Not what the slide says: its number, the date, and what stands on all of them. */
const FURNITURE = new Set(['sldNum', 'dt', 'ftr', 'hdr', 'sldImg']);

export async function extractPptx(archive: Archive, main: string): Promise<Extracted> {
  const relations = new Map((await relationsOf(archive, main)).map((relation) => [relation.id, relation]));
  const slides: string[] = [];
  await readXml(archive, main, {
    open: (name, { relation = '' }) => {
      if (name === 'sldId') slides.push(relations.get(relation)?.part ?? '');
    },
  });
  const lines = new TextLines();
  const pages: number[] = [];
  const broken: number[] = [];
  for (const [at, slide] of slides.entries()) {
    lines.blank();
    pages.push(lines.nextLine);
    if (!archive.has(slide)) broken.push(at + 1);
    await readXml(archive, slide, slideHandlers(lines));
    const own = await relationsOf(archive, slide);
    for (const part of OF_SLIDE.flatMap((type) => partsOf(own, type)))
      await readXml(archive, part, slideHandlers(lines));
  }
  const lost = [
    ...(broken.length > 0 ? [`slides ${broken.join(', ')} are not in it`] : []),
    ...(lines.isFull ? ['what comes after its first 20 million characters'] : []),
  ];
  return { text: lines.text(), shape: 'markdown', pages, ...(lost.length > 0 ? { lost: lost.join('; ') } : {}) };
}

function slideHandlers(lines: TextLines): XmlHandlers {
  let isTitle = false;
  let isFurniture = false;
  let inText = false;
  let skipped = 0;
  return {
    open: (name, { type = '' }) => {
      if (name === 'Fallback') skipped += 1;
      if (name === 'sp') isTitle = isFurniture = false;
      if (name === 'ph') {
        isTitle = TITLES.has(type);
        isFurniture = FURNITURE.has(type);
      }
      if (name === 'tr') lines.openRow();
      if (name === 'p') lines.openParagraph();
      if (name === 'br') lines.words('\n');
      // A value of a chart, as it was when the slides were saved.
      if (name === 'pt') lines.openParagraph();
      if (name === 't' || name === 'v') inText = true;
    },
    words: (text) => {
      if (inText && !isFurniture && skipped === 0) lines.words(text);
    },
    close: (name) => {
      if (name === 'Fallback') skipped -= 1;
      if (name === 't' || name === 'v') inText = false;
      if (name === 'pt') lines.closeParagraph('');
      if (name === 'p') lines.closeParagraph(isTitle ? '# ' : '');
      if (name === 'tc') lines.closeCell();
      if (name === 'tr') lines.closeRow();
      if (name === 'tbl') lines.blank();
    },
    isEnough: () => lines.isFull,
  };
}
