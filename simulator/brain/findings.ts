// findings.ts: from passages to findings: one exact quote from each passage worth citing, and what was not found.

import { claimOf, inWords } from './clean.ts';
import { isCodeSource, speaksOf } from './names.ts';
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

/** Passages quoted, and quotes in all: one passage may answer several things that are asked. */
const MAX_PASSAGES = 5;
const MAX_FINDINGS = 8;
/** Findings that speak of the right thing, but not of what is asked. */
const MAX_LOOSE = 2;

/** The quotes to give, the most needed first. */
export function chooseQuotes(question: Question, trail: Trail, refusals: Refusals): Chosen {
  const ranking = rankPassages(question, trail.passages);
  const candidates = choosePassages(ranking, MAX_PASSAGES + 4);
  const aspects = aspectsOf(question, ranking);
  // "What is X and how does it work?" asks for whatever there is.
  const isAsked =
    aspects.length > 0 ||
    (!question.wantsDefinition && question.words.some((word) => !word.isName && !GENERIC.has(word.key)));
  const said = new Set<string>();
  const asked: Choice[] = [];
  const loose: Choice[] = [];
  const all = candidates.flatMap((ranked) => bestUnit(ranked, ranking, candidates, refusals) ?? []);
  for (const choice of all) {
    const { ranked } = choice;
    if (isForeign(choice, question, aspects, all)) continue;
    const words = inWords(choice.unit).toLowerCase();
    if (said.has(words)) continue;
    said.add(words);
    (isAsked && !aspects.some((term) => has(ranked, term)) ? loose : asked).push(choice);
  }
  const best = Math.max(0, ...asked.map(({ score }) => score));
  const floor = (isShort(question) ? TUNING.weakestOfShort : TUNING.weakest) * best;
  const strong = asked.filter(({ score }) => score >= floor).slice(0, MAX_PASSAGES);
  const choices = withMore(strong, aspects, refusals);
  // Nothing speaks of what is asked in its own words: the likeliest of what the thing's own document says.
  const isLoose = choices.length === 0 && loose.length > 0;
  if (isLoose) choices.push(...loose.slice(0, MAX_LOOSE));
  // A complaint that names nothing gets a shorter answer: the same again would be refused again.
  const kept =
    refusals.unnamed === 0 ? choices.length : Math.max(1, Math.floor(choices.length / 2 ** refusals.unnamed));
  return { choices: choices.slice(0, kept), ranking, isLoose };
}

/** A question so short is about one thing only. */
const isShort = ({ words }: Question): boolean => words.length <= 7;

/** Words that ask for anything: no sentence needs to have them. */
const GENERIC = new Set([
  'work',
  'works',
  'working',
  'turn',
  'turns',
  'come',
  'comes',
  'put',
  'puts',
  'behave',
  'behaves',
]);

/** What is asked about the things that the question names. */
function aspectsOf(question: Question, { weights }: Ranking): string[] {
  return question.words
    .filter((word) => !word.isName && !GENERIC.has(word.key))
    .flatMap((word) => word.terms.filter((term) => weights.has(term)));
}

/**
 * Whether a quote is about something else than the question. Where what it names has documents of its own,
 * those of others count when one of its own points there and enough is asked to lead on; for a long question also when
 * the quote speaks of it, or the passage holds more than one thing that is asked.
 */
function isForeign(
  { ranked, unit }: Choice,
  question: Question,
  aspects: readonly string[],
  all: readonly Choice[],
): boolean {
  const { names } = question;
  if (ranked.named >= 0 || names.length === 0) return false;
  const speaks = (text: string): boolean => names.some((name) => speaksOf(text, name));
  const own = all.filter((other) => other.ranked.named >= 0);
  const isLedTo = aspects.length > 2 && own.some((other) => linkOf(other.ranked, ranked) === 1);
  if (own.length === 0)
    return isShort(question) && !speaks(ranked.lower) && all.some((other) => speaks(other.ranked.lower));
  if (isShort(question)) return !isLedTo;
  if (isLedTo || speaks(unit.text.toLowerCase())) return false;
  const isOpen = names.some((_name, at) => !own.some((other) => other.ranked.named === at));
  return !isOpen || aspects.filter((term) => has(ranked, term)).length < 2;
}

/** Puts beside each quote those of the same passage that speak of what no quote has spoken of yet. */
function withMore(choices: readonly Choice[], aspects: readonly string[], refusals: Refusals): Choice[] {
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
  }
  return found;
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
