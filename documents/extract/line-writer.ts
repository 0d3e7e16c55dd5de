// line-writer.ts: lines of text out of pieces of markup: white space folded, blocks apart, cells of a row on one line.

export class LineWriter {
  readonly #lines: string[] = [];
  #line = '';
  #opening = '';

  /** Running text: white space of the markup is one space. */
  words(text: string): void {
    const words = text.replace(/[ \t\r\n\f]+/g, ' ');
    if (this.#line !== '') {
      this.#line += this.#line.endsWith(' ') ? words.trimStart() : words;
      return;
    }
    const first = words.trimStart();
    if (first === '') return;
    this.#line = this.#opening + first;
    this.#opening = '';
  }

  /** What the next line begins with. */
  open(opening: string): void {
    this.#opening = opening;
  }

  cell(): void {
    if (this.#line.trim() !== '') this.#line = `${this.#line.trimEnd()} | `;
  }

  endLine(): void {
    if (this.#line.trim() !== '') this.#lines.push(this.#line.trimEnd());
    this.#line = '';
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
    this.endLine();
    return `${this.#lines.join('\n').trim()}\n`;
  }
}
