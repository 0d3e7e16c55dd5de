// html-tree.ts: HTML to a tree of elements and words, nearly as browsers build it, in time that grows with the page and
// not with its depth. Knows what was closed by its own tag: an element that never was holds more than it was meant to.

import { Tokenizer } from 'htmlparser2';

export interface HtmlElement {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: (HtmlElement | string)[];
  parent: HtmlElement | undefined;
  /** By its own tag, or because it has none. */
  isClosed: boolean;
}

/** Words that are looked up often, written as one string. */
export const wordSet = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const VOID = wordSet(
  'area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr',
);
/** Written once in a page; what comes after a second one belongs into the first. */
const ONCE = wordSet('html head body');
const FOREIGN = wordSet('svg math');
/** Elements of HTML that stand in foreign content all the same. */
const BACK_IN_HTML = wordSet('foreignobject desc title');
/** Closed by their slash although HTML knows no such slash: nobody means the rest of the page to be a title. */
const SLASH_CLOSES = wordSet('title script style textarea iframe noscript template object canvas');
const ENDS_PARAGRAPH = wordSet(
  'address article aside blockquote center details dialog dir div dl dt dd li fieldset figcaption figure footer form ' +
    'h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre search section summary table td th tr ul',
);
const ROW = wordSet('tr td th');
const ROWS = wordSet('tr td th thead tbody tfoot caption');
/** What an opening tag closes first where it is open. */
const CLOSES: Readonly<Record<string, ReadonlySet<string>>> = {
  li: wordSet('li'),
  dt: wordSet('dt dd'),
  dd: wordSet('dt dd'),
  option: wordSet('option'),
  optgroup: wordSet('option optgroup'),
  td: wordSet('td th'),
  th: wordSet('td th'),
  tr: ROW,
  tbody: ROWS,
  thead: ROWS,
  tfoot: ROWS,
  a: wordSet('a'),
  button: wordSet('button'),
};
const PARAGRAPH = wordSet('p');
/** Closing reaches across none of these; of an item, not out of its list. */
const WALLS = wordSet('table td th caption template foreignobject');
const LIST_WALLS = wordSet('table td th caption template foreignobject ul ol dl select button');
const TABLE = wordSet('table thead tbody tfoot tr td th caption');
const TABLE_WALLS = wordSet('table template');

/** The page as the children of an element without a name. */
export function parseHtml(html: string): HtmlElement {
  const builder = new TreeBuilder(html);
  const tokenizer = new Tokenizer({ decodeEntities: true }, builder);
  tokenizer.write(html);
  tokenizer.end();
  return builder.root;
}

class TreeBuilder {
  readonly root: HtmlElement = { name: '', attributes: {}, children: [], parent: undefined, isClosed: true };
  readonly #html: string;
  /** Written as XML: such a page may quote a stretch of its words. */
  readonly #isXml: boolean;
  #open: HtmlElement = this.root;
  /** How many of each name are open: looking for one that is not there takes no walk. */
  readonly #counts = new Map<string, number>();
  #name = '';
  #attributes: Record<string, string> = {};
  #attribute = '';
  #value: string[] = [];

  constructor(html: string) {
    this.#html = html;
    this.#isXml = /^\s*<\?xml\s/.test(html.slice(0, 100));
  }

  ontext(start: number, end: number): void {
    this.#open.children.push(this.#html.slice(start, end));
  }

  ontextentity(codePoint: number): void {
    this.#open.children.push(String.fromCodePoint(codePoint));
  }

  onopentagname(start: number, end: number): void {
    this.#name = this.#nameAt(start, end);
    this.#attributes = {};
  }

  onattribname(start: number, end: number): void {
    this.#attribute = this.#html.slice(start, end).toLowerCase();
  }

  onattribdata(start: number, end: number): void {
    this.#value.push(this.#html.slice(start, end));
  }

  onattribentity(codePoint: number): void {
    this.#value.push(String.fromCodePoint(codePoint));
  }

  onattribend(): void {
    this.#attributes[this.#attribute] ??= this.#value.join('');
    this.#value = [];
  }

  onopentagend(): void {
    this.#begin(false);
  }

  onselfclosingtag(): void {
    this.#begin(SLASH_CLOSES.has(this.#name) || this.#isForeign());
  }

  onclosetag(start: number, end: number): void {
    const name = this.#nameAt(start, end);
    // Both stand for an element of their own, as browsers have it.
    if (name === 'br' || (name === 'p' && !this.#counts.get('p'))) this.#open.children.push(this.#element(name, {}));
    // What follows the end of a page is shown as if it stood before it.
    if (ONCE.has(name) || !this.#counts.get(name)) return;
    this.#close((one) => one.name === name, WALLS.has(name) || TABLE.has(name) ? TABLE_WALLS : WALLS);
  }

  oncdata(start: number, end: number, offset: number): void {
    if (this.#isXml || this.#isForeign()) this.ontext(start, end - offset);
  }

  oncomment(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}
  onend(): void {}

  #begin(isWhole: boolean): void {
    const name = this.#name;
    if (ONCE.has(name) && this.#counts.get(name)) return;
    this.#closeBefore(name);
    const element = this.#element(name, this.#attributes);
    this.#open.children.push(element);
    if (isWhole || VOID.has(name)) element.isClosed = true;
    else {
      this.#open = element;
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    }
  }

  /** What this opening tag closes: end tags that may be left out. */
  #closeBefore(name: string): void {
    if (ENDS_PARAGRAPH.has(name)) this.#closeAny(PARAGRAPH, LIST_WALLS);
    const closes = CLOSES[name];
    if (!closes) return;
    const isTable = TABLE.has(name);
    // Of a row the cell is found first.
    while (this.#closeAny(closes, isTable ? TABLE_WALLS : LIST_WALLS) && isTable);
  }

  #closeAny(names: ReadonlySet<string>, walls: ReadonlySet<string>): boolean {
    for (const name of names) if (this.#counts.get(name)) return this.#close((one) => names.has(one.name), walls);
    return false;
  }

  /** Closes the innermost open element that is meant, and what is open in it; false when it is behind a wall. */
  #close(isMeant: (element: HtmlElement) => boolean, walls: ReadonlySet<string>): boolean {
    for (let at: HtmlElement | undefined = this.#open; at; at = at.parent) {
      if (isMeant(at)) {
        at.isClosed = true;
        this.#closeTo(at);
        return true;
      }
      if (walls.has(at.name)) return false;
    }
    return false;
  }

  #closeTo(element: HtmlElement): void {
    for (let at: HtmlElement | undefined = this.#open; at; at = at.parent) {
      this.#counts.set(at.name, (this.#counts.get(at.name) ?? 1) - 1);
      if (at === element) break;
    }
    this.#open = element.parent ?? this.root;
  }

  #isForeign(): boolean {
    if (!this.#counts.get('svg') && !this.#counts.get('math')) return false;
    for (let at: HtmlElement | undefined = this.#open; at; at = at.parent) {
      if (FOREIGN.has(at.name)) return true;
      if (BACK_IN_HTML.has(at.name)) return false;
    }
    return false;
  }

  #nameAt(start: number, end: number): string {
    return this.#html.slice(start, end).toLowerCase();
  }

  #element(name: string, attributes: Record<string, string>): HtmlElement {
    return { name, attributes, children: [], parent: this.#open, isClosed: false };
  }
}
