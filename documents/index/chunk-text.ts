// chunk-text.ts: packs a text's blocks into passages of about a thousand characters, the unit that search returns.
// Every line with words in it is in exactly one passage; a passage is a stretch of the text, never a summary of it.

import type { Extracted } from '../extract/extracted.ts';
import { readBlocks, type Block } from './text-blocks.ts';

/** A stretch of a document's text. */
export interface Chunk {
  start: number;
  end: number;
  line: number;
  endLine: number;
  /** `Options > Default values`; empty above the first heading. */
  heading: string;
}

const TARGET = 1_000;
const MAX = 1_400;
/** A passage below this takes the next section in, when that is no higher in the outline. */
const SMALL = 200;
/** Fenced code is kept whole up to here. */
const MAX_FENCE = 4_000;

export function chunkText({ text, shape, pages = [] }: Extracted): Chunk[] {
  const packer = new Packer(new Set(pages));
  for (const block of readBlocks(text, shape)) {
    for (const piece of cutToSize(block, text)) packer.add(piece);
  }
  return packer.finish();
}

/** A passage in the making. */
interface Open extends Omit<Chunk, 'heading'> {
  /** Of the heading that it began under. */
  level: number;
  /** Characters under each heading path; none while it has headings only. */
  sections: Map<string, number>;
}

class Packer {
  readonly #chunks: Chunk[] = [];
  readonly #pageLines: ReadonlySet<number>;
  readonly #outline: { level: number; title: string }[] = [];
  #open: Open | undefined;
  #page = 0;

  constructor(pageLines: ReadonlySet<number>) {
    this.#pageLines = pageLines;
  }

  add(block: Block): void {
    if (block.kind === 'heading') this.#enter(block);
    else if (this.#isFull(block)) this.#flush();
    this.#open ??= {
      start: block.start,
      end: block.end,
      line: block.line,
      endLine: block.endLine,
      level: this.#outline.at(-1)?.level ?? 0,
      sections: new Map(),
    };
    const open = this.#open;
    open.end = block.end;
    open.endLine = block.endLine;
    // Rows whose head stands in another passage have it with them.
    const path = this.#path(block.columns);
    if (block.kind !== 'heading') open.sections.set(path, (open.sections.get(path) ?? 0) + block.end - block.start);
  }

  #enter({ level = 1, title = '' }: Block): void {
    const open = this.#open;
    const size = open ? open.end - open.start : 0;
    const isOver = open && open.sections.size > 0 && (size >= SMALL || level < open.level);
    if (isOver || size >= TARGET) this.#flush();
    while ((this.#outline.at(-1)?.level ?? 0) >= level) this.#outline.pop();
    this.#outline.push({ level, title });
  }

  #isFull(block: Block): boolean {
    const open = this.#open;
    if (!open || open.sections.size === 0) return false;
    const size = open.end - open.start;
    if (this.#startsPage(block, open)) return true;
    const together = block.end - open.start;
    // Code stays with the words that introduce it.
    if (block.kind === 'fence' && size < 2 * SMALL) return together > MAX_FENCE;
    return size >= TARGET || together > MAX;
  }

  #startsPage(block: Block, open: Open): boolean {
    if (this.#pageLines.size === 0) return false;
    for (let line = Math.max(this.#page, open.line + 1); line <= block.line; line += 1) {
      if (this.#pageLines.has(line)) return true;
    }
    this.#page = block.line;
    return false;
  }

  #flush(): void {
    if (!this.#open) return;
    const { start, end, line, endLine, sections } = this.#open;
    // Of several short sections, the one with the most words gives the heading.
    const [heading = this.#path()] = [...sections].sort((a, b) => b[1] - a[1])[0] ?? [];
    const last = this.#chunks.at(-1);
    const isTail =
      this.#pageLines.size === 0 &&
      last &&
      end - start < SMALL / 2 &&
      last.heading === heading &&
      end - last.start <= MAX;
    if (isTail) Object.assign(last, { end, endLine });
    else this.#chunks.push({ start, end, line, endLine, heading });
    this.#open = undefined;
  }

  #path(columns?: string[]): string {
    return [...this.#outline.map(({ title }) => title), ...(columns ? [columns.join(' | ')] : [])]
      .filter((title) => title !== '')
      .join(' > ');
  }

  finish(): Chunk[] {
    this.#flush();
    return this.#chunks;
  }
}

/** A block as it is, or its pieces when it is too long: cut at lines, and a line that is too long at spaces. */
function cutToSize(block: Block, text: string): Block[] {
  const max = block.kind === 'fence' ? MAX_FENCE : MAX;
  const { columns, ...whole } = block;
  if (block.kind === 'heading' || block.end - block.start <= max) return [whole];
  const pieces: Block[] = [];
  let start = block.start;
  let line = block.line;
  while (start < block.end) {
    const cut = block.end - start <= max ? block.end : cutPoint(text, start, block.end);
    const end = trimEnd(text, start, cut);
    const piece: Block = { kind: 'text', start, end, line, endLine: line + countBreaks(text, start, end) };
    if (end > start) pieces.push(columns && pieces.length > 0 ? { ...piece, columns } : piece);
    let next = cut;
    while (text.charAt(next) === '\n') next += 1;
    line += countBreaks(text, start, next);
    start = next === cut && text.charAt(next) === ' ' ? next + 1 : next;
  }
  return pieces;
}

/** The best place for a cut between TARGET/2 and TARGET characters on: blank line, line end, sentence, space, anywhere. */
function cutPoint(text: string, start: number, blockEnd: number): number {
  const from = start + TARGET / 2;
  const to = Math.min(start + TARGET, blockEnd);
  const stretch = text.slice(from, to);
  for (const mark of ['\n\n', '\n', '. ', ' ']) {
    const at = stretch.lastIndexOf(mark);
    if (at >= 0) return from + at + (mark === '. ' ? 1 : 0);
  }
  // Not between the two halves of one character.
  return /[\uD800-\uDBFF]/.test(text.charAt(to - 1)) ? to - 1 : to;
}

function trimEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && /\s/.test(text.charAt(at - 1))) at -= 1;
  return at;
}

function countBreaks(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
