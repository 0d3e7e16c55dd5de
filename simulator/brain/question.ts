// question.ts: what a subtask asks for: its words with their weights, its names, its parts, the sort of answer it wants.

import { clausesOf } from './clauses.ts';
import { kindOf, type Kind } from './kinds.ts';
import { nameTerms, namesIn, type Name } from './names.ts';
import { isStopWord, termsOf, words } from './words.ts';

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
  /** The clauses, when there is more than one. */
  parts: string[];
  /** Index terms with what they weigh before rarity is known. */
  weights: Map<string, number>;
  kind: Kind;
}

/** Longer goals are read to here. */
const MAX_LENGTH = 8000;
const NAME_WEIGHT = 1.6;
/** Reads a question. `known` tells of words that are names here; `context` are claims it builds on. */
export function readQuestion(goal: string, known: (word: string) => boolean, context: string[] = []): Question {
  const text = goal.slice(0, MAX_LENGTH);
  const names = namesIn(text, known);
  const inName = new Set(names.flatMap((name) => nameTerms(name.text)));
  const asked = askedWords(text, inName);
  const weights = new Map<string, number>();
  for (const word of asked) {
    const [whole, ...parts] = word.terms;
    const weight = word.isName ? NAME_WEIGHT : 1;
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
    parts: parts.length > 1 ? parts : [],
    weights,
    kind: kindOf(text),
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
  const parts = clause.split(JOINT);
  return parts.filter((part) => askedWords(part).length > 1);
}

const JOINT =
  /[,;]\s+(?:and |but |yet )?(?=(?:(?:in|by|for|from|to|with|under|after|on|of|at|as|since) )?(?:what|how|which|why|when|where|who|whose)\b)|\s+(?:and|but)\s+(?=(?:(?:in|by|for|from|to|with|under|after|on|of|at|as|since) )?(?:what|how|which|why|when|where|who|whose)\b)|;\s+|,\s+(?:and|but|yet)\s+/i;
