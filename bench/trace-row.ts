// trace-row.ts: what a task costs a worker that exports its trace, beside one that does not: processor time of the two, in turns, at
// models of 200 ms and of none.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { benchDeployment, LATENCY_MS, refuseIncomplete, type BenchDeployment } from './deployment.ts';
import { cpuMsOf } from './processor-time.ts';
import type { Bench } from './row.ts';
import { median, medianInterval, rest, round } from './statistics.ts';

const SUB_AGENTS = 10;
/** A worker's time is counted in hundredths of a second: one task alone would be a few of them. */
const TASKS = 5;

export async function traceRows({ cleanup, pairs: count, print }: Bench): Promise<void> {
  let bytes = 0;
  let requests = 0;
  const receiver = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => void (bytes += chunk.length));
    request.on('end', () => {
      requests += 1;
      response.end();
    });
  });
  await new Promise<void>((ready) => receiver.listen(0, '127.0.0.1', ready));
  cleanup.add(() => void receiver.close());
  const env = {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/v1/traces`,
  };

  for (const latencyMs of [LATENCY_MS, 0]) {
    const sides = [];
    for (const more of [env, {}]) {
      const on = await benchDeployment(cleanup, { latencyMs });
      const { pid } = await on.startWorker(more);
      await runTasks(on);
      sides.push(async (): Promise<number> => {
        const [before, sent] = [cpuMsOf(pid), requests];
        await runTasks(on);
        // What goes out behind the close is part of the cost.
        if (more === env) while (requests < sent + TASKS) await new Promise((done) => setTimeout(done, 20));
        await rest();
        return (cpuMsOf(pid) - before) / TASKS;
      });
    }
    const [traced, plain] = sides;
    if (!traced || !plain) return;
    const pairs: (readonly [traced: number, plain: number])[] = [];
    for (let i = 0; i < count; i += 1) {
      // Each is as often the first of its pair as the second.
      const first = i % 2 === 0;
      const one = await (first ? traced : plain)();
      const two = await (first ? plain : traced)();
      pairs.push(first ? [one, two] : [two, one]);
    }
    const ratios = pairs.map(([on, off]) => on / off);
    print({
      row: 'trace',
      latencyMs,
      n: SUB_AGENTS,
      pairs: pairs.map(([on, off]) => [round(on, 1), round(off, 1)]),
      medianOn: round(median(pairs.map(([on]) => on)), 1),
      medianOff: round(median(pairs.map(([, off]) => off)), 1),
      medianRatio: round(median(ratios), 3),
      interval95: medianInterval(ratios),
      bytesATask: Math.round(bytes / Math.max(1, requests)),
    });
  }
}

async function runTasks(on: BenchDeployment): Promise<void> {
  for (let n = 0; n < TASKS; n += 1) refuseIncomplete(await (await on.startTask(SUB_AGENTS)).result(), SUB_AGENTS);
}
