// rank.ts: which passages matter, and in what order. Each next one is the passage that adds most to those before it:
// words still uncovered, or the far end of a bridge that an earlier one names.

import { lastHeading } from './clean.ts';
import { isCodeSource, isNameOf, nameOfSource, mentions } from './names.ts';
import type { Passage } from './passages.ts';
import type { Question } from './question.ts';
import { quotablesOf, type Quotable } from './quotable.ts';
import { TUNING } from './tuning.ts';
import { contentTerms } from './words.ts';

export interface Ranked {
  passage: Passage;
  /** Lower case, for looking up names. */
  lower: string;
  counts: Map<string, number>;
  /** Which of the question's names its document has; -1 for none. */
  named: number;
  sourceTerms: Set<string>;
  /** Terms of source name and heading. */
  titleTerms: Set<string>;
  /** Terms of the innermost heading. */
  headTerms: Set<string>;
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

const CHANGES = /(?:^|\/)(?:change-?log|changes|history|news|releases?)\b[^/]*$/i;
const MAX_PASSAGES = 300;
/** What a term that all passages hold still weighs. */
const COMMON = 0.3;

/** Scores all passages by themselves. Best first. */
export function rankPassages(question: Question, passages: readonly Passage[]): Ranking {
  const found = ({ ranks }: Passage): number => ranks.whole + ranks.part + ranks.later;
  const some =
    passages.length <= MAX_PASSAGES
      ? passages
      : [...passages].sort((a, b) => found(b) - found(a)).slice(0, MAX_PASSAGES);
  const ranked = some.map((passage) => readPassage(passage, question));
  markAbout(ranked, question);
  const weights = weightsFor(question, ranked);
  const total = sum(weights.values()) || 1;
  const mean = meanLength(ranked);
  const searched = searchScores(some);
  const { score } = TUNING;
  for (const one of ranked) {
    let strong = 0;
    let present = 0;
    for (const [term, weight] of weights) {
      strong += weight * strength(one, term, mean);
      if (has(one, term)) present += weight;
    }
    const words = score.words * strong + score.width * present + score.sentence * bestFit(one, weights);
    one.score = one.about * (words / total + searched(one.passage));
  }
  ranked.sort((a, b) => b.score - a.score || (a.passage.key < b.passage.key ? -1 : 1));
  return { ranked, weights, total };
}

/** What each term weighs: rare ones more. */
function weightsFor(question: Question, ranked: readonly Ranked[]): Map<string, number> {
  const weights = new Map<string, number>();
  for (const [term, base] of question.weights) {
    const holders = ranked.filter((one) => has(one, term)).length;
    if (holders === 0) continue;
    weights.set(term, base * (COMMON + Math.log(1 + (ranked.length - holders + 1) / (holders + 0.5))));
  }
  return weights;
}

/** What is known from where the searches put a passage and its document. */
function searchScores(passages: readonly Passage[]): (passage: Passage) => number {
  const { score } = TUNING;
  const top = (of: (passage: Passage) => number): number => Math.max(1e-9, ...passages.map(of));
  const ofDocument = new Map<string, number>();
  for (const { source, ranks } of passages)
    ofDocument.set(source, (ofDocument.get(source) ?? 0) + ranks.whole + ranks.part);
  const most = {
    whole: top(({ ranks }) => ranks.whole),
    part: top(({ ranks }) => ranks.part),
    later: top(({ ranks }) => ranks.later),
    document: Math.max(1e-9, ...ofDocument.values()),
  };
  return ({ source, ranks }) =>
    (score.whole * ranks.whole) / most.whole +
    (score.part * ranks.part) / most.part +
    (score.later * ranks.later) / most.later +
    (score.document * (ofDocument.get(source) ?? 0)) / most.document;
}

/** A passage that mentions nothing that the question names is rarely what is asked for. */
function markAbout(ranked: readonly Ranked[], { names, wantsChange }: Question): void {
  // A program of the same name does not make the documents beside it foreign.
  const hasProse = ranked.some((one) => !isCodeSource(one.passage.source));
  for (const one of ranked)
    if (!hasProse || !isCodeSource(one.passage.source))
      one.named = names.findIndex((name) => isNameOf(name, one.passage.source));
  const haveOwn = new Set(ranked.map((one) => one.named));
  // What a document of its own is about is looked for there first.
  const others = names.filter((_name, at) => !haveOwn.has(at));
  const { titled, mentioned, elsewhere, unnamed } = TUNING.about;
  for (const one of ranked) {
    const title = `${one.passage.source} ${one.passage.heading}`.toLowerCase();
    if (one.named >= 0) one.about = 1;
    else if (others.some((name) => mentions(title, name))) one.about = titled;
    else if (others.some((name) => mentions(one.lower, name))) one.about = mentioned;
    else one.about = names.some((name) => mentions(`${title} ${one.lower}`, name)) ? elsewhere : unnamed;
    if (isCodeSource(one.passage.source)) one.about *= TUNING.program;
    if (!wantsChange && CHANGES.test(one.passage.source)) one.about *= TUNING.changes;
  }
}

/** The passages to use, the most needed first. */
export function choosePassages({ ranked, weights, total }: Ranking, count: number): Ranked[] {
  const { next, again } = TUNING;
  const chosen: Ranked[] = [];
  const covered = new Map<string, number>();
  const rest = new Set(ranked);
  const mean = meanLength(ranked);
  const gainOf = (one: Ranked): number => {
    let fresh = 0;
    for (const [term, weight] of weights)
      fresh += weight * strength(one, term, mean) * again ** (covered.get(term) ?? 0);
    const link = Math.max(0, ...chosen.map((other) => linkOf(other, one)));
    const words = next.words * fresh + next.sentence * bestFit(one, weights, covered);
    const isNewDocument = one.named >= 0 && !chosen.some((other) => other.named === one.named);
    return (
      ((link > 0 ? 1 : one.about) * words) / total +
      (next.own + next.linked * link) * one.score +
      (isNewDocument ? next.document : 0) -
      repeats(one, chosen)
    );
  };
  while (chosen.length < count && rest.size > 0) {
    let best: Ranked | undefined;
    let most = -1;
    for (const one of rest) {
      const gain = gainOf(one);
      if (gain <= most) continue;
      most = gain;
      best = one;
    }
    if (!best) break;
    const found = best;
    rest.delete(found);
    if (chosen.some((other) => linkOf(other, found) > 0)) found.about = 1;
    chosen.push(found);
    for (const term of weights.keys()) if (has(found, term)) covered.set(term, (covered.get(term) ?? 0) + 1);
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

/** Whether a passage or its title holds a term. */
export const has = (one: Ranked, term: string): boolean => one.counts.has(term) || one.titleTerms.has(term);

const meanLength = (ranked: readonly Ranked[]): number =>
  sum(ranked.map((one) => one.length)) / Math.max(1, ranked.length) || 1;

/** How much a quotable unit says of a term: by its own words, by its heading, by its document's name. */
export function holds(one: Ranked, terms: Set<string>, headTerms: Set<string>, term: string): number {
  if (one.sourceTerms.has(term)) return TUNING.says.byOwnName;
  if (terms.has(term)) return 1;
  if (headTerms.has(term)) return TUNING.says.byHeading;
  return one.titleTerms.has(term) ? TUNING.says.byTitle : 0;
}

/** How well the best quotable unit of a passage fits. */
function bestFit(one: Ranked, weights: Map<string, number>, covered?: Map<string, number>): number {
  let best = 0;
  for (const { terms, headTerms, shape } of one.quotables) {
    let fit = 0;
    for (const [term, weight] of weights) {
      const share = holds(one, terms, headTerms, term);
      if (share > 0) fit += weight * share * TUNING.again ** (covered?.get(term) ?? 0);
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
    named: -1,
    sourceTerms: new Set(contentTerms(source)),
    titleTerms: new Set(contentTerms(`${source} ${passage.heading.slice(0, 300)}`)),
    headTerms: new Set(contentTerms(lastHeading(passage.heading))),
    length: terms.length,
    quotables: quotablesOf(
      { text: passage.text.slice(0, 20_000), heading: passage.heading, source: passage.source },
      question,
      passage.line <= 10,
    ),
    handles,
    about: 1,
    score: 0,
  };
}

/** 0 to about 1.6: how much a passage is about a term. */
function strength(one: Ranked, term: string, mean: number): number {
  const count = one.counts.get(term) ?? 0;
  const norm = TUNING.saturation * (1 - TUNING.length + (TUNING.length * one.length) / mean);
  return (
    (count * (TUNING.saturation + 1)) / (count + norm) / 2 +
    (one.headTerms.has(term) ? TUNING.inHeading : one.titleTerms.has(term) ? TUNING.inTitle : 0)
  );
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
