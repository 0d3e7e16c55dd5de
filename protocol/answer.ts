// answer.ts: the product. Sections hold claims, claims hold numbers of citations, and Markdown is derived from it.

import { citationPlace, type Citation } from './findings.ts';

export interface Claim {
  text: string;
  /** Numbers in `Answer.citations`, from 1. Empty only in an answer of the fast path: said without a source. */
  citations: number[];
}

export interface AnswerSection {
  heading: string;
  claims: Claim[];
}

/** What the sources say of one thing, differently. */
export interface AnswerConflict {
  /** In words of the sources. */
  about: string;
  /** Two or more. `value` is as the source has it; absent where one says yes and the other no. */
  sides: { claim: string; value?: string; source: string; citations: number[] }[];
  /** What says which side holds; absent where the sources leave it open. `side` counts from 0. */
  settled?: { side: number; claim: string; citations: number[] };
}

export interface Answer {
  sections: AnswerSection[];
  /** In the order of first use: `[1]` is `citations[0]`. */
  citations: Citation[];
  /** Where its sources contradict each other; absent where they do not, and in older answers. */
  conflicts?: AnswerConflict[];
  /** What was looked for and not found, in sentences. */
  gaps: string[];
  /** Set when each claim was held against its quotes once more: how many, and how many were left out for it. */
  verified?: { checked: number; dropped: number };
  /** What a reader must know about how this was made, e.g. that no model was configured. */
  notes: string[];
}

/** Whether an answer begins with what is only near, as the offline model heads that: what was not found is told before it then, wherever it is shown. */
export const isOnlyNear = ({ sections: [first] }: Answer): boolean =>
  /^(Nearest to: |To read on$)/.test(first?.heading ?? '');

/**
 * The answer as Markdown, sources and gaps below.
 *
 * @param beside lines of a section between what was found and what was not. Default: none.
 */
export function answerMarkdown(answer: Answer, beside: readonly string[] = []): string {
  const lines: string[] = [];
  const part = (heading: string, under: readonly string[]): void => {
    if (under.length > 0) lines.push(`## ${inert(heading)}`, '', ...under, '');
  };
  const notFound = (isHere: boolean): void => {
    if (isHere === isOnlyNear(answer))
      part(
        'Not found',
        answer.gaps.map((gap) => `- ${inert(gap)}`),
      );
  };
  notFound(true);
  for (const { heading, claims } of answer.sections)
    part(
      heading,
      claims.map((claim) => `- ${inert(claim.text)} ${marksOf(claim)}`),
    );
  part(CONFLICTS_HEADING, answer.conflicts?.map((one) => `- ${inert(conflictText(one))}`) ?? []);
  lines.push(...beside);
  notFound(false);
  part(
    'Sources',
    answer.citations.map((one, i) => `[${i + 1}] ${inert(citationPlace(one))} “${inert(one.quote)}”  `),
  );
  for (const note of answer.notes) lines.push(`> ${note}`);
  return `${lines.join('\n').trimEnd()}\n`;
}

/** Above them, wherever an answer is shown. */
export const CONFLICTS_HEADING = 'Where the documents disagree';

/** A conflict in words: each side with its sources, and which holds. */
export function conflictText({ about, sides, settled }: AnswerConflict): string {
  const marks = (citations: readonly number[]): string => citations.map((n) => `[${n}]`).join('');
  const said = sides.map(
    ({ source, value, claim, citations }) => `${source} says ${value ?? `“${claim}”`} ${marks(citations)}`,
  );
  const holds = settled && sides[settled.side];
  const end = holds
    ? `${holds.value ?? holds.source} holds: “${settled.claim}” ${marks(settled.citations)}`
    : 'What was read does not say which holds.';
  return `The documents disagree about “${about}”: ${said.join(', ')}. ${end}`;
}

/** The numbers behind a claim, or that nothing supports it. */
export const marksOf = ({ citations }: Claim): string =>
  citations.length > 0 ? citations.map((n) => `[${n}]`).join('') : UNCITED;

/** Stands behind a claim that rests on nothing. */
export const UNCITED = '(without a source)';

/** On one line, and nothing in it that a viewer would fetch or run: no picture, no HTML element. */
export function inert(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replaceAll('![', '!\\[').replace(ELEMENT, '&lt;');
}

/** Elements that load, run or lead somewhere; other `<` are words, as in `List<String>`. */
const ELEMENT =
  /<(?=\/?(?:a|area|audio|base|body|button|details|embed|form|frame|html|iframe|image|img|input|link|math|meta|object|picture|script|source|style|svg|track|video)\b)/gi;
