// findings.ts: from passages to findings: one exact quote from each passage worth citing, and what was not found.

import { claimOf, inWords } from './clean.ts';
import { isCodeSource } from './names.ts';
import type { Read, Trail } from './passages.ts';
import type { Quotable } from './quotable.ts';
import type { Question } from './question.ts';
import { choosePassages, has, holds, linkOf, rankPassages, type Ranked, type Ranking } from './rank.ts';
import type { Refusals } from './reask.ts';
import { answers, aspectsOf, asksSomething, isForeign, isNear, isReadable, isShort, type Choice } from './relevance.ts';
import { MIN_QUOTE, unitsOf, type Unit } from './units.ts';
import { TUNING } from './tuning.ts';

export interface Finding {
  claim: string;
  citations: { source: string; quote: string }[];
}

export interface Chosen {
  choices: Choice[];
  ranking: Ranking;
  /** The choices speak of what the question names, and of nothing that it asks. */
  isLoose: boolean;
}

/** Passages quoted, and quotes in all: one passage may answer several things that are asked. */
const MAX_PASSAGES = 5;
const MAX_FINDINGS = 8;
/** Rows of one list or table. */
const MAX_ROWS = 6;
/** Findings that speak of the right thing, but not of what is asked. */
const MAX_LOOSE = 2;

/** The quotes to give, the most needed first. */
export function chooseQuotes(question: Question, trail: Trail, refusals: Refusals): Chosen {
  const ranking = rankPassages(question, trail.passages);
  const candidates = choosePassages(ranking, MAX_PASSAGES + 4);
  const aspects = aspectsOf(question, ranking);
  const isAsked = asksSomething(question, aspects);
  const said = new Set<string>();
  // Quotes that speak of what is asked; those whose passage does, at least; those that are only about the thing.
  const asked: Choice[] = [];
  const near: Choice[] = [];
  const loose: Choice[] = [];
  const all = candidates.flatMap((ranked) => bestUnit(ranked, ranking, candidates, refusals) ?? []);
  for (const choice of all) {
    if (isForeign(choice, question, aspects, all)) continue;
    const words = inWords(choice.unit).toLowerCase();
    if (said.has(words)) continue;
    said.add(words);
    if (isAsked && !aspects.some((term) => has(choice.ranked, term))) loose.push(choice);
    else (!isAsked || answers(choice, question, aspects, ranking) ? asked : near).push(choice);
  }
  const best = Math.max(0, ...asked.map(({ score }) => score), ...near.map(({ score }) => score));
  const floor = (isShort(question) ? TUNING.weakestOfShort : TUNING.weakest) * best;
  const isStrong = ({ score }: Choice): boolean => score >= floor;
  const strong = asked.filter(isStrong).slice(0, MAX_PASSAGES);
  const beside = near
    .filter((choice) => isStrong(choice) && isReadable(choice))
    .slice(0, Math.min(MAX_LOOSE, MAX_PASSAGES - strong.length));
  const choices = withMore([...strong, ...beside], question, aspects, refusals);
  // Nothing mentions what is asked in its own words: the likeliest of what the thing's own document says.
  const isLoose = strong.length === 0 && (beside.length > 0 || loose.length > 0);
  if (choices.length === 0)
    choices.push(...loose.filter((choice) => isNear(choice, question, aspects)).slice(0, MAX_LOOSE));
  // A complaint that names nothing gets a shorter answer: the same again would be refused again.
  const kept =
    refusals.unnamed === 0 ? choices.length : Math.max(1, Math.floor(choices.length / 2 ** refusals.unnamed));
  return { choices: choices.slice(0, kept), ranking, isLoose };
}

/** Puts beside each quote those of the same passage that speak of what no quote has spoken of yet. */
function withMore(
  choices: readonly Choice[],
  question: Question,
  aspects: readonly string[],
  refusals: Refusals,
): Choice[] {
  const open = new Set(aspects);
  const close = (terms: Iterable<string>): void => {
    for (const term of terms) open.delete(term);
  };
  for (const { unit, ranked } of choices)
    for (const one of ranked.quotables) if (one.unit === unit) close([...one.terms, ...one.headTerms]);
  const found: Choice[] = [];
  let room = MAX_FINDINGS - choices.length;
  for (const choice of choices) {
    found.push(choice);
    for (const { unit, terms, heading, headTerms, shape } of choice.ranked.quotables) {
      const news = [...open].filter((term) => terms.has(term));
      if (room === 0 || news.length === 0 || shape < TUNING.plain || isRefused(unit.text, refusals)) continue;
      close([...terms, ...headTerms]);
      found.push({ ranked: choice.ranked, unit, heading, score: choice.score * shape });
      room -= 1;
    }
    for (const { unit, heading, shape } of alsoAsked(choice, question, aspects)) {
      if (room === 0 || isRefused(unit.text, refusals) || found.some((one) => one.unit === unit)) continue;
      found.push({ ranked: choice.ranked, unit, heading, score: choice.score * shape });
      room -= 1;
    }
  }
  return found;
}

/** A whole statement that calls something. */
const CALL = /^\s*(?:(?:const|let|var)\s.*=\s*|await\s|return\s)?(?:await\s+|new\s+)?[\w$.]+\(.*\);?\s*$/;

/** What belongs beside a quote: the other rows of a list that was asked for, the line of code of a "how do I". */
function alsoAsked({ ranked, unit }: Choice, question: Question, aspects: readonly string[]): readonly Quotable[] {
  const { quotables } = ranked;
  const isRow = unit.kind === 'row' || unit.kind === 'item';
  const own = quotables.find((one) => one.unit === unit);
  if (question.wantsList && isRow && aspects.some((term) => own?.headTerms.has(term)))
    return quotables.filter((one) => one.unit.kind === unit.kind && one.unit.under === unit.under).slice(0, MAX_ROWS);
  if (!question.wantsWay) return [];
  const calls = quotables
    .filter((one) => one.unit.kind === 'code' && CALL.test(one.unit.text) && !isCodeSource(ranked.passage.source))
    .map((one) => ({ one, fit: aspects.filter((term) => one.terms.has(term)).length }))
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit);
  return calls.slice(0, 1).map(({ one }) => one);
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
    const whole = unitsOf(read.text, isCodeSource(source)).find(
      (other) => other.start <= at && other.end >= at + unit.text.length,
    );
    if (whole && !whole.isCut) return whole;
  }
  return unit;
}
