// answer.ts: the product. Sections hold claims, claims hold numbers of citations, and Markdown is derived from it.

import { citationPlace, type Citation } from './findings.ts';

export interface Claim {
  text: string;
  /** Numbers in `Answer.citations`, from 1. Never empty. */
  citations: number[];
}

export interface AnswerSection {
  heading: string;
  claims: Claim[];
}

export interface Answer {
  sections: AnswerSection[];
  /** In the order of first use: `[1]` is `citations[0]`. */
  citations: Citation[];
  /** What was looked for and not found, in sentences. */
  gaps: string[];
  /** Set when each claim was held against its quotes once more: how many, and how many were left out for it. */
  verified?: { checked: number; dropped: number };
  /** What a reader must know about how this was made, e.g. that no model was configured. */
  notes: string[];
}

/** The answer as Markdown, sources and gaps below. */
export function answerMarkdown(answer: Answer): string {
  const lines: string[] = [];
  for (const section of answer.sections) {
    lines.push(`## ${section.heading}`, '');
    for (const claim of section.claims) {
      lines.push(`- ${claim.text} ${claim.citations.map((n) => `[${n}]`).join('')}`);
    }
    lines.push('');
  }
  if (answer.gaps.length > 0) {
    lines.push('## Not found', '', ...answer.gaps.map((gap) => `- ${gap}`), '');
  }
  if (answer.citations.length > 0) {
    lines.push('## Sources', '');
    answer.citations.forEach((citation, i) => {
      lines.push(`[${i + 1}] ${citationPlace(citation)} “${oneLine(citation.quote)}”  `);
    });
    lines.push('');
  }
  for (const note of answer.notes) lines.push(`> ${note}`);
  return `${lines.join('\n').trimEnd()}\n`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
