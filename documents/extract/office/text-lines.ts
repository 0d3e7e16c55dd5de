// text-lines.ts: paragraphs and tables of an office document to lines, as its parts are read. Tables and paragraphs stand
// inside each other to any depth; a row is one line.

/** Text beyond this is left out: as much as is read of a plain text file. */
const MOST_CHARACTERS = 20_000_000;

interface Row {
  cells: string[];
  /** Paragraphs of the cell that is open. */
  cell: string[];
}

export class TextLines {
  readonly #out: string[] = [];
  readonly #rows: Row[] = [];
  readonly #paragraphs: string[][] = [];
  /** Of the text so far, the first being 1. */
  #line = 1;
  #size = 0;

  get isFull(): boolean {
    return this.#size > MOST_CHARACTERS;
  }

  /** The line that the next paragraph outside of tables begins at. */
  get nextLine(): number {
    return this.#line;
  }

  openParagraph(): void {
    this.#paragraphs.push([]);
  }

  /** Words of the innermost paragraph; those outside of any count for nothing. */
  words(text: string): void {
    this.#paragraphs.at(-1)?.push(text);
  }

  /** @param opening what its first line begins with: the marks of a heading or of a list item */
  closeParagraph(opening = ''): void {
    const text = (this.#paragraphs.pop() ?? []).join('').trim();
    if (text === '') return;
    const row = this.#rows.at(-1);
    if (row) row.cell.push(text);
    else this.write(`${opening}${opening ? text.replace(/\s*\n\s*/g, ' ') : text}`, !opening.startsWith('-'));
  }

  openRow(): void {
    this.#rows.push({ cells: [], cell: [] });
  }

  closeCell(): void {
    const row = this.#rows.at(-1);
    if (!row) return;
    row.cells.push(row.cell.join(' ').replace(/\s*\n\s*/g, ' '));
    row.cell = [];
  }

  closeRow(): void {
    const row = this.#rows.pop();
    if (!row) return;
    if (row.cell.length > 0) row.cells.push(row.cell.join(' '));
    const line = row.cells.join(' | ');
    if (!/[^\s|]/.test(line)) return;
    const outer = this.#rows.at(-1);
    if (outer) outer.cell.push(line);
    else this.write(line, false);
  }

  /** A blank line, unless there is one. */
  blank(): void {
    if (this.#out.length > 0 && this.#out.at(-1) !== '') this.write('', false);
  }

  /** @param apart by a blank line from what follows */
  write(text: string, apart: boolean): void {
    if (this.isFull) return;
    this.#out.push(text);
    this.#size += text.length + 1;
    this.#line += text.split('\n').length;
    if (apart) this.blank();
  }

  text(): string {
    return `${this.#out.join('\n').trimEnd()}\n`;
  }
}
