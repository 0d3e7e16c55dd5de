// main.ts: `node dist/bench/recall/main.js [--split tune|held-out|all] [--only a01,b07] [--verbose] [--renamed] [--fused]`.
// Prints the result as JSON; --verbose shows on stderr what was asked, found and cited.

import { parseArgs } from 'node:util';
import type { EngineAnswer } from './engine.ts';
import type { LibraryPassage } from './library.ts';
import { measureRecall, type RecallOptions, type Scored } from './recall.ts';

const { values } = parseArgs({
  options: {
    split: { type: 'string', default: 'all' },
    only: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    fused: { type: 'boolean', default: false },
    renamed: { type: 'boolean', default: false },
  },
});
if (!['tune', 'held-out', 'all'].includes(values.split)) {
  console.error(`recall: --split is tune, held-out or all, not "${values.split}"`);
  process.exit(2);
}

const result = await measureRecall({
  split: values.split as NonNullable<RecallOptions['split']>,
  isRenamed: values.renamed,
  isFused: values.fused,
  ...(values.only === undefined ? {} : { only: values.only.split(',') }),
  ...(values.verbose ? { onAnswer: show } : {}),
});
console.log(JSON.stringify(result, null, 2));

function show({ question, gold, cited, searched, engine, plain }: Scored, { answer, subtasks }: EngineAnswer): void {
  const at = ({ source, line }: LibraryPassage): string => `${source}:${line}`;
  const lines = [
    `\n== ${question.id} ${question.kind}  engine ${engine.toFixed(2)}  plain ${plain.toFixed(2)}  ${question.question}`,
    ...subtasks.flatMap(({ title, queries }) => [`  [${title}]`, ...queries.map((query) => `    ? ${query}`)]),
    ...gold.map(
      (passage) =>
        `  gold  ${cited.includes(passage) ? cited.indexOf(passage) + 1 : '-'} ${at(passage)} (${passage.heading})`,
    ),
    `  plain ${searched.map(at).join('  ')}`,
    ...answer.sections.flatMap(({ heading, claims }) => [
      `  # ${heading}`,
      ...claims.map(
        (claim) =>
          `  - ${claim.text} [${claim.citations.map((n) => at(cited.find((one) => one.text.includes(answer.citations[n - 1]?.quote ?? '')) ?? (cited[n - 1] as LibraryPassage))).join(' ')}]`,
      ),
    ]),
    ...answer.gaps.map((gap) => `  ! ${gap}`),
  ];
  console.error(lines.join('\n'));
}
