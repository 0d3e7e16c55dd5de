// answer.ts: the product. Sections hold claims, claims hold numbers of citations, and Markdown is derived from it.

import { DATA_HEADING, notFoundLine, shownData } from './answer-data.ts';
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

/**
 * The answer as Markdown, sources and gaps below.
 *
 * @param data of the request's own schema: a section of its own, where there are any.
 */
export function answerMarkdown(answer: Answer, data?: unknown): string {
  const lines: string[] = [];
  for (const section of answer.sections) {
    lines.push(`## ${inert(section.heading)}`, '');
    for (const claim of section.claims) {
      lines.push(`- ${inert(claim.text)} ${marksOf(claim)}`);
    }
    lines.push('');
  }
  if (answer.conflicts) {
    lines.push(`## ${CONFLICTS_HEADING}`, '', ...answer.conflicts.map((one) => `- ${inert(conflictText(one))}`), '');
  }
  if (data !== undefined) lines.push(...dataMarkdown(data));
  if (answer.gaps.length > 0) {
    lines.push('## Not found', '', ...answer.gaps.map((gap) => `- ${inert(gap)}`), '');
  }
  if (answer.citations.length > 0) {
    lines.push('## Sources', '');
    answer.citations.forEach((citation, i) => {
      lines.push(`[${i + 1}] ${inert(citationPlace(citation))} “${inert(citation.quote)}”  `);
    });
    lines.push('');
  }
  for (const note of answer.notes) lines.push(`> ${note}`);
  return `${lines.join('\n').trimEnd()}\n`;
}

function dataMarkdown(data: unknown): string[] {
  const { rows, json, notFound } = shownData(data);
  const heading = [`## ${DATA_HEADING}`, ''];
  if (rows) {
    const cell = (text: string): string => inert(text).replaceAll('\\', '\\\\').replaceAll('|', '\\|');
    const lines = rows.map(({ field, value }) => `| ${cell(field)} | ${cell(value)} |`);
    return [...heading, '| Field | Value |', '|---|---|', ...lines, ''];
  }
  // No line of JSON begins with a fence: a string has no line breaks in it.
  const fields = notFound.length > 0 ? [inert(notFoundLine(notFound)), ''] : [];
  return [...heading, '```json', json ?? '', '```', '', ...fields];
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
function inert(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replaceAll('![', '!\\[').replace(ELEMENT, '&lt;');
}

/** Elements that load, run or lead somewhere; other `<` are words, as in `List<String>`. */
const ELEMENT =
  /<(?=\/?(?:a|area|audio|base|body|button|details|embed|form|frame|html|iframe|image|img|input|link|math|meta|object|picture|script|source|style|svg|track|video)\b)/gi;
