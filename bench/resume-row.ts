// resume-row.ts: a worker is killed while ten sub-agents wait for the model, and another is started at once: how much later
// the task ends than its remaining model calls alone would take. The process's start is in it.

import { BENCH_CLASS, benchDeployment, LATENCY_MS, refuseIncomplete, type BenchDeployment } from './deployment.ts';
import { goalOf } from './handbook.ts';
import type { Bench } from './row.ts';
import { median, rest, round } from './statistics.ts';

const SUB_AGENTS = 10;
/** Model calls in a row that are left: each sub-agent's open one again, its second, the answer. */
const LEFT = 3;

export async function resumeRow({ cleanup, pairs: count, print }: Bench): Promise<void> {
  const deployment = await benchDeployment(cleanup);
  let worker = await deployment.startWorker();
  const raw: number[] = [];
  for (let i = 0; i <= count; i += 1) {
    const before = (await deployment.modelCalls()).length;
    await rest();
    const { client, docs } = deployment;
    const task = await client.start({ goal: goalOf(SUB_AGENTS), sources: [docs], class: BENCH_CLASS });
    await allOpen(deployment);
    await worker.kill();
    const killed = performance.now();
    worker = await deployment.startWorker();
    const result = await task.result();
    const ms = performance.now() - killed;
    refuseIncomplete(result, SUB_AGENTS);
    const cut = (await deployment.modelCalls()).slice(before).filter(({ aborted }) => aborted).length;
    if (cut !== SUB_AGENTS) throw new Error(`the kill cut ${cut} model calls, not ${SUB_AGENTS}`);
    // The first is the warm-up.
    if (i > 0) raw.push(round(ms, 1));
  }
  const ideal = LEFT * LATENCY_MS;
  const over = raw.map((ms) => round(ms - ideal, 1));
  print({
    row: 'resume',
    idealMs: ideal,
    rawMs: raw,
    medianRaw: round(median(raw), 1),
    medianOver: round(median(over), 1),
    min: Math.min(...over),
    max: Math.max(...over),
  });
}

/** Waits until all first calls are at the model. */
async function allOpen(deployment: BenchDeployment): Promise<void> {
  while ((await deployment.openCalls()) < SUB_AGENTS) await new Promise((done) => setTimeout(done, 5));
}
