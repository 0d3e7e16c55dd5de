// told-conflicts.ts: conflicts as an answer tells them: each side with the numbers of its citations, which are checked already.

import type { AnswerConflict } from '../../../protocol/answer.ts';
import type { FoundConflict } from '../../../protocol/conflicts.ts';
import { withoutForeignAddresses } from '../../text/foreign-addresses.ts';
import type { Citation, Finding } from '../../../protocol/findings.ts';

/**
 * @param numberOf the number of a citation in the answer, which it may have to take in.
 * @returns undefined where there are none; a side that no finding stands behind is left out, and a conflict with it.
 */
export function toldConflicts(
  found: readonly FoundConflict[],
  byId: ReadonlyMap<string, Finding>,
  numberOf: (citation: Citation) => number,
): AnswerConflict[] | undefined {
  const numbersOf = (ids: readonly string[]): number[] => [
    ...new Set(ids.flatMap((id) => byId.get(id)?.citations ?? []).map(numberOf)),
  ];
  // What a model said of a page may lead elsewhere; what the page itself has may stand.
  const clean = (text: string, ids: readonly string[]): string =>
    withoutForeignAddresses(
      text,
      ids.flatMap((id) => byId.get(id)?.citations ?? []).flatMap(({ source, quote }) => [source, quote]),
    );
  const told = found.flatMap(({ about, kind, sides, settled }): AnswerConflict[] => {
    if (!sides.every(({ findings }) => findings.some((id) => byId.has(id)))) return [];
    const by = settled && byId.get(settled.finding);
    return [
      {
        about: clean(
          about,
          sides.flatMap(({ findings }) => findings),
        ),
        sides: sides.map(({ claim, value, source, findings }) => ({
          claim: clean(claim, findings),
          ...(kind === 'yes or no' ? {} : { value: clean(value, findings) }),
          source,
          citations: numbersOf(findings),
        })),
        ...(by
          ? { settled: { side: settled.side, claim: clean(by.claim, [by.id]), citations: numbersOf([by.id]) } }
          : {}),
      },
    ];
  });
  return told.length > 0 ? told : undefined;
}
