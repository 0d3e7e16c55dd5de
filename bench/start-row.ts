// start-row.ts: how soon a caller has the id of a task, and how soon its first model call reaches the model.

import { benchDeployment, refuseIncomplete } from './deployment.ts';
import type { Bench } from './row.ts';
import { rest, summary, timed } from './statistics.ts';

export async function startRows({ cleanup, pairs: count, print }: Bench): Promise<void> {
  const deployment = await benchDeployment(cleanup);
  await deployment.startWorker();
  const toId: number[] = [];
  const toCall: number[] = [];
  for (let i = 0; i <= count; i += 1) {
    const before = (await deployment.modelCalls()).length;
    await rest();
    // The model is another process: the clock they share counts whole milliseconds.
    const began = Date.now();
    const { ms, value: handle } = await timed(() => deployment.startTask(1));
    refuseIncomplete(await handle.result(), 1);
    const first = (await deployment.modelCalls())[before];
    if (!first) throw new Error('the task made no model call');
    // The first is the warm-up.
    if (i === 0) continue;
    toId.push(ms);
    toCall.push(first.at - began);
  }
  print({ row: 'start-to-id', ...summary(toId) });
  print({ row: 'start-to-first-model-call', ...summary(toCall) });
}
