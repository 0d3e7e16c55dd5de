// opposed.ts: do two statements contradict each other? Both must be about one thing, under one condition and of one time, and give
// it two values. In doubt they do not. Pure; a rule that a model's judgement replaces where there is one.

import { agree, type Amount } from './amounts.ts';
import type { Label } from './labels.ts';
import { sameMoment } from './moments.ts';
import { sameName } from './named-value.ts';
import type { Statement, Word } from './statement.ts';
import { AXES, ONCE } from './word-lists.ts';

/** What two statements differ in, and the values they give, as they are written. */
export interface Opposition {
  kind: 'amount' | 'date' | 'yes or no' | 'name';
  /** Of the first statement, and of the second. */
  values: [string, string];
}

/** Share of the words of the shorter one that two statements about one thing have in common. */
const ALIKE = 0.5;
/** Of the longer one, where a yes or no or a name is all that differs. */
const NEARLY_SAME = 0.5;
const BARE = 0.6;
const LEAST_SHARED = 1.5;
/** A name tells more of what a sentence is about than a word does. */
const NAME_WEIGHT = 2;

/** What the first contradicts the second in; undefined when they can both hold. */
export function opposed(a: Statement, b: Statement): Opposition | undefined {
  if (a.isPast !== b.isPast || isOfOther(a, b)) return undefined;
  const likeness = likenessOf(a, b, 'topics');
  if (likeness.ofShorter < ALIKE || likenessOf(a, b, 'own').shared < LEAST_SHARED) return undefined;
  return differentAmounts(a, b) ?? differentMoments(a, b) ?? differentNames(a, b) ?? differentAnswers(a, b);
}

function likenessOf(
  a: Statement,
  b: Statement,
  of: 'terms' | 'topics' | 'own',
): { shared: number; ofShorter: number; ofLonger: number } {
  const weightOf = (term: string): number => (a.names.has(term) || b.names.has(term) ? NAME_WEIGHT : 1);
  const sum = (terms: Iterable<string>): number => [...terms].reduce((all, term) => all + weightOf(term), 0);
  const shared = sum([...a[of]].filter((term) => b[of].has(term)));
  const [one, other] = [sum(a[of]), sum(b[of])];
  return { shared, ofShorter: shared / Math.max(1, Math.min(one, other)), ofLonger: shared / Math.max(1, one, other) };
}

/** Another thing, another version, another condition. */
function isOfOther(a: Statement, b: Statement): boolean {
  return (
    haveOtherNames(a, b) ||
    haveOtherSubject(a, b) ||
    haveOtherVersions(a, b) ||
    haveOtherLabels(a, b) ||
    a.condition !== b.condition ||
    [...a.without].some((term) => !b.without.has(term)) ||
    [...b.without].some((term) => !a.without.has(term)) ||
    contrast(a, b) ||
    otherAxis(a, b)
  );
}

function haveOtherNames(a: Statement, b: Statement): boolean {
  const alone = (one: Statement, other: Statement): boolean =>
    [...one.names].some((name) => !other.words.some(({ lower, terms }) => lower === name || terms.includes(name)));
  return alone(a, b) && alone(b, a);
}

const PREPOSITIONS = new Set('in on at with by during under for from through via of to after before per'.split(' '));
const VERBS = new Set(
  'is are was were has have had may can must does do will needs need takes took allows costs weighs'.split(' '),
);

/** What stands before its verb. */
function subjectOf({ words }: Statement): string[] {
  const [first] = words;
  if (!first || PREPOSITIONS.has(first.lower)) return [];
  const end = words.findIndex(({ lower }, at) => at > 0 && (VERBS.has(lower) || PREPOSITIONS.has(lower)));
  return (end < 0 ? words.slice(0, 1) : words.slice(0, end)).flatMap(({ terms }) => terms);
}

function haveOtherSubject(a: Statement, b: Statement): boolean {
  const [one, other] = [subjectOf(a), subjectOf(b)];
  if (one.length === 0 || other.length === 0) return false;
  return !one.some((term) => b.terms.has(term)) && !other.some((term) => a.terms.has(term));
}

function haveOtherVersions(a: Statement, b: Statement): boolean {
  const [one, other] = [a, b].map(
    ({ versions }) => new Set(versions.map(({ number }) => number.replace(/\.x$/, ''))),
  ) as [Set<string>, Set<string>];
  if (one.size === 0 && other.size === 0) return false;
  // What holds since a version may be what the other one has not heard of yet.
  if (one.size === 0 || other.size === 0)
    return !(one.size === 0 ? b : a).versions.every(({ when }) => when === 'since');
  return ![...one].some((number) => other.has(number));
}

/** "Part 1" beside "part 2"; a number that may be a value is a label where another amount differs, too. */
const haveOtherLabels = (a: Statement, b: Statement): boolean =>
  a.labels.some((one) => {
    const others = b.labels.filter(({ noun }) => noun === one.noun);
    if (others.length === 0 || others.some(({ number }) => number === one.number)) return false;
    const other = others.find(({ isSure }) => !isSure);
    if (one.isSure && !other) return true;
    const [mine, theirs] = [outside(a, one), outside(b, other ?? one)];
    return mine.some((amount) => theirs.some((beside) => amount.measure === beside.measure && !agree(amount, beside)));
  });

const outside = ({ amounts }: Statement, { start, end }: Label): Amount[] =>
  amounts.filter((one) => one.start >= end || one.end <= start);

/** "free plan" beside "team plan", "on Windows" beside "on Linux": the word before or behind one that both have. */
function contrast(a: Statement, b: Statement): boolean {
  const own = (word: Word | undefined, other: Statement): boolean =>
    word !== undefined && word.terms.length > 0 && !word.terms.some((term) => other.terms.has(term));
  const before = (statement: Statement, at: number): Word | undefined => {
    const [one, word] = [statement.words[at - 1], statement.words[at]];
    return one && word && /^[\s-]$/.test(statement.text.slice(one.end, word.start)) ? one : undefined;
  };
  const behind = (statement: Statement, at: number): Word | undefined => {
    const next = statement.words[at + 1];
    return next?.terms.length === 0 ? statement.words[at + 2] : next;
  };
  return a.words.some((word, at) =>
    b.words.some((other, otherAt) => {
      if (word.terms.length > 0) {
        if (!word.terms.some((term) => other.terms.includes(term))) return false;
        return own(before(a, at), b) && own(before(b, otherAt), a);
      }
      if (word.lower !== other.lower || !CONDITIONS.has(word.lower)) return false;
      return own(behind(a, at), b) && own(behind(b, otherAt), a);
    }),
  );
}
/** Words before what a statement is limited to. */
const CONDITIONS = new Set('in on with during under for at via when'.split(' '));

function otherAxis(a: Statement, b: Statement): boolean {
  const axisOf = ({ words }: Statement): string | undefined => words.find(({ lower }) => AXES.includes(lower))?.lower;
  const [one, other] = [axisOf(a), axisOf(b)];
  return one !== undefined && other !== undefined && one !== other;
}

function differentAmounts(a: Statement, b: Statement): Opposition | undefined {
  const likeness = likenessOf(a, b, 'topics');
  if (a.moments.length + b.moments.length > 0 && !sameMoments(a, b)) return undefined;
  for (const amount of a.amounts) {
    const others = b.amounts.filter((other) => isOfOneKind(amount, other, a, b));
    const mine = a.amounts.filter((other) => isOfOneKind(amount, other, a, a));
    const [other] = others;
    // A bare number may be the number of anything.
    const isBare = amount.measure === 'count' && amount.nouns.every((noun) => noun === '') && likeness.ofLonger < BARE;
    if (isBare) continue;
    if (!other || mine.some((one) => others.some((two) => agree(one, two)))) continue;
    return { kind: 'amount', values: [valueOf(amount, other), valueOf(other, amount)] };
  }
  const [clock] = a.clocks;
  const [other] = b.clocks;
  if (clock && other && !a.clocks.some(({ text }) => b.clocks.some((one) => one.text === text)))
    return { kind: 'amount', values: [clock.text, other.text] };
  return undefined;
}

/** With what was counted, up to the word that the other one has, too. */
function valueOf({ text, nouns }: Amount, other: Amount): string {
  const last = nouns.findLastIndex((noun) => stemsOf(other.nouns).includes(stemOf(noun)));
  return [text, ...nouns.slice(0, last + 1)].join(' ');
}

function isOfOneKind(a: Amount, b: Amount, ofA: Statement, ofB: Statement): boolean {
  if (
    a.measure !== b.measure ||
    (a.bound === 'least' && b.bound === 'most') ||
    (a.bound === 'most' && b.bound === 'least')
  )
    return false;
  if (a.measure !== 'count') return true;
  const [one, other] = [stemsOf(a.nouns), stemsOf(b.nouns)];
  if (one.length > 0 && other.length > 0) return one.some((noun) => other.includes(noun));
  if (one.length === 0 && other.length === 0) return true;
  return one.length > 0 ? one.some((noun) => has(ofB, noun)) : other.some((noun) => has(ofA, noun));
}

const has = ({ words }: Statement, noun: string): boolean => words.some(({ lower }) => stemOf(lower) === noun);
const stemOf = (word: string): string => word.replace(/(?:ies|es|s)$/, '');
const stemsOf = (nouns: readonly string[]): string[] => nouns.filter((noun) => noun !== '').map(stemOf);

/** Both of one time, or neither of any. */
const sameMoments = (a: Statement, b: Statement): boolean =>
  a.moments.length > 0 &&
  b.moments.length > 0 &&
  a.moments.some((one) => b.moments.some((other) => sameMoment(one, other)));

function differentMoments(a: Statement, b: Statement): Opposition | undefined {
  const [one, other] = [a.moments[0], b.moments[0]];
  if (!one || !other || sameMoments(a, b)) return undefined;
  const events = eventsIn(a);
  if (![...eventsIn(b)].some((event) => events.has(event))) return undefined;
  return { kind: 'date', values: [one.text, other.text] };
}

const eventsIn = ({ text }: Statement): Set<string> =>
  new Set(Array.from(text.matchAll(ONCE), ([word]) => word.toLowerCase().slice(0, 4)));

function differentNames(a: Statement, b: Statement): Opposition | undefined {
  if (!a.named || !b.named || a.named.relation !== b.named.relation || a.isNegated !== b.isNegated) return undefined;
  if (sameName(a.named.text, b.named.text) || otherTimes(a, b)) return undefined;
  if (likenessOf(a, b, 'terms').ofLonger < NEARLY_SAME) return undefined;
  return { kind: 'name', values: [a.named.text, b.named.text] };
}

const otherTimes = (a: Statement, b: Statement): boolean =>
  a.moments.length + b.moments.length > 0 && !sameMoments(a, b);

function differentAnswers(a: Statement, b: Statement): Opposition | undefined {
  if (a.isNegated === b.isNegated || otherTimes(a, b)) return undefined;
  if (a.amounts.length + b.amounts.length > 0 && a.amounts.length !== b.amounts.length) return undefined;
  const alone = (one: Statement, other: Statement): boolean => [...one.terms].some((term) => !other.terms.has(term));
  // One name alone makes no statement.
  const shared = a.words.filter(({ terms: [whole] }) => whole !== undefined && a.own.has(whole) && b.own.has(whole));
  if (new Set(shared.map(({ lower }) => lower)).size < 2) return undefined;
  // Both have a word that the other has not: they may speak of two things.
  if (alone(a, b) && alone(b, a)) return undefined;
  if (likenessOf(a, b, 'terms').ofLonger < NEARLY_SAME) return undefined;
  return { kind: 'yes or no', values: a.isNegated ? ['no', 'yes'] : ['yes', 'no'] };
}
