// pod.ts: POD, as Perl's documentation is written (perlpod), to Markdown. Each line of the text is that line of the file; those that
// say nothing to a reader, as the bounds of lists and what is meant for other formats, are blank.

import { podWords } from './pod-words.ts';

const COMMAND = /^=([a-z]\w{0,20})[ \t]*/i;
const HEADING = /^head([1-6])$/;
/** Of an item, with what may follow. "404 Not found" is a term. */
const BULLET = /^\*(?:\s+|$)/;
const NUMBER = /^(\d{1,4})(?:[.)](?:\s+|$)|$)/;
/** Formats whose text is meant for readers; a colon before a name says that it is POD. */
const READ = /^(?::|text\b)/;
const DEEPEST = 4;

/** The text of a document in POD, line by line. */
export function podText(content: string): string {
  const page = new Page(content.split('\n').map((line) => line.replace(/\s+$/, '')));
  for (let at = 0; at < page.length;) at = page.read(at);
  return page.text();
}

class Page {
  readonly #lines: readonly string[];
  /** What stands above the first command is the code of a module. */
  readonly #firstCommand: number;
  /** A format that is begun behind it is never ended. */
  readonly #lastEnd: number;
  readonly #out: string[] = [];
  /** What the next paragraph begins with, where an item of a list has no words on its own line. */
  #mark = '';
  /** Lists that are open. */
  #depth = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
    this.#firstCommand = lines.findIndex((line) => COMMAND.test(line));
    this.#lastEnd = lines.findLastIndex((line) => line.startsWith('=end'));
  }

  get length(): number {
    return this.#lines.length;
  }

  text(): string {
    return this.#out.join('\n');
  }

  /** Reads the paragraph that begins at a line. Returns the line behind. */
  read(at: number): number {
    const first = this.#lines[at] ?? '';
    if (first === '') return this.#blank(at, at + 1);
    const end = this.#endOfParagraph(at);
    if (at < this.#firstCommand) return this.#blank(at, end);
    const text = this.#lines.slice(at, end);
    const [typed = '', command] = COMMAND.exec(first) ?? [];
    if (command !== undefined)
      return this.#command(command, podWords(text.join('\n').slice(typed.length)), { at, end });
    this.#add(/^[ \t]/.test(first) ? asCode(text) : (this.#mark + podWords(text.join('\n'))).split('\n'));
    this.#mark = '';
    return end;
  }

  #command(command: string, words: string, { at, end }: { at: number; end: number }): number {
    const [told = '', ...more] = words.split('\n');
    const level = HEADING.exec(command)?.[1];
    this.#mark = '';
    if (command === 'over') this.#depth += 1;
    if (command === 'back') this.#depth = Math.max(0, this.#depth - 1);
    if (command === 'begin' && !READ.test(told) && at < this.#lastEnd) return this.#blank(at, this.#endOfFormat(at));
    if (level === undefined && command !== 'item') return this.#blank(at, end);
    this.#add([level === undefined ? this.#item(told) : `${'#'.repeat(Number(level))} ${unmarked(told)}`, ...more]);
    return end;
  }

  /** The line of an item: of a list, or a term of what stands below it. */
  #item(told: string): string {
    const number = NUMBER.exec(told)?.[1];
    const sign = number === undefined ? (BULLET.test(told) ? '- ' : undefined) : `${number}. `;
    if (sign === undefined) return told === '' ? '' : `**${unmarked(told)}**`;
    const mark = '  '.repeat(Math.max(0, Math.min(this.#depth, DEEPEST) - 1)) + sign;
    const words = told.replace(number === undefined ? BULLET : NUMBER, '');
    if (words !== '') return mark + words;
    this.#mark = mark;
    return '';
  }

  #endOfParagraph(at: number): number {
    const end = this.#lines.indexOf('', at);
    return end < 0 ? this.#lines.length : end;
  }

  /** The line behind the `=end` of a format that is no text. */
  #endOfFormat(at: number): number {
    let end = at + 1;
    while (end < this.#lines.length && !this.#lines[end]?.startsWith('=end')) end += 1;
    return end + 1;
  }

  #blank(from: number, to: number): number {
    for (let at = from; at < to; at += 1) this.#out.push('');
    return to;
  }

  /** Not by `push(...lines)`: its arguments lie on the stack. */
  #add(lines: readonly string[]): void {
    for (const line of lines) this.#out.push(line);
  }
}

/** Verbatim text, as far in as code is in Markdown. */
const asCode = (text: readonly string[]): readonly string[] =>
  text.every((line) => /^(?: {4}|\t)/.test(line)) ? text : text.map((line) => `    ${line}`);

const unmarked = (text: string): string => text.replaceAll('**', '');
