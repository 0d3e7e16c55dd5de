// extract-html.ts: HTML, of a file or of a page of the web, to lines of text: headings as `# …`, list items as `- …`, code
// in fences, tables as Markdown has them, terms of a list of definitions as `**…**`. All words that a browser would show stay as they are, but for navigation
// and controls; nothing is fetched or run.

import { captionOf, isNaming, tableLines, type TableRow } from './html-table.ts';
import { parseHtml, wordSet, type HtmlElement } from './html-tree.ts';
import { isSeen, scanPage, type Visibility } from './html-visible.ts';
import { BOLD, LineWriter } from './line-writer.ts';

const BLOCKS = wordSet(
  'address article aside blockquote body caption dd details div dl dt fieldset figcaption figure footer form header hr ' +
    'html li main nav ol p section summary table tbody text tfoot thead tr ul h1 h2 h3 h4 h5 h6',
);
/** Blocks that follow each other without a blank line; `text` is that of a drawing. */
const TIGHT = wordSet('li tr dd tbody thead tfoot text');
/** "5.4.", "Q3:" */
const LABEL = /^[A-Z]?\d{1,3}(?:\.\d{1,3}){0,3}[.:)]?$/;
/** Of a page that keeps less than this, what looked like navigation or decoration is read, too, when that is most of it. */
const SHORT = 2_000;
const LEAST_KEPT = 0.25;
/** Pages within pages. */
const MOST_FRAMES = 3;

/**
 * The text of a page, and its title ('' when it has none).
 * @param address where the page is, which its links are then written out from. Default: links are their words alone.
 */
export function extractHtml(html: string, address?: string): { title: string; text: string } {
  // A comment may end like this, too.
  const page = parseHtml(html.replaceAll('--!>', '-->'));
  const { title, holdsContent } = scanPage(page);
  const written = (isLenient: boolean): string => {
    const writer = new PageWriter({ holdsContent, isLenient }, address);
    writer.write(page);
    return writer.text();
  };
  const kept = written(false);
  const all = kept.length < SHORT ? written(true) : kept;
  const text = kept.length < all.length * LEAST_KEPT ? all : kept;
  return { title, text: title && !/^# /m.test(text) ? `# ${title}\n\n${text}` : text };
}

/** The rows of a table that stands in Markdown, and its caption; undefined where it is none, or lays out a page. */
export function tableInMarkdown(html: string): { caption: string; rows: TableRow[] } | undefined {
  const page = parseHtml(html);
  const [table, ...others] = page.children.filter((child) => typeof child === 'object' || child.trim() !== '');
  if (typeof table !== 'object' || table.name !== 'table' || others.length > 0) return undefined;
  return new PageWriter({ holdsContent: new Set(), isLenient: false }, undefined).tableOf(table);
}

/** Walks without recursion: pages may be nested deeper than a stack is. */
class PageWriter {
  readonly #writer = new LineWriter();
  readonly #visibility: Visibility;
  readonly #address: string | undefined;
  #frames = 0;

  constructor(visibility: Visibility, address: string | undefined) {
    this.#visibility = visibility;
    this.#address = address;
  }

  text(): string {
    return this.#writer.text();
  }

  write(page: HtmlElement): void {
    const ahead: (HtmlElement | string | (() => void))[] = [page];
    for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
      if (typeof next === 'function') next();
      else if (typeof next === 'string') this.#writer.words(next);
      else if (next.attributes.srcdoc !== undefined && next.name === 'iframe') this.#frame(next.attributes.srcdoc);
      else if (isSeen(next, this.#visibility)) {
        const after = this.#begin(next);
        if (after === 'whole') continue;
        ahead.push(after);
        pushChildren(next, ahead);
      }
    }
  }

  /** A page that another holds as a whole. */
  #frame(html: string): void {
    if (this.#frames === MOST_FRAMES) return;
    this.#frames += 1;
    this.#writer.endLine();
    this.write(parseHtml(html));
    this.#writer.endLine();
    this.#frames -= 1;
  }

  /** What is to be done after the element's children, or that it is written already. */
  #begin(element: HtmlElement): 'whole' | (() => void) {
    const writer = this.#writer;
    const { name } = element;
    const heading = /^h([1-6])$/.exec(name);
    // One that was never closed may hold the rest of the page.
    if (heading && element.isClosed) {
      const words = this.#wordsOf(element, true)
        .replace(/[\s¶]+/g, ' ')
        .trim();
      if (words) writer.paragraph(`${'#'.repeat(Number(heading[1]))} ${words}`);
      return 'whole';
    }
    if (name === 'pre') {
      writer.paragraph(`\`\`\`\n${this.#wordsOf(element, false).replace(/^\n|\s+$/g, '')}\n\`\`\``);
      return 'whole';
    }
    if (name === 'table') {
      const table = this.tableOf(element);
      if (table) {
        if (table.caption !== '') writer.paragraph(table.caption);
        writer.paragraph(table.rows.map(({ line }) => line).join('\n'));
        return 'whole';
      }
    }
    const titled = name === 'tr' ? this.#titleIn(element) : undefined;
    if (titled) {
      writer.paragraph(`###### ${titled.title}`);
      for (const below of titled.below) this.write(below);
      return 'whole';
    }
    if (name === 'br') writer.breakLine();
    if (name === 'td' || name === 'th') writer.cell();
    if (BLOCKS.has(name)) return this.#block(name);
    const href = name === 'a' ? this.#linkOf(element) : undefined;
    if (href === undefined) return () => undefined;
    writer.beginLink(href);
    return () => writer.endLink();
  }

  tableOf(table: HtmlElement): { caption: string; rows: TableRow[] } | undefined {
    const rows = tableLines(table, {
      isSeen: (element) => isSeen(element, this.#visibility),
      textOf: (cell) => this.#cellText(cell),
    });
    const caption = captionOf(table);
    return rows && { caption: caption ? this.#cellText(caption) : '', rows };
  }

  /** A number and, in bold, what is asked or told, with the code that it speaks of: a page laid out by a table has headings so. */
  #titleIn({ children }: HtmlElement): { title: string; below: HtmlElement[] } | undefined {
    const cells = children.filter(
      (child): child is HtmlElement => typeof child === 'object' && isSeen(child, this.#visibility),
    );
    const [number, words] = cells;
    if (!number || !words || cells.length !== 2) return undefined;
    const below = words.children.filter(
      (child): child is HtmlElement => typeof child === 'object' && child.name === 'pre',
    );
    const named = { ...words, children: words.children.filter((child) => !below.includes(child as HtmlElement)) };
    if (!isNaming(named)) return undefined;
    const [label, title] = [number, named].map((cell) => this.#wordsOf(cell, false).replace(/\s+/g, ' ').trim());
    return label && title && LABEL.test(label) ? { title: `${label} ${title}`, below } : undefined;
  }

  /** All of a cell on one line. */
  #cellText(cell: HtmlElement): string {
    const writer = new PageWriter(this.#visibility, this.#address);
    for (const child of cell.children) {
      if (typeof child === 'string') writer.#writer.words(child);
      else writer.write(child);
    }
    return writer
      .text()
      .trim()
      .replace(/\n?```\n(.*?)\n```/gs, (_, code: string) => ` \`${code.replace(/\s*\n\s*/g, '; ')}\``)
      .replace(/\n+- /g, '; ')
      .replace(/^- |\n+/g, (mark) => (mark === '- ' ? '' : ' '))
      .trim();
  }

  #block(name: string): () => void {
    const writer = this.#writer;
    const apart = (): void => {
      if (name === 'dt') writer.endBold();
      writer.endLine();
      if (name === 'li') writer.open('');
      if (!TIGHT.has(name)) writer.blankLine();
    };
    apart();
    if (name === 'li') writer.open('- ');
    if (name === 'dt') writer.open(BOLD);
    return apart;
  }

  /** Links that could be read in turn; all others are plain words. */
  #linkOf({ attributes: { href } }: HtmlElement): string | undefined {
    if (this.#address === undefined || href === undefined || !URL.canParse(href, this.#address)) return undefined;
    const url = new URL(href, this.#address);
    return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url.href : undefined;
  }

  /** All that is seen of an element, on its own lines. @param withButtons in a heading, one unfolds the text below it */
  #wordsOf(root: HtmlElement, withButtons: boolean): string {
    const words: string[] = [];
    const ahead: (HtmlElement | string)[] = [];
    pushChildren(root, ahead);
    for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
      if (typeof next === 'string') words.push(next);
      else if (next.name === 'br') words.push('\n');
      else if (isSeen(next, this.#visibility) || (withButtons && next.name === 'button')) pushChildren(next, ahead);
    }
    return words.join('');
  }
}

/** So that the first is taken next. */
function pushChildren({ children }: HtmlElement, ahead: unknown[]): void {
  for (let at = children.length - 1; at >= 0; at -= 1) ahead.push(children[at]);
}
