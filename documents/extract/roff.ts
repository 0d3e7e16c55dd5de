// roff.ts: the source of a man page, in man(7) or mdoc(7), to Markdown. Each line of the text is that line of the file; those
// that hold only requests are blank.

import { REQUEST, ShownLines } from './roff-conditions.ts';
import { argumentsOf, plainRoff } from './roff-escapes.ts';
import { isMdoc, mdocWords } from './roff-mdoc.ts';

const EXTENSION = /^\.(?:[1-9][a-z]{0,9}|n|l|man|mdoc|roff)$/;

/** Whether a file is the source of a man page, by the end of its name and by what it begins with. */
export function isRoff(extension: string, text: string): boolean {
  if (!EXTENSION.test(extension) || !/^\.[ \t]*(?:TH|SH|Dd|Sh|so)[ \t]/m.test(text)) return false;
  const first = /^(?![.']?[ \t]*\\["#]|[.']?[ \t]*$).+/m.exec(text)?.[0] ?? '';
  return /^[.'][ \t]*[A-Za-z]{2}/.test(first);
}

/** The text of a man page, line by line. */
export function roffText(content: string): string {
  const page = new Page();
  for (const line of content.split('\n')) page.read(line);
  return page.text();
}

const FENCE = '```';
const PARAGRAPHS = new Set(['PP', 'P', 'LP', 'HP', 'Pp', 'Lp', 'Sp']);
const HEADINGS = new Map([
  ['SH', '## '],
  ['Sh', '## '],
  ['SS', '### '],
  ['Ss', '### '],
]);
const BEGIN_CODE = new Set(['nf', 'EX', 'Vb']);
const END_CODE = new Set(['fi', 'EE', 'Ve', 'Ed']);
const FONTS = new Set(['B', 'I', 'R', 'SM', 'SB', 'CW', 'SY']);
/** Fonts in turn: no space between the arguments. */
const ALTERNATING = new Set(['BR', 'RB', 'BI', 'IB', 'IR', 'RI']);
const BULLET = /^[•·∙○□*o+-]$/;
const NUMBER = /^\(?\d{1,3}[.)]?$/;
/** In running text a line like this would be a heading, or would begin code. */
const LOOKS_MARKED = /^ {0,3}(?:#{1,6}[ \t]|(?:=+|-+)$|```|~~~)/;
/** What is longer, or ends like a sentence, is no term of what stands indented below it. */
const MOST_TERM = 160;
const NO_TERM = /^(?:#|\*\*|: |- |\d+\. |```| {4})|[:;]$|(?:^|[^.])\.$/;
/** A string longer than this is no sign that its writer lacks. */
const MOST_STRING = 40;

class Page {
  readonly #out: string[] = [];
  readonly #shown = new ShownLines();
  readonly #strings = new Map<string, string>();
  readonly #lists: string[] = [];
  #name = '';
  /** What the next words begin with. */
  #opening = '';
  /** What the next words are, where that is not text. */
  #next: string | undefined;
  #fence: number | undefined;
  #link = '';
  /** A term whose words stand on several lines, and the one where it began. */
  #longTerm: { at: number; words: string } | undefined;
  /** mdoc's `Sm off`: no space between words. */
  #isTight = false;
  #table: { isFormat: boolean; tab: string } | undefined;

  read(line: string): void {
    this.#out.push('');
    const shown = this.#shown.of(line);
    if (shown === undefined) return;
    const [, name, rest = ''] = REQUEST.exec(shown) ?? [];
    if (name === undefined) this.#text(shown);
    else this.#request(name, rest);
  }

  text(): string {
    if (this.#fence !== undefined) this.#out.push(FENCE);
    return this.#out.join('\n');
  }

  #text(line: string): void {
    if (this.#table) return this.#row(line);
    const words = this.#plain(line);
    if (this.#fence !== undefined) this.#set(words.trimEnd());
    // DocBook's mark of an item, with the words on a line of their own.
    else if (line.endsWith('\\c') && this.#mark(words.trim())) return;
    else if (line.startsWith('\t') && this.#isTerm()) this.#words(words.trim());
    else this.#words(words.trimEnd());
  }

  #request(name: string, rest: string): void {
    const args = argumentsOf(rest);
    const plain = (): string[] => args.map((arg) => this.#plain(arg));
    const heading = HEADINGS.get(name);
    if (heading !== undefined) this.#heading(heading, plain().join(' '));
    else if (PARAGRAPHS.has(name)) this.#begin();
    else if (FONTS.has(name)) this.#words(plain().join(' '));
    else if (ALTERNATING.has(name)) this.#words(plain().join(''));
    else if (BEGIN_CODE.has(name)) this.#beginCode();
    else if (END_CODE.has(name)) this.#endCode();
    else if (isMdoc(name)) this.#mdoc([name, ...args]);
    else this.#other(name, { args, plain, rest });
  }

  #other(name: string, { args, plain, rest }: { args: string[]; plain: () => string[]; rest: string }): void {
    const [first = '', second = '', third = ''] = plain();
    if (name === 'TH' || name === 'Dt') this.#heading('# ', second === '' ? first : `${first}(${second})`);
    else if (name === 'TP' || name === 'TQ') this.#begin('term');
    else if (name === 'IP') this.#item(first);
    else if (name === 'It') this.#listed(args);
    else if (name === 'Bl') this.#lists.push(first);
    else if (name === 'El') this.#lists.pop();
    else if (name === 'Bd') void (/^-(?:literal|unfilled)/.test(first) && this.#beginCode());
    else if (name === 'RS') this.#isTerm();
    else if (name === 'RE') this.#opening = '';
    else if (name === 'Nd') this.#words(`– ${plain().join(' ')}`);
    else if (name === 'Dl' || name === 'D1') this.#words(`\`${this.#said(args)}\``);
    else if (name === 'Sm') this.#isTight = first === 'off';
    else if (name === 'Ex') this.#words(`The ${this.#name} utility exits 0 on success, and >0 if an error occurs.`);
    else if (name === 'OP') this.#words(`[${plain().join(' ')}]`);
    else if (name === 'MR') this.#words(`${first}(${second})${third}`);
    else if (name === 'UR' || name === 'MT') this.#link = first;
    else if (name === 'UE' || name === 'ME') this.#words(`<${this.#link}>${first}`);
    else if (name === 'TS') this.#table = { isFormat: true, tab: '\t' };
    else if (name === 'T&' && this.#table) this.#table.isFormat = true;
    else if (name === 'TE') this.#table = undefined;
    else if (name === 'ds') this.#define(rest);
    else if (/[A-Z]/.test(name) && name !== 'IX' && isProse(plain())) this.#words(plain().join(' '));
  }

  #plain(text: string): string {
    return plainRoff(text, this.#strings);
  }

  #said(tokens: readonly string[]): string {
    return this.#plain(mdocWords(tokens, { name: this.#name, isTight: this.#isTight }));
  }

  #set(line: string): void {
    this.#out[this.#out.length - 1] = line;
  }

  /** Words on this line: text, or what was waited for. */
  #words(words: string): void {
    if (words === '') return;
    if (this.#fence !== undefined) return this.#set(words);
    if (this.#longTerm) return void (this.#longTerm.words += `${this.#isTight ? '' : ' '}${words}`);
    const next = this.#next;
    this.#next = undefined;
    if (next === 'term') return this.#term(words);
    if (next !== undefined) return this.#set(`${next}${words}`);
    const text = this.#opening === '' ? words : `${this.#opening}${words.trimStart()}`;
    this.#opening = '';
    this.#set(LOOKS_MARKED.test(text) ? `    ${text.trimStart()}` : text);
  }

  #begin(next?: string): void {
    this.#endLongTerm();
    this.#opening = '';
    this.#next = next;
  }

  #heading(mark: string, words: string): void {
    this.#table = undefined;
    if (this.#fence !== undefined) {
      // A heading ends code that nothing ended. Without a line for its end it is text.
      if (this.#out.at(-2) === '') this.#out[this.#out.length - 2] = FENCE;
      else this.#out[this.#fence] = '';
      this.#fence = undefined;
    }
    this.#begin(mark);
    this.#words(words);
  }

  #endLongTerm(): void {
    if (!this.#longTerm) return;
    this.#out[this.#longTerm.at] = termOf(this.#longTerm.words.trim().replace(/ {2,}/g, ' '));
    this.#longTerm = undefined;
    this.#opening = ': ';
  }

  #term(words: string): void {
    this.#set(termOf(words));
    this.#opening = ': ';
  }

  /** Whether the line above this one, alone in its paragraph, names what is said from here on; it is a term then. */
  #isTerm(): boolean {
    const above = this.#out.at(-2) ?? '';
    const before = this.#out.at(-3) ?? '';
    if (this.#fence !== undefined || above === '' || above.length > MOST_TERM || NO_TERM.test(above)) return false;
    if (before !== '' && !/^(?:#|\*\*)/.test(before)) return false;
    this.#out[this.#out.length - 2] = termOf(above);
    this.#begin();
    this.#opening = ': ';
    return true;
  }

  #mark(words: string): boolean {
    if (!BULLET.test(words) && !NUMBER.test(words)) return false;
    this.#begin();
    this.#opening = BULLET.test(words) ? '- ' : `${words.replace(/\D/g, '')}. `;
    return true;
  }

  #item(tag: string): void {
    this.#begin();
    if (tag.trim() !== '' && !this.#mark(tag.trim())) this.#term(tag.trim());
  }

  #listed(args: string[]): void {
    const kind = this.#lists.at(-1) ?? '';
    this.#begin();
    const words = this.#said(args);
    if (/^-(?:bullet|dash|hyphen|enum|item)/.test(kind)) this.#opening = kind === '-enum' ? '1. ' : '- ';
    else if (kind === '-column') this.#words(words);
    else if (args.at(-1) === 'Xo') this.#longTerm = { at: this.#out.length - 1, words: `${words} ` };
    else if (words !== '') this.#term(words);
  }

  #mdoc(tokens: string[]): void {
    if (tokens[0] === 'Nm' && this.#name === '') this.#name = tokens[1] ?? '';
    this.#words(this.#said(tokens));
    if (tokens[0] === 'Xc') this.#endLongTerm();
  }

  #beginCode(): void {
    if (this.#fence !== undefined) return;
    this.#begin();
    this.#fence = this.#out.length - 1;
    this.#set(FENCE);
  }

  #endCode(): void {
    if (this.#fence === undefined) return;
    this.#fence = undefined;
    this.#set(FENCE);
  }

  /** A row of tbl(1): the cells that stand on this line. */
  #row(line: string): void {
    const table = this.#table;
    if (!table) return;
    if (table.isFormat) {
      table.tab = /tab[ \t]?\((.)\)/.exec(line)?.[1] ?? table.tab;
      table.isFormat = !line.trimEnd().endsWith('.');
      return;
    }
    const cells = line.split(table.tab).map((cell) => this.#plain(cell.replace(/^T\}|T\{$/g, '')).trim());
    this.#words(cells.every((cell) => /^[_=]?$/.test(cell)) ? '' : cells.join(' | '));
  }

  #define(rest: string): void {
    const [, name, value = ''] = /^(\S+)[ \t]*"?(.*)$/.exec(rest) ?? [];
    if (name !== undefined) this.#strings.set(name, this.#plain(value).slice(0, MOST_STRING));
  }
}

const termOf = (words: string): string => (words.includes('*') ? words : `**${words}**`);

const isProse = (args: readonly string[]): boolean =>
  args
    .join(' ')
    .split(/\s+/)
    .filter((word) => /^\p{Ll}{2,}[.,;:]?$/u.test(word)).length > 2;
