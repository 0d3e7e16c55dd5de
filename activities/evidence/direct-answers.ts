// direct-answers.ts: an answer that was written at once, as sections, claims and citations. Quotes are held against their sources as
// everywhere; a sentence that rests on none stays, and is marked so.

import type { Answer, Claim } from '../../protocol/answer.ts';
import type { Citation } from '../../protocol/findings.ts';
import { withoutForeignAddresses } from '../text/foreign-addresses.ts';
import type { DirectOutput, ShownPassage } from '../text/prompts/direct-prompt.ts';

export interface DirectCheck {
  goal: string;
  passages: readonly ShownPassage[];
  /** As `Corpus.locateQuote`. */
  locate: (source: string, quote: string) => Promise<Citation | undefined>;
}

/** The heading of its only section. */
const HEADING = 'Answer';

/** `problems` names what was left out: quotes that do not stand where they are said to be. */
export async function checkDirect(
  { text, quotes, missing }: DirectOutput,
  { goal, passages, locate }: DirectCheck,
): Promise<{ accepted: Pick<Answer, 'sections' | 'citations' | 'gaps'>; problems: string[] }> {
  const problems: string[] = [];
  const citations: Citation[] = [];
  /** Numbers of citations, by the passage they are from. */
  const numbers = new Map<number, number[]>();
  for (const { passage, quote } of quotes) {
    const shown = passages[passage - 1];
    const citation = shown && (await locate(shown.source, quote));
    if (!citation) {
      problems.push(`the quote "${quote.slice(0, 120)}" does not stand in passage ${passage}`);
      continue;
    }
    const same = citations.findIndex((one) => one.sha256 === citation.sha256 && one.quote === citation.quote);
    const number = same < 0 ? citations.push(citation) : same + 1;
    numbers.set(passage, [...new Set([...(numbers.get(passage) ?? []), number])]);
  }
  const addresses = [goal, ...citations.flatMap(({ source, quote }) => [source, quote])];
  const claims = claimsOf(text).map(({ said, marks }): Claim => {
    const cited = [...new Set(marks.flatMap((mark) => numbers.get(mark) ?? []))].sort((a, b) => a - b);
    return { text: withoutForeignAddresses(said, addresses), citations: cited };
  });
  return { accepted: { ...inOrderOfUse(claims, citations), gaps: missing }, problems };
}

/** Citations numbered by their first use; those that no sentence names are left out. */
function inOrderOfUse(
  claims: readonly Claim[],
  citations: readonly Citation[],
): Pick<Answer, 'sections' | 'citations'> {
  const used = [...new Set(claims.flatMap((claim) => claim.citations))];
  const renumbered = claims.map(({ text, citations: old }) => ({
    text,
    citations: old.map((n) => used.indexOf(n) + 1),
  }));
  return {
    sections: claims.length > 0 ? [{ heading: HEADING, claims: renumbered }] : [],
    citations: used.flatMap((n) => citations[n - 1] ?? []),
  };
}

const MARKS = /\s*\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/g;
const MARKS_FIRST = new RegExp(`^(?:${MARKS.source})+`);

/**
 * Its claims, and the numbers behind each: before the end of a sentence, or behind it, where the next one seems to begin with them.
 * Sentences of one line without numbers of their own belong to the next one there that has some.
 */
function claimsOf(text: string): { said: string; marks: number[] }[] {
  const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
  const claims: { said: string; marks: number[] }[] = [];
  for (const line of text.split('\n')) {
    let open: { said: string; marks: number[] } | undefined;
    for (const { segment } of segmenter.segment(line)) {
      const [first = ''] = MARKS_FIRST.exec(segment) ?? [];
      open?.marks.push(...marksIn(first));
      const rest = segment.slice(first.length);
      const said = rest.replaceAll(MARKS, '').trim();
      if (said === '') continue;
      if (open && open.marks.length === 0) open.said += ` ${said}`;
      else claims.push((open = { said, marks: [] }));
      open.marks.push(...marksIn(rest));
    }
  }
  return claims;
}

const marksIn = (text: string): number[] =>
  [...text.matchAll(MARKS)].flatMap(([, list = '']) => list.split(',').map(Number));
