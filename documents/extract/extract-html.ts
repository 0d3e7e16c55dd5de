// extract-html.ts: HTML, of a file or of a page of the web, to lines of text: headings as `# …`, list items as `- …`, code
// in fences. All words that a browser would show stay as they are, but for navigation and controls; nothing is fetched or run.

import { parseHTML } from 'linkedom';
import { LineWriter } from './line-writer.ts';
import { UNSEEN_STYLE } from './unseen-style.ts';

/** The little of the DOM that is read here: Node's typings have none. */
interface DomNode {
  nodeType: number;
  localName?: string;
  textContent: string | null;
  childNodes: Iterable<DomNode>;
  parentNode: DomNode | null;
  getAttribute?(name: string): string | null;
}
interface DomDocument {
  documentElement: DomNode;
  querySelector(selector: string): DomNode | null;
  querySelectorAll(selector: string): Iterable<DomNode>;
}

const DROPPED = new Set(
  (
    'title script style noscript template svg iframe object canvas video audio button select datalist textarea ' +
    'dialog'
  ).split(' '),
);
const BLOCKS = new Set(
  (
    'address article aside blockquote body caption dd details div dl dt fieldset figcaption figure footer form header hr ' +
    'html li main nav ol p section summary table tbody tfoot thead tr ul'
  ).split(' '),
);
/** Blocks that follow each other without a blank line. */
const TIGHT = new Set(['li', 'tr', 'dd', 'dt', 'tbody', 'thead', 'tfoot']);
const NOISE_ROLES = new Set(['navigation', 'search', 'menu', 'menubar', 'toolbar']);
/** No navigation holds these: one that seems to was never closed. */
const CONTENT = 'main, article, h1';

/**
 * The text of a page, and its title ('' when it has none).
 * @param address where the page is, which its links are then written out from. Default: links are their words alone.
 */
export function extractHtml(html: string, address?: string): { title: string; text: string } {
  const document = parse(html);
  const page = new PageWriter(address, withAncestors(document.querySelectorAll(CONTENT)));
  page.write(document.documentElement);
  const text = page.text();
  // Wherever it stands: browsers take it into the head that a page may lack.
  const title = (document.querySelector(':not(svg) > title')?.textContent ?? '').replace(/\s+/g, ' ').trim();
  return { title, text: title && !/^# /m.test(text) ? `# ${title}\n\n${text}` : text };
}

function parse(html: string): DomDocument {
  // Browsers show what stands behind these ends as if it stood before them; the parser leaves it out.
  const open = html.replace(/<\/(?:html|body)\s*>/gi, '');
  const whole = /<html[\s>]/i.test(open) ? open : `<html>${open}`;
  return (parseHTML(whole) as unknown as { document: DomDocument }).document;
}

function withAncestors(nodes: Iterable<DomNode>): Set<DomNode> {
  const found = new Set<DomNode>();
  for (const node of nodes) for (let at: DomNode | null = node; at && !found.has(at); at = at.parentNode) found.add(at);
  return found;
}

/** Walks without recursion: pages may be nested deeper than a stack is. */
class PageWriter {
  readonly #writer = new LineWriter();
  readonly #address: string | undefined;
  readonly #holdsContent: ReadonlySet<DomNode>;

  constructor(address: string | undefined, holdsContent: ReadonlySet<DomNode>) {
    this.#address = address;
    this.#holdsContent = holdsContent;
  }

  text(): string {
    return this.#writer.text();
  }

  write(root: DomNode): void {
    const ahead: (DomNode | (() => void))[] = [root];
    for (let next = ahead.pop(); next; next = ahead.pop()) {
      if (typeof next === 'function') next();
      else if (next.nodeType === 3) this.#writer.words(next.textContent ?? '');
      else if (next.nodeType === 1 && !this.#isNoise(next) && !isDropped(next) && !isHidden(next)) {
        const after = this.#begin(next);
        if (after === 'whole') continue;
        ahead.push(after);
        pushChildren(next, ahead);
      }
    }
  }

  /** What is to be done after the element's children, or that it is written already. */
  #begin(node: DomNode): 'whole' | (() => void) {
    const writer = this.#writer;
    const name = nameOf(node);
    const heading = /^h([1-6])$/.exec(name);
    if (heading) {
      // A button in a heading is what unfolds the text below it.
      const words = wordsOf(node, true)
        .replace(/[\s¶]+/g, ' ')
        .trim();
      if (words) writer.paragraph(`${'#'.repeat(Number(heading[1]))} ${words}`);
      return 'whole';
    }
    if (name === 'pre') {
      writer.paragraph(`\`\`\`\n${wordsOf(node, false).replace(/^\n|\s+$/g, '')}\n\`\`\``);
      return 'whole';
    }
    if (name === 'br') writer.endLine();
    if (name === 'td' || name === 'th') writer.cell();
    if (BLOCKS.has(name)) return this.#block(name);
    const href = name === 'a' ? this.#linkOf(node) : undefined;
    if (href === undefined) return () => undefined;
    writer.beginLink(href);
    return () => writer.endLink();
  }

  #block(name: string): () => void {
    const writer = this.#writer;
    const apart = (): void => {
      writer.endLine();
      if (name === 'li') writer.open('');
      if (!TIGHT.has(name)) writer.blankLine();
    };
    apart();
    if (name === 'li') writer.open('- ');
    return apart;
  }

  #isNoise(node: DomNode): boolean {
    const isNoise = nameOf(node) === 'nav' || NOISE_ROLES.has(node.getAttribute?.('role') ?? '');
    return isNoise && !this.#holdsContent.has(node);
  }

  /** Links that could be read in turn; all others are plain words. */
  #linkOf(node: DomNode): string | undefined {
    const href = node.getAttribute?.('href') ?? null;
    if (this.#address === undefined || href === null || !URL.canParse(href, this.#address)) return undefined;
    const url = new URL(href, this.#address);
    return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url.href : undefined;
  }
}

/** All that is seen of an element, on its own lines. */
function wordsOf(root: DomNode, withButtons: boolean): string {
  const words: string[] = [];
  const ahead: DomNode[] = [root];
  for (let node = ahead.pop(); node; node = ahead.pop()) {
    const name = nameOf(node);
    if (node.nodeType === 3) words.push(node.textContent ?? '');
    else if (name === 'br') words.push('\n');
    else if (node.nodeType === 1 && !isHidden(node) && (!isDropped(node) || (withButtons && name === 'button')))
      pushChildren(node, ahead);
  }
  return words.join('');
}

/** So that the first is taken next. */
function pushChildren(node: DomNode, ahead: unknown[]): void {
  for (const child of [...node.childNodes].reverse()) ahead.push(child);
}

const nameOf = (node: DomNode): string => (node.localName ?? '').toLowerCase();

function isDropped(node: DomNode): boolean {
  const name = nameOf(node);
  return DROPPED.has(name) && (name !== 'dialog' || node.getAttribute?.('open') === null);
}

function isHidden(node: DomNode): boolean {
  if (!node.getAttribute) return false;
  if (node.getAttribute('hidden') !== null || node.getAttribute('aria-hidden') === 'true') return true;
  return UNSEEN_STYLE.test(node.getAttribute('style') ?? '');
}
