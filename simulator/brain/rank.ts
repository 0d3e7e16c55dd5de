// rank.ts: which passages matter, and in what order. Each next one is the passage that adds most to those before it:
// words still uncovered, or the far end of a bridge that an earlier one names.

import { lastHeading } from './clean.ts';
import { nameOfSource, speaksOf, type Name } from './names.ts';
import type { Passage } from './passages.ts';
import type { Question } from './question.ts';
import { quotablesOf, type Quotable } from './quotable.ts';
import { contentTerms } from './words.ts';

export interface Ranked {
  passage: Passage;
  /** Lower case, for looking up names. */
  lower: string;
  counts: Map<string, number>;
  sourceTerms: Set<string>;
  /** Terms of source name and heading. */
  titleTerms: Set<string>;
  length: number;
  quotables: Quotable[];
  /** Names by which other passages may point at this one. */
  handles: string[];
  /** 1 when it is about something that the question names, less when it only might be. */
  about: number;
  /** Fit with the question by itself, 0 to about 1.5. */
  score: number;
}

export interface Ranking {
  ranked: Ranked[];
  /** What each of the question's terms weighs, rarity included. Terms that no passage holds are absent. */
  weights: Map<string, number>;
  total: number;
}

const MAX_PASSAGES = 300;
const SATURATION = 1.2;
const LENGTH_SHARE = 0.5;
const TITLE_SHARE = 0.6;
const SEARCH_SHARE = 0.3;
const QUOTE_SHARE = 0.7;
const LINK_SHARE = 0.5;
/** A sentence that says its own document's name has said little. */
export const OWN_NAME = 0.4;
const AGAIN = 0.45;
const MENTIONED = 0.9;
const LINKED = 0.85;
const UNNAMED = 0.5;

/** Scores all passages by themselves. Best first. */
export function rankPassages(question: Question, passages: readonly Passage[]): Ranking {
  const some =
    passages.length <= MAX_PASSAGES ? passages : [...passages].sort((a, b) => b.rank - a.rank).slice(0, MAX_PASSAGES);
  const ranked = some.map((passage) => readPassage(passage, question));
  markAbout(ranked, question.names);
  const weights = new Map<string, number>();
  for (const [term, base] of question.weights) {
    const holders = ranked.filter((one) => one.counts.has(term) || one.titleTerms.has(term)).length;
    if (holders > 0)
      weights.set(term, base * Math.log(1 + (ranked.length - holders + 1) / (holders + 0.5)) + base * 0.3);
  }
  const total = sum(weights.values()) || 1;
  const mean = sum(ranked.map((one) => one.length)) / Math.max(1, ranked.length) || 1;
  const topRank = Math.max(...ranked.map((one) => one.passage.rank), 1e-9);
  for (const one of ranked) {
    let score = 0;
    for (const [term, weight] of weights) score += weight * strength(one, term, mean);
    const quote = QUOTE_SHARE * bestFit(one, weights);
    one.score = one.about * ((score + quote) / total + (SEARCH_SHARE * one.passage.rank) / topRank);
  }
  ranked.sort((a, b) => b.score - a.score || (a.passage.key < b.passage.key ? -1 : 1));
  return { ranked, weights, total };
}

/** A passage that speaks of nothing that the question names is rarely what is asked for. */
function markAbout(ranked: readonly Ranked[], names: readonly Name[]): void {
  for (const one of ranked) {
    const title = `${one.passage.source} ${one.passage.heading}`.toLowerCase();
    const isTitled = names.some((name) => speaksOf(title, name));
    one.about = isTitled ? 1 : names.some((name) => speaksOf(one.lower, name)) ? MENTIONED : UNNAMED;
  }
}

/** The passages to use, the most needed first. */
export function choosePassages({ ranked, weights, total }: Ranking, count: number): Ranked[] {
  const chosen: Ranked[] = [];
  const covered = new Map<string, number>();
  const rest = new Set(ranked);
  const mean = sum(ranked.map((one) => one.length)) / Math.max(1, ranked.length) || 1;
  while (chosen.length < count && rest.size > 0) {
    let best: Ranked | undefined;
    let most = -1;
    for (const one of rest) {
      let fresh = 0;
      for (const [term, weight] of weights) {
        fresh += weight * strength(one, term, mean) * AGAIN ** (covered.get(term) ?? 0);
      }
      const bridge = Math.max(0, ...chosen.map((other) => linkOf(other, one)));
      const about = bridge > 0 ? Math.max(one.about, LINKED) : one.about;
      const quote = QUOTE_SHARE * bestFit(one, weights, covered);
      const gain = about * ((fresh + quote) / total) + (0.4 + LINK_SHARE * bridge) * one.score - repeats(one, chosen);
      if (gain > most) {
        most = gain;
        best = one;
      }
    }
    if (!best) break;
    rest.delete(best);
    if (chosen.some((other) => linkOf(other, best as Ranked) > 0)) best.about = Math.max(best.about, LINKED);
    chosen.push(best);
    for (const term of weights.keys()) {
      if (best.counts.has(term) || best.titleTerms.has(term)) covered.set(term, (covered.get(term) ?? 0) + 1);
    }
  }
  return chosen;
}

/** How strongly a passage points at another: 1 when it names the other's title, less the other way about. */
export function linkOf(from: Ranked, to: Ranked): number {
  if (from.passage.source === to.passage.source && from.passage.heading === to.passage.heading) return 0;
  const own = new Set(from.handles);
  if (to.handles.some((handle) => !own.has(handle) && names(from.lower, handle))) return 1;
  const other = new Set(to.handles);
  return from.handles.some((handle) => !other.has(handle) && names(to.lower, handle)) ? 0.5 : 0;
}

function names(lower: string, handle: string): boolean {
  for (let at = lower.indexOf(handle); at >= 0; at = lower.indexOf(handle, at + 1)) {
    const before = lower[at - 1] ?? ' ';
    const after = lower[at + handle.length] ?? ' ';
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return true;
  }
  return false;
}

/** How well the best quotable unit of a passage fits. */
function bestFit(one: Ranked, weights: Map<string, number>, covered?: Map<string, number>): number {
  let best = 0;
  for (const { terms, shape } of one.quotables) {
    let fit = 0;
    for (const [term, weight] of weights) {
      if (!terms.has(term)) continue;
      fit += weight * AGAIN ** (covered?.get(term) ?? 0) * (one.sourceTerms.has(term) ? OWN_NAME : 1);
    }
    best = Math.max(best, fit * shape);
  }
  return best;
}

function readPassage(passage: Passage, question: Question): Ranked {
  const terms = contentTerms(passage.text.slice(0, 20_000));
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  const source = nameOfSource(passage.source);
  const handles = [source, lastHeading(passage.heading)]
    .map((name) => name.toLowerCase())
    .filter((name) => name.length > 2);
  return {
    passage,
    lower: passage.text.toLowerCase(),
    counts,
    sourceTerms: new Set(contentTerms(source)),
    titleTerms: new Set(contentTerms(`${source} ${passage.heading.slice(0, 300)}`)),
    length: terms.length,
    quotables: quotablesOf(passage.text.slice(0, 20_000), question, passage.line <= 10),
    handles,
    about: 1,
    score: 0,
  };
}

/** 0 to about 1.6: how much a passage is about a term. */
function strength(one: Ranked, term: string, mean: number): number {
  const count = one.counts.get(term) ?? 0;
  const norm = SATURATION * (1 - LENGTH_SHARE + (LENGTH_SHARE * one.length) / mean);
  return (count * (SATURATION + 1)) / (count + norm) / 2 + (one.titleTerms.has(term) ? TITLE_SHARE : 0);
}

/** What a passage loses for saying again what a chosen one says. */
function repeats(one: Ranked, chosen: readonly Ranked[]): number {
  let most = 0;
  for (const other of chosen) {
    let shared = 0;
    for (const term of one.counts.keys()) if (other.counts.has(term)) shared += 1;
    most = Math.max(most, shared / Math.max(1, Math.min(one.counts.size, other.counts.size)));
  }
  return most > 0.8 ? (most - 0.8) * 5 : 0;
}

const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};
