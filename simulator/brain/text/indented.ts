// indented.ts: what stands indented in a text without markup, as manual pages and FAQs have it: sentences, a term with its
// meaning behind or below it, or code.

interface Line {
  text: string;
}

/** "-r      tells it to repeat": an option, or a word or two, and behind a gap what it means. */
const BEHIND = /^\s*(\S.{0,39}?)(?:\t+| {2,})(\S.*)$/;
const OPTION = /^(?:--?|\+)\w/;
/** "basebackup", "-a, --all=N": a line of its own, with what it means indented below. */
const TERM = /^(?=.{1,70}$)[^\s.:;,!?](?:.*[^.:;,!?\s])?$/;
/** "A: It ends. Give it": an answer, or a sentence that has ended before. */
const NO_TERM = /^(?:A ?[\d.]*|Answer)[.:)]\s|[.!?]\s+\p{Lu}/u;
const CODE = /[;{}\\]\s*$|=>|^\s*[$%#>] |^\s*\/\/|^\s*[\w.]+(?:\([^)]*\);?\s*$|\s?=[^=])/;
/** "Longest line: 80 bytes": lines of such stand each for itself. */
const FIELD = /^\s*[^\s:][^:]{0,40}: +\S/;
/** Cells of a table, and no sentences: a sentence may end before such a gap. */
const GAPPED = /[^.!?:;\s](?: {2,}|\t+)\S/;
/** Of what is no blank, so much is letters where words stand. */
const LETTERS = 0.75;
const LEAST_WORDS = 4;

/** Names that one option has at most. */
const MOST_NAMES = 4;

const indentOf = ({ text }: Line): number => text.replace(/\t/g, '        ').search(/\S/);

/** Where the term of an entry ends in a block of lines, where that is one: a term and what it means. */
export function termIn(block: readonly Line[]): { line: number; to: number } | undefined {
  // "-t target" and below it "--target=target": two names of one option.
  const line = block.findIndex((one, at) => {
    const below = block[at + 1];
    return (
      !OPTION.test(one.text.trim()) || !below || indentOf(below) !== indentOf(one) || !OPTION.test(below.text.trim())
    );
  });
  const [first, ...others] = block.slice(Math.max(0, line));
  if (!first || line >= MOST_NAMES) return undefined;
  const indent = indentOf(first);
  const isHung = others.length > 0 && others.every((line) => indentOf(line) > indent);
  const start = first.text.search(/\S/);
  const text = first.text.trim();
  const [, term = '', meaning = ''] = BEHIND.exec(first.text) ?? [];
  if (term !== '' && (OPTION.test(term) || (isHung && others.every((line) => indentOf(line) >= indent + term.length))))
    return isProse([{ text: meaning }, ...others]) ? { line, to: start + term.length } : undefined;
  if (!isHung || !TERM.test(text) || NO_TERM.test(text) || CODE.test(text) || !isProse(others)) return undefined;
  return { line, to: start + text.length };
}

/** Whether each line has a name and what is said of it. */
export const areFields = (block: readonly Line[]): boolean =>
  block.length > 1 && block.filter(({ text }) => FIELD.test(text)).length > block.length / 2;

/** Whether most lines are cells that stand under each other. */
export const areGapped = (block: readonly Line[]): boolean =>
  block.length > 1 && block.filter(({ text }) => GAPPED.test(text)).length > block.length / 2;

/** Whether each line is two cells: a name and, behind a gap, what is said of it. */
export const arePairs = (block: readonly Line[]): boolean =>
  block.length > 1 && block.every(({ text }) => text.trim().split(/\t+| {2,}/).length === 2);

/** Whether these lines are sentences and no code. */
export function isProse(block: readonly Line[]): boolean {
  if (block.some(({ text }) => CODE.test(text)) || areFields(block) || areGapped(block)) return false;
  const text = block.map((line) => line.text.trim()).join(' ');
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return (
    letters >= LETTERS * (text.match(/\S/g)?.length ?? 1) &&
    (text.match(/(?<![\p{L}\p{N}_-])\p{L}{2,}(?![\p{L}\p{N}_-])/gu)?.length ?? 0) >= LEAST_WORDS
  );
}
