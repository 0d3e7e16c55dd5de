// neighbours.ts: "the release after 1.53.0": which one that is, as the changelog has it that holds both.

import type { Passage, Trail } from '../request/passages.ts';
import { isEntry } from '../text/headings.ts';
import type { Unit } from '../text/unit.ts';
import { unitsOf } from '../text/units.ts';

const ASKS =
  /\b(version|release)\b((?:(?!\b(?:version|release)\b)[^.?]){0,40}?)\s+(?:(?:that|which) (?:came|comes|was released|follows|followed)\s+)?(?:right |directly |just |immediately )?(after|following|before|preceding|prior to)\s+(?:version |release )?v?(\d+\.\d+(?:\.\d+)?[\w-]*)/i;
/** Lines that are read on each side of a version. */
export const AROUND = 150;

/** Where to read for the neighbour of a version; or its own entry, and the question with its number. */
export interface Neighbour {
  near?: Passage;
  entry?: Passage;
  question?: string;
}

export function neighbourOf(question: string, { passages, reads }: Trail): Neighbour {
  const [whole = '', word = '', between = '', side = '', version = ''] = ASKS.exec(question) ?? [];
  if (version === '') return {};
  const isOf = (text: string): boolean => entriesOf(text).some((entry) => versionOf(entry) === version);
  for (const read of reads) {
    const entries = entriesOf(read.text);
    const at = entries.findIndex((entry) => versionOf(entry) === version);
    const isNewestFirst = compare(versionOf(entries[0]), versionOf(entries.at(-1))) > 0;
    const to = at + (/^(?:after|following)$/i.test(side) === isNewestFirst ? -1 : 1);
    const found = entries[to];
    if (at < 0 || !found) continue;
    const text = read.text.slice(found.start, entries[to + 1]?.start);
    return {
      entry: { source: read.source, line: 0, heading: '', text, rank: 1 },
      question: question.replace(whole, `${word}${between} ${versionOf(found)}`),
    };
  }
  const near = passages.find(({ text }) => isOf(text));
  return near ? { near } : {};
}

const entriesOf = (text: string): Unit[] =>
  unitsOf(text, { isPlain: true }).filter(({ kind, text: line }) => kind === 'heading' && isEntry(line));

const versionOf = (entry: Unit | undefined): string => /\d+\.\d+(?:\.\d+)?[\w-]*/.exec(entry?.text ?? '')?.[0] ?? '';

/** Above 0 where the first version is the later one. */
const compare = (one: string, other: string): number => one.localeCompare(other, 'en', { numeric: true });
