// text-lines.ts: paragraphs and tables of an office document to lines, as its parts are read. Tables and paragraphs stand
// inside each other to any depth; a row is one line.

/** Text beyond this is left out: as much as is read of a plain text file. */
export const MOST_CHARACTERS = 20_000_000;
/** Tables within tables; a row repeats what is in it, so that more would cost its square. */
const MOST_TABLES = 20;

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
  /** Rows that are open beyond the tables that count. */
  #beyond = 0;

  get isFull(): boolean {
    return this.#size >= MOST_CHARACTERS;
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
    const paragraph = this.#paragraphs.at(-1);
    if (!paragraph || this.isFull) return;
    const kept = text.slice(0, MOST_CHARACTERS - this.#size);
    this.#size += kept.length;
    paragraph.push(kept);
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
    if (this.#rows.length === MOST_TABLES) this.#beyond += 1;
    else this.#rows.push({ cells: [], cell: [] });
  }

  closeCell(): void {
    const row = this.#rows.at(-1);
    if (!row || this.#beyond > 0) return;
    row.cells.push(row.cell.join(' ').replace(/\s*\n\s*/g, ' '));
    row.cell = [];
  }

  closeRow(): void {
    if (this.#beyond > 0) {
      this.#beyond -= 1;
      return;
    }
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
    this.#out.push(text);
    this.#size += 1;
    this.#line += text.split('\n').length;
    if (apart) this.blank();
  }

  text(): string {
    return `${this.#out.join('\n').trimEnd()}\n`;
  }
}
