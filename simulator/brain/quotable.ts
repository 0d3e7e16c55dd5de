// quotable.ts: which units of a passage a person would quote, and how well each fits the question.

import { inWords, lastHeading } from './clean.ts';
import { isCodeSource } from './names.ts';
import type { Question } from './question.ts';
import { MIN_QUOTE, unitsOf, type Unit } from './units.ts';
import { contentTerms } from './words.ts';

export interface Quotable {
  unit: Unit;
  terms: Set<string>;
  /** The heading that it stands under, clean; may be empty. */
  heading: string;
  headTerms: Set<string>;
  /** What its form is worth, whatever it says: 1 for a plain sentence. */
  shape: number;
}

const KIND_FACTOR: Record<Unit['kind'], number> = {
  sentence: 1,
  item: 0.95,
  row: 0.95,
  comment: 0.8,
  code: 0.15,
  heading: 0,
  noise: 0,
};

/** What every project's pages say and nobody asks for. */
const BOILERPLATE =
  /\b(?:tidelift|sponsor(?:s|ed|ship)?|donat(?:e|ions?)|copyright|all rights reserved|licen[sc]ed? (?:under|is)|maintainers of|read (?:the )?full docs)\b/i;

const BOUND =
  /\b(?:at most|at least|up to|no more than|not more than|no (?:longer|fewer|less|later) than|maximum|minimum|max|min|limit(?:s|ed)?|exceeds?|exceeding|only|within|until|(?:after|more than|less than) \d)/i;

/** The units of a text that may be quoted. `isOpening`: a document's first words, which say what it is about. */
export function quotablesOf(
  { text, heading, source }: { text: string; heading: string; source: string },
  question: Question,
  isOpening: boolean,
): Quotable[] {
  const found: Quotable[] = [];
  const units = unitsOf(text, isCodeSource(source));
  const last = lastHeading(heading);
  // A passage of several short sections has the heading of one of them: it is not that of what stands above it.
  const isInside = units.some((unit) => unit.kind === 'heading' && lastHeading(unit.text) === last);
  const known = new Map<string, Set<string>>();
  // The first sentence under a heading says what it is about; the others go into detail.
  const under = new Set<string>();
  for (const unit of units) {
    if (KIND_FACTOR[unit.kind] === 0 || unit.text.length < MIN_QUOTE) continue;
    const terms = new Set(contentTerms(unit.text));
    const isFirst = unit.under !== undefined && !under.has(unit.under);
    if (unit.under !== undefined) under.add(unit.under);
    const opening = found.length > 0 ? (isFirst ? 1.1 : 1) : isOpening && question.wantsDefinition ? 1.5 : 1.05;
    const own = unit.under === undefined ? (isInside ? '' : last) : lastHeading(unit.under);
    if (!known.has(own)) known.set(own, new Set(contentTerms(own)));
    found.push({
      unit,
      terms,
      heading: own,
      headTerms: known.get(own) ?? new Set(),
      shape: shape(unit, terms.size, question) * opening,
    });
  }
  return found;
}

/** How much a unit looks like something a person would quote, and like the sort of answer that is asked for. */
function shape(unit: Unit, size: number, question: Question): number {
  const clean = inWords(unit);
  let factor = KIND_FACTOR[unit.kind];
  const linked = unit.text.match(/\]\([^()]*\)|https?:\/\/\S+/g)?.reduce((sum, link) => sum + link.length, 0) ?? 0;
  // A table of contents.
  if (linked > unit.text.length * 0.6 || (unit.kind === 'item' && /\]\(#[^()\s]*\)$/.test(unit.text))) factor *= 0.3;
  if (unit.kind === 'item' && /^\[[^\]]*\]\([^()]*\)\.?$/.test(unit.text.replace(/^\s*(?:[-*+•]|\d+[.)])\s+/, '')))
    factor *= 0.3;
  factor *= Math.min(1, 0.55 + 0.09 * size);
  if (BOILERPLATE.test(clean) && !BOILERPLATE.test(question.text)) factor *= 0.05;
  if (isOutput(unit.text)) factor *= 0.15;
  // A row of names in code ticks says little.
  if (ticked(unit.text) > unit.text.length * 0.4 && unit.text.length > 60) factor *= 0.6;
  if (clean.endsWith(':')) factor *= 0.5;
  // Says nothing without what stands before it.
  if (/^(?:this|these|those|same as|it|they|also|instead|however|but|when set to|the same)\b/i.test(clean))
    factor *= 0.75;
  if (unit.kind === 'item' && /^(?:do|does|is|are|has|have|can|must|will)\b/.test(clean)) factor *= 0.6;
  if (/^(?:for )?example\b/i.test(clean)) factor *= 0.7;
  // Says where something stands, not what.
  if (/^(?:for (?:more|further|information|details)\b|see\b|@\w)/i.test(clean)) factor *= 0.5;
  if (clean.endsWith('?')) factor *= 0.6;
  if (unit.isCut) factor *= 0.85;
  if (unit.text.length > 350) factor *= 0.85;
  if (question.wantsFigure && /(?:^|[^\p{L}\p{N}-])\d/u.test(clean)) factor *= 1.2;
  if (question.wantsBound && BOUND.test(clean)) factor *= 1.15;
  if (question.wantsFigure && /\bdefaults?\b/i.test(clean) && /\bdefaults?\b/i.test(question.text)) factor *= 1.15;
  if (
    question.wantsReason &&
    /\b(?:because|since|so that|in order to|therefore|due to|otherwise|to avoid)\b/i.test(clean)
  )
    factor *= 1.2;
  if (question.wantsDefinition && /\b(?:is|are) (?:an?|the)\b/i.test(clean)) factor *= 1.15;
  return factor;
}

const ticked = (text: string): number => text.match(/`[^`\n]*`/g)?.reduce((sum, part) => sum + part.length, 0) ?? 0;

/** What a program printed: more figures and marks than words. */
const isOutput = (text: string): boolean =>
  text.length > 80 && (text.match(/\p{L}/gu)?.length ?? 0) < 0.62 * (text.match(/\S/g)?.length ?? 1);
