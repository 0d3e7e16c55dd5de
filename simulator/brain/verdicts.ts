// verdicts.ts: the verifier's step: a claim is supported by its quotes when they hold nearly all of its words and every figure.

import { withoutPlace } from './report/stretch.ts';
import { asObject } from './request/passages.ts';
import { jsonBlock, type Prompt } from './request/prompt.ts';
import { contentTerms } from './words/words.ts';

interface Verdict {
  claim: number;
  verdict: 'supported' | 'unsupported';
  reason: string;
}

/** Share of a claim's words that its quotes, or the names of their sources, must hold. */
const ENOUGH = 0.6;

export function verdicts(prompt: Prompt): { verdicts: Verdict[] } {
  const claims = jsonBlock(prompt.blocks, 'claims');
  return {
    verdicts: (Array.isArray(claims) ? (claims as unknown[]) : []).map(asObject).flatMap((claim): Verdict[] => {
      const { n, text, quotes } = claim;
      if (typeof n !== 'number' || typeof text !== 'string') return [];
      const said = (Array.isArray(quotes) ? (quotes as unknown[]) : [])
        .map(asObject)
        .map(({ source, quote }) => `${String(source)} ${String(quote)}`)
        .join(' ');
      const problem = problemOf(withoutPlace(text), said);
      return [
        {
          claim: n,
          verdict: problem === undefined ? 'supported' : 'unsupported',
          reason: problem ?? 'its quotes say so',
        },
      ];
    }),
  };
}

function problemOf(claim: string, said: string): string | undefined {
  const held = new Set(contentTerms(said));
  const figures = (claim.match(/\d+(?:\.\d+)?/g) ?? []).filter((figure) => !said.includes(figure));
  if (figures.length > 0) return `its quotes do not have ${figures.slice(0, 3).join(', ')}`;
  const terms = [...new Set(contentTerms(claim))];
  const share = terms.length === 0 ? 1 : terms.filter((term) => held.has(term)).length / terms.length;
  return share >= ENOUGH ? undefined : 'its quotes speak of something else';
}
