// org.ts: Org, as Emacs has it, to Markdown. Each line of the text is that line of the file; those that say nothing to a reader,
// as keywords, drawers and the bounds of blocks, are blank.

import { markdownRow, ruleRow } from './markdown-row.ts';
import { NamedValues } from './named-values.ts';
import { orgWords } from './org-words.ts';

const HEADING = /^(\*{1,12})[ \t]+(\S.*)$/;
/** `:work:urgent:` behind a heading */
const TAGS = /(?<![ \t])[ \t]+:(?:[\p{L}\p{N}_@#%]{1,60}:){1,20}[ \t]*$/u;
const BLOCK = /^[ \t]*#\+begin_([\w-]{1,60})(?:[ \t]+([\w+#-]{1,60}))?(?![\w+#-])/i;
const END = /^[ \t]*#\+end_([\w-]{1,60})[ \t]*$/i;
const VERBATIM: ReadonlySet<string> = new Set(['src', 'example']);
const UNSEEN: ReadonlySet<string> = new Set(['comment', 'export']);
const KEYWORD = /^[ \t]*#\+([\w-]{1,60})(?:\[[^\]]{0,300}\])?:[ \t]*(.*)$/;
const REMARK = /^[ \t]*#(?:[ \t]|$)/;
const DRAWER = /^[ \t]*:([\w-]{1,60}):[ \t]*$/;
/** A comma keeps a line of code from being a heading or a keyword. */
const KEPT = /^([ \t]*),(?=\*|#\+|,)/;
const FIXED = /^[ \t]*:(?:[ \t](.*))?$/;
const ROW = /^[ \t]*\|(.*)$/;
const RULE = /^[ \t]*\|-[-+|: ]*$/;
/** `| <l> | <10> |`: how columns are set. */
const SETTING = /^[ \t]*\|(?:[ \t]*(?:<[lcr]?\d{0,4}>)?[ \t]*\|){1,200}[ \t]*$/;
const ITEM = /^([ \t]*)(?:[-+]|(?<=[ \t])\*|(\d{1,4})[.)])[ \t]+(?:\[@\d{1,4}\][ \t]+)?(?:\[[ X-]\][ \t]+)?(\S.*)$/;
const TERM = /^(\S.{0,200}?)[ \t]+::(?:[ \t]+(\S.*))?$/;
const FOOTNOTE = /^\[fn:[\w-]{1,60}\][ \t]+/;
const MOST_MARKS = 6;

/** The text of a document in Org, line by line. */
export function orgText(content: string): string {
  const lines = content.split('\n').map((line) => line.replace(/\r$/, ''));
  const page = new Page(lines, new NamedValues(content.length));
  for (let at = 0; at < lines.length;) at = page.read(at);
  return page.text();
}

class Page {
  readonly #lines: readonly string[];
  /** Where what ends blocks and drawers stands last, by its kind: what is opened below is never ended. */
  readonly #ends = new Map<string, number>();
  readonly #out: string[] = [];
  readonly #macros: NamedValues;
  /** Marks that a heading of the file has before it: one where the document has a title above all headings. */
  #above = 0;
  /** Rows of the table that was read last, if it goes on. */
  #rows = 0;

  constructor(lines: readonly string[], macros: NamedValues) {
    this.#lines = lines;
    this.#macros = macros;
    lines.forEach((line, at) => {
      const kind = endedBy(line);
      if (kind !== undefined) this.#ends.set(kind, at);
    });
  }

  text(): string {
    return this.#out.join('\n');
  }

  /** Reads what begins at a line. Returns the line behind. */
  read(at: number): number {
    const line = this.#lines[at] ?? '';
    const [, kind, language] = BLOCK.exec(line) ?? [];
    if (kind !== undefined) return this.#block(at, kind.toLowerCase(), language ?? '');
    const drawer = DRAWER.exec(line)?.[1]?.toUpperCase();
    if (drawer === 'PROPERTIES' || drawer === 'LOGBOOK') return this.#blank(at, this.#endOf(at, OF_DRAWER));
    this.#out.push(drawer === undefined ? this.#shown(line) : '');
    return at + 1;
  }

  #block(at: number, kind: string, language: string): number {
    if (UNSEEN.has(kind)) return this.#blank(at, this.#endOf(at, kind));
    const end = VERBATIM.has(kind) ? this.#endOf(at, kind) : at;
    // What nothing ends is no code: it must not swallow what stands below it.
    if (end === at) return this.#blank(at, at);
    this.#out.push(`\`\`\`${kind === 'src' ? language : ''}`);
    for (const line of this.#lines.slice(at + 1, end)) this.#out.push(line.trimEnd().replace(KEPT, '$1'));
    this.#out.push('```');
    return end + 1;
  }

  #shown(line: string): string {
    const row = this.#row(line);
    if (row !== undefined) return row;
    this.#rows = 0;
    if (line.trim() === '' || REMARK.test(line) || END.test(line)) return '';
    const [, keyword, value = ''] = KEYWORD.exec(line) ?? [];
    if (keyword !== undefined) return this.#keyword(keyword.toLowerCase(), value.trim());
    const [, marks, title] = HEADING.exec(line) ?? [];
    if (marks !== undefined && title !== undefined)
      return `${'#'.repeat(Math.min(MOST_MARKS, marks.length + this.#above))} ${this.#words(title.replace(TAGS, ''))}`;
    const fixed = FIXED.exec(line);
    if (fixed) return fixed[1] === undefined ? '' : `    ${fixed[1].trimEnd()}`;
    const [, indent = '', number, item] = ITEM.exec(line) ?? [];
    if (item !== undefined) return `${indent}${number === undefined ? '-' : `${number}.`} ${this.#item(item)}`;
    return this.#words(line.replace(FOOTNOTE, ''));
  }

  #item(item: string): string {
    const [, term, meaning] = TERM.exec(item) ?? [];
    if (term === undefined) return this.#words(item);
    const named = `**${this.#words(term).replaceAll('*', '')}**`;
    return meaning === undefined ? named : `${named}: ${this.#words(meaning)}`;
  }

  /** Only what a reader sees of them. */
  #keyword(name: string, value: string): string {
    if (name === 'macro') {
      const [, macro, stands] = /^([\w-]{1,60})[ \t]+(.{1,400})$/.exec(value) ?? [];
      if (macro !== undefined && stands !== undefined) this.#macros.set(macro, stands);
      return '';
    }
    if (value === '') return '';
    if (name === 'title') {
      this.#above = 1;
      return `# ${this.#words(value)}`;
    }
    if (name === 'subtitle') return this.#words(value);
    return name === 'caption' ? `${this.#words(value).replace(/[.:]$/, '')}:` : '';
  }

  /** A line of a table; undefined for any other. */
  #row(line: string): string | undefined {
    const cells = ROW.exec(line)?.[1];
    if (cells === undefined) return undefined;
    if (RULE.test(line)) return this.#rows === 1 ? ruleRow(cells.split('+').length) : '';
    if (SETTING.test(line)) return '';
    this.#rows += 1;
    const all = cells.trimEnd().replace(/\|$/, '').split('|');
    return markdownRow(
      all.map((cell) => this.#words(cell.trim())),
      all.length,
    );
  }

  /** The line that ends what begins at one; the same line where none does. */
  #endOf(at: number, kind: string): number {
    const last = this.#ends.get(kind) ?? -1;
    if (last <= at) return at;
    let end = at + 1;
    while (endedBy(this.#lines[end] ?? '') !== kind) end += 1;
    return end;
  }

  #blank(from: number, to: number): number {
    for (let at = from; at <= to; at += 1) this.#out.push('');
    return to + 1;
  }

  #words(text: string): string {
    return orgWords(text.trimEnd(), this.#macros);
  }
}

const OF_DRAWER = ':';

/** The kind of what ends with a line; undefined where nothing does. */
const endedBy = (line: string): string | undefined =>
  /^[ \t]*:END:[ \t]*$/i.test(line) ? OF_DRAWER : END.exec(line)?.[1]?.toLowerCase();
