// quotable.ts: which units of a passage a person would quote, and how well each fits the question.

import { cleanMarkdown } from './clean.ts';
import type { Question } from './question.ts';
import { MIN_QUOTE, unitsOf, type Unit } from './units.ts';
import { contentTerms } from './words.ts';

export interface Quotable {
  unit: Unit;
  terms: Set<string>;
  /** What its form is worth, whatever it says: 1 for a plain sentence. */
  shape: number;
}

const KIND_FACTOR: Record<Unit['kind'], number> = { sentence: 1, item: 0.95, row: 0.95, heading: 0, code: 0, noise: 0 };

/** What every project's pages say and nobody asks for. */
const BOILERPLATE =
  /\b(?:tidelift|sponsor(?:s|ed|ship)?|donat(?:e|ions?)|copyright|all rights reserved|licen[sc]ed? (?:under|is)|maintainers of|read (?:the )?full docs)\b/i;

/** The units of a text that may be quoted. `isOpening`: a document's first words, which say what it is about. */
export function quotablesOf(text: string, question: Question, isOpening: boolean): Quotable[] {
  const found: Quotable[] = [];
  for (const unit of unitsOf(text)) {
    if (KIND_FACTOR[unit.kind] === 0 || unit.text.length < MIN_QUOTE) continue;
    const terms = new Set(contentTerms(unit.text));
    const opening = found.length > 0 ? 1 : isOpening && question.wantsDefinition ? 1.5 : 1.05;
    found.push({ unit, terms, shape: shape(unit, terms.size, question) * opening });
  }
  return found;
}

/** How much a unit looks like something a person would quote, and like the sort of answer that is asked for. */
function shape(unit: Unit, size: number, question: Question): number {
  const clean = cleanMarkdown(unit.text);
  let factor = KIND_FACTOR[unit.kind];
  const linked = unit.text.match(/\]\([^()]*\)|https?:\/\/\S+/g)?.reduce((sum, link) => sum + link.length, 0) ?? 0;
  if (linked > unit.text.length * 0.6) factor *= 0.3;
  if (unit.kind === 'item' && /^\[[^\]]*\]\([^()]*\)\.?$/.test(unit.text.replace(/^\s*(?:[-*+•]|\d+[.)])\s+/, '')))
    factor *= 0.3;
  factor *= Math.min(1, 0.55 + 0.09 * size);
  if (BOILERPLATE.test(clean) && !BOILERPLATE.test(question.text)) factor *= 0.3;
  if (clean.endsWith(':')) factor *= 0.7;
  if (clean.endsWith('?')) factor *= 0.6;
  if (unit.isCut) factor *= 0.85;
  if (unit.text.length > 350) factor *= 0.85;
  if (question.wantsFigure && /\d/.test(clean)) factor *= 1.2;
  if (question.wantsFigure && /\bdefaults?\b/i.test(clean) && /\bdefaults?\b/i.test(question.text)) factor *= 1.15;
  if (
    question.wantsReason &&
    /\b(?:because|since|so that|in order to|therefore|due to|otherwise|to avoid)\b/i.test(clean)
  )
    factor *= 1.2;
  if (question.wantsDefinition && /\b(?:is|are) (?:an?|the)\b/i.test(clean)) factor *= 1.15;
  return factor;
}
