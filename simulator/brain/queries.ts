// queries.ts: what to search for: first the question and its parts, then what the passages found so far point at.

import { namesIn, nameTerms, type Name } from './names.ts';
import { lastHeading } from './clean.ts';
import type { Trail } from './passages.ts';
import { askedWords, type AskedWord, type Question } from './question.ts';
import type { Ranked } from './rank.ts';
import { contentTerms, otherWordsFor } from './words.ts';

/** A passage to follow up, with the quote taken from it, if any. */
export interface Lead {
  ranked: Ranked;
  quote: string;
}

const MAX_WORDS = 20;
const MAX_FIRST = 5;
const MAX_FOLLOW = 3;

/** The first turn: the whole question, each of its parts, each of its names with what is asked of all. */
export function firstQueries(question: Question, context: string[], known: (word: string) => boolean): string[] {
  const queries = [line(question.words)];
  // A part alone has lost what it is about: the names go with it.
  const names = question.words.filter((word) => word.isName).slice(0, 4);
  for (const part of question.parts) queries.push(line([...askedWords(part), ...names]));
  if (question.names.length > 1) {
    const common = question.words.filter((word) => !word.isName);
    for (const name of question.names.filter((one) => one.isSure)) {
      queries.push(line([...askedWords(name.text), ...common]));
    }
  } else if (question.names[0]?.isSure && known(question.names[0].key)) queries.push(question.names[0].text);
  const others = question.words.flatMap((word) => (word.isName ? [] : otherWordsFor(word.terms[0] ?? '')));
  if (others.length > 0) queries.push(`${line(question.words.filter((word) => word.isName))} ${others.join(' ')}`);
  const news = context.flatMap((claim) => namesIn(claim, known)).map((name) => name.text);
  if (news.length > 0) queries.splice(1, 0, line([...askedWords(news.slice(0, 5).join(' ')), ...question.words]));
  return fresh(queries, [], MAX_FIRST, 0.95);
}

/**
 * A later turn: for each of the best passages, the question's words that it leaves open together with what it names
 * and the question does not. That is how the second half of "which library …, and what is its default" is found.
 */
export function followUps(
  question: Question,
  best: readonly Lead[],
  trail: Trail,
  known: (word: string) => boolean,
): string[] {
  if (best.length === 0) return fresh(broader(question), trail.queries, MAX_FOLLOW);
  const asked = new Set(question.words.flatMap((word) => word.terms));
  const queries = best.slice(0, 5).map((one) => {
    const { counts, handles, passage } = one.ranked;
    const open = question.words.filter((word) => !word.terms.some((term) => counts.has(term)));
    const news = newNames(one, asked, known);
    if (news.length === 0 && open.length === 0) return '';
    // With nothing new named, the open words are asked together with the passage's title.
    const lead = news.length > 0 ? news.join(' ') : `${handles[0] ?? ''} ${lastHeading(passage.heading)}`;
    return line([...askedWords(lead), ...(open.length > 0 ? open : question.words.filter((word) => !word.isName))]);
  });
  return fresh(queries, trail.queries, MAX_FOLLOW);
}

/** Names in a passage that the question does not have: those of documents first, then those of the sentence quoted. */
function newNames({ ranked, quote }: Lead, asked: Set<string>, known: (word: string) => boolean): string[] {
  const { heading, text } = ranked.passage;
  const near = new Set(namesIn(withoutNoise(quote), known).map((name) => name.key));
  const news = namesIn(withoutNoise(`${quote}\n${lastHeading(heading)}\n${text.slice(0, 1200)}`), known).filter(
    (name) => {
      if (name.text.length > 40 || LITERALS.has(name.key) || /[%\\(){}=<>]|https?:/.test(name.key)) return false;
      const terms = nameTerms(name.text);
      return terms.length > 0 && terms.length < 6 && !terms.some((term) => asked.has(term));
    },
  );
  const rank = (name: Name): number => (known(name.key) ? 4 : 0) + (near.has(name.key) ? 2 : 0) + (name.isSure ? 1 : 0);
  return news
    .sort((a, b) => rank(b) - rank(a))
    .slice(0, 4)
    .map((name) => name.text);
}

/** Code blocks, addresses, HTML and images name much that nobody asks for. */
const withoutNoise = (text: string): string =>
  text
    .replace(/```[^`]*(?:```|$)|!\[[^[\]]*\]\([^()]*\)|\]\([^()]*\)|<[^<>]*>|https?:\S+/g, ' ')
    .replace(/(^|\s)[_*]+|[_*]+(?=[\s.,;:)]|$)/g, '$1');

const LITERALS = new Set(
  `true false null undefined number string boolean object function array promise error typeerror infinity nan build
  status install installation usage api license note tip warning options javascript typescript node.js nodejs i.e e.g
  github npm example examples type default readme related maintainers`.split(/\s+/),
);

/** Nothing was found: each name alone, then the longest words. */
function broader(question: Question): string[] {
  const byLength = [...question.words].sort((a, b) => b.key.length - a.key.length);
  return [...question.names.map((name) => name.text), ...byLength.slice(0, 3).map((word) => word.text)];
}

function line(asked: readonly AskedWord[]): string {
  const found = new Map<string, string>();
  for (const word of asked) {
    const id = word.terms[0] ?? word.key;
    if (!found.has(id) && found.size < MAX_WORDS) found.set(id, word.text);
  }
  return [...found.values()].join(' ');
}

/** Queries that say something other than those before them. */
function fresh(queries: readonly string[], before: readonly string[], max: number, alike = 0.8): string[] {
  const seen = before.map((query) => new Set(contentTerms(query)));
  const kept: string[] = [];
  for (const query of queries) {
    const terms = new Set(contentTerms(query));
    if (terms.size === 0 || kept.length >= max) continue;
    const isOld = seen.some((other) => {
      let shared = 0;
      for (const term of terms) if (other.has(term)) shared += 1;
      return shared / (terms.size + other.size - shared) > alike;
    });
    if (isOld) continue;
    seen.push(terms);
    kept.push(query);
  }
  return kept;
}
