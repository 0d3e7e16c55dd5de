// find-conflicts.ts: the conflicts among findings: which sentences of different sources are compared, and how pairs that contradict
// each other become one conflict with its sides. Pure, by rule; no model is asked. What contradicts what is opposed.ts.

import { MAX_CONFLICTS, type ConflictSide, type FoundConflict } from '../../../protocol/conflicts.ts';
import { termsOf } from '../../../documents/index/terms.ts';
import { opposed, type Opposition } from './opposed.ts';
import { readStatement, sentencesOf, type Statement } from './statement.ts';
import { rowsOpposed } from './rows.ts';

/** A finding as it is compared. */
export interface Said {
  id: string;
  claim: string;
  /** Name of the source of its first citation. */
  source: string;
}

interface Sentence {
  said: Said;
  text: string;
  statement: Statement;
}

/** Sentences that are read, and how many of those that share a word each is compared with: the work stays in proportion. */
const MOST_SENTENCES = 600;
const MOST_NEIGHBOURS = 60;
/** Values of one thing that are told, and findings behind each. */
const MOST_SIDES = 6;
const SENTENCE_CHARS = 400;
const ABOUT_CHARS = 100;

/**
 * The conflicts among these findings, in their order.
 * @param goal what was asked: only what has a word of it counts, and two sources that it names are two things.
 */
export function findConflicts(findings: readonly Said[], goal: string): FoundConflict[] {
  const sentences = readSentences(findings, new Set(termsOf(goal)));
  const found: { conflict: FoundConflict; kind: string }[] = [];
  const bySentence = new Map<Sentence, { conflict: FoundConflict; kind: string }>();
  for (const [one, other] of pairsOf(sentences)) {
    if (one.said.source === other.said.source || areOtherThings(one, other, goal)) continue;
    const row = rowsOpposed(one.text, other.text, goal);
    const opposition = row ?? opposed(one.statement, other.statement);
    if (!opposition) continue;
    const known = [bySentence.get(one), bySentence.get(other)].find((each) => each?.kind === opposition.kind);
    if (!known && found.length >= MAX_CONFLICTS) continue;
    const about = row?.about ?? aboutOf(one.statement, other.statement, opposition);
    const entry = known ?? { kind: opposition.kind, conflict: { about, kind: opposition.kind, sides: [] } };
    if (!known) found.push(entry);
    for (const [at, sentence] of [one, other].entries()) {
      addSide(entry.conflict.sides, sentence, opposition.values[at] ?? '');
      bySentence.set(sentence, entry);
    }
  }
  return found.map(({ conflict }) => conflict);
}

function readSentences(findings: readonly Said[], asked: ReadonlySet<string>): Sentence[] {
  const sentences: Sentence[] = [];
  for (const said of findings) {
    for (const { text, about } of sentencesOf(said.claim)) {
      if (sentences.length >= MOST_SENTENCES) return sentences;
      if (text.length > SENTENCE_CHARS) continue;
      const statement = readStatement(about === undefined ? text : text.replace(/^\S+/, about));
      // The goal may call a thing by its file's name.
      const words = [...statement.terms, ...termsOf(said.source)];
      if (asked.size === 0 || words.some((term) => asked.has(term))) sentences.push({ said, text, statement });
    }
  }
  return sentences;
}

/** Pairs that have a telling word in common. */
function pairsOf(sentences: readonly Sentence[]): [Sentence, Sentence][] {
  const holders = new Map<string, number[]>();
  const pairs: [Sentence, Sentence][] = [];
  sentences.forEach((sentence, at) => {
    const near = new Set<number>();
    for (const term of sentence.statement.own) {
      const list = holders.get(term) ?? [];
      for (const other of list.slice(-MOST_NEIGHBOURS)) near.add(other);
      list.push(at);
      holders.set(term, list);
    }
    for (const other of [...near].sort((a, b) => a - b)) pairs.push([sentences[other] as Sentence, sentence]);
  });
  return pairs;
}

/** Names of files that do not say what is in them: their folder does. */
const COMMON = /^(?:readme|index|main|license|changelog|history|contributing|overview|news|docs?)$/i;

const nameOf = (source: string): string => {
  const parts = source.split(/[\\/]+/).filter((part) => part !== '');
  const stem = (parts.at(-1) ?? source).replace(/\.[a-z0-9]{1,6}$/i, '');
  return COMMON.test(stem) && parts.length > 1 ? `${parts.at(-2) ?? ''}` : stem;
};

/** What each says of the thing that its source is about, without naming it, is of two things where the sources are of two. */
function areOtherThings(one: Sentence, other: Sentence, goal: string): boolean {
  const [a, b] = [nameOf(one.said.source).toLowerCase(), nameOf(other.said.source).toLowerCase()];
  if (a === b) return false;
  const areTwo =
    isFolderOf(one.said.source) && isFolderOf(other.said.source) ? true : [a, b].every((name) => mentions(goal, name));
  const shared = [...one.statement.names].some((name) => other.statement.names.has(name));
  return areTwo && !shared;
}

const isFolderOf = (source: string): boolean =>
  COMMON.test((source.split(/[\\/]+/).at(-1) ?? '').replace(/\.[a-z0-9]{1,6}$/i, ''));

const mentions = (goal: string, name: string): boolean =>
  termsOf(name).every((term) => new Set(termsOf(goal)).has(term));

/** Of one side are those that give one value. */
function addSide(sides: ConflictSide[], { said, text }: Sentence, value: string): void {
  const same = sides.find((side) => side.claim === text || side.value.toLowerCase() === value.toLowerCase());
  if (!same) {
    if (sides.length < MOST_SIDES) sides.push({ value, claim: text, source: said.source, findings: [said.id] });
  } else if (!same.findings.includes(said.id) && same.findings.length < MOST_SIDES) same.findings.push(said.id);
}

/** The first sentence from the first to the last word that both have, its value left out. */
function aboutOf(a: Statement, b: Statement, { values, kind }: Opposition): string {
  const shared = a.words.filter(({ terms }) => terms.some((term) => b.terms.has(term)));
  const [first, last] = [shared[0], shared.at(-1)];
  if (!first || !last) return a.text.slice(0, ABOUT_CHARS);
  const words = a.text.slice(first.start, last.end);
  const bare = kind === 'yes or no' ? words : words.replace(values[0], '…');
  return bare.replaceAll(/\s+/g, ' ').slice(0, ABOUT_CHARS).trim();
}
