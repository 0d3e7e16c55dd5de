// contradictions.ts: finds two sources that say two things of the same: rows about one thing that differ in a column, and
// sentences that share nearly all of their words and none of their figures.

import { contentTerms } from './words.ts';

interface Said {
  text: string;
  findings: string[];
  source: string;
}

const MOST = 2;
/** Share of their words without figures that two sentences about the same have in common. */
const ALIKE = 0.6;
const FIGURE = /(?<![\p{L}\p{N}.])\d+(?:[.,]\d+)*(?![\p{L}\p{N}])/gu;

/** A sentence for each that is about what a question asks; it names both sources. */
export function contradictionsIn<T extends Said>(claims: readonly T[], question: string): T[] {
  const asked = new Set(contentTerms(question));
  const asks = (words: string): boolean => contentTerms(words).some((term) => asked.has(term));
  const found: T[] = [];
  claims.forEach((one, at) => {
    for (const other of claims.slice(at + 1)) {
      const text = one.source === other.source || found.length >= MOST ? undefined : opposed(one, other, asks);
      if (text !== undefined) found.push({ ...one, text, findings: [...one.findings, ...other.findings] });
    }
  });
  return found;
}

function opposed(one: Said, other: Said, asks: (words: string) => boolean): string | undefined {
  const rows = [rowOf(one.text), rowOf(other.text)] as const;
  if (rows[0] && rows[1]) {
    if (rows[0].subject.toLowerCase() !== rows[1].subject.toLowerCase()) return undefined;
    for (const [column, value] of rows[0].cells) {
      const second = rows[1].cells.get(column);
      if (second === undefined || !asks(column) || second.toLowerCase() === value.toLowerCase()) continue;
      return `The sources disagree on ${column} of ${rows[0].subject}: ${one.source} says ${value}, ${other.source} says ${second}.`;
    }
    return undefined;
  }
  const [first, second] = [figuresOf(one.text), figuresOf(other.text)];
  if (first.length === 0 || second.length === 0 || first.some((figure) => second.includes(figure))) return undefined;
  const words = [wordsOf(one.text), wordsOf(other.text)] as const;
  const shared = [...words[0]].filter((word) => words[1].has(word)).length;
  if (shared < 3 || !asks(one.text) || !asks(other.text) || shared < ALIKE * Math.max(words[0].size, words[1].size))
    return undefined;
  return `The sources disagree: ${one.source} says ${first.join(', ')}, ${other.source} says ${second.join(', ')}.`;
}

/** "countries: Croatia: currencies: HRK; ioc: CRO" */
function rowOf(text: string): { subject: string; cells: Map<string, string> } | undefined {
  const [, subject, rest] = /^(?:.*: )?([^:;]{1,60}): ([^:;]{1,40}: [^;]+(?:; [^;]+)*)$/.exec(text) ?? [];
  if (subject === undefined || rest === undefined) return undefined;
  const cells = rest.split('; ').map((cell) => cell.split(': ') as [string, string]);
  return { subject, cells: new Map(cells.filter((cell) => cell.length === 2)) };
}

/** Entries of two changelogs have other versions and days by nature. */
const ENTRY = /\bv?\d+\.\d+\.\d+[\w.-]*|\b\d{4}-\d{2}-\d{2}\b/g;
const figuresOf = (text: string): string[] => [
  ...new Set(Array.from(text.replace(ENTRY, ' ').matchAll(FIGURE), ([figure]) => figure)),
];
const wordsOf = (text: string): Set<string> => new Set(contentTerms(text.replace(FIGURE, ' ')));
