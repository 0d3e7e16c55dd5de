// asciidoc.ts: AsciiDoc to Markdown. Each line of the text is that line of the file; those that say nothing to a reader, as
// attributes and the bounds of blocks, are blank.

import { asciidocTable, lineFrom } from './asciidoc-table.ts';
import { asciidocWords } from './asciidoc-words.ts';
import { placed } from './laid-out.ts';
import { NamedValues } from './named-values.ts';

/** Code, and what is shown as it is written. */
const VERBATIM = /^(-{4,}|\.{4,}|\+{4,}|`{3,}(?=\w*\s*$))(?:(?<=`)\w*)?\s*$/;
const COMMENTS = /^\/{4,}\s*$/;
const FRAME = /^(?:={4,}|\*{4,}|_{4,}|~{4,}|--|[|,:!]={3,}|\+)\s*$/;
const REMARK = /^\/\/(?!\/)/;
const VALUE = /^:(!?[\w-]+!?):(?:[ \t]+(\S.*))?$/;
const ATTRIBUTES = /^\[(.*)\]\s*$/;
/** `include::other.adoc[]`, `ifdef::backend-pdf[]`, `toc::[]` */
const MACRO = /^[a-z]{1,30}::\S{0,300}\[.*\]\s*$/;
const PICTURE = /^(?:image|video|audio)::\S*\[/;
const HEADING = /^(={1,6})[ \t]+(\S.*)$/;
/** `NAME` with as many marks below it. */
const MARKS = /^(={2,}|-{2,}|~{2,}|\^{2,}|\+{2,})\s*$/;
const LEVELS = '=-~^+';
const TITLE = /^\.(?![\s.])(.*)$/;
const ITEM = /^[ \t]*(\*{1,5}|-|\.{1,5})[ \t]+(?:\[[ x*]\][ \t]+)?(\S.*)$/;
const CALLOUT = /^<(?:\d{1,3}|\.)>[ \t]+(\S.*)$/;
/** In code, the number of what is said of a line below it. */
const CALLED = /[ \t]{0,8}(?:\/\/|#|;;|--|<!--)?[ \t]?<(?:\d{1,3}|\.|!--\d{1,3}--)>(?:[ \t]?-->)?$/;
const TERM = /^[ \t]*(\S.{0,160}?)(?::{2,4}|;;)(?:[ \t]+(\S.*))?$/;

/** The text of a document in AsciiDoc, line by line. */
export function asciidocText(content: string): string {
  const lines = content.split('\n');
  const page = new Page(lines, new NamedValues(content.length));
  for (let at = 0; at < lines.length;) at = page.read(at);
  return page.text();
}

class Page {
  readonly #lines: readonly string[];
  readonly #out: string[] = [];
  readonly #values: NamedValues;
  /** Of the next block. */
  #attributes = '';
  /** The next words are what the term above them means. */
  #isMeaning = false;

  constructor(lines: readonly string[], values: NamedValues) {
    this.#lines = lines;
    this.#values = values;
  }

  text(): string {
    return this.#out.join('\n');
  }

  /** Reads what begins at a line. Returns the line behind. */
  read(at: number): number {
    const line = this.#lines[at] ?? '';
    const bound = VERBATIM.exec(line)?.[1];
    if (bound !== undefined) return this.#code(at, bound);
    if (COMMENTS.test(line)) return this.#blank(at, this.#endOf(at, line));
    const table = asciidocTable(this.#lines, at, this.#attributes);
    if (table) {
      for (const row of placed(table)) this.#out.push(this.#words(row));
      this.#attributes = '';
      return at + table.lines;
    }
    const marks = MARKS.exec(this.#lines[at + 1] ?? '')?.[1];
    if (marks !== undefined && /^\p{L}/u.test(line) && Math.abs(marks.length - line.trimEnd().length) <= 1) {
      this.#out.push(`${'#'.repeat(LEVELS.indexOf(marks.charAt(0)) + 1)} ${this.#words(line)}`, '');
      return at + 2;
    }
    this.#out.push(this.#shown(line, at));
    return at + 1;
  }

  #shown(line: string, at: number): string {
    if (line.trim() === '' || FRAME.test(line) || REMARK.test(line)) return '';
    const value = VALUE.exec(line);
    if (value?.[1]) {
      this.#values.set(value[1], this.#words(value[2] ?? ''));
      return '';
    }
    const attributes = ATTRIBUTES.exec(line)?.[1];
    if (attributes !== undefined) {
      this.#attributes = attributes;
      return '';
    }
    if (MACRO.test(line) && !PICTURE.test(line)) return '';
    this.#attributes = '';
    const heading = HEADING.exec(line);
    if (heading?.[1] && heading[2]) return `${'#'.repeat(heading[1].length)} ${this.#words(heading[2])}`;
    const title = TITLE.exec(line)?.[1];
    if (title !== undefined) return /[.:!?]$/.test(title) ? this.#words(title) : `${this.#words(title)}:`;
    const item = ITEM.exec(line);
    if (item?.[1] && item[2]) {
      const mark = item[1].startsWith('.') ? '1.' : '-';
      return `${'  '.repeat(item[1].length - 1)}${mark} ${this.#words(item[2])}`;
    }
    const callout = CALLOUT.exec(line)?.[1];
    if (callout !== undefined) return `1. ${this.#words(callout)}`;
    if (this.#isLiteral(line, at)) return `    ${line.trimEnd()}`;
    const term = TERM.exec(line);
    if (term?.[1]) {
      this.#isMeaning = term[2] === undefined;
      const named = `**${this.#words(term[1]).replaceAll('*', '')}**`;
      return term[2] === undefined ? named : `- ${named}: ${this.#words(term[2])}`;
    }
    const isMeaning = this.#isMeaning;
    this.#isMeaning = false;
    return `${isMeaning ? ': ' : ''}${this.#words(line)}`;
  }

  /** Indented, behind a blank line or a line that is. */
  #isLiteral(line: string, at: number): boolean {
    const before = this.#lines[at - 1] ?? '';
    return /^[ \t]/.test(line) && !this.#isMeaning && (before.trim() === '' || /^ {4}\S/.test(this.#out[at - 1] ?? ''));
  }

  #code(at: number, bound: string): number {
    const end = this.#endOf(at, bound);
    const language = /^(?:source|,)?(?:%\w+)?,\s*([\w+#-]+)/.exec(this.#attributes)?.[1] ?? '';
    this.#attributes = '';
    // What nothing ends is no code: it must not swallow what stands below it.
    if (end === at) return this.#blank(at, at);
    this.#out.push(`\`\`\`${language}`);
    for (const line of this.#lines.slice(at + 1, end)) this.#out.push(line.trimEnd().replace(CALLED, ''));
    this.#out.push('```');
    return end + 1;
  }

  /** The line that ends what a bound begins; `at` where none does. */
  #endOf(at: number, bound: string): number {
    const mark = bound.trim();
    const end = lineFrom(this.#lines, at + 1, (line) => line.trim() === mark);
    return end < 0 ? at : end;
  }

  #blank(from: number, to: number): number {
    for (let at = from; at <= to; at += 1) this.#out.push('');
    return to + 1;
  }

  #words(text: string): string {
    return asciidocWords(text.trim(), this.#values);
  }
}
