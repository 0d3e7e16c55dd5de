// stretch.ts: units that follow each other as one claim beside the answers, led in by where they stand.
// The lead-in is no document's word; all behind it is.

import { inWords, lastHeading } from '../text/clean.ts';
import type { Unit } from '../text/unit.ts';

/** How a stretch is led in: around a quote, and elsewhere. */
export type Lead = 'In context' | typeof TO_READ_ON;
/** Also what their section of an answer is called. */
export const TO_READ_ON = 'To read on';

const LED = new RegExp(`^(In context|${TO_READ_ON})(?:, under “[^”]*”)?: `);
/** Whether a claim stands beside the answers and is none. */
export const isBeside = (claim: string): boolean => LED.test(claim);
/** Whether it is to read on. */
export const isToReadOn = (claim: string): boolean => LED.exec(claim)?.[1] === TO_READ_ON;
/** As it stands in the section that says so. */
export const inItsSection = (claim: string): string =>
  claim.replace(`${TO_READ_ON}, under`, 'Under').replace(`${TO_READ_ON}: `, '');
/** What it says, without the words that are no document's. */
export const withoutPlace = (claim: string): string => claim.replace(LED, '').replace(/^Under “[^”]*”: /, '');

export function stretchClaim(lead: Lead, heading: string, words: readonly string[]): string {
  const place = lastHeading(heading);
  return `${lead}${place === '' ? '' : `, under “${place}”`}: ${words.join(' ')}`;
}

/** What units say; items of a list and rows with a mark between them. */
export const inOrder = (units: readonly Unit[]): string[] =>
  units.map((unit, at) => {
    const words = said(unit);
    const isListed = LISTED.has(unit.kind) && units[at + 1]?.kind === unit.kind;
    return isListed && !/[.!?:;,]$/.test(words) ? `${words};` : words;
  });

const LISTED: ReadonlySet<Unit['kind']> = new Set(['item', 'row']);

/** A term in bold stands over what it is. */
const said = (unit: Unit): string =>
  (IN_BOLD.test(unit.text) ? `${inWords(unit)}:` : inWords(unit)).replace(/::$/, ':');

/** "**Fixes**" alone: what stands below it is about something else. */
export const IN_BOLD = /^\*\*[^*]+\*\*:?$/;

/** Lines of code that follow each other are one block. */
export function joined(units: readonly Unit[], text: string): Unit[] {
  const all: Unit[] = [];
  for (const unit of units) {
    const last = all.at(-1);
    if (last?.kind === 'code' && unit.kind === 'code')
      all[all.length - 1] = { ...last, text: text.slice(last.start, unit.end), end: unit.end };
    else all.push(unit);
  }
  return all;
}
