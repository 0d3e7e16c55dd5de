// labels.ts: what stands behind a label that is called as a field: `Lead: Ada Novak`, `| Lead | Ada Novak |`, or the cell of a row
// under such a head, as its claim says it.

import { ITEM_MARK } from '../text/unit.ts';
import { EMPTY, isForm, readName, shareOfGoal, wordsIn, type Field } from './field-name.ts';
import { sortOf } from './field-sort.ts';
import { saysBound } from './figures.ts';

/** Words that a label may have beside those of the name. */
const MORE = 2;

/** All values that have the field's label, those first that are said with more of the question. */
export function labelled(field: Field): string[] {
  const { words, bound } = readName(field);
  if (words.length === 0) return [];
  const sort = words.length > 1 ? sortOf(field, undefined)?.sort : undefined;
  const isSaid = (word: string, all: readonly string[]): boolean => all.some((one) => isForm(word, one));
  const isOf = (label: string): boolean => {
    const called = wordsIn(label.split(', ').at(-1) ?? '').filter((word) => !EMPTY.has(word));
    const isShort =
      called.length <= words.length + MORE || words.every((one) => isSaid(one, called.slice(0, words.length)));
    // "version" alone is no label of `nodeVersion`, nor "node" of `nodeSpeed`.
    const isPart =
      called.every((word) => isSaid(word, words)) &&
      (sort === undefined ? isSaid(words.at(-1) ?? '', called) : called.some((word) => !sort.is.test(word)));
    return (
      isShort &&
      (bound === undefined || saysBound(label, bound) >= 0) &&
      (words.every((one) => isSaid(one, called)) || isPart)
    );
  };
  const found = field.said.flatMap((one) => {
    const stands = one.quotes.map((quote) => ` ${wordsIn(quote).join(' ')} `);
    const share = shareOfGoal(field, one);
    return [one.text, ...one.quotes].flatMap(labelsIn).flatMap(([label, value]) => {
      const plain = wordsIn(value).join(' ');
      const isIt = plain !== '' && isOf(label) && stands.some((quote) => quote.includes(` ${plain} `));
      return isIt ? [{ value, share }] : [];
    });
  });
  return found.sort((a, b) => b.share - a.share).map(({ value }) => value);
}

const MARKED = new RegExp(String.raw`^\s*${ITEM_MARK}\s+`);

/** Without the mark of an item of a list. */
export const unmarked = (text: string): string => text.replace(MARKED, '');

/** Labels behind each other in a piece of a text; one with more has none. */
const MOST_PARTS = 20;
const LEADS_ON = /(?:^|\s)(?:<<|>>|[«»←→])(?:\s|$)/;

function labelsIn(text: string): [label: string, value: string][] {
  return text
    .replace(/[ \t]+/g, ' ')
    .split(/;\s|\n|(?<=[.!?])\s/)
    .flatMap((piece): [string, string][] => {
      const cells = piece.split(/\s*\|\s*/).filter((cell) => cell !== '');
      if (piece.includes('|')) return cells.length === 2 ? [[cells[0] ?? '', cells[1] ?? '']] : [];
      // "next: the manual >>" leads elsewhere.
      if (LEADS_ON.test(piece)) return [];
      const parts = unmarked(piece).split(/\s*(?::|=)\s+/);
      if (parts.length > MOST_PARTS) return [];
      return parts
        .slice(1)
        .map((_part, at) => [
          parts[at] ?? '',
          whole(within(parts.slice(0, at + 1).join(''), parts.slice(at + 1).join(': '))),
        ]);
    });
}

/** Of a value that begins within code, no more than stands there: "with `code: 'EABORT'` and". */
function within(before: string, value: string): string {
  const isCode = before.split('`').length % 2 === 0;
  return isCode ? (value.split('`')[0] ?? '').replace(/^(['"])(.*)\1$/, '$2') : value;
}

/** Up to a bracket that was opened before the value: "[default: memcheck]**". */
function whole(value: string): string {
  let open = 0;
  const end = value.split('').findIndex((mark) => {
    open += '[({'.includes(mark) ? 1 : '])}'.includes(mark) ? -1 : 0;
    return open < 0;
  });
  return (end < 0 ? value : value.slice(0, end)).replace(/[.,]$/, '').trim();
}
