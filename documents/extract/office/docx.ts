// docx.ts: a word processor's document to text: body, text boxes, tables, then notes, headers and footers, each once.
// What a tracked change took away and what is formatted as hidden is not read.

import { decodeText } from '../decode-text.ts';
import { extractHtml } from '../extract-html.ts';
import type { Extracted } from '../extracted.ts';
import type { Archive } from './archive.ts';
import { partsOf, relationsOf } from './relations.ts';
import { readXml, type XmlHandlers } from './read-xml.ts';
import { TextLines } from './text-lines.ts';
import { symbolSign, withSigns } from '../symbol-fonts.ts';

/** What stands beside the body. */
const BESIDE = ['footnotes', 'endnotes', 'comments', 'header', 'footer'];
/** Their words are not shown where they stand. */
const SKIPPED = new Set(['moveFrom', 'Fallback', 'instrText', 'delText', 'rPh']);

export async function extractDocx(archive: Archive, main: string): Promise<Extracted | { problem: string }> {
  const relations = await relationsOf(archive, main);
  const [styles] = partsOf(relations, 'styles');
  const body = new BodyReader(styles === undefined ? new Map() : await styleOpenings(archive, styles));
  await readXml(archive, main, body.handlers);
  const text = [body.lines.text()];
  const seen = new Set<string>();
  for (const part of BESIDE.flatMap((type) => partsOf(relations, type))) {
    const beside = new BodyReader(new Map());
    await readXml(archive, part, beside.handlers);
    // Headers of sections often say the same.
    const words = beside.lines.text();
    if (words.trim() !== '' && !seen.has(words)) text.push(words);
    seen.add(words);
  }
  // Web programs put a whole page into it, which Word turns into text when it is opened.
  const unread: string[] = [];
  for (const part of partsOf(relations, 'aFChunk')) {
    const page = /\.x?html?$/i.test(part) ? await archive.bytes(part) : undefined;
    const read = page && (await decodeText(page, { markup: true }));
    if (read && 'text' in read) text.push(extractHtml(read.text).text);
    else unread.push(`${part}: it is of another kind`);
  }
  const lost = [...unread, ...(body.lines.isFull ? ['what comes after its first 20 million characters'] : [])];
  if (lost.length > 0 && text.every((one) => one.trim() === '')) return { problem: lost.join('; ') };
  return {
    text: text.join('\n'),
    shape: 'markdown',
    ...(body.pages.length > 1 ? { pages: body.pages } : {}),
    ...(lost.length > 0 ? { lost: lost.join('; ') } : {}),
  };
}

/** What paragraphs of a style begin with, by its id; told by its name and what it does: ids are in the language of who made it. */
async function styleOpenings(archive: Archive, part: string): Promise<Map<string, string>> {
  const openings = new Map<string, string>();
  let id = '';
  await readXml(archive, part, {
    open: (name, { styleId = '', val = '' }) => {
      if (name === 'style') id = styleId;
      if (name === 'numPr' && !openings.has(id)) openings.set(id, '- ');
      const heading = name === 'name' ? /^(?:heading ([1-6])|title)$/i.exec(val) : null;
      if (heading) openings.set(id, headingOf(Number(heading[1] ?? 1)));
      if (name === 'outlineLvl' && /^[0-5]$/.test(val)) openings.set(id, headingOf(Number(val) + 1));
    },
  });
  return openings;
}

const headingOf = (level: number): string => `${'#'.repeat(level)} `;

class BodyReader {
  readonly lines = new TextLines();
  /** Lines at which pages start, as they were laid out when the document was last saved. */
  readonly pages = [1];
  readonly #styles: ReadonlyMap<string, string>;
  #opening: string[] = [];
  #skipped = 0;
  #inText = false;
  #isHidden = false;
  /** Of the run. */
  #font = '';

  constructor(styles: ReadonlyMap<string, string>) {
    this.#styles = styles;
  }

  readonly handlers: XmlHandlers = {
    open: (name, attributes) => {
      if (SKIPPED.has(name)) this.#skipped += 1;
      if (this.#skipped === 0) this.#open(name, attributes);
    },
    words: (text) => {
      if (this.#inText && this.#skipped === 0 && !this.#isHidden) this.lines.words(withSigns(this.#font, text));
    },
    close: (name) => {
      if (SKIPPED.has(name)) this.#skipped -= 1;
      else if (this.#skipped === 0) this.#close(name);
    },
    isEnough: () => this.lines.isFull,
  };

  #open(name: string, { val, char, font, ascii }: Readonly<Record<string, string>>): void {
    switch (name) {
      case 'p':
        this.#opening.push('');
        return this.lines.openParagraph();
      case 'pStyle':
        return this.#setOpening(this.#styles.get(val ?? ''));
      case 'outlineLvl':
        return this.#setOpening(/^[0-5]$/.test(val ?? '') ? headingOf(Number(val) + 1) : undefined);
      case 'numPr':
        if (this.#opening.at(-1) === '') this.#opening[this.#opening.length - 1] = '- ';
        return;
      case 'r':
        this.#isHidden = false;
        this.#font = '';
        return;
      case 'rFonts':
        this.#font = ascii ?? '';
        return;
      case 'sym':
        if (!this.#isHidden) this.lines.words(symbolSign(font ?? '', Number.parseInt(char ?? '', 16)));
        return;
      case 'vanish':
        this.#isHidden = !/^(?:0|false|off)$/.test(val ?? '');
        return;
      case 't':
        this.#inText = true;
        return;
      case 'tr':
        return this.lines.openRow();
      case 'lastRenderedPageBreak':
        if (this.pages.at(-1) !== this.lines.nextLine) this.pages.push(this.lines.nextLine);
        return;
      case 'tab':
        // With a value it is where a tab would lead to.
        if (val === undefined) this.lines.words('\t');
        return;
      case 'br':
      case 'cr':
        return this.lines.words('\n');
      case 'noBreakHyphen':
        return this.lines.words('-');
    }
  }

  #close(name: string): void {
    if (name === 't') this.#inText = false;
    else if (name === 'p') this.lines.closeParagraph(this.#opening.pop());
    else if (name === 'tc') this.lines.closeCell();
    else if (name === 'tr') this.lines.closeRow();
    else if (name === 'tbl') this.lines.blank();
  }

  #setOpening(opening: string | undefined): void {
    if (opening !== undefined) this.#opening[this.#opening.length - 1] = opening;
  }
}
