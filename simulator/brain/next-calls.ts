// next-calls.ts: what is looked up next: the question and its parts, what the best passages name, what one of them cuts off.

import type { Reply, ToolSpec } from '../wire.ts';
import type { Kind } from './question/kinds.ts';
import type { Question } from './question/question.ts';
import { BEGINNING } from './quotes/beginnings.ts';
import { packagesIn } from './quotes/leads-on.ts';
import { isOpenList } from './quotes/lists.ts';
import { AROUND } from './quotes/neighbours.ts';
import type { Choice } from './quotes/quotable.ts';
import type { Note } from './request/notes.ts';
import type { Passage, Trail } from './request/passages.ts';
import { readCall, searchCall, type ResearchTools } from './request/tools.ts';
import { namesIn, nameTerms } from './words/names.ts';
import { othersLike } from './words/same-words.ts';
import { inOneWord } from './words/two-words.ts';
import { stem } from './words/words.ts';

const MAX_QUERIES = 6;
/** Characters of a query. */
const MAX_QUERY = 1_000;
const MAX_READS = 2;

/** First the searches, then what a passage cuts off, then none. */
export function nextCalls(
  question: Question,
  trail: Trail,
  {
    choices,
    known,
    near,
    begin,
  }: {
    choices: Choice[];
    known: (word: string) => boolean;
    near: Passage | undefined;
    begin: string | undefined;
  },
  { search, read }: ResearchTools,
  context: string[],
): Reply['toolCalls'] {
  if (trail.turns === 0) return search ? queriesFor(question, context).map((query) => searchCall(search, query)) : [];
  if (trail.turns === 1 && near && read && trail.reads.length === 0)
    return [readCall(read, near.source, near.line - AROUND, 2 * AROUND)];
  if (trail.turns === 1 && begin !== undefined && read) return [readCall(read, begin, 1, BEGINNING)];
  if (trail.turns === 1 && search) {
    const more = followUps(question, choices, known).map((query) => searchCall(search, query));
    if (more.length > 0) return more;
  }
  if (trail.turns > 2 || trail.reads.length > 0 || !read) return [];
  const cut = choices.filter((one) => one.quotable.unit.isCut || isOpenList(question, one)).slice(0, MAX_READS);
  return cut.map(({ reading: { passage } }) => readCall(read, passage.source, passage.line - 5));
}

/** What a user has said meanwhile is looked up as it is. */
export const noteCalls = (notes: readonly Note[], search: ToolSpec): Reply['toolCalls'] =>
  notes.slice(0, MAX_FOLLOW).map(({ text }) => searchCall(search, text.slice(0, MAX_QUERY)));

/** What the best passages name and the question does not, with the words of the question that they leave open. */
function followUps({ words }: Question, choices: readonly Choice[], known: (word: string) => boolean): string[] {
  const asked = new Set(words.flatMap((word) => word.terms));
  const queries = choices.map(({ reading, quotable }) => {
    const open = words.filter((word) => !word.terms.some((term) => reading.terms.has(term)));
    const [needed] = packagesIn(quotable.unit.text);
    if (needed && asked.has(stem(needed.name)))
      return `${needed.name} ${needed.version} ${open.map((one) => one.text).join(' ')}`.trim();
    if (open.length === 0) return '';
    const text = `${quotable.unit.text}\n${quotable.heading}\n${reading.passage.text.slice(0, 1200)}`.replace(
      NOISE,
      ' ',
    );
    const news = namesIn(text, known)
      .filter((name) => name.text.length <= 40 && !nameTerms(name.text).some((term) => asked.has(term)))
      .sort((a, b) => Number(known(b.key)) - Number(known(a.key)))
      .slice(0, MAX_NEWS);
    return [...news, ...open].map((one) => one.text).join(' ');
  });
  return [...new Set(queries.filter((query) => query !== ''))].slice(0, MAX_FOLLOW);
}

/** Code blocks, addresses, HTML and images name much that nobody asks for. */
const NOISE = /```[^`]*(?:```|$)|!\[[^[\]]*\]\([^()]*\)|\]\([^()]*\)|<[^<>]*>|https?:\S+/g;
const MAX_NEWS = 4;
const MAX_FOLLOW = 3;

/** The whole question as it is, each of its parts with the names, and each of its names with what is asked of all. */
function queriesFor({ text, kind, pair, parts, names, words }: Question, context: string[]): string[] {
  const named = names.map((name) => name.text).slice(0, 4);
  const withNames = (part: string): string => [part, ...named.filter((name) => !part.includes(name))].join(' ');
  const common = words.filter((word) => !word.isName).map((word) => word.text);
  // "Texas or North Carolina": each of them is needed to tell.
  const sure = names.filter((name) => name.isSure || / or /.test(text));
  const each = sure.length > 1 ? sure.map((name) => [name.text, ...common].join(' ')) : [];
  const found = context.length > 0 ? [`${text} ${context.slice(0, 5).join(' ')}`] : [];
  const where = kind === 'difference' && pair.length < 2 ? undefined : WHERE_TOLD[kind];
  const told = where === undefined ? [] : [[...words.map((word) => word.text), where].join(' ')];
  const others = words.flatMap(({ key }) => othersLike(key)).slice(0, MOST_OTHERS);
  const same = others.length > 0 ? [[...words.map((word) => word.text), ...others].join(' ')] : [];
  const queries = [text, inOneWord(text), ...same, ...found, ...told, ...parts.map(withNames), ...each].map((query) =>
    query.replace(/\s+/g, ' ').trim().slice(0, MAX_QUERY),
  );
  return [...new Set(queries)].slice(0, MAX_QUERIES);
}

/** Words that mean the same as those of a question, in one query. */
const MOST_OTHERS = 12;
/** What documents head the place with that tells what a thing is, or say where they tell such a thing. */
const WHERE_TOLD: Partial<Record<Kind, string>> = {
  definition: 'overview introduction',
  difference: 'comparison',
  'how-often': 'every interval hourly daily',
};
