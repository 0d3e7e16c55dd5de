// definitions.ts: what a document says a thing is: the first words under a heading that is its name.

import { termOf } from './leads.ts';
import type { Choice, Quotable, Reading } from './score.ts';
import type { Called } from './pair.ts';
import { contentTerms } from './words.ts';

/** For each thing what stands first under it, or the code that calls it and is led in; none where there is neither. */
export function definitionsOf(things: readonly Called[], readings: readonly Reading[]): Choice[] {
  return things.flatMap((called): Choice[] => {
    const names = called.map(inTerms).filter((name) => name !== '');
    for (const reading of readings) {
      const [first] = reading.quotables
        .filter((one) => (isUnder(one, names) && !isSetting(one)) || called.some((name) => isUseOf(one, name)))
        .sort((a, b) => a.at - b.at);
      if (first) return [{ reading, quotable: first }];
    }
    // Or under a term that is it.
    for (const reading of readings) {
      const first = reading.quotables
        .filter(
          ({ unit: { kind, lead } }) => kind === 'sentence' && lead !== undefined && names.includes(inTerms(lead)),
        )
        .sort((a, b) => a.at - b.at)[0];
      if (first) return [{ reading, quotable: { ...first, isAsked: true } }];
    }
    // No heading of its own: the sentence, or the item, that begins with it.
    for (const reading of readings) {
      const first = reading.quotables.find(
        ({ unit: { kind, text } }) =>
          (kind === 'sentence' && names.includes(inTerms(termOf(text) ?? ''))) ||
          (kind === 'item' && names.includes(inTerms(ITEM_OF.exec(text)?.[1] ?? ''))),
      );
      if (first) return [{ reading, quotable: first }];
    }
    // Or that has it in italics or in bold before all else.
    for (const reading of readings) {
      const first = reading.quotables.find(
        ({ unit: { kind, text } }) =>
          (kind === 'item' || kind === 'sentence') && names.includes(inTerms(EMPHASIZED.exec(text)?.[1] ?? '')),
      );
      if (first) return [{ reading, quotable: first }];
    }
    // Or the first sentence on it that has it in ticks: "set the `strict` option to …".
    for (const reading of readings) {
      const first = reading.quotables
        .filter(
          ({ unit: { kind, text } }) => kind === 'sentence' && names.includes(inTerms(IN_TICKS.exec(text)?.[1] ?? '')),
        )
        .sort((a, b) => a.at - b.at)[0];
      if (first) return [{ reading, quotable: first }];
    }
    return [];
  });
}

/** "Alternatively, set the `stern` option to `true` …": what stands in ticks first. */
const IN_TICKS = /^[^`]{0,80}`([^`]{1,60})`/;

/** "1. Trial status (for four months)", "- **Trial status**: …". */
const ITEM_OF = /^(?:[-*+•]|\d{1,3}[.)])\s+(?:\*\*)?([^:.,;()*]{1,60}?)(?:\*\*)?(?:: | \(| (?:is|are) )/u;

/** "Every team submits a *Kickoff*": the first words that are emphasized. */
const EMPHASIZED = /^(?:[-*+•]\s+)?[^*_]{0,80}(?<!\w)[*_]{1,2}([^*_\s][^*_]{0,60})[*_]{1,2}/;

const isUnder = ({ heading, unit }: Quotable, names: readonly string[]): boolean =>
  unit.kind === 'sentence' && names.includes(inTerms(withoutForm(heading)));

const inTerms = (name: string): string => contentTerms(name).join(' ');

/** "To build everything:" and, below it, `test.build_all('file.gyp')`. */
const isUseOf = ({ unit }: Quotable, name: string): boolean =>
  unit.kind === 'code' && unit.lead !== undefined && new RegExp(`(?:^|[^\\w-])${escaped(name)}\\(`).test(unit.text);

const escaped = (name: string): string => name.replace(/[^\w\s]/g, '\\$&');

/** "depthLimit (Number)", "--omit": the name alone. */
const withoutForm = (heading: string): string => heading.replace(/\s*[([].*$|:\s*$/, '');

/** "Default: 5" says nothing of what a thing is. */
const isSetting = ({ unit }: Quotable): boolean => /^[*_\s-]*(?:default|type)s?\b/i.test(unit.text);

/** What stands first under a heading that is nothing but the thing asked about, whatever numbers it has beside it. */
export function definedIn(asked: ReadonlyMap<string, number>, readings: readonly Reading[]): Choice[] {
  // "What does the depth option do?" under "depth".
  const things = new Set([...asked.keys()].filter((term) => asked.size === 1 || !SORTS.has(term)));
  const isThing = (name: string): boolean => {
    const terms = contentTerms(name).filter((term) => !/\d/.test(term));
    return terms.length > 0 && new Set(terms).size === things.size && terms.every((term) => things.has(term));
  };
  for (const reading of readings) {
    const tells = ({ heading, unit }: Quotable): boolean =>
      unit.kind === 'item'
        ? isThing(ENTRY.exec(unit.text)?.[1] ?? '')
        : unit.kind === 'sentence' && isThing(withoutForm(heading));
    const [first] = reading.quotables.filter((one) => tells(one) && !isSetting(one)).sort((a, b) => a.at - b.at);
    if (first) return [{ reading, quotable: first }];
  }
  // Or under a term that is it: in a glossary.
  for (const reading of readings) {
    const [first] = reading.quotables
      .filter(({ unit: { kind, lead } }) => kind === 'sentence' && lead !== undefined && isThing(lead))
      .sort((a, b) => a.at - b.at);
    if (first) return [{ reading, quotable: first }];
  }
  return [];
}

/** Words for the sort of a thing, which may stand beside its name. */
const SORTS = new Set(contentTerms('option setting flag switch method function command parameter property event'));

/** "- `passes` (default: `1`) -- The maximum number of times …": an item that begins with a name. */
const ENTRY = /^[-*+•]\s+(?:`|\*\*)([^`*]{1,60})(?:`|\*\*)(?:\s*\([^()]*\))?\s*(?:--?|[—–:])\s/;
