// direct-conflicts.ts: what the passages behind an answer at once say differently, of what that answer rests on. By rule alone, once
// its words are written: nobody waits for it, and no second call is made.

import { termsOf } from '../../documents/index/terms.ts';
import type { Answer } from '../../protocol/answer.ts';
import type { FoundConflict } from '../../protocol/conflicts.ts';
import type { Citation, Finding } from '../../protocol/findings.ts';
import type { ShownPassage } from '../text/prompts/direct-prompt.ts';
import { findConflicts, type Said } from './conflicts/find-conflicts.ts';
import { settle } from './conflicts/settle.ts';
import { sentencesOf } from './conflicts/statement.ts';
import { toldConflicts } from './conflicts/told-conflicts.ts';

type Cited = Pick<Answer, 'citations' | 'conflicts'>;

/**
 * The conflicts that one of the citations is a side of, and the citations with those of the other sides behind them.
 * @param goal only what it asks about counts.
 * @param locate as `Corpus.locateQuote`; a conflict with a side that does not stand in its source is none.
 */
export async function directConflicts(
  passages: readonly ShownPassage[],
  cited: readonly Citation[],
  goal: string,
  locate: (source: string, quote: string) => Promise<Citation | undefined>,
): Promise<Cited> {
  const citations = [...cited];
  const said = passages.flatMap(saidIn).filter(sharesWordsWith(cited));
  const found = findConflicts(said, goal);
  if (found.length === 0) return { citations };
  const sentences = said.flatMap(({ claim, source }, at) =>
    sentencesOf(claim).map(({ text }, n): Said => ({ id: `${at}/${n}`, claim: text, source })),
  );
  const byId = new Map<string, Finding>();
  const find = async ({ id, claim, source }: Said): Promise<boolean> => {
    const citation = await locate(source, claim);
    if (citation) byId.set(id, { id, claim, citations: [citation] });
    return citation !== undefined;
  };
  const told: FoundConflict[] = [];
  for (const [at, one] of found.entries()) {
    const sides = one.sides.map((side, n) => ({ ...side, findings: [`conflict ${at}, side ${n}`] }));
    // One with a side that stands nowhere is not told.
    await Promise.all(sides.map(({ findings: [id = ''], claim, source }) => find({ id, claim, source })));
    const isCited = sides.some(({ findings: [id = ''] }) => isAmong(cited, byId.get(id)?.citations[0]));
    if (!isCited) continue;
    const { settled, ...open } = settle({ ...one, sides }, sentences);
    const by = settled && sentences.find(({ id }) => id === settled.finding);
    told.push(by && (await find(by)) ? { ...open, settled } : open);
  }
  const numberOf = (citation: Citation): number => {
    const known = citations.findIndex(({ sha256, quote }) => sha256 === citation.sha256 && quote === citation.quote);
    return known < 0 ? citations.push(citation) : known + 1;
  };
  const conflicts = toldConflicts(told, byId, numberOf);
  return { citations, ...(conflicts ? { conflicts } : {}) };
}

/** Words in common below which a paragraph is not compared with a quote: reading all of them would hold up who else asks. */
const NEAR = 2;

function sharesWordsWith(cited: readonly Citation[]): (said: Said) => boolean {
  const quotes = cited.map(({ quote }) => new Set(termsOf(quote)));
  return ({ claim }) => {
    const terms = [...new Set(termsOf(claim))];
    return quotes.some((quote) => terms.filter((term) => quote.has(term)).length >= NEAR);
  };
}

/** Its paragraphs and list items, each on one line: lines of a text may be broken anywhere. */
const saidIn = ({ passage, source, text }: ShownPassage): Said[] =>
  text
    .split(/\n\s*\n|\n(?=\s*(?:[-*+|#]|\d+\.)\s?)/)
    .map((part, at) => ({ id: `${passage}.${at}`, claim: part.replace(/\s+/g, ' ').trim(), source }))
    .filter(({ claim }) => claim !== '' && !claim.startsWith('#'));

/** Whether a citation rests on these words. */
const isAmong = (cited: readonly Citation[], one: Citation | undefined): boolean =>
  one !== undefined &&
  cited.some(({ sha256, quote }) => sha256 === one.sha256 && (quote.includes(one.quote) || one.quote.includes(quote)));
