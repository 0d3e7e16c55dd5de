// matrix.ts: which rows of a table answer together: of a table of marks those that have the mark in the column that a question names,
// of a table of two things that are told apart all, of a list those that say the same of it.

import type { Question } from '../question/question.ts';
import { cellsOf, isMark, isYes } from '../text/tables.ts';
import type { Unit } from '../text/unit.ts';
import { contentTerms } from '../words/words.ts';

/** Rows that are given of one table. */
const MOST_ROWS = 8;
const ASKS_NOT = /\b(?:not|no longer|without|lacks?|missing|unsupported)\b|n['’]t\b/i;

/** The rows of the table around a row that answer; none where it is no table of marks, or no column of it is asked for. */
export function rowsThatHold({ text, kind, weights }: Question, units: readonly Unit[], at: number): Unit[] {
  const { kind: form, head = [] } = units[at] ?? {};
  if (form !== 'row') return [];
  const isAsked = (name: string): boolean => {
    const terms = contentTerms(name);
    return terms.length > 0 && terms.every((term) => weights.has(term));
  };
  const columns = head.flatMap((name, column) => (column > 0 && isAsked(name) ? [column] : []));
  const [column] = columns;
  const rows = tableAround(units, at).map((unit) => ({ unit, cells: cellsOf(unit.text) }));
  if (column === undefined || columns.length > 1 || !rows.every(({ cells }) => isMark(cells[column] ?? ''))) return [];
  const named = rows.filter(({ cells: [subject = ''] }) => isAsked(subject));
  const wanted = !ASKS_NOT.test(text);
  const held = rows.filter(({ cells }) => isYes(cells[column] ?? '') === wanted);
  return (named.length > 0 || kind === 'yes-no' ? named : held).slice(0, MOST_ROWS).map(({ unit }) => unit);
}

/** Whether a row is of a table with a column for each of two things that are to be told apart. */
export const isCompared = ({ kind, pair }: Question, unit: Unit): boolean =>
  kind === 'difference' &&
  unit.kind === 'row' &&
  pair.length > 1 &&
  pair.every((called) => (unit.head ?? []).some((name) => called.some((one) => isColumnOf(one, name))));

/** "Small plan" is the column of what is called so, and of "Small". */
function isColumnOf(called: string, column: string): boolean {
  const [wanted, terms] = [contentTerms(called), contentTerms(column)];
  return wanted.length > 0 && terms.length <= wanted.length + 1 && wanted.every((term) => terms.includes(term));
}

/** Whether a row is of a table of what is listed: "Which ports", and a column "Port" first. Of what is named it is no list. */
export function isOfListed({ kind, text, names }: Question, units: readonly Unit[], at: number): boolean {
  const { kind: form, head = [] } = units[at] ?? {};
  if (kind !== 'list' || form !== 'row') return false;
  const column = contentTerms(head[0] ?? '');
  const [listed] = contentTerms(listedIn(text) ?? '');
  if (column.length !== 1 || column[0] !== listed) return false;
  const subjects = units
    .slice(Math.max(0, at - MOST_BESIDE), at + MOST_BESIDE)
    .map((one) => cellsOf(one.text)[0]?.toLowerCase());
  return names.every(({ key }) => !subjects.includes(key));
}

/** Rows of a table that are looked at beside one. */
const MOST_BESIDE = 20;

/** What a question asks to list: "which ports". */
export const listedIn = (text: string): string | undefined => LISTS.exec(text)?.[1];
const LISTS = /\b(?:which|what)(?: are)?(?: the)? (?:[\p{L}-]{1,40} )??(\p{L}{2,40}s)\b/iu;

/** The rows that are given with one where they answer together; none where it answers alone. */
export function rowsTogether(question: Question, units: readonly Unit[], at: number): Unit[] {
  const unit = units[at];
  if (unit?.kind !== 'row') return [];
  if (isCompared(question, unit)) return tableAround(units, at).slice(0, MOST_ROWS);
  if (question.kind !== 'list') return [];
  // What a column says of all rows, "Port", tells none from another.
  const [listed = ''] = contentTerms(listedIn(question.text) ?? '');
  const isColumn = (unit.head ?? []).some((name) => contentTerms(name).join(' ') === listed);
  const saidBy = ({ text }: Unit): string[] =>
    contentTerms(text).filter((term) => question.weights.has(term) && !(isColumn && term === listed));
  const said = saidBy(unit);
  if (said.length === 0 && isOfListed(question, units, at)) return tableAround(units, at).slice(0, MOST_ROWS);
  const rows = tableAround(units, at).filter((row) => said.every((term) => saidBy(row).includes(term)));
  return said.length > 0 && rows.length > 1 && rows.length <= MOST_ROWS ? rows : [];
}

/** The rows that stand below each other, this one among them. */
function tableAround(units: readonly Unit[], at: number): readonly Unit[] {
  const isRow = (one: Unit | undefined): boolean => one?.kind === 'row';
  let [first, last] = [at, at];
  while (isRow(units[first - 1])) first -= 1;
  while (isRow(units[last + 1])) last += 1;
  return units.slice(first, last + 1);
}
