// terms.ts: text to the terms that are indexed and searched for. Identifiers count whole and by their parts:
// `--max-old-space`, `fs.readFile` and `retryPolicy` are found by their own name and by the words in it.

import { stem } from './stem.ts';

const STOP_WORDS = new Set(
  (
    'a an the and or but nor so yet if then else than that this these those there here it its is are was were be been ' +
    'being am do does did doing have has had having i me my we our you your he she they them their his her who whom ' +
    'whose which what when where why how of in on at to from by for with without about into onto over under between ' +
    'as not no can could should would will shall may might must also just only very too any some each every other ' +
    'such same own both more most much many please tell give say'
  ).split(' '),
);

/** Words and identifiers: letters and digits, joined by `.`, `-`, `_`, `/`, `:`, `'` when letters follow; and options of one letter. */
const TOKEN =
  /(?<![\p{L}\p{M}\p{N}_$./-])-[A-Za-z](?![\p{L}\p{M}\p{N}_$-])|[\p{L}\p{N}_$][\p{L}\p{M}\p{N}_$]*(?:(?:::|[.\-/:'’])[\p{L}\p{N}_$][\p{L}\p{M}\p{N}_$]*)*/gu;
const WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const MAX_TERM = 64;

/** One word or identifier of a text. */
export interface Token {
  /** Its terms: the whole first, then the parts. Empty for a stop word. */
  terms: readonly string[];
  /** True for names that are no plain word: with a joiner, digits, or capitals inside. */
  isName: boolean;
  /** True when it begins with a capital. */
  isCapital: boolean;
}

const NOTHING: Token = { terms: [], isName: false, isCapital: false };
const known = new Map<string, Token>();
const MAX_KNOWN = 50_000;

/** The terms of a text, in order, with repeats; stop words are gone. */
export function termsOf(text: string): string[] {
  const terms: string[] = [];
  for (const [raw] of text.matchAll(TOKEN)) {
    for (const term of tokenOf(raw).terms) terms.push(term);
  }
  return terms;
}

export function tokensOf(text: string): Token[] {
  return Array.from(text.matchAll(TOKEN), ([raw]) => tokenOf(raw));
}

function tokenOf(raw: string): Token {
  const before = known.get(raw);
  if (before) return before;
  if (known.size >= MAX_KNOWN) known.clear();
  // A copy: a word that is cut out of a text keeps the whole text in memory.
  const own = Buffer.from(raw).toString();
  const token = readToken(own);
  known.set(own, token);
  return token;
}

function readToken(raw: string): Token {
  // `-t` and `-T` are two options.
  if (raw.startsWith('-')) return { terms: [raw], isName: true, isCapital: false };
  // Underscores around a word are emphasis as a rule: `_Great Eastern_`.
  const word = raw
    .normalize('NFKC')
    .replace(/['’](?:s|t|re|ve|ll|d|m)$/i, '')
    .replace(/^_+(?=[^_])|(?<=[^_])_+$/g, '');
  const isCapital = /^\p{Lu}/u.test(word);
  if (WITHOUT_SPACES.test(word)) return { terms: pairs(word), isName: false, isCapital };
  const whole = word.toLowerCase();
  const parts = partsOf(word);
  if (parts.length <= 1) {
    if (STOP_WORDS.has(whole)) return NOTHING;
    return { terms: [stem(whole).slice(0, MAX_TERM)], isName: /\d/.test(whole), isCapital };
  }
  const terms = whole.length <= MAX_TERM ? [whole] : [];
  for (const part of parts) if (!STOP_WORDS.has(part)) terms.push(stem(part).slice(0, MAX_TERM));
  return { terms: [...new Set(terms)], isName: true, isCapital };
}

/** `fs.readFile` → fs, read, file. A version number has no parts worth finding. */
function partsOf(word: string): string[] {
  if (/^[\d.:-]+$/.test(word)) return [word];
  return word
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((part) => part !== '')
    .slice(0, 12);
}

/** Scripts that put no spaces between words are indexed by overlapping pairs. */
function pairs(word: string): string[] {
  const chars = Array.from(word.toLowerCase());
  return chars.length < 2 ? chars : chars.slice(1).map((char, i) => `${chars[i] ?? ''}${char}`);
}
