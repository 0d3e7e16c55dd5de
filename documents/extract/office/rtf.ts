// rtf.ts: RTF to text: paragraphs, tables, notes. Words that are hidden, deleted or not shown are not read.

import { decodeAs } from '../decode-text.ts';
import type { Extracted } from '../extracted.ts';
import { TextLines } from './text-lines.ts';
import { isSymbolFont, symbolSign, withSigns } from '../symbol-fonts.ts';

/** A control word, a byte in hexadecimal, a control sign, a brace, or words. */
const TOKEN = /\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^])|([{}])|([^\\{}\r\n]+)|[\r\n]+/g;
/** Groups that hold no words of the document. */
const UNREAD = new Set(
  (
    'colortbl stylesheet info pict listtable listoverridetable rsidtbl generator themedata colorschememapping datastore ' +
    'latentstyles xmlnstbl filetbl revtbl bkmkstart bkmkend nonshppict shprslt sp fldinst xe tc rxe txe falt panose ' +
    'template userprops objdata objclass objname pntxta pntxtb atnid atnauthor ftnsep ftnsepc aftnsep'
  ).split(' '),
);
/** Of those that a reader may pass over, what does hold words. */
const READ_ALL_THE_SAME = new Set(['shpinst', 'annotation']);
const NOTES = new Set([
  'footnote',
  'annotation',
  'header',
  'headerl',
  'headerr',
  'headerf',
  'footer',
  'footerl',
  'footerr',
]);
const SIGNS: Readonly<Record<string, string>> = {
  tab: '\t',
  line: '\n',
  emdash: '—',
  endash: '–',
  bullet: '•',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  emspace: ' ',
  enspace: ' ',
  qmspace: ' ',
};
const table = (pairs: string): Readonly<Record<number, string>> =>
  Object.fromEntries(pairs.split(', ').map((pair) => pair.split(' ') as [string, string]));
/** Encodings of a font's words, by the number of its character set. */
const CHARSETS = table(
  '77 macintosh, 128 shift_jis, 129 euc-kr, 134 gbk, 136 big5, 161 windows-1253, 162 windows-1254, 163 windows-1258, ' +
    '177 windows-1255, 178 windows-1256, 186 windows-1257, 204 windows-1251, 222 windows-874, 238 windows-1250, ' +
    '254 cp437, 255 cp850',
);
const CODE_PAGES = table(
  '437 cp437, 850 cp850, 866 ibm866, 874 windows-874, 932 shift_jis, 936 gbk, 949 euc-kr, 950 big5, 10000 macintosh, ' +
    '20866 koi8-r, 65001 utf-8',
);
/** Groups inside each other; no program writes as many. */
const MOST_GROUPS = 10_000;

interface Group {
  isUnread: boolean;
  isHidden: boolean;
  isInTable: boolean;
  isFontTable: boolean;
  font: number;
  /** Signs behind each Unicode sign that stand for it where it can't be shown. */
  instead: number;
  /** Where its words go. */
  out: Paragraphs;
}

export function extractRtf(bytes: Uint8Array): Extracted | { problem: string } {
  const reader = new RtfReader();
  reader.read(Buffer.from(bytes).toString('latin1'));
  return {
    text: reader.text(),
    shape: 'markdown',
    ...(reader.isFull ? { lost: 'what comes after its first 20 million characters' } : {}),
  };
}

class RtfReader {
  readonly #body = new Paragraphs();
  readonly #notes: Paragraphs[] = [];
  readonly #fonts = new Map<number, { name: string; encoding?: string }>();
  readonly #groups: Group[] = [];
  #group: Group = {
    isUnread: false,
    isHidden: false,
    isInTable: false,
    isFontTable: false,
    font: -1,
    instead: 1,
    out: this.#body,
  };
  #encoding = 'windows-1252';
  /** Bytes of words that are not decoded yet: one sign may have two. */
  #bytes: string[] = [];
  #toSkip = 0;
  /** The group has just begun: its first word says what it holds. */
  #isAtStart = false;
  #isOptional = false;

  get isFull(): boolean {
    return this.#body.isFull;
  }

  text(): string {
    return [this.#body, ...this.#notes].map((one) => one.text()).join('\n');
  }

  read(rtf: string): void {
    TOKEN.lastIndex = 0;
    for (let token = TOKEN.exec(rtf); token !== null && !this.isFull; token = TOKEN.exec(rtf)) {
      const [, word, parameter, byte, sign, brace, words] = token;
      const number = parameter === undefined ? undefined : Number(parameter);
      if (brace === '{') this.#open();
      else if (brace === '}') this.#close();
      else if (word === 'bin') TOKEN.lastIndex += Math.max(0, number ?? 0);
      else if (word !== undefined) this.#word(word, number);
      else if (byte !== undefined) this.#byte(String.fromCharCode(Number.parseInt(byte, 16)));
      else if (sign !== undefined) this.#sign(sign);
      else if (words !== undefined) this.#words(words);
    }
    this.#flush();
    this.#body.end();
  }

  #open(): void {
    this.#flush();
    if (this.#groups.length < MOST_GROUPS) this.#groups.push(this.#group);
    this.#group = { ...this.#group };
    this.#isAtStart = true;
    this.#isOptional = false;
  }

  #close(): void {
    this.#flush();
    const { out } = this.#group;
    this.#group = this.#groups.pop() ?? this.#group;
    if (out !== this.#group.out) out.end();
    this.#isAtStart = false;
  }

  #word(word: string, number: number | undefined): void {
    this.#flush();
    this.#toSkip = 0;
    if (this.#isAtStart) this.#begin(word);
    const group = this.#group;
    const isOn = number !== 0;
    if (group.isFontTable) this.#font(word, number);
    else if (word in SIGNS) this.#say(SIGNS[word] ?? '');
    else if (word === 'u' && number !== undefined) {
      this.#say(this.#shown(String.fromCharCode(number & 0xffff)));
      this.#toSkip = group.instead;
    } else if (word === 'uc') group.instead = Math.min(number ?? 1, 16);
    else if (word === 'f') group.font = number ?? -1;
    else if (word === 'v' || word === 'deleted') group.isHidden = isOn;
    else if (word === 'plain') group.isHidden = false;
    else if (word === 'pard') group.isInTable = false;
    else if (word === 'intbl') group.isInTable = isOn;
    else if (word === 'ansicpg') this.#encoding = CODE_PAGES[number ?? 0] ?? `windows-${number}`;
    else if (word === 'mac') this.#encoding = 'macintosh';
    else if (word === 'pc') this.#encoding = 'cp437';
    else if (word === 'pca') this.#encoding = 'cp850';
    else if (!group.isUnread) this.#layout(word);
  }

  #layout(word: string): void {
    const { out } = this.#group;
    if (word === 'par' || word === 'sect' || word === 'page') out.end();
    else if (word === 'cell' || word === 'nestcell') out.cell();
    else if (word === 'row' || word === 'nestrow') out.row();
  }

  #begin(word: string): void {
    const isOptional = this.#isOptional;
    this.#isAtStart = false;
    this.#isOptional = false;
    if (word === 'fonttbl') this.#group.isFontTable = true;
    if (UNREAD.has(word) || word === 'fonttbl' || (isOptional && !READ_ALL_THE_SAME.has(word)))
      this.#group.isUnread = true;
    if (!NOTES.has(word) || this.#group.isUnread) return;
    const out = new Paragraphs();
    this.#notes.push(out);
    Object.assign(this.#group, { out, isInTable: false });
  }

  #font(word: string, number: number | undefined): void {
    if (word === 'f' && number !== undefined) {
      this.#group.font = number;
      this.#fonts.set(number, { name: '' });
    } else if (word === 'fcharset') {
      const font = this.#fonts.get(this.#group.font);
      const encoding = CHARSETS[number ?? 0];
      if (font && encoding !== undefined) font.encoding = encoding;
    }
  }

  #sign(sign: string): void {
    this.#flush();
    if (sign === '*') this.#isOptional = true;
    else if (sign === '~') this.#say('\u00a0');
    else if (sign === '_') this.#say('-');
    else if ('\\{}'.includes(sign)) this.#words(sign);
    else if (sign === '\n' || sign === '\r') this.#word('par', undefined);
  }

  #byte(one: string): void {
    this.#isAtStart = false;
    if (this.#toSkip > 0) this.#toSkip -= 1;
    else this.#bytes.push(one);
  }

  #words(words: string): void {
    const { isFontTable, font } = this.#group;
    this.#isAtStart = false;
    const skipped = Math.min(this.#toSkip, words.length);
    this.#toSkip -= skipped;
    if (!isFontTable) this.#bytes.push(words.slice(skipped));
    const known = isFontTable ? this.#fonts.get(font) : undefined;
    if (known && known.name === '') known.name = words.replace(/;.*$/, '').trim();
  }

  #flush(): void {
    if (this.#bytes.length === 0) return;
    const bytes = Buffer.from(this.#bytes.splice(0).join(''), 'latin1');
    const { name = '', encoding = this.#encoding } = this.#fonts.get(this.#group.font) ?? {};
    if (isSymbolFont(name)) this.#say([...bytes].map((byte) => symbolSign(name, byte)).join(''));
    else this.#say(decodeAs(encoding, bytes) ?? decodeAs('windows-1252', bytes) ?? '');
  }

  #shown(text: string): string {
    return withSigns(this.#fonts.get(this.#group.font)?.name ?? '', text);
  }

  #say(text: string): void {
    const { isUnread, isHidden, isInTable, out } = this.#group;
    if (!isUnread && !isHidden) out.words(text, isInTable);
  }
}

/** Lines of a document whose paragraphs and rows say where they end, and not where they begin. */
class Paragraphs {
  readonly #lines = new TextLines();
  #isOpen = false;
  #isInRow = false;

  get isFull(): boolean {
    return this.#lines.isFull;
  }

  words(text: string, isInTable: boolean): void {
    if (!this.#isOpen) this.#open(isInTable);
    this.#lines.words(text);
  }

  end(): void {
    if (this.#isOpen) this.#lines.closeParagraph();
    this.#isOpen = false;
  }

  cell(): void {
    this.#startRow();
    this.end();
    this.#lines.closeCell();
  }

  row(): void {
    this.end();
    if (this.#isInRow) this.#lines.closeRow();
    this.#isInRow = false;
  }

  text(): string {
    this.row();
    return this.#lines.text();
  }

  #open(isInTable: boolean): void {
    if (isInTable) this.#startRow();
    else if (this.#isInRow) this.row();
    this.#lines.openParagraph();
    this.#isOpen = true;
  }

  #startRow(): void {
    if (this.#isInRow) return;
    // Words that stood there already are the first cell's.
    this.#isInRow = true;
    this.#lines.openRow();
  }
}
