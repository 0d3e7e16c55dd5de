// sheet.ts: the sheet on which a person grades: each question with what was needed, what was answered, and four blanks.

import { citationPlace } from '../../protocol/findings.ts';
import type { Asked } from './ask.ts';
import type { Grade } from './grade.ts';
import type { Question } from './questions.ts';

/** One question's part, as Markdown. */
export function sheetEntry(question: Question, { answer, failure }: Asked, grade: Grade): string {
  const tick = (is: boolean | undefined): string => (is ? '✓' : '✗');
  const { id, folder, kind, facts, passages, gap } = question;
  return [
    `## ${id} (${folder}, ${kind}): ${question.question}`,
    '',
    'right: ___  complete: ___  padded: ___  honest: ___',
    '',
    ...facts.map(({ fact }, i) => `- ${tick(grade.said[i])} fact: ${fact}`),
    ...passages.map(({ file, line, text }, i) => `- ${tick(grade.cited[i])} passage: ${file}:${line} ${text}`),
    ...(gap === undefined ? [] : [`- ${tick(grade.gapSaid)} must be said to be missing: ${gap}`]),
    '',
    ...(failure === undefined ? [] : [`> No answer came: ${failure.replace(/\s+/g, ' ')}`]),
    ...answer.sections.flatMap(({ heading, claims }) => [
      `**${heading}**`,
      '',
      ...claims.map(
        ({ text, citations }) => `> ${text.replace(/\s+/g, ' ')} ${citations.map((n) => `[${n}]`).join('')}`,
      ),
      '',
    ]),
    ...answer.gaps.map((text) => `> Not found: ${text}`),
    '',
    ...answer.citations.map(
      (citation, i) => `[${i + 1}] ${citationPlace(citation)} “${citation.quote.replace(/\s+/g, ' ')}”  `,
    ),
    '',
  ].join('\n');
}
