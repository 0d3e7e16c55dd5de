// score-tasks.ts: scores the answers that a deployment keeps, by code alone, and sends the scores as annotations of their traces to a
// receiver that takes them (Arize Phoenix). Prints a line of JSON a task.
//
//   node dist/bench/score-tasks.js HOME [URL of the receiver]

import { storeFolder } from '../store/home.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { isBackgroundId } from '../protocol/names.ts';
import { readTraceparent, traceIdOf } from '../telemetry/trace-context.ts';
import { scoresOf, type Scores } from './scores.ts';

const MOST = 1_000;

async function main([home, url]: string[]): Promise<void> {
  if (home === undefined) throw new Error('node dist/bench/score-tasks.js HOME [URL]');
  const store = openStore(storeFolder(home));
  try {
    for (const { taskId, traceparent } of await store.tasks(MOST)) {
      const result = isBackgroundId(taskId) ? undefined : await store.getResult(taskId);
      if (!result) continue;
      const scores = await scoresOf(result, (sha256) => textIn(store, sha256));
      const traceId = readTraceparent(traceparent)?.traceId ?? traceIdOf(taskId);
      const sent = url === undefined ? undefined : await annotate(url, traceId, scores);
      process.stdout.write(`${JSON.stringify({ taskId, traceId, ...scores, ...(sent ? { sent } : {}) })}\n`);
    }
  } finally {
    await store.close();
  }
}

const textIn = async (store: Store, sha256: string): Promise<string | undefined> =>
  Buffer.from(await store.getBlob(sha256).catch(() => '')).toString('utf8');

/** Again is no second annotation: each has an identifier. @returns the status of the answer */
async function annotate(url: string, traceId: string, scores: Scores): Promise<number> {
  const data = Object.entries(scores).map(([name, score]: [string, number]) => ({
    trace_id: traceId,
    name,
    annotator_kind: 'CODE',
    identifier: 'muster',
    result: { score, label: score === 1 ? 'good' : 'to be looked at' },
  }));
  const { status } = await fetch(new URL('/v1/trace_annotations?sync=true', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ data }),
  });
  return status;
}

await main(process.argv.slice(2));
