// findings.ts: from passages to findings: one exact quote from each passage worth citing, and what was not found.

import { claimOf, inWords } from './clean.ts';
import type { Read, Trail } from './passages.ts';
import type { Question } from './question.ts';
import { choosePassages, has, holds, linkOf, rankPassages, type Ranked, type Ranking } from './rank.ts';
import type { Refusals } from './reask.ts';
import { MIN_QUOTE, unitsOf, type Unit } from './units.ts';
import { TUNING } from './tuning.ts';

export interface Finding {
  claim: string;
  citations: { source: string; quote: string }[];
}

export interface Choice {
  ranked: Ranked;
  unit: Unit;
  /** The heading that the unit stands under. */
  heading: string;
  score: number;
}

export interface Chosen {
  choices: Choice[];
  ranking: Ranking;
  /** The choices speak of what the question names, and of nothing that it asks. */
  isLoose: boolean;
}

const MAX_FINDINGS = 5;
/** Findings that speak of the right thing, but not of what is asked. */
const MAX_LOOSE = 2;
/** The quotes to give, the most needed first. */
export function chooseQuotes(question: Question, trail: Trail, refusals: Refusals): Chosen {
  const ranking = rankPassages(question, trail.passages);
  const candidates = choosePassages(ranking, MAX_FINDINGS + 4);
  const choices: Choice[] = [];
  const claims = new Set<string>();
  const aspects = aspectsOf(question, ranking);
  // "What is X and how does it work?" asks for whatever there is.
  const isAsked = aspects.length > 0 || (!question.wantsDefinition && question.words.some((word) => !word.isName));
  const loose: Choice[] = [];
  for (const ranked of candidates) {
    if (choices.length >= MAX_FINDINGS) break;
    const choice = bestUnit(ranked, ranking, candidates, refusals);
    if (!choice || choice.score < TUNING.weakest * (choices[0]?.score ?? 0)) continue;
    const said = inWords(choice.unit).toLowerCase();
    if (claims.has(said) || isForeign(ranked, aspects, candidates)) continue;
    claims.add(said);
    if (isAsked && !aspects.some((term) => has(ranked, term))) {
      loose.push(choice);
      continue;
    }
    choices.push(choice);
  }
  // Nothing speaks of what is asked in its own words: the likeliest of what the thing's own document says.
  const isLoose = choices.length === 0 && loose.length > 0;
  if (isLoose) choices.push(...loose.slice(0, MAX_LOOSE));
  // A complaint that names nothing gets a shorter answer: the same again would be refused again.
  const kept =
    refusals.unnamed === 0 ? choices.length : Math.max(1, Math.floor(choices.length / 2 ** refusals.unnamed));
  return { choices: choices.slice(0, kept), ranking, isLoose };
}

/** What is asked about the things that the question names. */
function aspectsOf(question: Question, { weights }: Ranking): string[] {
  return question.words
    .filter((word) => !word.isName)
    .flatMap((word) => word.terms.filter((term) => weights.has(term)));
}

/** A passage of another document, which nothing good names, must speak of more than one thing that is asked. */
function isForeign(one: Ranked, aspects: readonly string[], candidates: readonly Ranked[]): boolean {
  if (one.named >= 0) return false;
  // A short question about one thing leads nowhere else.
  if (aspects.length > 2 && candidates.some((other) => other.named >= 0 && linkOf(other, one) === 1)) return false;
  return aspects.filter((term) => has(one, term)).length < 2 && candidates.some((other) => other.named >= 0);
}

function bestUnit(
  ranked: Ranked,
  { weights, total }: Ranking,
  candidates: readonly Ranked[],
  refusals: Refusals,
): Choice | undefined {
  // A sentence that names where another good passage leads is worth more: it is the bridge.
  const handles = candidates.filter((other) => linkOf(ranked, other) === 1).flatMap((other) => other.handles);
  const own = new Set(ranked.handles);
  let best: Choice | undefined;
  for (const { unit, terms, heading, headTerms, shape } of ranked.quotables) {
    if (isRefused(unit.text, refusals)) continue;
    let fit = 0;
    for (const [term, weight] of weights) {
      const share = holds(ranked, terms, headTerms, term);
      if (share > 0) fit += weight * share;
    }
    const lower = unit.text.toLowerCase();
    const bridges = handles.some((handle) => !own.has(handle) && lower.includes(handle));
    const score = ranked.about * (fit / total + (bridges ? TUNING.bridge : 0)) * shape;
    if (score > (best?.score ?? 0)) best = { ranked, unit, heading, score };
  }
  return best;
}

export function isRefused(text: string, refusals: Refusals): boolean {
  if (refusals.texts.has(text)) return true;
  for (const refused of refusals.texts) if (refused.length >= MIN_QUOTE && text.includes(refused)) return true;
  return false;
}

/** The findings in their wire shape. A quote that a passage cuts is completed from what was read around it. */
export function writeFindings(question: Question, choices: readonly Choice[], reads: readonly Read[]): Finding[] {
  const subjects = question.names.map((name) => name.text);
  return choices.map(({ ranked: { passage }, unit, heading }) => {
    const whole = unit.isCut ? completed(unit, passage.source, reads) : unit;
    return {
      claim: claimOf(whole, { source: passage.source, heading }, subjects),
      citations: [{ source: passage.source, quote: whole.text }],
    };
  });
}

function completed(unit: Unit, source: string, reads: readonly Read[]): Unit {
  for (const read of reads) {
    if (read.source !== source) continue;
    const at = read.text.indexOf(unit.text);
    if (at < 0) continue;
    const whole = unitsOf(read.text).find((other) => other.start <= at && other.end >= at + unit.text.length);
    if (whole && !whole.isCut) return whole;
  }
  return unit;
}
