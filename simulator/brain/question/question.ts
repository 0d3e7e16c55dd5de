// question.ts: what a subtask asks for: its words with their weights, its names, its parts, the sort of answer it wants.

import { nameTerms, namesIn, type Name } from '../words/names.ts';
import { inOneWord } from '../words/two-words.ts';
import { isStopWord, termsOf, words } from '../words/words.ts';
import { ASKING, clausesOf } from './clauses.ts';
import { kindOf, type Kind } from './kinds.ts';
import { pairOf, type Called } from './pair.ts';

export interface AskedWord {
  text: string;
  key: string;
  terms: string[];
  isName: boolean;
}

export interface Question {
  text: string;
  /** Words worth searching for, in order, each once. */
  words: AskedWord[];
  names: Name[];
  /** The things that are to be told apart. */
  pair: Called[];
  /** The clauses, when there is more than one. */
  parts: string[];
  /** Index terms with what they weigh before rarity is known. */
  weights: Map<string, number>;
  kind: Kind;
}

/** In one part, about one thing at most: several things are told of in several places. */
export const isPlain = ({ parts, names }: Pick<Question, 'parts' | 'names'>): boolean =>
  parts.length === 0 && names.length < 2;

/** Longer goals are read to here. */
const MAX_LENGTH = 8000;
const NAME_WEIGHT = 1.6;
/** "How big", "how long", "how much slower": a number says it, not the word. */
export const MEASURE =
  /\bhow (?:big|large|small|long|short|far|old|high|low|fast|soon|deep|wide|tall|often|frequently|much (?:slow|fast|bigg|larg|small|long|short|high|low|old|new|cheap|heavi|light|great|deep|wid|earli|lat)er|much (?:better|worse))\b/gi;
/** "How wide is it?" is told as its width. */
const measured = (asked: string): string => {
  const word = /\p{L}+$/u.exec(asked)?.[0]?.toLowerCase() ?? '';
  return `how ${SAID_AS[word] ?? ''}`;
};
const SAID_AS: Readonly<Record<string, string>> = { wide: 'width' };
/** "case-insensitively" is written in two words elsewhere. */
const HYPHEN = /(?<![\p{L}\p{N}@/.-])\p{Ll}{3,}-\p{Ll}{3,}(?![\p{L}\p{N}/.-])/gu;
const unlessName =
  (names: ReadonlySet<string>) =>
  (word: string): string =>
    termsOf(word).some((term) => names.has(term)) ? word : word.replace('-', ' ');
/** What an entry of a changelog says of all in it by being there. */
const OF_ENTRIES = /^(?:introduc|add|appear|releas|available|publish)/;
const ENTRY_WEIGHT = 0.4;
/** "Which group must it have, and why?": the reason stands behind what answers the first, which is looked for. */
export const AND_WHY = /(?:, ?| )and why ?\??$/i;
/** Reads a question. `known` tells of words that are names here; `context` are claims it builds on. */
export function readQuestion(goal: string, known: (word: string) => boolean, context: string[] = []): Question {
  const text = goal.slice(0, MAX_LENGTH);
  const names = namesIn(text, known);
  const inName = new Set(names.flatMap((name) => nameTerms(name.text)));
  const kind = kindOf(text.replace(AND_WHY, ''));
  const asked = askedWords(inOneWord(text).replace(MEASURE, measured).replace(HYPHEN, unlessName(inName)), inName);
  const weights = new Map<string, number>();
  for (const word of asked) {
    const [whole, ...parts] = word.terms;
    const weight = word.isName
      ? NAME_WEIGHT
      : (kind === 'version' || kind === 'when' || kind === 'date') && OF_ENTRIES.test(word.key)
        ? ENTRY_WEIGHT
        : 1;
    if (whole !== undefined) weights.set(whole, Math.max(weights.get(whole) ?? 0, weight));
    // The parts of a compound say less than the whole.
    for (const part of parts) if (!isStopWord(part)) weights.set(part, Math.max(weights.get(part) ?? 0, 0.3));
  }
  for (const name of context.slice(0, 12).flatMap((claim) => namesIn(claim, known).slice(0, 4))) {
    for (const term of nameTerms(name.text)) if (!weights.has(term)) weights.set(term, 0.5);
  }
  const parts = clausesOf(text, known).flatMap(sentencesOf).flatMap(innerParts);
  return {
    text,
    words: asked,
    names,
    pair: pairOf(text, kind, names),
    parts: parts.length > 1 ? parts : [],
    weights,
    kind,
  };
}

/** The words of a text worth searching for. */
export function askedWords(text: string, inName: Set<string> = new Set()): AskedWord[] {
  const found = new Map<string, AskedWord>();
  for (const { text: word } of words(text)) {
    const key = word.toLowerCase();
    const terms = termsOf(word).filter((term) => !isStopWord(term));
    if (isStopWord(key) || terms.length === 0 || (key.length < 2 && /[a-z]/.test(key))) continue;
    const id = terms[0] ?? key;
    if (!found.has(id))
      found.set(id, { text: word.replace(/['’]s$/, ''), key, terms, isName: terms.some((term) => inName.has(term)) });
  }
  return [...found.values()];
}

const sentencesOf = (text: string): string[] =>
  text.split(/(?<=[?!]["')\]]?)\s+|(?<=[\p{Ll}\p{N})"'`]\.)\s+(?=\p{Lu})/u);

/** A clause that leans on another stays with it in the plan, but is searched for on its own too. */
function innerParts(clause: string): string[] {
  const [start = '', ...more] = clause.split(JOINT);
  // "If I leave, what do I lose and what do I keep?": the condition asks nothing, and belongs to each.
  const isCondition =
    more.length > 0 &&
    (OPENS_CONDITION.test(start) || !ASKS.test(start)) &&
    !more.some((part) => IS_CONDITION.test(part));
  const [first = '', ...others] = isCondition ? more.map((part) => `${start}, ${part}`) : [start, ...more];
  const main = first.split(CONDITION)[0] ?? '';
  // "What happens when it rains, and when it snows?": each condition is asked of the same.
  const parts = [first, ...others.map((part) => (!isCondition && IS_CONDITION.test(part) ? `${main} ${part}` : part))];
  const counts = parts.map((part) => askedWords(part).length);
  // "Who came up with the name Skua, and what does it stand for?": one word, and what leans on it.
  const isLeanedOn = parts.length > 1 && parts.slice(1).every((part) => LEANS.test(part));
  return parts.filter(
    (part, at) => (counts[at] ?? 0) > 1 || (at > 0 ? LEANS.test(part) : isLeanedOn && counts[0] === 1),
  );
}

const CONDITION = /\s+(?=(?:when|where|if|while)\s)/i;
/** "Two people wrote at once, which of them wins?": what does not begin like this is told, and asks nothing. */
const ASKS = new RegExp(
  String.raw`^\W*(?:${ASKING}|was|were|would|could|has|have|had|may|might|must|give|compare|summari[sz]e|please|i want|i need)\b|^[^,]{1,40}\b(?:which|what|who|how)\b`,
  'i',
);
const OPENS_CONDITION =
  /^(?:if|when|while|once|after|before)\s+(?!(?:do|does|did|is|are|was|were|can|could|should|will|would|has|have|must)\b)[^?]*$/i;
const IS_CONDITION =
  /^(?:when|where|if|while)\s+(?!(?:do|does|did|is|are|was|were|can|could|should|will|would|has|have|must)\b)/i;
/** Speaks of what the part before it names. */
export const LEANS = /\b(?:its?|they|them|their|he|she|his|hers?|him|this|that|these|those|there)\b/i;

const JOINT =
  /[,;]\s+(?:and |but |yet )?(?=(?:(?:in|by|for|from|to|with|within|under|after|before|until|during|through|on|of|at|as|since) )?(?:what|how|which|why|when|where|who|whom|whose)\b)|\s+(?:and|but)\s+(?=(?:(?:in|by|for|from|to|with|within|under|after|before|until|during|through|on|of|at|as|since) )?(?:what|how|which|why|when|where|who|whom|whose)\b)|;\s+|,\s+(?:and|but|yet)\s+/i;
