// statement.ts: a sentence taken apart for comparing: its words, names, amounts and moments, what it is limited to, and
// whether it says yes or no. Pure; by English words. Decides nothing: that is opposed.ts.

import { termsOf } from '../../../documents/index/terms.ts';
import { amountsIn, type Amount } from './amounts.ts';
import { labelsIn, type Label } from './labels.ts';
import { clocksIn, momentsIn, versionsIn, type Moment, type Version } from './moments.ts';
import { namedValue, type NamedValue } from './named-value.ts';
import { FILLERS, GENERIC, OPPOSITES, PAST, SAME_WORDS } from './word-lists.ts';

export interface Word {
  /** As the search index has it; fillers and stop words have none. */
  terms: readonly string[];
  lower: string;
  isName: boolean;
  start: number;
  end: number;
}

export interface Statement {
  text: string;
  words: Word[];
  /** Terms of all its words, values left out; of opposites the first, as `enabled` for `disabled`. */
  terms: Set<string>;
  /** Without words that say little beside an amount, such as `takes`. */
  topics: Set<string>;
  /** Of these, those that do not stand in every reference. */
  own: Set<string>;
  /** What is called by name, in lower case. */
  names: Set<string>;
  amounts: Amount[];
  /** Which of several things it is about, as "berth 3". */
  labels: Label[];
  clocks: ReturnType<typeof clocksIn>;
  moments: Moment[];
  versions: Version[];
  /** The one name that it gives, as in "written by Knuth". */
  named?: NamedValue;
  /** Its negations and opposites are uneven. */
  isNegated: boolean;
  /** It tells of what was and is not any more. */
  isPast: boolean;
  /** Words behind if, when or unless; undefined where there are none. */
  condition?: string;
  /** Terms behind "without". */
  without: Set<string>;
}

const WORD = /[\p{L}\p{N}_$@][\p{L}\p{M}\p{N}_$]*(?:[.\-/:'’#+][\p{L}\p{N}_$][\p{L}\p{M}\p{N}_$]*)*/gu;
const NEGATION = /\b(?:not|never|cannot|no|nor|neither|none)\b|n['’]t\b/giu;
const NO_NUMBER = /\bno (?:more|less|fewer|later|longer) than\b|\bnot only\b|\bno longer\b/giu;
const CONDITION = /\b(?:if|when|whenever|unless|while|as long as)\s(?<words>(?:[^\s,.;]+\s?){1,5})/iu;
const WITHOUT = /\bwithout\s(?:an?\s|the\s|any\s)?(?<words>[\p{L}-]+(?:\s[\p{L}-]+)?)/giu;

/** What a page is made of, and what is no statement. */
const MARKUP = /<[!/a-z][^<>]*>|!\[[^\]]*\]\([^)]*\)|https?:\/\/\S+/giu;

export function readStatement(sentence: string): Statement {
  const plain = sentence.replace(MARKUP, ' ').replace(/\s+/g, ' ').trim();
  const text = SAME_WORDS.reduce((said, [pattern, put]) => said.replace(pattern, put), plain);
  const moments = momentsIn(text);
  const clocks = clocksIn(text);
  const versions = versionsIn(text).filter((one) => ![...moments, ...clocks].some((other) => overlap(one, other)));
  const labels = labelsIn(text, [...moments, ...clocks, ...versions]);
  const amounts = amountsIn(text, [...moments, ...clocks, ...versions, ...labels.filter(({ isSure }) => isSure)]);
  const named = namedValue(text);
  const values = [...moments, ...clocks, ...versions, ...amounts, ...(named ? [named] : [])];
  const words = wordsOf(text, values);
  const opposites = words.filter(({ lower }) => OPPOSITES.has(lower)).length;
  const negations = text.replace(NO_NUMBER, ' ').match(NEGATION)?.length ?? 0;
  const condition = CONDITION.exec(text)?.groups?.words?.toLowerCase().trim();
  return {
    text,
    words,
    terms: new Set(words.flatMap(({ terms }) => terms)),
    topics: new Set(words.filter(({ lower }) => !FILLERS.has(lower)).flatMap(({ terms }) => terms)),
    own: new Set(words.filter(({ lower }) => !FILLERS.has(lower) && !GENERIC.has(lower)).flatMap(({ terms }) => terms)),
    names: new Set(words.filter(({ isName }) => isName).map(({ lower }) => lower)),
    amounts,
    labels,
    clocks,
    moments,
    versions,
    ...(named ? { named } : {}),
    isNegated: (opposites + negations) % 2 === 1,
    isPast: PAST.test(text) || versions.some(({ when }) => when === 'until') || /\buntil (?:19|20)\d\d\b/.test(text),
    ...(condition === undefined ? {} : { condition }),
    without: new Set(Array.from(text.matchAll(WITHOUT), (match) => termsOf(match.groups?.words ?? '')).flat()),
  };
}

const overlap = (a: { start: number; end: number }, b: { start: number; end: number }): boolean =>
  a.start < b.end && b.start < a.end;

function wordsOf(text: string, values: readonly { start: number; end: number }[]): Word[] {
  return Array.from(text.matchAll(WORD), ({ 0: raw, index: start }): Word[] => {
    const end = start + raw.length;
    if (values.some((value) => overlap(value, { start, end }))) return [];
    const bare = raw.replace(/['’]s$/, '');
    const isCode = text[start - 1] === '`';
    const lower = bare.toLowerCase();
    return [
      {
        terms: termsOf(OPPOSITES.get(lower) ?? bare),
        lower,
        // A capital that opens the sentence may be style alone; a lone one is a label, as in "berth B".
        isName:
          isCode ||
          (start > 0 && /^\p{Lu}$/u.test(bare)) ||
          (start > 0 && /^\p{Lu}/u.test(bare)) ||
          /\p{Ll}\p{Lu}|^\p{Lu}{2}/u.test(bare),
        start,
        end,
      },
    ];
  }).flat();
}

/** Where a sentence ends: not behind an initial or a short form. */
const END =
  /(?<=[.!?。]["”’)`*]*)(?<!\b(?:\p{Lu}|e\.g|i\.e|etc|vs|approx|No|St|Dr|Mr|Mrs|ca|c)\.)\s+(?=["“(`*]*[\p{Lu}\p{N}`])/u;
const SAYS_IT = /^(?:It|He|She|They|Its|This|These)\b/;

/** The sentences of a claim; one that begins with a pronoun has the subject's words of the one before as `about`. */
export function sentencesOf(claim: string): { text: string; about?: string }[] {
  let subject: string | undefined;
  return claim
    .split(END)
    .map((text) => text.trim())
    .filter((text) => text.length > 3)
    .map((text) => {
      if (SAYS_IT.test(text)) return subject === undefined ? { text } : { text, about: subject };
      subject =
        /^(?:The |A |An )?(?:[\p{L}\p{N}_./@-]+\s){0,3}?[\p{L}\p{N}_./@-]+(?=\s(?:is|are|was|were|has|have|can|may|must|does|will|\p{L}+s)\b)/u.exec(
          text,
        )?.[0];
      return { text };
    });
}
