// definitions.ts: what a document says a thing is: what stands first under its name, or the sentence that begins with it.

import type { Called } from '../question/pair.ts';
import { termOf } from '../text/leads.ts';
import { contentTerms } from '../words/words.ts';
import type { Choice, Quotable, Reading } from './quotable.ts';

type Tells = (quotable: Quotable) => boolean;

/** For each thing what says what it is, the surest way first; none where nothing does. */
export function definitionsOf(things: readonly Called[], readings: readonly Reading[]): Choice[] {
  const [one, other] = things.map((called) => new Set(called.map(inTerms)));
  // "Before and after validators": no other words tell them apart.
  const read = one && other && [...one].some((name) => other.has(name)) ? inWordsOf : inTerms;
  return things.flatMap((called) => {
    const names = called.map(read).filter((name) => name !== '');
    const isIt = (name: string | undefined): boolean =>
      name !== undefined && (names.includes(read(name)) || called.some((one) => isQualified(name.trim(), one)));
    const found = firstTold(readings, [
      (one) => one.unit.kind === 'sentence' && isIt(withoutForm(one.heading)) && !isSetting(one),
      (one) => called.some((name) => isUseOf(one, name)),
      (one) =>
        one.unit.kind === 'sentence' &&
        called.some((name) => isInFull(withoutForm(one.heading), name)) &&
        !isSetting(one),
      ({ unit }) => unit.kind === 'sentence' && isIt(unit.lead),
      ({ unit: { kind, text } }) =>
        kind !== 'code' && isIt(kind === 'item' ? ITEM_OF.exec(plainOf(text))?.[1] : termOf(text)),
      ({ unit: { kind, text } }) => kind === 'item' && isIt(TICKED_ITEM.exec(text)?.[1]),
      ({ unit: { kind, text } }) => kind !== 'code' && isIt(EMPHASIZED.exec(text)?.[1]),
      ({ unit: { kind, text } }) => kind === 'sentence' && isIt(IN_TICKS.exec(text)?.[1]),
    ]);
    return found.map(({ reading, quotable }) => ({
      reading,
      quotable: isIt(quotable.unit.lead) ? { ...quotable, isAsked: true } : quotable,
    }));
  });
}

/** The first of them, in the document of the first passage that has one, in the first way in which any has. */
function firstTold(readings: readonly Reading[], ways: readonly Tells[]): Choice[] {
  for (const tells of ways) {
    const told = readings.flatMap((reading): Choice[] => {
      const [quotable] = reading.quotables
        .filter((one) => SAYS.has(one.unit.kind) && tells(one))
        .sort((a, b) => a.at - b.at);
      return quotable ? [{ reading, quotable }] : [];
    });
    // A long section is in several passages.
    const [first, ...others] = told;
    if (first) return [others.filter((one) => isBefore(one, first)).reduce((a, b) => (isBefore(b, a) ? b : a), first)];
  }
  return [];
}

const isBefore = (one: Choice, other: Choice): boolean =>
  one.reading.passage.source === other.reading.passage.source &&
  one.quotable.heading === other.quotable.heading &&
  one.reading.passage.line < other.reading.passage.line;

const SAYS: ReadonlySet<string> = new Set(['sentence', 'item', 'code']);

/** "Alternatively, set the `stern` option to `true` …": what stands in ticks first. */
const IN_TICKS = /^[^`]{0,80}`([^`]{1,60})`/;

/** "1. Trial status (for four months)", "- **Trial status**: …". */
const ITEM_OF =
  /^(?:[-*+•]|\d{1,3}[.)])\s+(?:\*\*)?([^:.,;()*]{1,60}?)(?:\*\*)?(?:: | \(| [-–—] | (?:is|are|means?|refers? to|denotes?) )/u;

/** "***After* validators**": without emphasis. */
const plainOf = (text: string): string => text.replace(/[*_]{1,3}(?=[^\s*_])|(?<=[^\s*_])[*_]{1,3}/g, '');

/** "- `time.unix`: seconds" */
const TICKED_ITEM = /^[-*+•]\s+(?:\*\*)?`([^`]{1,80})`/;

/** "Every team submits a *Kickoff*": the first words that are emphasized. */
const EMPHASIZED = /^(?:[-*+•]\s+)?[^*_]{0,80}(?<!\w)[*_]{1,2}([^*_\s][^*_]{0,60})[*_]{1,2}/;

/** "pino.stdTimeFunctions.epochTime" is `stdTimeFunctions.epochTime`. */
const isQualified = (name: string, called: string): boolean =>
  /^[\w$.]+$/.test(name) && called.includes('.') && (name.endsWith(`.${called}`) || called.endsWith(`.${name}`));

/** "Simple file versioning" is simple versioning in full: one word more than its two. */
function isInFull(heading: string, called: string): boolean {
  const [terms, wanted] = [contentTerms(heading), contentTerms(called)];
  return wanted.length > 1 && terms.length === wanted.length + 1 && wanted.every((term) => terms.includes(term));
}

const inTerms = (name: string): string => contentTerms(name).join(' ');

/** The same with every word, where they are told apart by such as "before" and "after". */
const inWordsOf = (name: string): string =>
  (name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ').replace(/s$/, '');

/** "To build everything:" and, below it, `test.build_all('file.gyp')`. */
const isUseOf = ({ unit }: Quotable, name: string): boolean =>
  unit.kind === 'code' && unit.lead !== undefined && new RegExp(`(?:^|[^\\w-])${escaped(name)}\\(`).test(unit.text);

const escaped = (name: string): string => name.replace(/[^\w\s]/g, '\\$&');

/** "depthLimit (Number)", "Credit hours, in flexible schedules": the name alone. */
const withoutForm = (heading: string): string => heading.replace(/\s*[([].*$|:\s*$|, .*$/, '');

/** "Default: 5", "See _bundle_." say nothing of what a thing is. */
const isSetting = ({ unit }: Quotable): boolean =>
  /^[*_\s-]*(?:default|type)s?\b|^see (?:also )?[_*[`"“]/i.test(unit.text);

/** What stands first under a heading that is nothing but the thing asked about, whatever numbers it has beside it; or under its term. */
export function definedIn(asked: ReadonlyMap<string, number>, readings: readonly Reading[]): Choice[] {
  // "What does the depth option do?" under "depth".
  const things = new Set([...asked.keys()].filter((term) => asked.size === 1 || !SORTS.has(term)));
  const isThing = (name: string): boolean => {
    // "Hash-checking mode" is asked for in three words.
    const terms = contentTerms(name).filter(
      (term) => !/^[\d.]+$/.test(term) && (things.has(term) || !term.includes('-')),
    );
    // How it is used says not what it is.
    return (
      terms.length > 0 &&
      new Set(terms).size === things.size &&
      terms.every((term) => things.has(term)) &&
      !/^[\d.\s]*using\b/i.test(name)
    );
  };
  return firstTold(readings, [
    (one) => {
      const { heading, unit } = one;
      return (
        unit.kind !== 'code' &&
        isThing(unit.kind === 'item' ? (ENTRY.exec(unit.text)?.[1] ?? '') : withoutForm(heading)) &&
        !isSetting(one)
      );
    },
    ({ unit: { kind, lead } }) => kind === 'sentence' && lead !== undefined && isThing(lead),
    ({ unit: { kind, text } }) => kind !== 'code' && isThing(SAYS_WHAT.exec(text)?.[1] ?? ''),
  ]);
}

/** "Helgrind is a Valgrind tool for …", "- A pod is what one Activity carries." */
const SAYS_WHAT =
  /^(?:[-*+•]\s+)?(?:(?:an?|the) )?([^:.,;()]{1,60}?)(?: \([^()]{1,30}\))? (?:(?:is|are) (?:\p{L}+ly )?(?:an?|the|one of|what)|means|refers to|denotes|stands for) /iu;

/** Words for the sort of a thing, which may stand beside its name. */
const SORTS = new Set(contentTerms('option setting flag switch method function command parameter property event'));

/** "- `passes` (default: `1`) -- The maximum number of times …": an item that begins with a name. */
const ENTRY = /^[-*+•]\s+(?:`|\*\*)([^`*]{1,60})(?:`|\*\*)(?:\s*\([^()]*\))?\s*(?:--?|[—–:])\s/;
