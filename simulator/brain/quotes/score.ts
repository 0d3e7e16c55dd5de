// score.ts: how well what can be quoted fits a question: by the words it has, by those it stands under, and by whether
// it holds what such a question asks for.

import { asksNumber, holds, kindOf, type Kind } from '../question/kinds.ts';
import type { Question } from '../question/question.ts';
import type { Passage } from '../request/passages.ts';
import { inWords, lastHeading } from '../text/clean.ts';
import { isEntry } from '../text/headings.ts';
import { saysVersion } from '../text/restructured.ts';
import { cellsOf } from '../text/tables.ts';
import { MIN_QUOTE, type Unit } from '../text/unit.ts';
import { nameOfSource, nameTerms } from '../words/names.ts';
import { contentTerms, stem, words } from '../words/words.ts';
import { ASKED_SHARE, asksIt, asksOther, isOfThese, saysYesOrNo, YES_NO_SHARE } from './asking-headings.ts';
import { saidByForm } from './by-form.ts';
import { isCompared, isOfListed, listedIn } from './matrix.ts';
import type { Quotable } from './quotable.ts';
import { valueBehind } from './value-behind.ts';
import { defines, FORM, worth, worthOfSource } from './worth.ts';

/** "… after creating the child logger": no word on how that is done. */
const IN_PASSING = /\b(?:after|before|without|instead of|rather than|when|while) \p{L}{2,}ing\b[^.,;:]*/giu;

/** What a term counts by where it stands: in the sentence, in what leads it in or its heading, in the passage's title. */
const SAID = 1;
const UNDER = 0.7;
const TITLED = 0.3;
/** A document's own name is in half of its sentences. */
const OWN_NAME = 0.3;
/** "--python" is asked about, and Python is spoken of. */
const LOOSE = 0.4;

/** What pairs of words of the question add, where a sentence has all of them. */
const PAIRS = 0.3;

/** A heading that asks a question may be as long as one. */
export const MAX_HEADING = 240;

/** What of a passage may be quoted, the best first. */
export function quotablesOf(
  question: Question,
  weights: ReadonlyMap<string, number>,
  { passage, units, title }: { passage: Passage; units: Unit[]; title: Set<string> },
): Quotable[] {
  const last = lastHeading(passage.heading, '', MAX_HEADING);
  const named = new Set(question.names.flatMap((name) => nameTerms(name.text)));
  const source = new Set(contentTerms(nameOfSource(passage.source)).filter((term) => named.has(term)));
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0) || 1;
  const pairs = pairsOf(question.text);
  // "About Jellyfin", where something of it is asked for.
  const others = [...weights.keys()].filter((term) => !named.has(term));
  const isOfNameAlone = (headed: ReadonlySet<string>): boolean =>
    others.length > 0 && !others.some((term) => headed.has(term));
  const introduced = introductionsOf(units);
  const options = optionsIn(question.text);
  // "Which ports": what was ported is none.
  const noun = question.kind === 'list' ? listedIn(question.text) : undefined;
  const listed = contentTerms(noun ?? '');
  const asNoun = noun === undefined ? undefined : nounForms(noun);
  return units
    .flatMap((unit, at): Quotable[] => {
      const isDate =
        (question.kind === 'when' || question.kind === 'date') && isEntry(unit.text) && holds('date', unit.text);
      if ((FORM[unit.kind] === 0 && !isDate) || unit.text.length < MIN_QUOTE) return [];
      const heading = unit.under === undefined ? last : lastHeading(unit.under, passage.heading, MAX_HEADING);
      const said = inWords(unit);
      const own = new Set([
        ...contentTerms(question.kind === 'how-to' ? said.replace(IN_PASSING, '') : said),
        ...saidByForm(weights.keys(), said, question.kind),
      ]);
      if (asNoun && !asNoun.test(unit.text)) for (const term of listed) own.delete(term);
      const previous = units[at - 1]?.text ?? '';
      const isSameThing = isOfThing(unit.text, previous);
      const before = refersBack(unit.text) || isSameThing ? previous : '';
      const place = `${heading} ${unit.lead ?? ''} ${columnsTold(unit)}`;
      const behind = valueBehind(question, units, at);
      const under = new Set(contentTerms(`${place} ${before} ${behind}`));
      // "These steps" are of what was said before, and say none of it again as "it" does.
      const told = PRONOUN.test(unit.text) || isSameThing ? under : new Set(contentTerms(place));
      const headed = new Set(contentTerms(heading));
      const isOtherwise = ({ isWritten }: Option): boolean =>
        !isWritten.test([unit.text, heading, unit.lead].join('\n'));
      const loose = new Set(options.filter(isOtherwise).flatMap(({ terms }) => terms));
      const above = introduced.get(unit) ?? NONE;
      const terms = new Set<string>();
      const shares = new Map<string, number>();
      let sum = 0;
      let inHeading = 0;
      for (const [term, weight] of weights) {
        if (own.has(term) || told.has(term) || above.has(term)) terms.add(term);
        const share = source.has(term)
          ? OWN_NAME
          : own.has(term)
            ? loose.has(term)
              ? LOOSE
              : SAID
            : under.has(term)
              ? UNDER
              : title.has(term) || above.has(term)
                ? TITLED
                : 0;
        if (share > 0) shares.set(term, share);
        sum += weight * share;
        if (headed.has(term)) inHeading += weight;
      }
      const covers = sum / total;
      const isAsked =
        isCompared(question, unit) ||
        asksIt(heading, headed, question, inHeading / total) ||
        (saysYesOrNo(said, heading, question) && inHeading >= YES_NO_SHARE * total);
      const isUnderIt =
        isAsked ||
        (inHeading >= ASKED_SHARE * total && !isOfNameAlone(headed) && !asksOther(heading, question.kind)) ||
        leadsTo(question.kind, unit.lead);
      const isAbout = isOfThese(heading, weights, source);
      const isLead =
        leadsInto(question.kind, units[at + 1]) ||
        (question.kind === 'list' && at === units.length - 1 && unit.text.endsWith(':'));
      const form =
        worthOfSource(passage, question) *
        worth({ unit, heading }, own.size, question, {
          isUnderIt,
          isAsked,
          isLead,
          isListed: isOfListed(question, units, at),
          behind,
          next: question.kind === 'list' ? nextOf(units, at) : '',
        }) *
        (isAbout ? ABOUT : 1);
      const score =
        (covers + PAIRS * pairedShare(pairs, `${heading} ${unit.lead ?? ''} ${inWords(unit)}`) + 0.02) * form;
      return [
        {
          unit,
          at,
          heading,
          covers,
          terms,
          shares,
          worth: form,
          behind,
          isAsked,
          isInPlace: isUnderIt || isAbout,
          isDefinition: defines(said, question),
          score,
        },
      ];
    })
    .sort((a, b) => b.score - a.score || a.at - b.at);
}

const NONE: ReadonlySet<string> = new Set();

/** A noun in one and in many: "ports", "countries". */
const nounForms = (noun: string): RegExp =>
  new RegExp(`(?<![\\p{L}])${noun.replace(/(?:ies|es|s)$/i, '')}(?:s|es|y|ies|e)?(?![\\p{L}])`, 'iu');

interface Option {
  terms: string[];
  /** As an option, or as code, or as a heading. */
  isWritten: RegExp;
}

/** Each is looked for in every sentence. */
const MOST_OPTIONS = 8;

/** The options that a question names: "--no-cache". */
const optionsIn = (text: string): Option[] =>
  [...text.matchAll(/(?<![\w-])--([a-z][\w-]*)/gi)].slice(0, MOST_OPTIONS).map(([, name = '']) => ({
    terms: contentTerms(name),
    isWritten: new RegExp(`(?:--|\`|^)${name}(?![\\w-])`, 'im'),
  }));

/**
 * Of each row of a table what is said above it in its section: what the rows are of. Of "Added in version 3.7." what its section says.
 */
function introductionsOf(units: readonly Unit[]): Map<Unit, ReadonlySet<string>> {
  const found = new Map<Unit, ReadonlySet<string>>();
  const versions = units.filter(({ text }) => saysVersion(text));
  for (const section of new Set(versions.map((unit) => unit.under))) {
    const inIt = units.filter(({ under, kind }) => under === section && kind !== 'noise');
    const terms = new Set(contentTerms(inIt.map(({ text }) => text).join(' ')));
    for (const unit of versions) if (unit.under === section) found.set(unit, terms);
  }
  let said: string[] = [];
  let terms: ReadonlySet<string> | undefined;
  let under: string | undefined;
  for (const unit of units) {
    if (unit.under !== under) [said, terms, under] = [[], undefined, unit.under];
    if (unit.kind === 'row') found.set(unit, (terms ??= new Set(contentTerms(said.join(' ')))));
    else if (unit.kind === 'sentence') {
      said.push(unit.text);
      terms = undefined;
    }
  }
  return found;
}

/** Columns of which a row says something: a row that is cut, or has an empty cell, says nothing under the others. */
function columnsTold({ text, head = [] }: Unit): string {
  const cells = head.length > 0 ? cellsOf(text) : [];
  return head.filter((_, at) => /[\p{L}\p{N}]/u.test(cells[at] ?? '')).join(' ');
}

/** Words that stand side by side, in their stems, the small ones with them: "the next line" is not "the current line". */
function pairsOf(text: string): Set<string> {
  const stems = words(text).map(({ text: word }) => stem(word.toLowerCase()));
  return new Set(stems.slice(1).map((word, at) => `${stems[at]} ${word}`));
}

function pairedShare(asked: ReadonlySet<string>, text: string): number {
  if (asked.size === 0) return 0;
  const said = pairsOf(text);
  return [...asked].filter((pair) => said.has(pair)).length / asked.size;
}

/** Whether a sentence speaks of what the one before it named: "It is …", "Members of this group …". */
export const refersBack = (text: string): boolean =>
  /^(?:(?:\p{L}+ ){1,3}(?:this|these)|it|its|they|their|he|his|she|her|this|these|those|that)\b/iu.test(text);

/** "The extension is off." behind "… the permessage-deflate extension …": the one that was named. */
function isOfThing(text: string, before: string): boolean {
  const thing = /^the (\p{Ll}{4,30}) (?:is|are|was|were|has|have|can|may|must|will)\b/iu.exec(text)?.[1];
  return thing !== undefined && new RegExp(`\\w-[\\w-]{1,60} ${thing}\\b`, 'i').test(before);
}

const PRONOUN = /^(?:it|its|they|their|he|his|she|her)\b/i;

/** "The main differences are:" leads to what a question about the difference asks for. */
const leadsTo = (kind: Kind, lead: string | undefined): boolean =>
  lead !== undefined && kind !== 'other' && !asksNumber(kind) && kindOf(lead) === kind;

/** A list that was asked for, or the code of a how-to, follows. */
export const leadsInto = (kind: Kind, next: Unit | undefined): boolean =>
  next?.lead !== undefined &&
  ((kind === 'list' && next.kind === 'item') || (kind === 'how-to' && next.kind === 'code'));

/** The sentence that goes on with one. */
const nextOf = (units: readonly Unit[], at: number): string => {
  const [unit, next] = units.slice(at, at + 2);
  return next?.kind === 'sentence' && next.under === unit?.under ? inWords(next) : '';
};

/** A heading of nothing but what is asked: "Retries". */
const ABOUT = 1.25;
