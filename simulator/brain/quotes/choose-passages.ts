// choose.ts: which of the passages found are quoted, chosen together: each next one is what adds most of the question to
// those before it, or what one of them points at. The numbers were set with the tuning halves of bench/recall and of
// public multi-hop question sets.

import type { Question } from '../question/question.ts';
import { isNameOf, mentions } from '../words/names.ts';
import type { Reading } from './quotable.ts';

/** BM25: how fast more of the same word stops counting, how far long passages are held back, what a title counts. */
const SATURATION = 0.9;
const LENGTH = 0.9;
const TITLE = 0.6;
/** Where the searches put a passage, and its best sentence, beside its words. */
const RANK = 0.5;
const SENTENCE = 0.5;
/** Factor of what is in another document than those that the question names, when it speaks of them and when not. */
const MENTIONED = 0.9;
const ELSEWHERE = 0.7;
/** The first passage of a document that the question names. */
const NEW_DOCUMENT = 0.2;
/** What a link adds, whatever its near end leaves open, and for that; share of it for the way back. */
const LINK = 0.3;
const LINK_OPEN = 0.3;
const BACK = 0.17;
/** How much of a term still counts with each chosen passage that has it. */
const AGAIN = 0.75;

type Weights = ReadonlyMap<string, number>;

interface Candidate {
  reading: Reading;
  /** What its text has of each term of the question. */
  text: Map<string, number>;
  /** Which of the question's names its document has; -1 for none. */
  own: number;
  about: number;
  /** Of its title: 1 where no other passage names it. */
  rarity: number;
  /** Fit by itself, but for its sentences. */
  score: number;
}

/** The passages to quote, the most needed first. */
export function choosePassages(
  question: Question,
  { readings, weights }: { readings: readonly Reading[]; weights: Weights },
  count: number,
): Reading[] {
  const total = sumOf(weights.values()) || 1;
  const pool = candidatesOf(question, readings, weights);
  const left = new Map<string, number>();
  const chosen: Candidate[] = [];
  const gainOf = (one: Candidate): number => {
    let covered = 0;
    for (const [term, part] of one.text) covered += part * (1 - (left.get(term) ?? 1));
    const isNew = one.own >= 0 && !chosen.some((other) => other.own === one.own);
    const link = Math.max(0, ...chosen.map((other) => linkOf(other, one, weights)));
    const sentence = (SENTENCE * bestSentence(one.reading, weights, left)) / total;
    return one.score + one.about * sentence - covered + link + (isNew ? NEW_DOCUMENT : 0);
  };
  while (chosen.length < count && pool.length > 0) {
    const gains = pool.map(gainOf);
    const [next] = pool.splice(gains.indexOf(Math.max(...gains)), 1);
    if (!next) break;
    chosen.push(next);
    for (const term of next.text.keys()) left.set(term, (left.get(term) ?? 1) * AGAIN);
  }
  return chosen.map(({ reading }) => reading);
}

function candidatesOf({ names }: Question, readings: readonly Reading[], weights: Weights): Candidate[] {
  const mean = sumOf(readings.map(({ length }) => length)) / Math.max(1, readings.length) || 1;
  const first = Math.max(1e-9, ...readings.map(({ passage }) => passage.rank));
  const own = readings.map(({ passage }) => names.findIndex((name) => isNameOf(name, passage.source)));
  const texts = readings.map((reading) => textScores(reading, weights, mean));
  const sums = readings.map(
    ({ title }, at) =>
      sumOf(texts[at]?.values() ?? []) +
      sumOf([...weights].map(([term, weight]) => (title.has(term) ? TITLE * weight : 0))),
  );
  const top = Math.max(1e-9, ...sums);
  const hasOwn = own.some((name) => name >= 0);
  return readings.map((reading, at): Candidate => {
    const isOwn = !hasOwn || (own[at] ?? -1) >= 0;
    const about = isOwn ? 1 : names.some((name) => mentions(reading.words, name)) ? MENTIONED : ELSEWHERE;
    const naming = readings.filter((one) => pointsAt(one, reading)).length;
    const rare = 1 - Math.log(Math.max(1, naming)) / Math.log(Math.max(2, readings.length));
    return {
      reading,
      text: new Map([...(texts[at] ?? [])].map(([term, part]) => [term, part / top])),
      own: own[at] ?? -1,
      about,
      rarity: rare / (1 + Math.log2(1 + naming) / 4),
      score: about * ((sums[at] ?? 0) / top + (RANK * reading.passage.rank) / first),
    };
  });
}

function textScores({ counts, length }: Reading, weights: Weights, mean: number): Map<string, number> {
  const norm = SATURATION * (1 - LENGTH + (LENGTH * length) / mean);
  const scores = new Map<string, number>();
  for (const [term, weight] of weights) {
    const count = counts.get(term) ?? 0;
    if (count > 0) scores.set(term, (weight * count * (1 + SATURATION)) / (count + norm));
  }
  return scores;
}

/** What the sentence says that says most of what is still open. */
function bestSentence({ quotables }: Reading, weights: Weights, left: ReadonlyMap<string, number>): number {
  let best = 0;
  for (const { shares, worth } of quotables) {
    let sum = 0;
    for (const [term, share] of shares) sum += (weights.get(term) ?? 0) * share * (left.get(term) ?? 1);
    best = Math.max(best, worth * sum);
  }
  return best;
}

/** What a chosen passage adds to one that it names, or that names it: more, the more of the question it leaves open. */
function linkOf(from: Candidate, to: Candidate, weights: Weights): number {
  const forth = pointsAt(from.reading, to.reading) ? to.rarity : 0;
  const weight = Math.max(forth, pointsAt(to.reading, from.reading) ? BACK * from.rarity : 0);
  if (weight === 0) return 0;
  const open = sumOf([...weights].map(([term, worth]) => (from.text.has(term) ? 0 : worth)));
  return weight * (LINK + (LINK_OPEN * open) / (sumOf(weights.values()) || 1));
}

/** Whether a passage names the title of another's document. */
export function pointsAt(one: Reading, other: Reading): boolean {
  if (one.passage.source === other.passage.source) return false;
  return other.handles.some((handle) => !one.handles.includes(handle) && one.words.includes(` ${handle} `));
}

function sumOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
