// main.ts: `node dist/bench/recall/main.js [--split tune|held-out|all] [--only a01,b07] [--verbose] [--renamed] [--fused stems|real]`.
// `real`: the server that BENCH_EMBEDDINGS_URL names, see bench/real-models. Prints the result as JSON; --verbose shows on stderr what was asked, found and cited.

import { parseArgs } from 'node:util';
import type { EngineAnswer } from './engine.ts';
import type { LibraryPassage } from './library.ts';
import { measureRounds } from './rounds.ts';
import { measureRecall, realEmbeddings, type RecallOptions, type Scored } from './recall.ts';

const { values } = parseArgs({
  options: {
    split: { type: 'string', default: 'all' },
    only: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    fused: { type: 'string' },
    renamed: { type: 'boolean', default: false },
    rounds: { type: 'boolean', default: false },
  },
});
if (!['tune', 'held-out', 'all'].includes(values.split)) {
  console.error(`recall: --split is tune, held-out or all, not "${values.split}"`);
  process.exit(2);
}
const fused = values.fused === 'real' ? realEmbeddings() : values.fused;
if (values.fused !== undefined && (fused === undefined || (typeof fused === 'string' && fused !== 'stems'))) {
  console.error(
    'recall: --fused is stems, or real where BENCH_EMBEDDINGS_URL is an address like http://127.0.0.1:8080/v1',
  );
  process.exit(2);
}

if (values.rounds) {
  console.log(JSON.stringify(await measureRounds(), null, 2));
  process.exit(0);
}
const result = await measureRecall({
  split: values.split as NonNullable<RecallOptions['split']>,
  engine: { isRenamed: values.renamed },
  ...(fused === undefined ? {} : { fused: fused as NonNullable<RecallOptions['fused']> }),
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
          `  - ${claim.text} [${claim.citations.map((n) => answer.citations[n - 1]?.source ?? '?').join(' ')}]`,
      ),
    ]),
    ...answer.gaps.map((gap) => `  ! ${gap}`),
  ];
  console.error(lines.join('\n'));
}
