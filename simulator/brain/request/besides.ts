// besides.ts: a goal that begins with "Besides what was found:" asks for what else there is: passages that what was found stands in
// are not quoted again.

import type { Passage } from './passages.ts';

const BESIDES = /^\s*besides what was found:\s*/i;

export const besides = (question: string): string => `Besides what was found: ${question}`;

/** The question behind it, and whether it asks so. */
export function readBesides(goal: string): { asked: string; isBesides: boolean } {
  const asked = goal.replace(BESIDES, '');
  return { asked, isBesides: asked.length < goal.length };
}

/** Characters of a claim that tell its passage, from its end: a claim may be led by its heading. */
const TELLING = 80;

/** Passages without those that one of these claims stands in. */
export function unknownOf(passages: readonly Passage[], claims: readonly string[]): Passage[] {
  const known = claims.map((claim) => plain(claim).slice(-TELLING)).filter((text) => text !== '');
  return passages.filter(({ text }) => {
    const read = plain(text);
    return !known.some((one) => read.includes(one));
  });
}

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
