// recall-row.ts: the row `recall` of the benches.

import { measureRecall, realEmbeddings, type RecallResult } from './recall.ts';
import { measureRounds, type RoundsResult } from './rounds.ts';

/** The row of `npm run bench -- recall`; `fusedReal` where `BENCH_EMBEDDINGS_URL` names a server. */
export async function recallRow(): Promise<Record<string, RecallResult | RoundsResult>> {
  const real = realEmbeddings();
  return {
    plainWords: await measureRecall(),
    otherWords: await measureRecall({ engine: { isRenamed: true } }),
    fusedStems: await measureRecall({ fused: 'stems' }),
    secondRound: await measureRounds(),
    ...(real ? { fusedReal: await measureRecall({ fused: real }) } : {}),
  };
}
