// quote-match.ts: does this quote stand in this text? The product's guard against false citations, so it forgives only
// what copying does to a text: white space, line breaks, invisible characters, typographic quotes and dashes, and the
// two ways in which Unicode writes an accent. Letters, case, digits and punctuation must be the same.

/** What a quote carries at least, in letters of an alphabet. */
export const MIN_QUOTE = 12;
export const MAX_QUOTE = 1_200;

/** A text made ready for looking up quotes: what is compared, and where each character of it came from. */
export interface MatchText {
  readonly original: string;
  readonly plain: string;
  /** Offset in the original of each character of `plain`, and one more for its end. */
  readonly origin: Uint32Array;
}

// A run of plain characters, a run of conjoining Hangul, or one character with its combining marks.
const PIECES = /[\x21-\x7e]+(?!\p{M})|[\u1100-\u11ff]+|\P{M}\p{M}*|\p{M}+/gsu;

export function matchText(original: string): MatchText {
  const pieces: string[] = [];
  let origin: Uint32Array = new Uint32Array(original.length + 1);
  let count = 0;
  for (const match of original.matchAll(PIECES)) {
    const [raw] = match;
    const isRun =
      raw.charCodeAt(0) > 0x20 &&
      raw.charCodeAt(0) < 0x7f &&
      raw.charCodeAt(raw.length - 1) < 0x7f &&
      raw.trim() !== '';
    const plain = isRun ? raw : plainPiece(raw);
    if (plain === '' || (plain === ' ' && pieces.at(-1) === ' ')) continue;
    pieces.push(plain);
    if (count + plain.length >= origin.length) origin = grown(origin, plain.length);
    for (let i = 0; i < plain.length; i += 1) origin[count + i] = match.index + (isRun ? i : 0);
    count += plain.length;
  }
  origin[count] = original.length;
  return { original, plain: pieces.join(''), origin };
}

function plainPiece(raw: string): string {
  return raw.length === 1 ? plainChar(raw) : raw.normalize('NFC').replace(/./gsu, plainChar);
}

/** Where a quote stands in the original: offsets of its first character and after its last; undefined when it does not. */
export function findQuote(text: MatchText, quote: string): { start: number; end: number } | undefined {
  if (quote.length > 4 * MAX_QUOTE) return undefined;
  const wanted = matchText(quote).plain.trim();
  if (wanted.length > MAX_QUOTE || worth(wanted) < MIN_QUOTE) return undefined;
  if (worth(wanted.replace(/[^\p{L}\p{N}]/gu, '')) < MIN_QUOTE / 2) return undefined;
  for (let at = text.plain.indexOf(wanted); at !== -1; at = text.plain.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    if (cutsBefore(text, at) || cutsAfter(text, end)) continue;
    return { start: text.origin[at] ?? 0, end: endInOriginal(text, end) };
  }
  return undefined;
}

/** How many letters of an alphabet a text is worth: a character that stands for a syllable, or for a word, says more than one. */
const worth = (text: string): number =>
  text.length + 2 * (text.match(/\p{Script=Han}/gu)?.length ?? 0) + (text.match(SYLLABLES)?.length ?? 0);

const SYLLABLES = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/** The original's offset after the last quoted character, without the white space and invisible characters that follow. */
function endInOriginal(text: MatchText, end: number): number {
  let at = text.origin[end] ?? text.original.length;
  while (at > 0 && plainChar(text.original.charAt(at - 1)).trim() === '') at -= 1;
  return at;
}

// A quote that begins or ends inside a word says something else: "safe to call" in "unsafe to call", "you can" in
// "you can't", "blocking call" in "non-blocking call", "enabled" in "!enabled", "5 ms" in "-5 ms" or "1.5 ms".
function cutsBefore(text: MatchText, at: number): boolean {
  const first = text.plain.charAt(at);
  const before = text.plain.charAt(at - 1);
  if (!isWord(first)) return false;
  if (isWord(before) || before === '!') return true;
  if (isDigit(first) && (before === '-' || before === '.')) return true;
  return isWord(text.plain.charAt(at - 2)) && joins(signAt(text, at - 1), first);
}

function cutsAfter(text: MatchText, end: number): boolean {
  const after = text.plain.charAt(end);
  if (!isWord(text.plain.charAt(end - 1))) return false;
  if (isWord(after)) return true;
  const next = text.plain.charAt(end + 1);
  return isWord(next) && joins(signAt(text, end), next);
}

/** The sign as the source has it: a hyphen makes one word of two, a dash between words does not. */
const signAt = (text: MatchText, at: number): string => text.original.charAt(text.origin[at] ?? 0);

/** True when this sign between two word characters makes one word or number of them. */
const joins = (sign: string, next: string): boolean =>
  /[-\u2010\u2011'\u2019]/.test(sign) || (isDigit(next) && /[.,:\u2012-\u2015\u2212]/.test(sign));

/** Part of a word in scripts that put spaces between words; in the others any place is a boundary. */
const isWord = (char: string): boolean => /[\p{L}\p{M}\p{N}_]/u.test(char) && !SPACELESS.test(char);
const isDigit = (char: string): boolean => /\p{N}/u.test(char);

const SPACELESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
// At least what visible-text.ts takes out: models quote texts as they were shown.
const INVISIBLE =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class
  /[\u0080-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb]|[\ufe00-\ufe0f]|[\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/u;
const SINGLE = /[\u2018-\u201b]/;
const DOUBLE = /[\u201c-\u201f]/;
const DASH = /[\u2010-\u2015\u2212]/;

function plainChar(char: string): string {
  const code = char.charCodeAt(0);
  if (code > 0x20 && code < 0x7f) return char;
  if (/\s/.test(char)) return ' ';
  if (code < 0x80) return code < 0x20 || code === 0x7f ? '' : char;
  if (INVISIBLE.test(char)) return '';
  if (SINGLE.test(char)) return "'";
  if (DOUBLE.test(char)) return '"';
  return DASH.test(char) ? '-' : char.length === 1 ? char.normalize('NFC') : char;
}

function grown(origin: Uint32Array, by: number): Uint32Array {
  const larger = new Uint32Array(origin.length * 2 + by + 2);
  larger.set(origin);
  return larger;
}
