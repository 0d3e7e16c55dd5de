// settle.ts: does a finding say which side of a conflict holds: that it was changed from one to the other, or since when one is so?
// Pure, by rule; a model's judgement takes its place where there is one.

import type { ConflictSide, FoundConflict } from '../../../protocol/conflicts.ts';
import { agree, amountsIn } from './amounts.ts';
import type { Said } from './find-conflicts.ts';
import { momentsIn, sameMoment } from './moments.ts';
import { sameName } from './named-value.ts';
import { readStatement, sentencesOf, type Statement } from './statement.ts';

const CHANGED =
  /\b(?:raised|lowered|changed|increased|reduced|moved|switched|went|corrected|shortened|extended|cut|doubled|replaced)\b.*\b(?:from|to|by|with)\b|\binstead of\b|\breplaces\b|\bsupersedes\b/i;
/** What it was changed to. */
const BECAME = /(?:\bfrom\b.*?\bto\b|\b(?:to|by|with)\b)\s(?<now>[^.;]*(?:\.\d[^.;]*)*)/i;
const SINCE =
  /\b(?:since|as of|starting with|from) (?:version |release |v)?(?:\d|(?:19|20)\d\d|january|february|march|april|may|june|july|august|september|october|november|december)/i;
const NEAR = 2;

/** The conflict with what settles it, where one of the findings does. */
export function settle(conflict: FoundConflict, findings: readonly Said[]): FoundConflict {
  const about = readStatement(conflict.sides.map(({ claim }) => claim).join(' '));
  for (const { id, claim } of findings) {
    for (const { text } of sentencesOf(claim)) {
      const statement = readStatement(text);
      if ([...statement.own].filter((term) => about.own.has(term)).length < NEAR) continue;
      const side = sideOf(conflict, text, statement);
      if (side !== undefined) return { ...conflict, settled: { side, finding: id } };
    }
  }
  return conflict;
}

/** Which side this sentence says to hold. */
function sideOf({ sides }: FoundConflict, text: string, statement: Statement): number | undefined {
  if (CHANGED.test(text)) {
    // "from 30 s to 60 s", "60 s instead of 30 s": what stands behind "to", or before "instead", is how it is now.
    const now = /\binstead of\b|\breplaces\b|\bsupersedes\b/i.exec(text);
    const part = now ? text.slice(0, now.index) : (BECAME.exec(text)?.groups?.now ?? '');
    const holders = sides.flatMap((side, at) => (says(part, side) ? [at] : []));
    const others = sides.some((side, at) => !holders.includes(at) && says(text, side));
    if (holders.length === 1 && others) return holders[0];
  }
  if (!SINCE.test(text) || statement.isPast) return undefined;
  const holders = sides.flatMap((side, at) => (says(text, side) ? [at] : []));
  // Of two that both say since when, none is the newer one by that alone.
  const isAlone = sides.every(({ claim }, at) => at === holders[0] || !SINCE.test(claim));
  return holders.length === 1 && isAlone ? holders[0] : undefined;
}

/** Whether a text gives the value of this side. */
function says(text: string, { value, claim }: ConflictSide): boolean {
  const [amount] = amountsIn(value);
  if (amount && amount.measure !== 'count')
    return amountsIn(text).some((one) => one.measure === amount.measure && agree(one, amount));
  if (amount) return amountsIn(text).some((one) => one.low === amount.low && one.high === amount.high);
  const [moment] = momentsIn(`in ${value}`);
  if (moment) return momentsIn(text).some((one) => sameMoment(one, moment));
  if (value === 'yes' || value === 'no') return readStatement(text).isNegated === readStatement(claim).isNegated;
  return text.split(/[\s,;]+/).some((_word, at, words) => sameWords(words.slice(at), value));
}

const sameWords = (words: readonly string[], value: string): boolean => {
  const length = value.split(/\s+/).length;
  return (
    words.length >= length &&
    sameName(
      words
        .slice(0, length)
        .join(' ')
        .replace(/[.!?]$/, ''),
      value,
    )
  );
};
