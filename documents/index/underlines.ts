// underlines.ts: titles that a line of marks stands under, or over and under, as Markdown and reStructuredText have them, and
// how high each is.

const UNDERLINE = /^ {0,3}(={2,}|-{2,}|\^{3,})[ \t]*$/;
/** reStructuredText puts any of these under a title, as long as it or longer. */
const LONG_UNDERLINE = /^(?:~{4,}|"{4,}|'{4,}|#{4,}|\*{4,}|\+{4,}|\.{4,}|_{4,})[ \t]*$/;
/** Its directives and targets: `.. note::`, `.. _limits:`. */
const DIRECTIVE = /^\.\. (?:[\w-]+::|_[^:]+:)/;

/** In Markdown, and in what mixes both. */
const LEVELS: Record<string, number> = { '=': 1, '#': 1, '*': 1, '-': 2, '^': 3, '~': 3 };
const LOW_LEVEL = 4;

/** The mark under a title of a plain text: `=` or `-`. */
export const plainMark = (below: string): string | undefined => UNDERLINE.exec(below)?.[1]?.charAt(0);

/** Whether a line stands under a title. */
export const isUnderline = (below: string, title: string): boolean =>
  UNDERLINE.test(below) ||
  (LONG_UNDERLINE.test(below) && below.trim().length >= title.trim().length && /\p{L}/u.test(title));

/** Whether a line stands over a title that has the same one under it: no other line of a text looks so. */
export function isOverline(over: string, title: string, below: string): boolean {
  const marks = over.trim();
  return (
    (UNDERLINE.test(over) || LONG_UNDERLINE.test(over)) &&
    below.trim() === marks &&
    marks.length >= title.trim().length &&
    /\p{L}/u.test(title)
  );
}

/**
 * The levels of a text's titles: in reStructuredText by the order in which their marks come first, where a line over a title
 * makes its mark another one; else by the marks themselves.
 */
export class TitleLevels {
  readonly #seen: string[] | undefined;

  constructor(lines: readonly { text: string }[]) {
    const isRestructured = lines.some(
      ({ text }, at) => DIRECTIVE.test(text) || isOverline(text, lines[at + 1]?.text ?? '', lines[at + 2]?.text ?? ''),
    );
    this.#seen = isRestructured ? [] : undefined;
  }

  /** @param below the line under the title */
  of(below: string, isOverlined: boolean): number {
    const mark = below.trim().charAt(0);
    if (!this.#seen) return LEVELS[mark] ?? LOW_LEVEL;
    const style = isOverlined ? `over ${mark}` : mark;
    if (!this.#seen.includes(style)) this.#seen.push(style);
    return this.#seen.indexOf(style) + 1;
  }
}
