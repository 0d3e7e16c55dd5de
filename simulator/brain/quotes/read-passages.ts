// read-passages.ts: what was found, read for a question: cut into what can be quoted, each with how well it fits, and what
// each word of the question weighs among all of it.

import type { Question } from '../question/question.ts';
import type { Passage } from '../request/passages.ts';
import { isTableSource, withoutColumns } from '../text/tables.ts';
import { unitsOf } from '../text/units.ts';
import { handlesOf, isCodeSource, isPlainSource, plainWords } from '../words/names.ts';
import { contentTerms } from '../words/words.ts';
import { saidByForm } from './by-form.ts';
import type { Reading } from './quotable.ts';
import { quotablesOf } from './score.ts';

/** Reads all passages, in their order. */
export function readPassages(
  question: Question,
  passages: readonly Passage[],
): { readings: Reading[]; weights: Map<string, number> } {
  const texts = passages
    .map((found) => {
      const { heading, columns } = withoutColumns(found.heading);
      return { passage: { ...found, heading }, columns };
    })
    .map(({ passage, columns }) => ({
      passage,
      units: unitsOf(passage.text, {
        isCode: isCodeSource(passage.source),
        isTable: isTableSource(passage.source),
        isPlain: isPlainSource(passage.source),
        columns,
      }),
      title: new Set(contentTerms(`${passage.source.replace(/\.\w{1,5}$/, '')} ${passage.heading}`)),
    }));
  const held = texts.map(({ passage: { text }, title }) => {
    const byForm = saidByForm(question.weights.keys(), text, question.kind);
    return new Set([...contentTerms(text), ...title, ...byForm]);
  });
  const weights = new Map<string, number>();
  for (const [term, weight] of question.weights) {
    const holders = held.filter((terms) => terms.has(term)).length;
    if (holders > 0) weights.set(term, weight * (0.3 + Math.log(1 + (held.length + 1) / (holders + 0.5))));
  }
  const readings = texts.map(({ passage, units, title }, index) => ({
    passage,
    units,
    terms: held[index] ?? title,
    title,
    handles: handlesOf(passage),
    ...countsOf(passage.text),
    words: ` ${plainWords(passage.text)} `,
    quotables: quotablesOf(question, weights, { passage, units, title }),
  }));
  return { readings, weights };
}

function countsOf(text: string): { counts: Map<string, number>; length: number } {
  const counts = new Map<string, number>();
  const terms = contentTerms(text);
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return { counts, length: terms.length };
}
