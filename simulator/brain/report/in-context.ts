// in-context.ts: the best quote with what stands right before and behind it, under the same heading: where the first sentence
// does not say all, the next one often does. It stands beside the answers and is none.

import type { Choice } from '../quotes/quotable.ts';
import { MAX_CLAIM } from '../text/clean.ts';
import { MAX_QUOTE, MAX_WHOLE, type Unit } from '../text/unit.ts';
import { IN_BOLD, inOrder, joined, stretchClaim } from './stretch.ts';

/** What begins so near to the quote, in characters, and ends no farther, belongs to its context. */
const NEAR = 250;
const FAR = 400;
/** Less than this adds nothing. */
const NEWS = 30;

/** The stretch around a quote as a claim and as it is written; undefined where it stands alone, or in a table. */
export function inContext(
  { reading: { units, passage }, quotable: { unit, heading } }: Choice,
  given: readonly Unit[],
): { claim: string; quote: string } | undefined {
  const { text } = passage;
  const start = text.indexOf(unit.text);
  const code = unit.code ? text.indexOf(unit.code.text, start) : -1;
  const end = unit.code && code > start ? code + unit.code.text.length : start + unit.text.length;
  const own = units.find((one) => one.end > start && one.start < end);
  if (start < 0 || !own || NO_PLACE.has(unit.kind)) return undefined;
  const others = given.filter((one) => one !== unit);
  const isBeside = (one: Unit): boolean =>
    !one.isCut &&
    !NO_PLACE.has(one.kind) &&
    // What leads it in is said with it.
    one.text !== own.ledBy &&
    !(own.lead !== undefined && (IN_BOLD.test(one.text) || isOfOther(own, one))) &&
    // What is said by itself is not said again.
    !others.some((other) => other.text.includes(one.text));
  const all = joined(units, text);
  const before = withinReach(all.filter((one) => one.end <= start).reverse(), isBeside, (one) => [
    start - one.end,
    start - one.start,
  ]);
  const behind = withinReach(
    all.filter((one) => one.start >= end),
    isBeside,
    (one) => [one.start - end, one.end - end],
  );
  // What leads to nothing any more says nothing.
  if (behind.at(-1)?.text.endsWith(':')) behind.pop();
  const most = NOT_LATIN.test(text) ? MAX_QUOTE : MAX_WHOLE;
  for (;;) {
    const from = before.at(-1)?.start ?? start;
    const to = behind.at(-1)?.end ?? end;
    if (to - from < end - start + NEWS) return undefined;
    // What is said in short is not said again.
    const words = [...inOrder(before.toReversed()), '…', ...inOrder(behind)];
    const claim = stretchClaim('In context', heading, words);
    if (to - from <= most && claim.length <= MAX_CLAIM) return { claim, quote: text.slice(from, to) };
    // What comes before is worth less than what follows.
    if (before.length > 0) before.pop();
    else behind.pop();
  }
}

/** What is said of one term, and of the next. */
const isOfOther = (own: Unit, one: Unit): boolean =>
  own.kind === 'sentence' && own.isOfItem === undefined && one.lead !== own.lead;

/** Rows are understood without those around them. */
const NO_PLACE: ReadonlySet<Unit['kind']> = new Set(['row', 'heading', 'comment']);
const NOT_LATIN = /[\u0250-\u1dff\u2e80-\uffff]/;

/** The units next to a quote, the nearest first, up to the first that does not belong. */
function withinReach(
  units: readonly Unit[],
  belongs: (unit: Unit) => boolean,
  reach: (unit: Unit) => [nearEnd: number, farEnd: number],
): Unit[] {
  const seen = units.filter(({ kind }) => kind !== 'noise');
  const stop = seen.findIndex((one) => {
    const [near, far] = reach(one);
    return !belongs(one) || near > NEAR || far > FAR;
  });
  return stop < 0 ? seen : seen.slice(0, stop);
}
