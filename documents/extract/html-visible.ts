// html-visible.ts: which elements of a page hold words that its reader sees. What was never closed by its own tag holds
// more than it was meant to, so it hides nothing.

import { UNSEEN_STYLE } from './unseen-style.ts';
import { wordSet, type HtmlElement } from './html-tree.ts';

/** Never shown, whatever is in them. */
const NEVER = wordSet('title script style template desc metadata defs textarea datalist dialog');
/** Controls, and what is shown only where something else can't be. */
const DROPPED = wordSet('noscript iframe object canvas video audio button select noembed');
const NOISE_ROLES = wordSet('navigation search menu menubar toolbar');
/** No navigation holds these: one that seems to was meant to end before them. */
const CONTENT = wordSet('main article h1');

export interface Visibility {
  /** Elements around what no navigation holds. */
  holdsContent: ReadonlySet<HtmlElement>;
  /** Also what only looks like navigation or decoration, and what is there for browsers without scripts. */
  isLenient: boolean;
}

export function isSeen(element: HtmlElement, { holdsContent, isLenient }: Visibility): boolean {
  const { name, attributes, isClosed } = element;
  if (NEVER.has(name)) return isShownAllTheSame(element);
  if (attributes.hidden !== undefined || /(?:^|;)\s*display\s*:\s*none/i.test(attributes.style ?? '')) return false;
  if (isLenient) return !DROPPED.has(name) || name === 'noscript' || !isClosed;
  if (attributes['aria-hidden'] === 'true' || UNSEEN_STYLE.test(attributes.style ?? '')) return false;
  const isNoise = name === 'nav' || NOISE_ROLES.has(attributes.role ?? '');
  return !isClosed || !(DROPPED.has(name) || (isNoise && !holdsContent.has(element)));
}

function isShownAllTheSame({ name, attributes }: HtmlElement): boolean {
  if (name === 'dialog') return attributes.open !== undefined;
  return name === 'template' && attributes.shadowrootmode !== undefined;
}

/** The page's title, wherever it stands, and the elements around what no navigation holds. */
export function scanPage(page: HtmlElement): { title: string; holdsContent: Set<HtmlElement> } {
  const holdsContent = new Set<HtmlElement>();
  let title: string | undefined;
  const ahead: HtmlElement[] = [page];
  for (let element = ahead.pop(); element; element = ahead.pop()) {
    if (element.name === 'title' && element.parent?.name !== 'svg')
      title ??= element.children.filter((child) => typeof child === 'string').join('');
    if (CONTENT.has(element.name))
      for (let at: HtmlElement | undefined = element; at && !holdsContent.has(at); at = at.parent) holdsContent.add(at);
    for (let at = element.children.length - 1; at >= 0; at -= 1) {
      const child = element.children[at];
      if (typeof child === 'object') ahead.push(child);
    }
  }
  return { title: (title ?? '').replace(/\s+/g, ' ').trim(), holdsContent };
}
