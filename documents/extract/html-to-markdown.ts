// html-to-markdown.ts: a page's article as Markdown: what a person would see of it, without scripts, comments, forms and
// hidden elements. Fetches and runs nothing. Slow or deep pages are the business of the thread that this runs in.

import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import TurndownService from 'turndown';
import { UNSEEN_STYLE } from './unseen-style.ts';

/** The little of the DOM that is used here: Node's typings have none. */
interface Element {
  remove(): void;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  querySelectorAll(selector: string): Iterable<Element>;
  textContent: string | null;
}
interface Document extends Element {
  title: string;
  body: Element | null;
  documentElement: Element;
  createTreeWalker(root: Element, show: number): { nextNode(): Element | null };
}

const DROPPED =
  'script, style, noscript, template, svg, math, iframe, frame, object, embed, canvas, video, audio, form, input, button, ' +
  'select, textarea, dialog:not([open]), link, meta, base, [hidden], [aria-hidden="true"]';
const COMMENTS = 128;
/** Beyond these elements readability's search takes too long; the whole body is taken then. */
const MAX_ELEMENTS = 60_000;

export function htmlToMarkdown(html: string, address: string): { title: string; markdown: string } {
  const document = parse(html);
  const title = (document.title ?? '').replace(/\s+/g, ' ').trim();
  clean(document, address);
  const article = articleOf(document);
  const markdown = article && toMarkdown(article.content);
  if (markdown) return { title: article.title.trim() || title, markdown };
  // Readability may have moved things about: the whole body comes from a fresh tree.
  const whole = parse(html);
  clean(whole, address);
  return { title, markdown: toMarkdown(whole.body ?? whole.documentElement) };
}

function parse(html: string): Document {
  const text = /<html[\s>]/i.test(html) ? html : `<html><body>${html}</body></html>`;
  return (parseHTML(text) as unknown as { document: Document }).document;
}

function clean(document: Document, address: string): void {
  for (const element of document.querySelectorAll(DROPPED)) element.remove();
  for (const element of document.querySelectorAll('[style]')) {
    if (UNSEEN_STYLE.test(element.getAttribute('style') ?? '')) element.remove();
  }
  const comments = document.createTreeWalker(document.documentElement, COMMENTS);
  const found: Element[] = [];
  for (let next = comments.nextNode(); next; next = comments.nextNode()) found.push(next);
  for (const comment of found) comment.remove();
  for (const link of document.querySelectorAll('a[href]')) {
    const href = absolute(link.getAttribute('href') ?? '', address);
    if (href === undefined) link.removeAttribute('href');
    else link.setAttribute('href', href);
    // A tooltip is not on the page either.
    link.removeAttribute('title');
  }
}

/** Links that could be read in turn; all others are plain words. */
function absolute(href: string, address: string): string | undefined {
  if (!URL.canParse(href, address)) return undefined;
  const url = new URL(href, address);
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url.href : undefined;
}

function articleOf(document: Document): { title: string; content: Element } | undefined {
  try {
    const article = new Readability(document as never, {
      maxElemsToParse: MAX_ELEMENTS,
      serializer: (node: unknown) => node as Element,
    }).parse();
    const content = article?.content ?? undefined;
    return content && (content.textContent ?? '').trim() !== '' ? { title: article?.title ?? '', content } : undefined;
  } catch {
    // Too many elements, or a tree that it does not expect.
    return undefined;
  }
}

function toMarkdown(root: Element): string {
  const service = new TurndownService({
    headingStyle: 'atx',
    codeBlockStyle: 'fenced',
    bulletListMarker: '-',
    hr: '---',
  });
  // Pictures are not seen by whoever reads this, and their addresses must not be asked.
  service.addRule('picture', { filter: ['img', 'picture'], replacement: () => '' });
  service.addRule('cell', {
    filter: ['td', 'th'],
    replacement: (content) =>
      ` ${content
        .trim()
        .replace(/\s*\n\s*/g, ' ')
        .replaceAll('|', '\\|')} |`,
  });
  service.addRule('row', {
    filter: 'tr',
    replacement: (content) => (content.trim() ? `\n|${content.replace(/\n/g, '')}` : ''),
  });
  service.addRule('table', { filter: 'table', replacement: (content) => `\n\n${content.trim()}\n\n` });
  service.addRule('tablePart', { filter: ['tbody', 'thead', 'tfoot'], replacement: (content) => content });
  return service
    .turndown(root as never)
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
