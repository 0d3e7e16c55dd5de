// worker-row.ts: how long a worker process takes from nothing to its line `ready`.

import { benchDeployment } from './deployment.ts';
import type { Bench } from './row.ts';
import { rest, summary, timed } from './statistics.ts';

export async function workerRow({ cleanup, pairs: count, print }: Bench): Promise<void> {
  const deployment = await benchDeployment(cleanup);
  const samples: number[] = [];
  for (let i = 0; i <= count; i += 1) {
    await rest();
    const { ms, value: worker } = await timed(() => deployment.startWorker());
    // The first is the warm-up: it reads the packages from the disk.
    if (i > 0) samples.push(ms);
    await worker.stop();
  }
  print({ row: 'worker-cold-start', ...summary(samples) });
}
