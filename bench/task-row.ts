// task-row.ts: a whole task beside its model calls alone: what durability, checks and the plan's graph cost.

import type { RequestRecord } from '../simulator/server.ts';
import { benchDeployment, LATENCY_MS, refuseIncomplete, type BenchDeployment } from './deployment.ts';
import { lastByteAt } from './last-byte.ts';
import { PlainCalls } from './plain-calls.ts';
import type { Bench } from './row.ts';
import { median, rest, round, timed } from './statistics.ts';

const SUB_AGENTS = [1, 10, 100];

export async function taskRows({ cleanup, pairs: count, print }: Bench): Promise<void> {
  const deployment = await benchDeployment(cleanup);
  await deployment.startWorker();
  const plain = await PlainCalls.prepare(deployment, cleanup);
  for (const n of SUB_AGENTS) {
    const pairs: [number, number][] = [];
    const answers: number[] = [];
    for (let i = 0; i <= count; i += 1) {
      const { pair, answerMs } = await onePair(deployment, plain, n);
      // The first is the warm-up.
      if (i === 0) continue;
      pairs.push(pair);
      answers.push(answerMs);
    }
    const ratios = pairs.map(([muster, alone]) => muster / alone);
    print({
      row: 'task',
      n,
      latencyMs: LATENCY_MS,
      pairs,
      medianMuster: round(median(pairs.map(([muster]) => muster)), 1),
      medianAnswer: round(median(answers), 1),
      medianPlain: round(median(pairs.map(([, alone]) => alone)), 1),
      ratio: round(median(ratios), 3),
      min: round(Math.min(...ratios), 3),
      max: round(Math.max(...ratios), 3),
    });
  }
}

interface Pair {
  /** Milliseconds of the task, from before its start to its result, and of its model calls alone. */
  pair: [number, number];
  /** From the last model byte to the answer at the caller. */
  answerMs: number;
}

async function onePair(deployment: BenchDeployment, plain: PlainCalls, n: number): Promise<Pair> {
  const before = (await deployment.modelCalls()).length;
  await rest();
  const muster = await timed(async () => await (await deployment.startTask(n)).result());
  const answeredAt = Date.now();
  const answerMs = answeredAt - (await lastByteAt(deployment));
  refuseIncomplete(muster.value, n);
  await rest();
  const alone = await timed(() => plain.run(n));
  const calls = (await deployment.modelCalls()).slice(before);
  refuseOtherCalls(calls.slice(0, calls.length / 2), calls.slice(calls.length / 2));
  return { pair: [muster.ms, alone.ms], answerMs };
}

/** A pair counts only when both asked the model exactly the same. @throws Error when they did not */
function refuseOtherCalls(ofTask: RequestRecord[], ofPlain: RequestRecord[]): void {
  const asked = (calls: RequestRecord[]): string => JSON.stringify(calls.map((call) => call.messagesSha).sort());
  if (asked(ofTask) !== asked(ofPlain)) {
    throw new Error(`task and plain run did not ask the same (${ofTask.length} and ${ofPlain.length} model calls)`);
  }
}
