// extract-html.ts: the readable text of an HTML page, block by block, headings marked as in Markdown. Nothing is fetched or run.

import { parseHTML } from 'linkedom';

const DROPPED = 'script, style, noscript, template, nav, iframe, svg, object, head';
const BLOCKS = new Set(
  'ADDRESS ARTICLE ASIDE BLOCKQUOTE DD DIV DL DT FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN OL P PRE SECTION TABLE TR UL'.split(
    ' ',
  ),
);

export function extractHtml(html: string): string {
  const { document } = parseHTML(/<html/i.test(html) ? html : `<html><body>${html}</body></html>`);
  for (const element of document.querySelectorAll(DROPPED)) element.remove();
  const parts: string[] = [];
  if (document.body) walk(document.body as unknown as DomNode, parts);
  return `${parts
    .join('')
    .split('\n')
    .map((line) => line.replace(/[ \t]+/g, ' ').trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

const ELEMENT = 1;
const TEXT = 3;

/** What is used of a DOM node; the DOM's own types are not there in Node. */
interface DomNode {
  nodeType: number;
  nodeName: string;
  textContent: string | null;
  childNodes: Iterable<DomNode>;
}

function walk(node: DomNode, parts: string[]): void {
  for (const child of node.childNodes) {
    if (child.nodeType === TEXT) parts.push((child.textContent ?? '').replace(/\s+/g, ' '));
    if (child.nodeType !== ELEMENT) continue;
    const name = child.nodeName.toUpperCase();
    if (name === 'PRE') {
      parts.push(`\n\n${child.textContent ?? ''}\n\n`);
      continue;
    }
    const heading = /^H([1-6])$/.exec(name)?.[1];
    if (name === 'BR') parts.push('\n');
    if (BLOCKS.has(name)) parts.push('\n\n');
    if (heading) parts.push(`${'#'.repeat(Number(heading))} `);
    if (name === 'LI') parts.push('- ');
    walk(child, parts);
    if (name === 'TD' || name === 'TH') parts.push(' | ');
    if (BLOCKS.has(name)) parts.push('\n\n');
  }
}
