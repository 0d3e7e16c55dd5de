// told-by-place.ts: what answers by where it stands, in few words of the question or none: a cell, a default under its name, the
// heading of an entry.

import { YEAR, type Kind } from '../question/kinds.ts';
import { cellsOf } from '../text/tables.ts';
import type { Name } from '../words/names.ts';
import { contentTerms } from '../words/words.ts';
import type { Choice } from './quotable.ts';
import { ADDRESS, DEFAULT_LINE, nameIn } from './worth.ts';

const keyOf = (text: string): string => text.toLowerCase().replace(/[`*]/g, '').trim();

/** The cell of a row where both are named: the thing that the row is about, and the column ("eol-lts"). */
export function isCellOf(
  { quotable: { unit } }: Choice,
  names: readonly Name[],
  terms: ReadonlyMap<string, number>,
): boolean {
  if (unit.kind !== 'row' || !unit.head) return false;
  const cells = cellsOf(unit.text);
  const isNamed = (column: string): boolean =>
    /^(?=.*(?:[-_]|\p{Ll}\p{Lu}))\S{1,60}$/u.test(column) &&
    contentTerms(column).filter((term) => terms.has(term)).length > 1;
  const isColumn = unit.head.some(
    (column, at) => isNamed(column.replace(/[`*]/g, '').trim()) && (cells[at] ?? '') !== '',
  );
  const isThing = (cell: string): boolean => cell.length > 1 && names.some(({ key }) => key === cell);
  return isColumn && cells.some((cell) => isThing(keyOf(cell)));
}

/** "Default: 5" under nothing but the name that is asked about. */
export const isDefaultOf = ({ quotable: { unit, heading } }: Choice, names: readonly Name[], kind: Kind): boolean =>
  OF_DEFAULTS.has(kind) &&
  DEFAULT_LINE.test(unit.text) &&
  names.some(({ key, isSure }) => isSure && key === keyOf(nameIn(heading)));
const OF_DEFAULTS: ReadonlySet<Kind> = new Set(['default', 'how-many', 'how-long']);

/** The address of somebody under a heading that has a word of the question: "Security". */
export const isAddressFor = (
  { quotable: { unit, heading } }: Choice,
  kind: Kind,
  isAsked: (term: string) => boolean,
): boolean => kind === 'contact' && ADDRESS.test(unit.text) && contentTerms(heading).some(isAsked);

/** What the heading of an entry says of all in it. */
export const isToldBy = (entry: string, kind: Kind): boolean =>
  kind === 'version' || ((kind === 'date' || kind === 'when') && YEAR.test(entry));
