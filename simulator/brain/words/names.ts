// names.ts: what a text calls by name: packages, options, products, headings. A name is worth a search of its own.

import { isOfCalendar } from './calendar.ts';
import { isStopWord, termsOf, words } from './words.ts';

export interface Name {
  /** As written. */
  text: string;
  /** Lower case, for comparing; an option of one letter as it is. */
  key: string;
  /** Written like code, or quoted: surely a name, where a capital may only be style. */
  isSure: boolean;
}

const TICKED = /`([^`\n]{1,80})`/g;
const FLAG = /(?<![\w-])--?[a-z][\w-]+|(?<![\w./-])-[a-z](?![\w-])/gi;
/** "--target=blackhole": the value. */
const VALUE = /(?<![\w-])--?[a-z][\w-]*=([\w./-]{3,40})/gi;
const IS_SHORT_FLAG = /^-[a-z]$/i;
/** What any option may be. */
const SWITCHED = /^(?:yes|true|false|none|auto|all|[\d.]+)$/i;
/** "In .mdx files": an ending. */
const FILE_ENDING = /(?<=^|\s)\.[a-z][a-z0-9]{1,5}(?=[\s,;:?!)]|$)/gi;
const QUOTED = /["“]([^"“”\n]{2,80})["”]/g;
/** Written in a way that no plain word is: p-retry, maxRetries, fs.readFile, @scope/pkg, v2, --flag. */
const CODE_LIKE = /^@|[a-z]\p{Lu}|[._/:#]\p{L}|\p{L}\p{N}|\p{N}\p{L}|_|\p{Lu}.*-|-.*\p{Lu}/u;

/** What changed in a version is looked for by its number. */
const VERSION = /^v?\d+\.\d+\.\d+/;

/**
 * The names in a text, first occurrence first. `known` tells of lower-case words that are names here, such as those
 * of the documents.
 */
export function namesIn(text: string, known: (word: string) => boolean = () => false): Name[] {
  const found = new Map<string, Name>();
  const add = (name: string, isSure: boolean): void => {
    const isShort = IS_SHORT_FLAG.test(name.trim());
    const clean = isShort ? name.trim() : name.trim().replace(/^[-$(]+|[):;,.]+$/g, '');
    const key = isShort ? clean : clean.toLowerCase();
    if (clean.length < 2 || isStopWord(key) || (/^[\d.]+$/.test(key) && !VERSION.test(key))) return;
    const before = found.get(key);
    if (!before) found.set(key, { text: clean, key, isSure });
    else if (isSure && !before.isSure) found.set(key, { ...before, isSure });
  };
  for (const match of text.matchAll(TICKED)) add(match[1] ?? '', true);
  for (const match of text.matchAll(FLAG)) add(match[0], true);
  for (const match of text.matchAll(VALUE)) if (!SWITCHED.test(match[1] ?? '')) add(match[1] ?? '', true);
  for (const match of text.matchAll(FILE_ENDING)) add(match[0], true);
  for (const match of text.matchAll(QUOTED)) add(match[1] ?? '', true);

  const all = words(text);
  for (let at = 0; at < all.length; at += 1) {
    const word = all[at];
    if (!word) continue;
    const bare = withoutPossessive(word.text);
    const next = all[at + 1];
    // "npm ci", where a document is called npm-ci.
    if (next && text.slice(word.end, next.start) === ' ' && known(`${bare}-${next.text}`.toLowerCase())) {
      add(text.slice(word.start, next.end), true);
      at += 1;
      continue;
    }
    const isKnown =
      known(bare.toLowerCase()) &&
      !isOfName(text, word, found) &&
      !(bare === bare.toLowerCase() && saysAny(text, word.start, word.end));
    if (isPackageLike(bare) || isKnown || VERSION.test(bare)) {
      add(bare, true);
      continue;
    }
    const small = word.text.toLowerCase();
    if (!isCapital(word.text) || isStopWord(small) || isOfCalendar(small)) continue;
    // A run of capitals is one name: "Temporal Cloud", "Retry Policy".
    let end = at;
    while (end - at < 3) {
      const next = all[end + 1];
      const gap = next ? text.slice(all[end]?.end ?? 0, next.start) : '';
      if (!next || gap !== ' ' || !isCapital(next.text) || isPackageLike(next.text)) break;
      if (isStopWord(next.text.toLowerCase())) break;
      end += 1;
    }
    // A capital at a sentence's start says nothing, unless more than the first letter is one.
    const opens = startsSentence(text, word.start);
    if (!opens || end > at || /\p{Lu}.*\p{Lu}/u.test(word.text))
      add(withoutPossessive(text.slice(word.start, all[end]?.end)), false);
    at = end;
  }
  return [...found.values()];
}

const withoutPossessive = (word: string): string => word.replace(/['’]s?$/, '');
const isCapital = (word: string): boolean => /^\p{Lu}/u.test(word);
const isPackageLike = (word: string): boolean =>
  word.length > 1 && !word.includes("'") && CODE_LIKE.test(word) && !/^\p{N}+\p{L}{0,2}$/u.test(word);

/** "the openai client": what follows a name in small letters says what that thing is, whatever document is called so. */
function isOfName(
  text: string,
  { text: word, start }: { text: string; start: number },
  found: Map<string, Name>,
): boolean {
  const before = /([\w@./-]+) $/.exec(text.slice(Math.max(0, start - 60), start))?.[1]?.toLowerCase();
  return word === word.toLowerCase() && before !== undefined && found.has(before);
}

/**
 * "a schema", "which errors": any such thing, not the document that is called so; but "a commander option" is one.
 * "Do I ignore", "to debug": a verb.
 */
function saysAny(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 12), start);
  // What a question asks for, whatever document is called so.
  if (/^defaults?$/.test(text.slice(start, end))) return true;
  if (/\b(?:i|you|we|they|to)\s$/i.test(before)) return true;
  const next = /^\s+([\p{L}'’]+)/u.exec(text.slice(end))?.[1]?.toLowerCase();
  return (
    /\b(?:an?|any|each|every|my|your|some|which|what|how many|these|those)\s$/i.test(before) &&
    (next === undefined || isStopWord(next))
  );
}

function startsSentence(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 6), start).trimEnd();
  return before === '' || /[.!?:•\n>#*|-]$/.test(before) || /\n\s*$/.test(text.slice(Math.max(0, start - 6), start));
}

/** The index terms of a name. */
export const nameTerms = (name: string): string[] => [...new Set(words(name).flatMap((word) => termsOf(word.text)))];

/** Whether a text (lower case) mentions the name: as written, or joined or split differently. Options of one letter only terms tell. */
export function mentions(lowerText: string, name: Name): boolean {
  if (IS_SHORT_FLAG.test(name.key)) return false;
  if (lowerText.includes(name.key)) return true;
  const parts = name.key.split(/[\s._/-]+/).filter((part) => part.length > 1);
  if (parts.length < 2) return name.key.endsWith('s') && lowerText.includes(name.key.slice(0, -1));
  if (/\s/.test(name.key)) {
    const told = parts.filter((part) => part.length > 3 && !isStopWord(part));
    const isIn = (part: string): boolean => lowerText.includes(part);
    // "banana bread", where a document is called so, is more than any bread.
    return name.isSure ? told.length > 0 && told.every(isIn) : told.some(isIn);
  }
  return lowerText.includes(parts.join(' ')) || lowerText.includes(parts.join(''));
}

/** Whether a source is the document, or lies in the folder, that a name means: `harbour` and docs/harbour.md. */
export function isNameOf(name: Name, source: string): boolean {
  const joined = name.key.replace(/[\s._/@-]+/g, '');
  return source
    .toLowerCase()
    .split(/[\\/]+/)
    .some((segment) => {
      const bare = segment.replace(/\.[a-z0-9]{1,6}$/, '');
      return [bare, bare.replace(/[-_. ]v?\d+(?:\.\d+)+$/, '')].some((one) => one.replace(/[\s._@-]+/g, '') === joined);
    });
}

/** Whether a source is a program or data, by its extension: it is quoted by the line, and its comments by the sentence. */
export const isCodeSource = (source: string): boolean =>
  /\.(?:[cm]?[jt]sx?|json[5c]?|ya?ml|toml|ini|py|go|rs|java|kts?|scala|swift|c|h|cc|cpp|hpp|cs|rb|php|lua|pl|sh|bash|ps1|sql|css|scss|less|vue|svelte|proto|graphql|tf|gradle|xml)$/i.test(
    source,
  );

/** Whether a source is text without markup, by its extension or for want of one: NEWS, LICENSE, spec.txt. */
export const isPlainSource = (source: string): boolean => /\.(?:txt|text)$|(?:^|[\\/])[^.\\/]+$/i.test(source);

/** Of a file's name; the ".0" of "Apache-2.0" is none. */
const ENDING = /\.(?:(?<!\d\.)\d{1,2}|(?!\d+$)[a-z0-9]{1,6})$/i;

/** What a source is about, by its path: `node_modules/execa/readme.md` → execa, `docs/retry-policy.md` → retry-policy. */
export function nameOfSource(source: string): string {
  const segments = source.split(/[\\/]+/).filter((segment) => segment !== '');
  const stem = (segments.at(-1) ?? source).replace(ENDING, '');
  const parent = segments.at(-2);
  return isCommonName(stem) && parent ? parent : stem;
}

/** Lower-case words by which a question may call documents: their names, and the folders that they lie in. */
export function calledBy(documents: unknown): Set<string> {
  const names = new Set<string>();
  for (const source of Array.isArray(documents) ? (documents as unknown[]) : []) {
    if (typeof source !== 'string') continue;
    const name = nameOfSource(source);
    // A program may be called by any word: help.js is no reason to take "help" for a name.
    const own = isCodeSource(source) && /^\p{Ll}+$/u.test(name) ? [] : [name];
    for (const segment of [...own, ...source.split('/').slice(0, -1)]) {
      if (segment.length > 2 && !COMMON.has(segment.toLowerCase())) names.add(segment.toLowerCase());
    }
  }
  return names;
}

const COMMON = new Set(
  'docs doc node_modules src lib dist build readme index guide guides api main test tests examples typings types'.split(
    ' ',
  ),
);

/** Names of files that say nothing of what is in them. */
export const isCommonName = (stem: string): boolean =>
  /^(readme|_?index|main|license|licence|changelog|history|contributing|overview|docs?|intro.*)$/i.test(stem);

/** The names by which other passages may point at one, as `plainWords` writes them. */
export function handlesOf({ heading, source }: { heading: string; source: string }): string[] {
  const [first = ''] = heading.split(/\s+[›>»|]\s+/);
  return [first, first.replace(/\s*\([^)]*\)$/, ''), nameOfSource(source)]
    .map(plainWords)
    .filter((handle) => handle.length > 2);
}

/** A text's words in lower case, with one space between. */
export const plainWords = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
