// extract-html.ts: an HTML page to lines of text: headings as `# …`, list items as `- …`, code in fences, scripts and
// navigation gone. The words stay as the page has them; nothing is fetched or run.

import { parseHTML } from 'linkedom';
import { UNSEEN_STYLE } from './unseen-style.ts';
import { LineWriter } from './line-writer.ts';

/** The little of the DOM that is read here: Node's typings have none. */
interface DomNode {
  nodeType: number;
  localName?: string;
  textContent: string | null;
  childNodes: Iterable<DomNode>;
  getAttribute?(name: string): string | null;
}

const DROPPED = new Set(
  'head script style noscript template svg nav iframe object canvas video audio button select dialog'.split(' '),
);
const BLOCKS = new Set(
  (
    'address article aside blockquote body caption dd details div dl dt fieldset figcaption figure footer form header hr ' +
    'html li main ol p section summary table tbody tfoot thead tr ul'
  ).split(' '),
);
/** Blocks that follow each other without a blank line. */
const TIGHT = new Set(['li', 'tr', 'dd', 'dt', 'tbody', 'thead', 'tfoot']);
const NOISE_ROLES = new Set(['navigation', 'search', 'menu', 'menubar', 'toolbar']);

export function extractHtml(html: string): string {
  const { document } = parseHTML(/<html[\s>]/i.test(html) ? html : `<html><body>${html}</body></html>`) as unknown as {
    document: { title: string; documentElement: DomNode };
  };
  const writer = new LineWriter();
  write(document.documentElement, writer);
  const text = writer.text();
  const title = (document.title ?? '').replace(/\s+/g, ' ').trim();
  return title && !/^# /m.test(text) ? `# ${title}\n\n${text}` : text;
}

function write(node: DomNode, writer: LineWriter): void {
  if (node.nodeType === 3) return writer.words(node.textContent ?? '');
  if (node.nodeType !== 1 && node.nodeType !== 9) return;
  const name = (node.localName ?? '').toLowerCase();
  if (DROPPED.has(name) || isHidden(node)) return;
  const heading = /^h([1-6])$/.exec(name);
  if (heading) {
    const words = (node.textContent ?? '').replace(/[\s¶]+/g, ' ').trim();
    if (words) writer.paragraph(`${'#'.repeat(Number(heading[1]))} ${words}`);
  } else if (name === 'pre') {
    writer.paragraph(`\`\`\`\n${(node.textContent ?? '').replace(/^\n|\s+$/g, '')}\n\`\`\``);
  } else if (name === 'br') {
    writer.endLine();
  } else if (BLOCKS.has(name)) {
    writeBlock(node, name, writer);
  } else {
    if (name === 'td' || name === 'th') writer.cell();
    writeChildren(node, writer);
  }
}

function writeBlock(node: DomNode, name: string, writer: LineWriter): void {
  writer.endLine();
  if (!TIGHT.has(name)) writer.blankLine();
  if (name === 'li') writer.open('- ');
  writeChildren(node, writer);
  writer.endLine();
  if (name === 'li') writer.open('');
  if (!TIGHT.has(name)) writer.blankLine();
}

function writeChildren(node: DomNode, writer: LineWriter): void {
  for (const child of node.childNodes) write(child, writer);
}

function isHidden(node: DomNode): boolean {
  if (!node.getAttribute) return false;
  if (NOISE_ROLES.has(node.getAttribute('role') ?? '')) return true;
  if (node.getAttribute('hidden') !== null || node.getAttribute('aria-hidden') === 'true') return true;
  return UNSEEN_STYLE.test(node.getAttribute('style') ?? '');
}
