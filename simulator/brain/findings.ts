// findings.ts: from passages to findings: one exact quote from each passage worth citing, and what was not found.

import { claimOf, cleanMarkdown } from './clean.ts';
import type { Read, Trail } from './passages.ts';
import type { Question } from './question.ts';
import { choosePassages, linkOf, OWN_NAME, rankPassages, type Ranked, type Ranking } from './rank.ts';
import type { Refusals } from './reask.ts';
import { MIN_QUOTE, unitsOf, type Unit } from './units.ts';
import { contentTerms } from './words.ts';

export interface Finding {
  claim: string;
  citations: { source: string; quote: string }[];
}

export interface Choice {
  ranked: Ranked;
  unit: Unit;
  score: number;
}

const MAX_FINDINGS = 6;
/** A finding this much weaker than the best one is not worth a reader's time. */
const WEAKEST = 0.3;

/** The quotes to give, the most needed first. */
export function chooseQuotes(
  question: Question,
  trail: Trail,
  refusals: Refusals,
): { choices: Choice[]; ranking: Ranking } {
  const ranking = rankPassages(question, trail.passages);
  const candidates = choosePassages(ranking, MAX_FINDINGS + 4);
  const told = new Map<string, number>();
  const choices: Choice[] = [];
  const claims = new Set<string>();
  for (const ranked of candidates) {
    if (choices.length >= MAX_FINDINGS) break;
    const choice = bestUnit(ranked, ranking, candidates, told, refusals);
    if (!choice || choice.score < WEAKEST * (choices[0]?.score ?? 0)) continue;
    const said = cleanMarkdown(choice.unit.text).toLowerCase();
    if (claims.has(said)) continue;
    claims.add(said);
    choices.push(choice);
    for (const term of new Set(contentTerms(choice.unit.text))) told.set(term, (told.get(term) ?? 0) + 1);
  }
  // A complaint that names nothing gets a shorter answer: the same again would be refused again.
  const kept =
    refusals.unnamed === 0 ? choices.length : Math.max(1, Math.floor(choices.length / 2 ** refusals.unnamed));
  return { choices: choices.slice(0, kept), ranking };
}

function bestUnit(
  ranked: Ranked,
  { weights, total }: Ranking,
  candidates: readonly Ranked[],
  told: Map<string, number>,
  refusals: Refusals,
): Choice | undefined {
  // A sentence that names where another good passage leads is worth more: it is the bridge.
  const handles = candidates.filter((other) => linkOf(ranked, other) === 1).flatMap((other) => other.handles);
  const own = new Set(ranked.handles);
  let best: Choice | undefined;
  for (const { unit, terms, shape } of ranked.quotables) {
    if (isRefused(unit.text, refusals)) continue;
    let fit = 0;
    for (const [term, weight] of weights) {
      const own = ranked.sourceTerms.has(term) ? OWN_NAME : 1;
      if (terms.has(term)) fit += weight * 0.8 ** (told.get(term) ?? 0) * own;
      else if (ranked.titleTerms.has(term)) fit += weight * 0.25;
    }
    const lower = unit.text.toLowerCase();
    const bridges = handles.some((handle) => !own.has(handle) && lower.includes(handle));
    const score = ranked.about * (fit / total + (bridges ? 0.15 : 0)) * shape;
    if (score > (best?.score ?? 0)) best = { ranked, unit, score };
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
  return choices.map(({ ranked: { passage }, unit }) => {
    const whole = unit.isCut ? completed(unit, passage.source, reads) : unit;
    return { claim: claimOf(whole, passage, subjects), citations: [{ source: passage.source, quote: whole.text }] };
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
