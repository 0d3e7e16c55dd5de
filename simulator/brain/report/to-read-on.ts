// to-read-on.ts: the stretch that has most of the question of all that was read, for a reader who looks on: what answers in
// other words than the question's often stands there. It stands beside the answers and is none.

import { shareOf } from '../quotes/asked.ts';
import type { Reading } from '../quotes/quotable.ts';
import { MAX_HEADING } from '../quotes/score.ts';
import { isRefused, type Refusals } from '../request/reask.ts';
import type { Finding } from '../request/shared.ts';
import { lastHeading, MAX_CLAIM } from '../text/clean.ts';
import { contentTerms } from '../words/words.ts';
import { inOrder, joined, stretchClaim, TO_READ_ON } from './stretch.ts';

/** Characters of a stretch of several units; one alone has as many as it may. */
const LONG = 600;
/** How fast more of the same term stops counting. */
const SATURATION = 0.5;
/** Share of a stretch that may stand in what was said. */
const MOST_KNOWN = 0.7;
/** Share of the question that a stretch must have: with less it only shares a word. */
const LEAST = 0.3;

interface Stretch {
  finding: Finding;
  fit: number;
}

/** The stretch that has most of the question and does not say again what was found; none where all does. */
export function toReadOn(
  { readings, weights }: { readings: readonly Reading[]; weights: ReadonlyMap<string, number> },
  findings: readonly Finding[],
  refusals: Refusals,
): Finding[] {
  const said = findings.flatMap(({ citations }) => citations.map(({ quote }) => quote));
  const [best] = readings
    .flatMap((reading) => {
      const isNews = newsIn(reading.passage.text, said);
      return bestOf(reading, weights, (quote) => isNews(quote) && !isRefused(quote, refusals)) ?? [];
    })
    .sort((x, y) => y.fit - x.fit);
  return best && shareOf(weights, new Set(contentTerms(best.finding.claim))) >= LEAST ? [best.finding] : [];
}

/** Tells of a stretch of a text whether it says what was not said: not most of it stands in the quotes, and none of them in it. */
function newsIn(text: string, said: readonly string[]): (quote: string) => boolean {
  const places = said.flatMap((quote) => {
    const start = text.indexOf(quote);
    return start < 0 ? [] : [{ start, end: start + quote.length }];
  });
  return (quote) => {
    const start = text.indexOf(quote);
    const end = start + quote.length;
    const known = places.map((one) => Math.min(end, one.end) - Math.max(start, one.start));
    return !said.some((one) => quote.includes(one)) && !known.some((length) => length > MOST_KNOWN * quote.length);
  };
}

function bestOf(
  { units: all, passage }: Reading,
  weights: ReadonlyMap<string, number>,
  isNews: (quote: string) => boolean,
): Stretch | undefined {
  const units = joined(all, passage.text).filter(({ kind }) => kind !== 'noise' && kind !== 'heading');
  const terms = units.map((unit) => contentTerms(unit.text));
  let best: Stretch | undefined;
  for (const [at, { start, end, under }] of units.entries()) {
    let to = at + 1;
    while (units[to]?.under === under && (units[to]?.end ?? Infinity) - start <= LONG) to += 1;
    const quote = passage.text.slice(start, units[to - 1]?.end ?? end);
    const heading = lastHeading(under ?? passage.heading, under === undefined ? '' : passage.heading, MAX_HEADING);
    const fit = fitOf([...contentTerms(heading), ...terms.slice(at, to).flat()], weights);
    const isRead = units.slice(at, to).some(({ kind }) => kind !== 'code' && kind !== 'comment');
    if (!isRead || fit <= (best?.fit ?? 0) || !isNews(quote)) continue;
    const claim = stretchClaim(TO_READ_ON, heading, inOrder(units.slice(at, to)));
    if (claim.length <= MAX_CLAIM) best = { finding: { claim, citations: [{ source: passage.source, quote }] }, fit };
  }
  return best;
}

/** How much the terms have of what the question weighs; more of the same counts less. */
function fitOf(terms: readonly string[], weights: ReadonlyMap<string, number>): number {
  const counts = new Map<string, number>();
  for (const term of terms) if (weights.has(term)) counts.set(term, (counts.get(term) ?? 0) + 1);
  let sum = 0;
  for (const [term, count] of counts) sum += ((weights.get(term) ?? 0) * count) / (count + SATURATION);
  return sum;
}
