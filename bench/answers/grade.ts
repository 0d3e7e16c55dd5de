// grade.ts: a first grade of an answer, by words alone: which needed facts it says, which needed passages it cites, how
// long it is, whether it owns up to a gap. Whether it is right, complete, unpadded and honest, a person says.

import { conflictText, type Answer } from '../../protocol/answer.ts';
import type { Citation } from '../../protocol/findings.ts';
import type { Fact, Passage, Question } from './questions.ts';

export type GradedAnswer = Pick<Answer, 'sections' | 'citations' | 'conflicts' | 'gaps'>;

export interface Grade {
  /** One for each of the question's facts, in their order. */
  said: boolean[];
  /** One for each of the question's passages, in their order. */
  cited: boolean[];
  sentences: number;
  citations: number;
  /** Something is said to be missing. */
  gapSaid: boolean;
}

/** How much of a passage's words a quote must hold to count as the passage. */
const MIN_SHARE = 0.6;

export function gradeAnswer({ facts, passages }: Question, answer: GradedAnswer): Grade {
  const claims = answer.sections.flatMap((section) => section.claims.map(({ text }) => text));
  const text = plain([...claims, ...(answer.conflicts ?? []).map(conflictText)].join('\n'));
  return {
    said: facts.map((fact) => isSaid(fact, text)),
    cited: passages.map((passage) => answer.citations.some((citation) => holds(citation, passage))),
    sentences: claims.reduce((sum, claim) => sum + sentencesOf(claim), 0),
    citations: answer.citations.length,
    gapSaid: answer.gaps.length > 0,
  };
}

function isSaid({ any }: Fact, text: string): boolean {
  return any.some((wording) => wording.split(' & ').every((part) => standsIn(plain(part), text)));
}

/** As a whole word or number: `10` does not stand in `2010`, nor `4.1` in `4.1.2`. */
function standsIn(part: string, text: string): boolean {
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    const before = text.slice(Math.max(0, at - 2), at);
    const after = text.slice(at + part.length, at + part.length + 2);
    const isOpen = !/^[\p{L}\p{N}]/u.test(part) || !/[\p{L}\p{N}]$|\d[.,]$/u.test(before);
    const isClosed = !/[\p{L}\p{N}]$/u.test(part) || !/^[\p{L}\p{N}]|^[.,]\d/u.test(after);
    if (isOpen && isClosed) return true;
  }
  return false;
}

/** In small letters, without Markdown's marks, thousands' commas and curly quotes, with one space between words. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[*`]|\\(?=\W)/g, '')
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[‐-―]/g, '-')
    .replace(/\s+/g, ' ');
}

function holds({ source, quote }: Citation, { file, text, copied }: Passage): boolean {
  if (!copied && source !== file && !source.endsWith(`/${file}`)) return false;
  const needed = new Set(wordsOf(text));
  const quoted = new Set(wordsOf(quote));
  const held = [...needed].filter((word) => quoted.has(word)).length;
  return held >= needed.size * MIN_SHARE;
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

const sentencesOf = (claim: string): number =>
  Math.max(1, claim.trim().split(/[.!?]["')\]]*\s+(?=[\p{Lu}\d"'`*(])/u).length);
