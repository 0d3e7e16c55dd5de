// labels.ts: what stands behind a label that is called as a field: `Lead: Ada Novak`, `| Lead | Ada Novak |`, or the cell of a row
// under such a head, as its claim says it.

import { sortOf } from './field-sort.ts';
import { EMPTY, isForm, readName, wordsIn, type Field } from './field-name.ts';
import { saysBound } from './figures.ts';
import { ITEM_MARK } from '../unit.ts';

/** Words that a label may have beside those of the name. */
const MORE = 2;

/** All values that have the field's label, in their order. */
export function labelled(field: Field): string[] {
  const { words, bound } = readName(field);
  if (words.length === 0) return [];
  // "version" alone is no label of `nodeVersion`.
  const sort = words.length > 1 ? sortOf(field, undefined)?.sort : undefined;
  const isMeant = (word: string): boolean => words.some((one) => isForm(word, one));
  return field.said.flatMap(({ text, quotes }) => {
    const stands = quotes.map((quote) => ` ${wordsIn(quote).join(' ')} `);
    return [text, ...quotes].flatMap(labelsIn).flatMap(([label, value]) => {
      const called = wordsIn(label.split(', ').at(-1) ?? '').filter((word) => !EMPTY.has(word));
      const isIt =
        called.length <= words.length + MORE &&
        (bound === undefined || saysBound(label, bound) >= 0) &&
        (words.every((one) => called.some((word) => isForm(word, one))) ||
          (called.every(isMeant) && called.some((word) => sort?.is.test(word) !== true)));
      const plain = wordsIn(value).join(' ');
      return isIt && plain !== '' && stands.some((quote) => quote.includes(` ${plain} `)) ? [value] : [];
    });
  });
}

const MARKED = new RegExp(String.raw`^\s*${ITEM_MARK}\s+`);

/** Without the mark of an item of a list. */
export const unmarked = (text: string): string => text.replace(MARKED, '');

function labelsIn(text: string): [label: string, value: string][] {
  return text
    .replace(/[ \t]+/g, ' ')
    .split(/;\s|\n|(?<=[.!?])\s/)
    .flatMap((piece): [string, string][] => {
      const cells = piece.split(/\s*\|\s*/).filter((cell) => cell !== '');
      if (piece.includes('|')) return cells.length === 2 ? [[cells[0] ?? '', cells[1] ?? '']] : [];
      const parts = unmarked(piece).split(/\s*(?::|=)\s+/);
      return parts
        .slice(1)
        .map((_part, at) => [
          parts[at] ?? '',
          within(parts.slice(0, at + 1).join(''), parts.slice(at + 1).join(': ')).replace(/[.,]$/, ''),
        ]);
    });
}

/** Of a value that begins within code, no more than stands there: "with `code: 'EABORT'` and". */
function within(before: string, value: string): string {
  const isCode = before.split('`').length % 2 === 0;
  return isCode ? (value.split('`')[0] ?? '').replace(/^(['"])(.*)\1$/, '$2') : value;
}
