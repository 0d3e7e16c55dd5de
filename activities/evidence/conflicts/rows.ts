// rows.ts: rows of two tables about one thing that differ in a column that was asked for. Pure.

import { termsOf } from '../../../documents/index/terms.ts';
import { agree, amountsIn } from './amounts.ts';
import type { Opposition } from './opposed.ts';

/** What two rows differ in; undefined where one of them is no row, or they agree. */
export function rowsOpposed(a: string, b: string, goal: string): (Opposition & { about: string }) | undefined {
  const [one, other] = [rowOf(a), rowOf(b)];
  if (!one || !other || one.subject.toLowerCase() !== other.subject.toLowerCase()) return undefined;
  const asked = new Set(termsOf(goal));
  for (const [column, value] of one.cells) {
    const second = other.cells.get(column);
    if (second === undefined || sameCell(value, second) || !termsOf(column).some((term) => asked.has(term))) continue;
    return { kind: 'amount', values: [value, second], about: `${column} of ${one.subject}` };
  }
  return undefined;
}

/** "countries: Croatia: currencies: HRK; ioc: CRO" */
function rowOf(text: string): { subject: string; cells: Map<string, string> } | undefined {
  const [, subject, rest] = /^(?:.*: )?([^:;]{1,60}): ([^:;]{1,40}: [^;]+(?:; [^;]+)*)$/.exec(text) ?? [];
  if (subject === undefined || rest === undefined) return undefined;
  const cells = rest.split('; ').map((cell) => cell.split(': ') as [string, string]);
  return { subject, cells: new Map(cells.filter((cell) => cell.length === 2)) };
}

function sameCell(a: string, b: string): boolean {
  if (a.toLowerCase() === b.toLowerCase()) return true;
  const [one] = amountsIn(a);
  const [other] = amountsIn(b);
  return one !== undefined && other !== undefined && one.measure === other.measure && agree(one, other);
}
