// line-writer.ts: lines of text out of pieces of markup: white space folded, blocks apart, cells of a row on one line.

export const BOLD = '**';

export class LineWriter {
  readonly #lines: string[] = [];
  /** The line that is written now, in pieces: a page may have all of its words on one. */
  #line: string[] = [];
  #opening = '';
  #openLink: { address: string; lines: number; pieces: number } | undefined;

  /** Running text: white space of the markup is one space. */
  words(text: string): void {
    const words = text.replace(/[ \t\r\n\f]+/g, ' ');
    const isFirst = this.#line.length === 0;
    const next = isFirst || this.#line.at(-1)?.endsWith(' ') ? words.trimStart() : words;
    if (next === '') return;
    if (isFirst && this.#opening !== '') this.#line.push(this.#opening);
    if (isFirst) this.#opening = '';
    this.#line.push(next);
  }

  /** What the next line begins with. */
  open(opening: string): void {
    this.#opening = opening;
  }

  /** Ends what began with `BOLD`, if any words followed. */
  endBold(): void {
    const words = this.#line.join('');
    if (words.startsWith(BOLD)) this.#line = [`${words.trimEnd()}${BOLD}`];
    this.#opening = '';
  }

  /** Words that follow lead to this address; a link never stands inside another. */
  beginLink(address: string): void {
    this.endLink();
    const pieces = this.#line.length > 0 ? this.#line.length : this.#opening === '' ? 0 : 1;
    this.#openLink = { address, lines: this.#lines.length, pieces };
  }

  endLink(): void {
    const link = this.#openLink;
    this.#openLink = undefined;
    // Over several lines, brackets would stand around more than the link.
    if (!link || link.lines !== this.#lines.length) return this.words(link ? ` <${link.address}>` : '');
    const words = this.#line.splice(link.pieces).join('');
    const told = words.trim();
    if (told === '') return;
    if (words.startsWith(' ')) this.#line.push(' ');
    this.#line.push(`[${told}](${link.address})`);
    if (words.endsWith(' ')) this.#line.push(' ');
  }

  cell(): void {
    const last = this.#line.pop()?.trimEnd();
    if (last === undefined) return;
    if (last !== '') this.#line.push(last);
    this.#line.push(' | ');
  }

  endLine(): void {
    const line = this.#line.join('').trimEnd();
    if (line !== '') this.#lines.push(line);
    this.#line = [];
  }

  /** Ends the line; where it is ended already, leaves one blank, as a page shows it. */
  breakLine(): void {
    if (this.#line.length === 0 && this.#opening === '') this.blankLine();
    this.endLine();
  }

  blankLine(): void {
    if (this.#lines.length > 0 && this.#lines.at(-1) !== '') this.#lines.push('');
  }

  paragraph(text: string): void {
    this.endLine();
    this.blankLine();
    this.#lines.push(text, '');
  }

  text(): string {
    this.endLink();
    this.endLine();
    return `${this.#lines.join('\n').trim()}\n`;
  }
}
