// against-row.ts: a whole task of this version beside the same of another checkout, in turns on one machine: what each
// takes above its model calls, and how the two compare. Each has its own server, worker and client, as built there.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as own from './deployment.ts';
import { PlainCalls } from './plain-calls.ts';
import type { Bench } from './row.ts';
import { lastByteAt } from './last-byte.ts';
import { cpuMsOf } from './processor-time.ts';
import { median, medianInterval, rest, round, timed } from './statistics.ts';

/**
 * @param other folder of a checkout that is built.
 * @param n sub-agents of the task.
 */
export async function againstRow({ cleanup, pairs: count, print }: Bench, other: string, n: number): Promise<void> {
  const built = pathToFileURL(resolve(other, 'dist/bench/deployment.js')).href;
  const old = await Version.start((await import(built)) as typeof own, cleanup);
  const now = await Version.start(own, cleanup);
  const plain = await PlainCalls.prepare(now.deployment, cleanup);
  const runs: { now: Run; old: Run; plainMs: number }[] = [];
  for (let i = 0; i <= count; i += 1) {
    // Each is as often the first of its pair as the second.
    const [first, second] = i % 2 === 0 ? [now, old] : [old, now];
    const [one, two] = [await first.run(n), await second.run(n)];
    await rest();
    const { ms: plainMs } = await timed(() => plain.run(n));
    // The first is the warm-up.
    if (i > 0) runs.push({ ...(first === now ? { now: one, old: two } : { now: two, old: one }), plainMs });
  }
  const above = runs.map((run) => [round(run.now.ms - run.plainMs, 1), round(run.old.ms - run.plainMs, 1)] as const);
  print({
    row: 'against',
    n,
    pairs: above,
    medianNew: round(median(above.map(([ms]) => ms)), 1),
    medianOld: round(median(above.map(([, ms]) => ms)), 1),
    medianPlain: round(median(runs.map(({ plainMs }) => plainMs)), 1),
    // A whole task, its model calls among it.
    ...whole(runs.map((run) => run.now.ms / run.old.ms)),
    ...compared(
      'ratio',
      above.map(([ofNow, ofOld]) => ofNow / ofOld),
    ),
    ...compared(
      'cpu',
      runs.map((run) => run.now.cpuMs / run.old.cpuMs),
    ),
    // From the last model byte to the answer at the caller.
    answers: runs.map(({ now: one, old: two }) => [one.answerMs, two.answerMs]),
    medianAnswerNew: median(runs.map((run) => run.now.answerMs)),
    medianAnswerOld: median(runs.map((run) => run.old.answerMs)),
    ...compared(
      'answer',
      runs.map((run) => run.now.answerMs / run.old.answerMs),
    ),
    medianCpuNew: median(runs.map((run) => run.now.cpuMs)),
    medianCpuOld: median(runs.map((run) => run.old.cpuMs)),
  });
}

interface Run {
  ms: number;
  /** What the worker process took; NaN where the system does not tell. */
  cpuMs: number;
  answerMs: number;
}

class Version {
  readonly deployment: own.BenchDeployment;
  readonly #bench: typeof own;
  readonly #worker: number;

  private constructor(bench: typeof own, deployment: own.BenchDeployment, worker: number) {
    this.#bench = bench;
    this.deployment = deployment;
    this.#worker = worker;
  }

  static async start(bench: typeof own, cleanup: Bench['cleanup']): Promise<Version> {
    const deployment = await bench.benchDeployment(cleanup);
    return new Version(bench, deployment, (await deployment.startWorker()).pid);
  }

  async run(n: number): Promise<Run> {
    await rest();
    const before = cpuMsOf(this.#worker);
    const { ms, value } = await timed(async () => await (await this.deployment.startTask(n)).result());
    const answeredAt = Date.now();
    const cpuMs = cpuMsOf(this.#worker) - before;
    this.#bench.refuseIncomplete(value, n);
    return { ms, cpuMs, answerMs: answeredAt - (await lastByteAt(this.deployment)) };
  }
}

const whole = (ratios: readonly number[]) => ({
  task: round(median(ratios), 3),
  taskInterval95: medianInterval(ratios),
});

const compared = (name: string, ratios: readonly number[]): Record<string, number> => ({
  [name]: round(median(ratios), 3),
  [`${name}Min`]: round(Math.min(...ratios), 3),
  [`${name}Max`]: round(Math.max(...ratios), 3),
});
