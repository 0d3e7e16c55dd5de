// words.ts: words, stems and stop words. English is known a little; any other script passes through unharmed.

import { stemmer } from 'stemmer';
import { derivedFrom } from './derived.ts';
import { baseOf } from './irregular.ts';
import { sameAs } from './same-words.ts';
import { american } from './spelling.ts';

const STOP = new Set(
  `a about above according across actually after again against all almost along already also although always am among
  an and another any anyone anything are aren't around as ask at away back be became because been before being below
  between both but by came can can't cannot come compare compared comparison consider contrast could couldn't
  describe did didn't differ difference differences different do does doesn't doing don't down during each either else
  etc even ever every example explain far few find first following for found from further get gets getting give given
  gives go goes going got had happen happens has hasn't have having he her here hers him his how however i if
  in instead into is isn't it its itself just keep kind know known last latter let like list look made make makes
  many may me mean means might more most much must my name need needs neither never next no none nor not now of off
  often on once one only onto or originally other others our out over own per perhaps please possible provide
  provided provides question questions quite rather really regarding regards relation respect respectively same say says see seem seems
  several shall she should show shows since so some someone something soon still such summarise summarize summary take
  taken takes tell terms than that the their them then there these they thing things this those
  though through thus to together too toward towards under until up upon us use used uses using usually various versus
  very via vs want wants was wasn't way ways we well went were weren't what whatever when where whereas whether
  which while who whole whom whose why will with within without won't would you your yours documentation docs document
  documents detail details report answer completely entirely totally fully simply exactly easily straight directly`.split(
    /\s+/,
  ),
);

/** Whether a word, in small letters, says nothing by itself; "they've" and "shouldn't" say as little as "they" and "should". */
export const isStopWord = (word: string): boolean =>
  STOP.has(word) || (APOSTROPHE.test(word) && STOP.has(word.replace('’', "'").replace(SHORTENED, '')));
const APOSTROPHE = /['’]/;
const SHORTENED = /(?:n't|'(?:m|d|s|ll|ve|re))$/;

// Letters and digits, joined by what joins the parts of a name: p-retry, fs.readFile, @scope/pkg, don't, node_modules.
// Underscores around it are emphasis. An option of one letter is a word.
const WORD =
  /(?<![\p{L}\p{M}\p{N}_./-])-[A-Za-z](?![\p{L}\p{M}\p{N}_-])|(?:@(?=\p{L}))?[\p{L}\p{N}\p{M}]+(?:(?:_+|[-./'’+#:])[\p{L}\p{N}\p{M}]+)*[+#]*/gu;
const NO_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const COMPOUND = /_|\p{Ll}\p{Lu}/u;
const PART = /\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{N}+|\p{L}\p{M}*/gu;

export interface Word {
  text: string;
  start: number;
  end: number;
}

/** The words of a text where they stand, as written. */
export function words(text: string): Word[] {
  const found: Word[] = [];
  for (const match of text.matchAll(WORD)) {
    found.push({ text: match[0], start: match.index, end: match.index + match[0].length });
  }
  return found;
}

/**
 * A word as index terms: its stem, and the stems of its parts when it is a compound (`maxRetries` → maxretri, max,
 * retri). Scripts without spaces give pairs of characters.
 */
export function termsOf(word: string): string[] {
  // `-t` and `-T` are two options.
  if (word.startsWith('-')) return [word];
  const lower = word.toLowerCase().replaceAll('’', "'");
  if (NO_SPACES.test(lower)) return pairs(lower);
  // The parts of a version, a date, a time are in every other one.
  if (/^v?[\d.:-]+$/.test(lower)) return shortOf(lower);
  const plain = lower.replace(/'s?$|'s$/, '');
  if (/^[a-z]+$/.test(word))
    return DENIED.test(plain) ? [stem(plain), stem(plain.replace(/^(?:un|dis)/, ''))] : [stem(plain)];
  const whole = /[^\p{L}\p{N}]/u.test(plain) ? plain : stem(plain);
  const parts = word.match(PART) ?? [];
  // "MD058/blanks-around-tables" and "test.build_all" name two.
  const versions = (lower.match(VERSION) ?? []).flatMap(shortOf);
  const terms = new Set([whole, ...versions, ...partsNamed(word).flatMap((one) => termsOf(one).slice(0, 1))]);
  if (parts.length > 1 && parts.length < 9) {
    for (const part of parts) if (part.length > 1) terms.add(stem(part.toLowerCase()));
  }
  return [...terms];
}

/** In a name: "git-2.39.0". */
const VERSION = /\d+(?:\.\d+)+/g;

/** A version as it is, and as it is called: "2.39.0" and "2.39". */
const shortOf = (version: string): string[] => [
  ...new Set([version, version.replace(/^v(?=\d)/, '').replace(/^(\d+\.\d+)(?:\.0)+$/, '$1')]),
];

/** "disallowed", "unsupported": what they deny is spoken of, too. */
const DENIED = /^(?:un\w{4,}(?:ed|able)|dis(?:allow|approv|connect)\w*)$/;

/** The names in a path, and the compounds in a name with dots. */
const partsNamed = (word: string): string[] =>
  word.includes('/') ? word.split('/') : word.split('.').filter((one) => one !== word && COMPOUND.test(one));

function pairs(text: string): string[] {
  const letters = Array.from(text);
  if (letters.length < 2) return letters;
  return letters.slice(1, 200).map((letter, index) => `${letters[index]}${letter}`);
}

/** All content terms of a text in order, repeats kept. */
export function contentTerms(text: string): string[] {
  const terms: string[] = [];
  for (const { text: word } of words(text)) {
    if (isStopWord(word.toLowerCase())) continue;
    for (const term of termsOf(word)) if (!isStopWord(term)) terms.push(term);
  }
  return terms;
}

const stems = new Map<string, string>();
const MAX_STEMS = 100_000;

/** Brings the forms of an English word together. What is short, or written in other letters, stays as it is. */
export function stem(word: string): string {
  if (/[^a-z]/.test(word)) return word;
  // Of the word as it is, and again of its base: "biggest" is "big", and that is "large".
  const same = sameAs(word);
  if (same.length < 4) return same;
  const known = stems.get(word) ?? stemmer(sameAs(derivedFrom(baseOf(american(same)))));
  if (stems.size >= MAX_STEMS) stems.clear();
  stems.set(word, known);
  return known;
}
